"""Rule packs: which is in force, which will be, what is being written. Drafts begin and packs return here.

What a draft says and how it goes on stands in the modules `packs_…`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from app.accounts.current import current_actor
from app.errors import status_of
from app.extensions import house
from app.guard import permitted
from app.pages import packs_compare, packs_draft, packs_exchange, packs_steps, packs_trials, packs_try
from app.pages.packs_steps import utc_of
from app.pages.packs_words import short_ref
from app.web.fields import choices, instant, one_of
from app.web.forms import ProtectedForm, at_most, flash_error, needed
from app.web.times import county_time
from casework.desk.drafting import LONGEST_TITLE, draft_from
from casework.desk.publishing import take_back
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.packs import OPEN
from casework.roles import Permission
from casework.store.backtests import Backtest, backtests_of
from casework.store.drafts import DraftLine, DraftView, draft_lines, draft_view
from casework.store.packs import Activation, PackLine, activations, pack_lines
from casework.wording import MOST_OF_A_REASON

blueprint = Blueprint("packs", __name__, url_prefix="/packs")
for part in (packs_draft, packs_trials, packs_steps, packs_try, packs_exchange):
    blueprint.register_blueprint(part.blueprint)
packs_compare.add_to(blueprint)


class NewForm(ProtectedForm):
    """A draft that begins with the files of a stored version."""

    ref = one_of(_l("以哪一版为基础"), [needed()])
    title = StringField(_l("要改什么"), [needed(), at_most(LONGEST_TITLE)])
    note = TextAreaField(_l("为什么改（可不填）"), [at_most(MOST_OF_A_REASON)])


class BackForm(ProtectedForm):
    """A stored version put in force again."""

    ref = HiddenField(validators=[needed()])
    reason = TextAreaField(_l("理由"), [needed(), at_most(MOST_OF_A_REASON)])
    effective_at = instant(_l("生效时间（北京时间，留空为立即生效）"), [Optional()])


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored version and how it stands.

    Attributes:
        since: of the one in force: from when without a break.
        last: when it was last put in force; None if it never was.
        is_coming: it will be in force.
    """

    line: PackLine
    since: datetime | None
    last: datetime | None
    is_coming: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything on the page of packs."""

    current: Activation | None
    stored: tuple[Stored, ...]
    coming: tuple[Activation, ...]
    past: tuple[Activation, ...]
    drafts: tuple[tuple[DraftView, Backtest | None], ...]
    closed: tuple[DraftLine, ...]


@blueprint.get("")
@permitted(Permission.RULES_VIEW)
def table() -> ResponseReturnValue:
    """Show the stored versions, what is in force and what will be, and the drafts."""
    return _page()


@blueprint.post("/new")
@permitted(Permission.RULES_EDIT)
def begin() -> ResponseReturnValue:
    """Begin a draft from a stored version."""
    with house().transactions.read(current_actor()) as uow:
        shelf = _shelf(uow)
    form = _new_form(shelf, is_sent=True)
    if not form.validate():
        return _page(new=form), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            draft_id = draft_from(uow, form.ref.data, title=form.title.data, note=form.note.data or "")
    except CaseworkError as error:
        flash_error(error)
        return _page(new=form), status_of(error)
    flash(_("草稿已建立，版本号已自动加一。"), "success")
    return redirect(url_for("packs.draft.show", draft_id=draft_id))


@blueprint.post("/take-back")
@permitted(Permission.RULES_PUBLISH)
def put_back() -> ResponseReturnValue:
    """Put a stored version in force again, now or at a time, with a reason."""
    form = BackForm()
    if not form.validate():
        return _page(back=form), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            put = take_back(
                uow, named=form.ref.data, reason=form.reason.data, effective_at=utc_of(form.effective_at.data)
            )
    except CaseworkError as error:
        flash_error(error)
        return _page(back=form), status_of(error)
    what = short_ref(put.ref)
    flash(_("%(what)s 自 %(at)s 起生效。", what=what, at=county_time(put.effective_at)), "success")
    return redirect(url_for("packs.table"))


def _page(*, new: NewForm | None = None, back: BackForm | None = None) -> str:
    with house().transactions.read(current_actor()) as uow:
        shelf = _shelf(uow)
    return render_template(
        "pages/packs.html",
        shelf=shelf,
        new=new or _new_form(shelf, is_sent=False),
        back_failed=back,
        back_form=BackForm(formdata=None),
    )


def _shelf(uow: UnitOfWork) -> Shelf:
    """Return what is stored, with the activations until now and those that lie ahead, the next one first."""
    every = activations(uow.session, uow.county)
    past = tuple(one for one in every if one.effective_at <= uow.now)
    current = next(iter(past), None)
    coming = _coming(every[: len(every) - len(past)], current)
    last = {one.ref: one.effective_at for one in reversed(past)}
    lines = draft_lines(uow.session, uow.county)
    return Shelf(
        current=current,
        stored=tuple(
            Stored(
                line,
                _since(past) if current and line.ref == current.ref else None,
                last.get(line.ref),
                is_coming=any(one.ref == line.ref for one in coming),
            )
            for line in pack_lines(uow.session, uow.county)
        ),
        coming=coming,
        past=past,
        drafts=tuple(
            (
                draft_view(uow.session, uow.county, line.id),
                next(iter(backtests_of(uow.session, uow.county, line.id)), None),
            )
            for line in lines
            if line.state in OPEN
        ),
        closed=tuple(line for line in lines if line.state not in OPEN),
    )


def _coming(ahead: tuple[Activation, ...], current: Activation | None) -> tuple[Activation, ...]:
    """Return what will change, the next first; of two decisions for one instant the later one counts.

    Args:
        ahead: the latest first, of one instant the last decision first.
        current: what is in force now.
    """
    decided: dict[datetime, Activation] = {}
    for one in ahead:
        decided.setdefault(one.effective_at, one)
    changes: list[Activation] = []
    for at in sorted(decided):
        before = changes[-1] if changes else current
        if before is None or decided[at].ref != before.ref:
            changes.append(decided[at])
    return tuple(changes)


def _since(past: tuple[Activation, ...]) -> datetime:
    """Return from when the pack in force is so without a break."""
    since = past[0].effective_at
    for one in past:
        if one.ref != past[0].ref:
            break
        since = one.effective_at
    return since


def _new_form(shelf: Shelf, *, is_sent: bool) -> NewForm:
    form = NewForm() if is_sent else NewForm(formdata=None)
    form.ref.choices = choices(
        (
            one.line.ref,
            _("%(what)s（现行）", what=short_ref(one.line.ref)) if one.since else short_ref(one.line.ref),
        )
        for one in shelf.stored
    )
    if not is_sent and shelf.current is not None:
        form.ref.data = shelf.current.ref
    return form
