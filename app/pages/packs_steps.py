"""The way of a draft to force: submitted by its author, decided on by another person, published, or given up.

Every step is a use case of `casework.desk`; what the page shows to be read first is `packs_review`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Optional

from app.accounts.current import current_actor
from app.errors import status_of
from app.extensions import house
from app.guard import permitted
from app.pages.packs_draft import VersionForm, head_of
from app.pages.packs_review import review_of, trials_of
from app.web.fields import instant
from app.web.forms import at_most, flash_error, needed
from app.web.times import COUNTY_ZONE, county_time
from casework.desk import drafting
from casework.desk.publishing import publish_draft
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.packs import DraftStep
from casework.roles import Permission
from casework.wording import MOST_OF_A_REASON

blueprint = Blueprint("steps", __name__, url_prefix="/drafts/<uuid:draft_id>/decision")


class NoteForm(VersionForm):
    """A step that may carry a remark."""

    note = TextAreaField(_l("说明（可不填）"), [at_most(MOST_OF_A_REASON)])


class ReasonForm(VersionForm):
    """A step that needs a reason."""

    reason = TextAreaField(_l("理由"), [needed(), at_most(MOST_OF_A_REASON)])


class PublishForm(VersionForm):
    """When the pack takes effect."""

    effective_at = instant(_l("生效时间（北京时间，留空为立即生效）"), [Optional()])


Run = Callable[[UnitOfWork, uuid.UUID, VersionForm], str]


@dataclass(frozen=True, slots=True)
class Way:
    """How a step is taken on the page: what is asked, and what is called. `run` returns what is said then."""

    form: type[VersionForm]
    run: Run


def utc_of(local: datetime | None) -> datetime | None:
    """Return a county time that was typed as aware UTC; None for none."""
    return local.replace(tzinfo=COUNTY_ZONE).astimezone(UTC) if local else None


def _submit(uow: UnitOfWork, draft_id: uuid.UUID, form: VersionForm) -> str:
    drafting.submit(uow, draft_id, version=form.version.data, note=form["note"].data or "")
    return _("已提交，等待另一人审批。")


def _approve(uow: UnitOfWork, draft_id: uuid.UUID, form: VersionForm) -> str:
    drafting.approve(uow, draft_id, version=form.version.data, note=form["note"].data or "")
    return _("已批准。")


def _reject(uow: UnitOfWork, draft_id: uuid.UUID, form: VersionForm) -> str:
    drafting.reject(uow, draft_id, version=form.version.data, reason=form["reason"].data or "")
    return _("已退回起草人。")


def _withdraw(uow: UnitOfWork, draft_id: uuid.UUID, form: VersionForm) -> str:
    drafting.withdraw(uow, draft_id, version=form.version.data, reason=form["reason"].data or "")
    return _("草稿已撤销。")


def _publish(uow: UnitOfWork, draft_id: uuid.UUID, form: VersionForm) -> str:
    asked = utc_of(form["effective_at"].data)
    put = publish_draft(uow, draft_id, version=form.version.data, effective_at=asked)
    if put.effective_at > uow.now:
        return _("已发布，将于 %(at)s 生效。", at=county_time(put.effective_at))
    return _("已发布并生效。")


WAYS: Mapping[DraftStep, Way] = MappingProxyType(
    {
        DraftStep.SUBMIT: Way(NoteForm, _submit),
        DraftStep.APPROVE: Way(NoteForm, _approve),
        DraftStep.PUBLISH: Way(PublishForm, _publish),
        DraftStep.REJECT: Way(ReasonForm, _reject),
        DraftStep.WITHDRAW: Way(ReasonForm, _withdraw),
    }
)
"""In the order of the page."""


@blueprint.get("")
@permitted(Permission.RULES_VIEW)
def show(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show what can be decided on a draft, and everything that happened to it."""
    return _page(draft_id)


@blueprint.post("/submit")
@permitted(Permission.RULES_EDIT)
def submit(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Hand the draft to another person."""
    return _taken(draft_id, DraftStep.SUBMIT)


@blueprint.post("/approve")
@permitted(Permission.RULES_APPROVE)
def approve(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Approve what another person wrote."""
    return _taken(draft_id, DraftStep.APPROVE)


@blueprint.post("/reject")
@permitted(Permission.RULES_APPROVE)
def reject(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Send a draft back."""
    return _taken(draft_id, DraftStep.REJECT)


@blueprint.post("/publish")
@permitted(Permission.RULES_PUBLISH)
def publish(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Put an approved draft in force, now or at a time."""
    return _taken(draft_id, DraftStep.PUBLISH)


@blueprint.post("/withdraw")
@permitted(Permission.RULES_EDIT)
def withdraw(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Give a draft up."""
    return _taken(draft_id, DraftStep.WITHDRAW)


def _taken(draft_id: uuid.UUID, step: DraftStep) -> ResponseReturnValue:
    """Take a step, or show the page again with what was typed and what is wrong."""
    way = WAYS[step]
    form = way.form()
    if not form.validate():
        return _page(draft_id, failed=(step, form)), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            said = way.run(uow, draft_id, form)
    except CaseworkError as error:
        flash_error(error)
        return _page(draft_id, failed=(step, form)), status_of(error)
    flash(said, "success")
    return redirect(url_for("packs.steps.show", draft_id=draft_id))


def _page(draft_id: uuid.UUID, *, failed: tuple[DraftStep, VersionForm] | None = None) -> str:
    with house().transactions.read(current_actor()) as uow:
        head = head_of(uow, draft_id)
        trials = trials_of(uow, head)
    forms = {step: way.form(formdata=None) for step, way in WAYS.items() if step in head.offers.steps}
    if failed is not None and failed[0] in forms:
        forms[failed[0]] = failed[1]
    return render_template(
        "pages/pack_decision.html",
        head=head,
        review=review_of(head, trials),
        forms=forms,
        failed=failed[0] if failed else None,
    )
