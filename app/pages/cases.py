"""The pages of cases: the table, one case with all that belongs to it, its actions and its documents.

Which actions are offered is decided by `casework.lifecycle`; what they do is `casework.desk`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from wtforms import Field

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.pages.case_filters import filter_from, filter_values
from app.pages.case_forms import WAYS, CaseForm, RouteForm
from app.pages.case_judgement import shown_post
from app.pages.event_words import sentence
from app.pages.screen_words import feature_names
from app.web.forms import flash_error, put_error
from app.web.language import in_language
from casework.access import Actor, visibility
from casework.actions import ACTION_LABELS, Action
from casework.clocks import Due, due
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.lifecycle import allowed_actions
from casework.performers import Part
from casework.refusals import BadCursor, NoSuchCase, StaleVersion
from casework.roles import Permission
from casework.store.case_view import CaseView, case_view
from casework.store.cases import case_page
from casework.store.clock_rows import KeptClock
from casework.store.documents import document_content
from casework.workdays import workdays_of

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that this person may take now, with its form."""

    action: Action
    text: str
    form: CaseForm
    is_main: bool

    def asks(self) -> Iterator[Field]:
        """Return the fields that a person fills in."""
        return (field for field in self.form if field.name not in {"version", "csrf_token"})


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with the sum behind its due instant."""

    kept: KeptClock
    due: Due


@blueprint.get("")
@permitted(Permission.CASE_VIEW)
def table() -> ResponseReturnValue:
    """Show the cases that this person may see, narrowed by the filter."""
    wanted = filter_from(request.args)
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        try:
            page = case_page(
                uow.session, visibility(actor), wanted, now=uow.now, after=request.args.get("after")
            )
        except BadCursor as error:
            flash_error(error)
            return redirect(url_for("cases.table"))
    values = filter_values(wanted)
    return render_template(
        "pages/cases.html",
        page=page,
        wanted=wanted,
        first=url_for("cases.table", **values) if request.args.get("after") else None,
        older=url_for("cases.table", **values, after=page.after) if page.after else None,
    )


@blueprint.get("/<uuid:case_id>")
@permitted(Permission.CASE_VIEW)
def show(case_id: uuid.UUID) -> ResponseReturnValue:
    """Show one case."""
    return _page(case_id)


@blueprint.post("/<uuid:case_id>/<action>")
@permitted(Permission.CASE_VIEW)
def act(case_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Take one action; on an error show the case again with what was typed."""
    if action not in set(Action) or (wanted := Action(action)) not in WAYS:
        raise NotFound
    way = WAYS[wanted]
    with house().transactions.read(current_actor()) as uow:
        form = _form(uow, wanted, None, is_sent=True)
    if not form.validate():
        return _page(case_id, failed=(wanted, form)), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            way.run(uow, case_id, form)
    except NoSuchCase as error:
        raise NotFound from error
    except StaleVersion:
        flash(
            _("此件刚被他人更新，您的操作没有生效。请核对最新情况后再提交，已填写的内容保留在下面。"),
            "danger",
        )
        return _page(case_id, failed=(wanted, form), is_stale=True), 409
    except CaseworkError as error:
        field = getattr(error, "field", None)
        if field in form:
            put_error(form[field], error)
        else:
            flash_error(error)
        return _page(case_id, failed=(wanted, form)), 409
    flash(_("已完成：%(action)s", action=in_language(ACTION_LABELS[wanted])), "success")
    return redirect(url_for("cases.show", case_id=case_id))


@blueprint.get("/<uuid:case_id>/documents/<uuid:document_id>")
@permitted(Permission.DOCUMENT_PRINT)
def document(case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a document as it was issued."""
    actor = current_actor()
    with house().transactions.write(actor) as uow:
        found = document_content(uow.session, visibility(actor), case_id, document_id)
        if found is None:
            raise NotFound
        uow.audit("document_printed", "case", str(case_id), data={"document": str(document_id)})
    name = f"{found.kind}-{document_id}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(found.content, mimetype="application/pdf", headers=headers)


def _page(
    case_id: uuid.UUID, *, failed: tuple[Action, CaseForm] | None = None, is_stale: bool = False
) -> str:
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        try:
            view = case_view(uow.session, visibility(actor), case_id)
        except NoSuchCase as error:
            raise NotFound from error
        offers = _offers(uow, actor, view, failed, is_stale=is_stale)
        workdays = workdays_of(uow.rulebook.pack.calendar)
        clocks = tuple(ShownClock(kept, due(kept.clock, workdays)) for kept in view.clocks)
        posts = [(post, shown_post(uow, post.id, post.title, post.text)) for post in view.posts]
        names = feature_names(uow.rulebook.pack)
        steps = {step.step: step.title for step in view.steps}
        timeline = [(line, sentence(line, view.units, steps)) for line in view.timeline]
    return render_template(
        "pages/case.html",
        view=view,
        case=view.case,
        offers=offers,
        clocks=clocks,
        posts=posts,
        timeline=timeline,
        names=names,
        units={code: in_language(name) for code, name in view.units.items()},
    )


def _offers(
    uow: UnitOfWork,
    actor: Actor,
    view: CaseView,
    failed: tuple[Action, CaseForm] | None,
    *,
    is_stale: bool,
) -> tuple[Offer, ...]:
    allowed = allowed_actions(
        view.case.state, roles=actor.roles, grade=view.case.grade, part=_part(actor, view)
    )
    offers = []
    for action in allowed:
        if action not in WAYS or _is_done(action, actor, view):
            continue
        is_failed = failed is not None and failed[0] is action
        form = failed[1] if failed and is_failed else _form(uow, action, view, is_sent=False)
        if is_stale or not is_failed:
            form.version.data, form.version.raw_data = view.case.version, None
        offers.append(
            Offer(action, in_language(ACTION_LABELS[action]), form, WAYS[action].is_main or is_failed)
        )
    return tuple(offers)


def _is_done(action: Action, actor: Actor, view: CaseView) -> bool:
    """Return whether an action that the state allows has no object any more for this person."""
    pending = next((reply for reply in view.replies if reply.verdict is None), None)
    match action:
        case Action.ASSIST_SIGN_FOR:
            own = [one for one in view.assignments if one.unit == actor.unit_id and one.ended_at is None]
            return all(one.signed_for_at for one in own)
        case Action.ACCEPT:
            return pending is None or pending.outcome.value == "promised"
        case Action.ACCEPT_PROMISE:
            return pending is None or pending.outcome.value != "promised"
        case Action.RE_AUDIT:
            return any(look.at >= (view.case.closed_at or look.at) for look in view.reaudits)
    return False


def _part(actor: Actor, view: CaseView) -> Part:
    own = [one for one in view.assignments if one.unit == actor.unit_id and one.ended_at is None]
    if not own:
        return Part.NONE
    return Part.LEAD if any(one.is_lead for one in own) else Part.ASSIST


def _form(uow: UnitOfWork, action: Action, view: CaseView | None, *, is_sent: bool) -> CaseForm:
    kind = WAYS[action].form
    form = kind() if is_sent else kind(formdata=None)
    if isinstance(form, RouteForm):
        _fill_units(uow, form, view)
    return form


def _fill_units(uow: UnitOfWork, form: RouteForm, view: CaseView | None) -> None:
    choices = [(unit.id, in_language(unit.name)) for unit in uow.rulebook.pack.units]
    form.lead.choices = [("", _("（请选择）")), *choices]
    form.assist.choices = choices
    if view is not None:
        form.lead.data = view.case.lead_unit or ""
        form.assist.data = list(view.case.assist_units)
        form.basis.data = view.case.route_basis
