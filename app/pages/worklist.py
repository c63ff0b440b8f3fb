"""The worklist: what waits for this person first, and the figures above it. Each desk has its own lists."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

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
from casework.store.cases import MOST_LINES, CaseFilter, CaseLine, Order, Page, case_page, counts
from casework.store.desk_items import ItemKind, count_about_life, count_open
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
class CaseList:
    """A list of cases under its heading.

    Attributes:
        is_own: the cases whose next move is this desk's, which the pager goes through.
        most: lines that are shown; None for all.
    """

    title: str
    lines: tuple[CaseLine, ...]
    is_own: bool = False
    most: int | None = None


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
        lists = _lists(uow, page, is_first=not after)
        orders, entries = _records(uow)
    shown = [line for one in lists for line in one.lines]
    return render_template(
        "pages/worklist.html",
        figures=figures,
        lists=lists,
        tags={line.id: _tags(actor, line) for line in shown},
        hint=None if shown or after else _hint(actor),
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
        case Desk.PUBLISHER:
            return _("待公开回应")
        case Desk.HIGHER_AUTHORITY:
            return _("待我受理")
    return _("待我办理")


def _stalled_title(stalled: int, opened: int) -> str:
    """Return the words under the stalled cases: where all that is open stands still, the figure says so."""
    if not stalled or not opened:
        return _("停滞")
    if stalled >= opened:
        return _("停滞 · 在办件都无进展")
    return _("停滞 · 占在办 %(share)s%%", share=max(1, stalled * 100 // opened))


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
        at_risk = count_about_life(uow.session, sight)
        title = _("人工研判台 · 涉及生命 %(n)s", n=at_risk) if at_risk else _("人工研判台")
        figures.append(Figure(questions_in(items), title, url_for("person_desk.items"), at_risk > 0))
        stalled = url_for("person_desk.items", kind=ItemKind.STALLED.value)
        idle = items[ItemKind.STALLED]
        figures.append(Figure(idle, _stalled_title(idle, found.open), stalled, idle > 0))
        may_list = is_permitted(actor, Permission.POST_LIST)
        waiting = url_for("posts.table", triage="pending") if may_list else None
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


def _lists(uow: UnitOfWork, page: Page, *, is_first: bool) -> tuple[CaseList, ...]:
    """Return the lists of this person, the most urgent heading first; each case stands under one of them.

    Args:
        uow: reading.
        page: the part of the cases whose next move is this desk's.
        is_first: it is the first part; the other lists stand on that page only.
    """
    actor = uow.actor
    own = CaseList(_own_title(actor), page.lines, is_own=True)
    if not is_first:
        return (own,)
    heads = [CaseList(title, _own(actor, _of_states(uow, states))) for title, states in _first_lists(actor)]
    rest = [CaseList(_("逾期"), _cases(uow, CaseFilter(overdue=True), limit=MOST_LINES).lines, most=SHORT)]
    if actor.desk is Desk.UNIT:
        seen = _cases(uow, CaseFilter(unit=actor.unit_id)).lines
        assisted = tuple(line for line in seen if _assists(actor, line))
        rest.append(CaseList(_("我单位协办"), assisted))
    lists, told = list[CaseList](), set[uuid.UUID]()
    for one in (*heads, own, *rest):
        lines = tuple(line for line in one.lines if line.id not in told)[: one.most]
        told |= {line.id for line in lines}
        if lines or (one.is_own and not lists):
            lists.append(replace(one, lines=lines))
    return tuple(lists)


def _first_lists(actor: Actor) -> Iterator[tuple[str, tuple[CaseState, ...]]]:
    """Yield what only this role can do, before what anybody at the desk can do."""
    if Role.DIRECTOR in actor.roles:
        yield _("待我裁定主办单位"), (CaseState.OBJECTED, CaseState.ARBITRATION)
        yield _("待签发交办"), (CaseState.CONFIRMED,)
    if Role.UNIT_HEAD in actor.roles:
        yield _("待我签发答复"), (CaseState.DRAFTED, CaseState.PROMISED, CaseState.HANDLING)


def _of_states(uow: UnitOfWork, states: tuple[CaseState, ...]) -> tuple[CaseLine, ...]:
    """Return cases in these states, those with the nearest limit first."""
    found = [line for state in states for line in _cases(uow, CaseFilter(state=state), limit=SHORT).lines]
    return tuple(sorted(found, key=lambda line: line.next_due_at or line.opened_at))


def _tags(actor: Actor, line: CaseLine) -> tuple[tuple[str, str], ...]:
    """Return what else a line is, each with its tone: the headings under which it does not stand again."""
    tags = []
    if line.state is CaseState.PROMISED:
        late = line.is_overdue
        tags.append((_("承诺已逾期") if late else _("承诺待兑现"), "bad" if late else "warn"))
    elif line.is_overdue:
        tags.append((_("逾期"), "bad"))
    if _assists(actor, line):
        tags.append((_("协办"), ""))
    return tuple(tags)


def _assists(actor: Actor, line: CaseLine) -> bool:
    """Return whether another unit leads; a case without a lead is none's yet."""
    return actor.unit_id is not None and line.lead_unit not in (None, actor.unit_id)


def _hint(actor: Actor) -> str | None:
    """Return what will appear here and when, for a list that is empty."""
    return str(_HINTS[actor.desk]) if actor.desk in _HINTS else None


_HINTS: Mapping[Desk, LazyString] = MappingProxyType(
    {
        Desk.UNIT: _l(
            "县网信办把舆情件交办给本单位后，会出现在这里；交办之前单位看不到。请先签收，再报首报。"
        ),
        Desk.SUPERVISION: _l(
            "较大、重大件的主办单位签发答复后，在这里审核、办结；逾期件和督办单也会列在这里。"
        ),
        Desk.TARGET: _l("舆情件办结后，在这里抽查；单位逾期或者被退回重办后，计分也会列在这里。"),
        Desk.PUBLISHER: _l("单位签收后还没有公开回应的舆情件，会出现在这里；打开后可登记公开回应。"),
        Desk.HIGHER_AUTHORITY: _l(
            "检举涉及本县全部受理机关的件，会出现在这里；平时没有。其他件不在您的查看范围内。"
        ),
        Desk.OFFICE: _l("网帖研判立案后，会出现在这里，请确认定级和责任单位。"),
    }
)


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
