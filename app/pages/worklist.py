"""The worklist: what waits for this person first, and the figures above it. Each desk has its own lists."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.pages.desk_list import questions_in
from app.web.forms import flash_error
from casework.access import Actor, is_permitted, visibility
from casework.desk.unit import UnitOfWork
from casework.refusals import BadCursor
from casework.roles import Desk, Permission, Role
from casework.states import CaseState
from casework.store.cases import CaseFilter, CaseLine, Order, Page, case_page, counts
from casework.store.desk_items import ItemKind, count_open
from casework.store.posts import count_waiting
from casework.store.recent import EntryLine, OrderLine, recent_entries, recent_orders

blueprint = Blueprint("worklist", __name__, url_prefix="/work")

SHORT = 10
"""Lines of a list beside one's own; the table of cases has them all."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number above the lists, and where it leads."""

    count: int
    text: str
    address: str | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """A list of cases beside one's own."""

    title: str
    lines: tuple[CaseLine, ...]


@blueprint.get("")
@permitted(Permission.CASE_VIEW)
def mine() -> ResponseReturnValue:
    """Show the cases whose next move is this person's desk's, the most pressing first."""
    actor = current_actor()
    after = request.args.get("after")
    with house().transactions.read(actor) as uow:
        try:
            page = _cases(uow, CaseFilter(desk=actor.desk), after=after)
        except BadCursor as error:
            flash_error(error)
            return redirect(url_for("worklist.mine"))
        figures = _figures(uow)
        extras = () if after else _extras(uow)
        late = _cases(uow, CaseFilter(overdue=True), limit=SHORT)
        orders, entries = _records(uow)
    return render_template(
        "pages/worklist.html",
        figures=figures,
        title=_own_title(actor),
        page=page,
        extras=extras,
        late=late,
        orders=orders,
        entries=entries,
        first=url_for("worklist.mine") if after else None,
        older=url_for("worklist.mine", after=page.after) if page.after else None,
    )


def _own_title(actor: Actor) -> str:
    match actor.desk:
        case Desk.TARGET:
            return _("待我抽查")
        case Desk.SUPERVISION:
            return _("待我审核、办结")
    return _("待我办理")


def _figures(uow: UnitOfWork) -> tuple[Figure, ...]:
    actor, sight = uow.actor, visibility(uow.actor)
    found = counts(uow.session, sight, now=uow.now, desk=actor.desk)
    late = url_for("cases.table", overdue=1, order=Order.PRESSING.value)
    figures = [
        Figure(found.to_do, _own_title(actor)),
        Figure(found.overdue, _("逾期"), late, found.overdue > 0),
    ]
    if is_permitted(actor, Permission.CASE_DISMISS):
        items = count_open(uow.session, sight)
        figures.append(Figure(questions_in(items), _("人工研判台"), url_for("person_desk.items")))
        stalled = url_for("person_desk.items", kind=ItemKind.STALLED.value)
        figures.append(Figure(items[ItemKind.STALLED], _("停滞"), stalled, items[ItemKind.STALLED] > 0))
        waiting = url_for("posts.table", triage="pending")
        figures.append(Figure(count_waiting(uow.session, sight), _("等待研判的网帖"), waiting))
    figures.append(Figure(found.open, _("在办"), url_for("cases.table")))
    figures += [
        Figure(found.by_grade[grade], text, url_for("cases.table", grade=grade.value))
        for grade, text in zip(
            reversed(tuple(found.by_grade)),
            (_("在办 · 重大"), _("在办 · 较大"), _("在办 · 一般")),
            strict=True,
        )
        if grade in sight.grades
    ]
    return tuple(figures)


def _extras(uow: UnitOfWork) -> tuple[Extra, ...]:
    """Return the lists that this role looks at before or beside the common one; empty ones are left out."""
    actor = uow.actor
    wanted: list[tuple[str, CaseFilter]] = []
    if Role.DIRECTOR in actor.roles:
        wanted.append((_("待我裁定主办单位"), CaseFilter(state=CaseState.ARBITRATION)))
        wanted.append((_("待签发交办"), CaseFilter(state=CaseState.CONFIRMED)))
    if Role.UNIT_HEAD in actor.roles:
        wanted.append((_("待我签发答复"), CaseFilter(state=CaseState.HANDLING)))
    lists = [
        Extra(title, _own(actor, _cases(uow, narrowed, limit=SHORT).lines)) for title, narrowed in wanted
    ]
    if actor.desk is Desk.UNIT:
        seen = _cases(uow, CaseFilter(unit=actor.unit_id)).lines
        lists.append(Extra(_("我单位协办"), tuple(line for line in seen if line.lead_unit != actor.unit_id)))
    return tuple(one for one in lists if one.lines)


def _records(uow: UnitOfWork) -> tuple[tuple[OrderLine, ...], tuple[EntryLine, ...]]:
    """Return recent supervision orders for the supervisor, recent score entries for the inspector."""
    sight = visibility(uow.actor)
    orders = recent_orders(uow.session, sight, limit=SHORT) if uow.actor.desk is Desk.SUPERVISION else ()
    entries = recent_entries(uow.session, sight, limit=SHORT) if uow.actor.desk is Desk.TARGET else ()
    return orders, entries


def _own(actor: Actor, lines: tuple[CaseLine, ...]) -> tuple[CaseLine, ...]:
    """Return the lines that are this person's to move: of a unit, those that it leads."""
    return tuple(line for line in lines if actor.unit_id is None or line.lead_unit == actor.unit_id)


def _cases(uow: UnitOfWork, wanted: CaseFilter, *, after: str | None = None, limit: int = 50) -> Page:
    pressing = replace(wanted, order=Order.PRESSING)
    return case_page(uow.session, visibility(uow.actor), pressing, now=uow.now, after=after, limit=limit)
