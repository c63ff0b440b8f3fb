"""The worklist: what waits for this person first, and the figures above it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from casework.access import visibility
from casework.roles import Permission
from casework.store.cases import CaseFilter, Order, case_page, counts

blueprint = Blueprint("worklist", __name__, url_prefix="/work")

OVERDUE_LINES = 10
"""Overdue cases of other desks shown below one's own list; the table of cases has them all."""


@blueprint.get("")
@permitted(Permission.CASE_VIEW)
def mine() -> ResponseReturnValue:
    """Show the cases whose next move is this person's desk's, the most pressing first."""
    actor = current_actor()
    sight = visibility(actor)
    after = request.args.get("after")
    with house().transactions.read(actor) as uow:
        figures = counts(uow.session, sight, now=uow.now, desk=actor.desk)
        to_do = CaseFilter(desk=actor.desk, order=Order.PRESSING)
        page = case_page(uow.session, sight, to_do, now=uow.now, after=after)
        late = case_page(
            uow.session,
            sight,
            CaseFilter(overdue=True, order=Order.PRESSING),
            now=uow.now,
            limit=OVERDUE_LINES,
        )
    return render_template(
        "pages/worklist.html",
        figures=figures,
        page=page,
        late=late,
        first=url_for("worklist.mine") if after else None,
        older=url_for("worklist.mine", after=page.after) if page.after else None,
    )
