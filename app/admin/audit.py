"""The page of the audit log. Reading it is itself the audit administrator's alone."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import audit_log
from app.accounts.current import current_actor
from app.admin.audit_words import facts_of, roles_of
from app.extensions import house
from app.guard import permitted
from app.recusal_health import recusal_counts, recusal_notices
from app.web.language import in_language
from casework.desk.unit import UnitOfWork
from casework.post_refusals import NoPackInForce, PackRefused
from casework.roles import Permission
from casework.store.case_view import unit_names

blueprint = Blueprint("audit", __name__)


@blueprint.get("/admin/audit")
@permitted(Permission.AUDIT_READ)
def table() -> ResponseReturnValue:
    """Show a page of the log, newest first, filtered by action, actor or object."""
    wanted = audit_log.AuditFilter(
        action=request.args.get("action", "").strip(),
        actor=request.args.get("actor", "").strip(),
        object_id=request.args.get("object", "").strip(),
    )
    with house().transactions.read(current_actor()) as uow:
        page = audit_log.page(uow, wanted, before=request.args.get("before"))
        actions = audit_log.actions(uow)
        units = {code: in_language(name) for code, name in unit_names(uow.session, uow.county).items()}
        topics = _topics(uow)
        notices = recusal_notices(*recusal_counts(uow))
    return render_template(
        "admin/audit.html",
        page=page,
        notices=notices,
        wanted=wanted,
        actions=actions,
        roles={line.id: roles_of(line.roles) for line in page.lines},
        facts={line.id: facts_of(line.data, units, topics) for line in page.lines},
    )


def _topics(uow: UnitOfWork) -> dict[str, str]:
    try:
        return {one.id: in_language(one.title) for one in uow.rulebook.pack.topics}
    except (NoPackInForce, PackRefused):  # the log is read before the first pack, too
        return {}
