"""The pages of cases: the table, one case with all that belongs to it, its actions and its documents.

Which actions are offered is decided by `casework.lifecycle`; what they do is `casework.desk`.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.accounts.current import current_actor
from app.errors import status_of
from app.extensions import house
from app.guard import permitted
from app.pages.after_act import after_act
from app.pages.case_filters import filter_from, filter_values
from app.pages.case_forms import WAYS
from app.pages.case_offers import Failed, sent_form
from app.pages.case_screen import case_screen
from app.pages.error_words import in_names
from app.pages.failing_form import failing_form
from app.pages.score_words import deduction
from app.pages.screen_words import FAILING_LABELS
from app.web.forms import ProtectedForm, flash_error, put_error
from app.web.language import in_language
from casework.access import visibility
from casework.actions import Action
from casework.desk.assess import confirm_failing
from casework.errors import CaseworkError
from casework.refusals import BadCursor, NoSuchCase, StaleVersion
from casework.roles import Permission
from casework.scoring import FailingKind
from casework.store.case_view import case_view
from casework.store.cases import case_page
from casework.store.documents import document_content

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


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
    return case_screen(case_id)


@blueprint.post("/<uuid:case_id>/<action>")
@permitted(Permission.CASE_VIEW)
def act(case_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Take one action; on an error show the case again with what was typed."""
    if action not in set(Action) or (wanted := Action(action)) not in WAYS:
        raise NotFound
    with house().transactions.read(current_actor()) as uow:
        form = sent_form(uow, wanted)
    if not form.validate():
        if form.version.errors:
            flash(_("页面已过期，请刷新后重新提交。"), "danger")
        return case_screen(case_id, failed=Failed(wanted, form)), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            WAYS[wanted].run(uow, case_id, form)
    except NoSuchCase as error:
        raise NotFound from error
    except StaleVersion:
        flash(
            _("此件刚被他人更新，您的操作没有生效。请核对最新情况后再提交，已填写的内容保留在下面。"),
            "danger",
        )
        return case_screen(case_id, failed=Failed(wanted, form, is_stale=True)), 409
    except CaseworkError as error:
        _show_error(form, error)
        return case_screen(case_id, failed=Failed(wanted, form)), status_of(error)
    return after_act(case_id, wanted)


@blueprint.post("/<uuid:case_id>/failing")
@permitted(Permission.SCORE_CONFIRM)
def confirm(case_id: uuid.UUID) -> ResponseReturnValue:
    """Confirm that a unit failed in a case; what it costs is for the rules."""
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        try:
            view = case_view(uow.session, visibility(actor), case_id)
        except NoSuchCase as error:
            raise NotFound from error
        form = failing_form(actor, view, is_sent=True)
    if form is None:
        raise NotFound
    if not form.validate():
        return case_screen(case_id, failing=form), 400
    failing = FailingKind(form.failing.data)
    try:
        with house().transactions.write(actor) as uow:
            confirmed = confirm_failing(
                uow,
                case_id,
                unit=form.unit.data,
                failing=failing,
                evidence=form.evidence.data,
                again=form.again.data,
            )
    except CaseworkError as error:
        _show_error(form, error)
        return case_screen(case_id, failing=form), status_of(error)
    what = in_language(FAILING_LABELS[failing])
    if confirmed.entry is None:
        flash(_("已核定：%(what)s。现行规则对此不扣分。", what=what), "warning")
    else:
        cost = deduction(confirmed.entry.points)
        flash(_("已核定并计分：%(what)s，%(cost)s。", what=what, cost=cost), "success")
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


def _show_error(form: ProtectedForm, error: CaseworkError) -> None:
    """Show an error of the domain at the field that it is about, else above the page."""
    field = getattr(error, "field", None)
    if field in form:
        put_error(form[field], in_names(error))
    else:
        flash_error(in_names(error))
