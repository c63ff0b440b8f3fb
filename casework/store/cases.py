"""Lists and counts of cases, all of them started from the one predicate of `visible`.

It leaves out the page of one case (`case_view`) and everything that changes a case (`case_records`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from casework.access import Reach, Visibility
from casework.refusals import BadCursor
from casework.roles import Desk
from casework.states import OPEN_STATES, CaseState
from casework.store.as_read import as_read, found_in
from casework.store.next_moves import held_by
from casework.store.series import is_secret_number
from casework.store.tables import AssignmentRow, CasePostRow, CaseRow, DocumentRow, UnitRow
from casework.store.visible import Predicate, visible_cases
from rules.model import DemandClass, Grade, Label

MOST_LINES = 200
"""Lines of one page. A page of more is slower to read than two."""


class Order(StrEnum):
    """How a list is sorted: newest first, or what presses most (`_LATER`, then what is due first)."""

    NEWEST = "newest"
    PRESSING = "pressing"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is narrowed to; the default narrows nothing.

    Attributes:
        state: only cases in this state.
        grade: only cases of this grade.
        unit: only cases with a part in force of this unit, lead or assisting.
        overdue: only cases with a clock that runs past its due instant.
        text: only cases whose number, or that of one of their papers, title or gist contains it.
        is_open: only cases that are not settled.
        confidential: only accusations, or only ordinary cases; None for both.
        desk: only cases whose next move is this desk's; for the target office those to be re-audited,
            for the publisher those to be answered in public.
    """

    state: CaseState | None = None
    grade: Grade | None = None
    unit: str | None = None
    overdue: bool = False
    text: str = ""
    is_open: bool = False
    confidential: bool | None = None
    desk: Desk | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it. Instants are aware UTC.

    Attributes:
        lead: name of the lead unit as lists show it, None as long as there is none.
        next_due_at: the earliest due instant of a running clock.
        posts: how many posts the case has.
    """

    id: uuid.UUID
    version: int
    number: str | None
    title: str
    state: CaseState
    grade: Grade
    demand: DemandClass
    is_confidential: bool
    lead_unit: str | None
    lead: Label | None
    opened_at: datetime
    next_due_at: datetime | None
    is_overdue: bool
    redo_count: int
    posts: int


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list and the cursor of the next part, None at the end."""

    lines: tuple[CaseLine, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures above a worklist, over the cases that the reader may see.

    Attributes:
        by_state: every state, 0 included.
        by_grade: open cases by grade.
        overdue: open cases with a clock past its due instant.
        to_do: cases whose next move is the reader's desk's.
    """

    by_state: Mapping[CaseState, int]
    by_grade: Mapping[Grade, int]
    overdue: int
    to_do: int

    @property
    def open(self) -> int:
        """Return how many cases are not settled."""
        return sum(self.by_state[state] for state in OPEN_STATES)


def case_page(
    session: Session,
    sight: Visibility,
    wanted: CaseFilter,
    *,
    now: datetime,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Return the visible cases that `wanted` narrows to, from `after` on.

    Args:
        session: open.
        sight: of the reader.
        wanted: filter and order.
        now: aware UTC, for what is overdue.
        after: `Page.after` of the part before; None for the first part.
        limit: lines, 1 to 200.

    Raises:
        BadCursor: `after` was not made by this function for this order.
    """
    limit = max(1, min(limit, MOST_LINES))
    key, is_newest = _KEYS[wanted.order], wanted.order is Order.NEWEST
    place = (key.desc(), CaseRow.id.desc()) if is_newest else (_LATER, key, CaseRow.id)
    found = sa.select(CaseRow.id).where(visible_cases(sight), *_narrowed(session, sight, wanted, now))
    if after is not None:
        later, at, last = _read_cursor(after, wanted.order)
        then = (sa.literal(at, _INSTANT), sa.literal(last))
        found = found.where(
            sa.tuple_(key, CaseRow.id) < sa.tuple_(*then)
            if is_newest
            else sa.tuple_(_LATER, key, CaseRow.id) > sa.tuple_(sa.literal(later), *then)
        )
    # The ids alone first: names, posts and wide columns are fetched for the lines of this page only.
    page = found.order_by(*place).limit(limit + 1).subquery()
    rows = session.execute(
        sa.select(CaseRow, UnitRow.short, UnitRow.name_en, _POSTS)
        .join(page, page.c.id == CaseRow.id)
        .outerjoin(
            UnitRow, sa.and_(UnitRow.county_id == CaseRow.county_id, UnitRow.code == CaseRow.lead_unit)
        )
        .options(defer(CaseRow.policy))
        .order_by(*place)
    ).all()
    lines = tuple(
        _line(row, as_read(sight, row.title), (short, english), posts, now)
        for row, short, english, posts in rows[:limit]
    )
    return Page(lines, _cursor(lines[-1], wanted.order) if len(rows) > limit else None)


def counts(session: Session, sight: Visibility, *, now: datetime, desk: Desk | None = None) -> Counts:
    """Return the figures above the worklist of somebody at `desk`, in one query."""
    overdue = sa.func.sum(sa.case((CaseRow.next_due_at <= now, 1), else_=0))
    mine = sa.func.sum(sa.case((held_by(sight, desk), 1), else_=0)) if desk else sa.literal(0)
    rows = session.execute(
        sa.select(CaseRow.state, CaseRow.grade, sa.func.count(), overdue, mine)
        .where(visible_cases(sight))
        .group_by(CaseRow.state, CaseRow.grade)
    ).all()
    by_state = dict.fromkeys(CaseState, 0)
    by_grade = dict.fromkeys(Grade, 0)
    late = to_do = 0
    for state, grade, number, over, held in rows:
        by_state[CaseState(state)] += number
        to_do += held or 0
        if CaseState(state) in OPEN_STATES:
            by_grade[Grade(grade)] += number
            late += over or 0
    return Counts(MappingProxyType(by_state), MappingProxyType(by_grade), late, to_do)


_INSTANT = CaseRow.opened_at.type
_KEYS: Mapping[Order, sa.ColumnElement[datetime]] = MappingProxyType(
    {
        Order.NEWEST: sa.type_coerce(CaseRow.opened_at, _INSTANT),
        # A case without a running clock waits at a desk: since it was opened.
        Order.PRESSING: sa.func.coalesce(CaseRow.next_due_at, CaseRow.opened_at, type_=_INSTANT),
    }
)
# A grave case that no clock runs for stands before everything: it waits for the office itself.
_FIRST = (Grade.SERIOUS, Grade.MAJOR)
_LATER = sa.case(
    *(
        (sa.and_(CaseRow.grade == grade.value, CaseRow.next_due_at.is_(None)), place)
        for place, grade in enumerate(_FIRST)
    ),
    else_=len(_FIRST),
)
_POSTS = (
    sa.select(sa.func.count()).where(CasePostRow.case_id == CaseRow.id).correlate(CaseRow).scalar_subquery()
)


def _narrowed(session: Session, sight: Visibility, wanted: CaseFilter, now: datetime) -> list[Predicate]:
    conditions: list[Predicate] = []
    if wanted.state is not None:
        conditions.append(CaseRow.state == wanted.state.value)
    if wanted.grade is not None:
        conditions.append(CaseRow.grade == wanted.grade.value)
    if wanted.unit is not None:
        part = sa.select(AssignmentRow.id).where(
            AssignmentRow.case_id == CaseRow.id,
            AssignmentRow.unit_code == wanted.unit,
            AssignmentRow.ended_at.is_(None),
        )
        conditions.append(sa.exists(part.correlate(CaseRow)))
    if wanted.overdue:
        conditions.append(CaseRow.next_due_at <= now)
    if text := wanted.text.strip():
        said = found_in(session, sight, text, CaseRow.id, (CaseRow.title, CaseRow.gist), visible_cases(sight))
        conditions.append(sa.or_(*_numbered(sight, text), said))
    if wanted.is_open:
        conditions.append(CaseRow.state.in_([state.value for state in OPEN_STATES]))
    if wanted.confidential is not None:
        conditions.append(CaseRow.confidential.is_(wanted.confidential))
    if wanted.desk is not None:
        conditions.append(held_by(sight, wanted.desk))
    return conditions


def _line(
    row: CaseRow, title: str, lead: tuple[str | None, str | None], posts: int, now: datetime
) -> CaseLine:
    short, english = lead
    return CaseLine(
        id=row.id,
        version=row.version,
        number=row.number,
        title=title,
        state=CaseState(row.state),
        grade=Grade(row.grade),
        demand=DemandClass(row.demand),
        is_confidential=row.confidential,
        lead_unit=row.lead_unit,
        lead=Label(short, english or short) if short else None,
        opened_at=row.opened_at,
        next_due_at=row.next_due_at,
        is_overdue=row.next_due_at is not None and row.next_due_at <= now,
        redo_count=row.redo_count,
        posts=posts,
    )


def _numbered(sight: Visibility, text: str) -> Iterator[Predicate]:
    """Yield what finds a case by a printed number; its own, and for the desks that of every paper of it.

    A case that is dispatched anew gets another number; the paper with the old one lies on a table somewhere.
    """
    yield CaseRow.number.icontains(text, autoescape=True)
    if sight.cases is Reach.ALL:
        printed = sa.select(DocumentRow.case_id).where(
            DocumentRow.county_id == sight.county_id, DocumentRow.number.icontains(text, autoescape=True)
        )
        if sight.confidential is not Reach.ALL:  # else the number of a secret paper finds what was lifted
            printed = printed.where(~is_secret_number(DocumentRow.number))
        yield CaseRow.id.in_(printed)


def _cursor(line: CaseLine, order: Order) -> str:
    at = line.opened_at if order is Order.NEWEST else line.next_due_at or line.opened_at
    later = _FIRST.index(line.grade) if line.grade in _FIRST and line.next_due_at is None else len(_FIRST)
    return f"{order.value}_{later}_{at.isoformat()}_{line.id.hex}"


def _read_cursor(text: str, order: Order) -> tuple[int, datetime, uuid.UUID]:
    try:
        made_for, later, at, last = text.split("_")
        rank, instant, line = int(later), datetime.fromisoformat(at), uuid.UUID(last)
    except ValueError as wrong:
        raise BadCursor(text) from wrong
    if made_for != order.value or instant.tzinfo is None or not 0 <= rank <= len(_FIRST):
        raise BadCursor(text)
    return rank, instant, line
