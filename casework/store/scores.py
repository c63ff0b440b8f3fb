"""What a unit's year in the score ledger looks like to one reader. Bands and rankings are left out.

**Source:** domain.md §3.3: no league table of units; a unit reads its own sheet and nobody else's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Reach, UnitId, Visibility
from casework.events import EventKind
from casework.refusals import NoSuchUnit
from casework.scoring import FailingKind, counted
from casework.states import OPEN_STATES, CaseState
from casework.store.as_read import as_read, entry_as_read
from casework.store.case_parts import ScoreLine, score_line
from casework.store.slips import Slip, slips_by_case
from casework.store.tables import CaseRow, EventRow, ExclusionRow, ScoreEntryRow, UnitRow
from casework.store.visible import Predicate, visible_cases
from casework.workdays import instant
from rules.model import Label


@dataclass(frozen=True, slots=True)
class SheetLine:
    """An entry on a sheet; number and title are None where the reader may not see the (ordinary) case."""

    entry: ScoreLine
    case_number: str | None
    case_title: str | None


@dataclass(frozen=True, slots=True)
class FailingTotal:
    """All entries of one kind of failing: how many in force, and their points."""

    failing: FailingKind
    entries: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit as the list of units shows it."""

    code: str
    name: Label
    short: str
    family: str
    kind: str
    superior: str | None
    is_active: bool
    open_cases: int
    overdue_cases: int


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """A unit's year.

    Attributes:
        entries: newest first, reversals among them.
        points: points lost of the entries that are listed, exact; reversals taken off.
        counted: what of them counts: never more than the year's cap.
    """

    unit: UnitLine
    year: int
    entries: tuple[SheetLine, ...]
    by_failing: tuple[FailingTotal, ...]
    points: Decimal
    counted: Decimal


def unit_sheet(
    session: Session,
    sight: Visibility,
    unit: str,
    *,
    year: int,
    now: datetime,
    is_paper: bool = False,
) -> UnitSheet:
    """Return the sheet of a unit for a year of the county's calendar.

    A unit sees its own entries, also of cases that were taken from it since, but none of a case from which
    it is shut out. A desk sees every entry of ordinary cases, without number and title where it may not see
    the case. Entries of confidential cases are listed and counted for nobody but who may read the case:
    whatever else a sheet said of them, even a sum, would tell a recused desk that there is an accusation.

    Args:
        session: open.
        sight: of the reader.
        unit: code.
        year: of the county's calendar.
        now: aware UTC, for what is overdue.
        is_paper: for print: entries of ordinary cases alone, whoever prints it.

    Raises:
        NoSuchUnit: there is none, or the reader may not see its sheet.
    """
    found = unit_lines(session, sight, now=now, code=unit)
    if not found:
        raise NoSuchUnit(unit)
    lines = _lines(session, sight, unit, year, is_paper=is_paper)
    points = sum((line.entry.points for line in lines), Decimal(0))
    return UnitSheet(found[0], year, lines, _by_failing(lines), points, counted(points))


_WITH_UNIT = tuple(
    state
    for state in OPEN_STATES
    if state not in {CaseState.ARBITRATION, CaseState.REGISTERED, CaseState.CONFIRMED}
)
"""A case is in hand at a unit from its dispatch on; until then the unit is only proposed."""

UNLISTED_KINDS = ("government", "judicial")
"""Kinds that are no departments: the government sets the tasks, courts and procuratorates are independent.
**Source:** Constitution, articles 105, 131 and 136."""


def unit_lines(
    session: Session, sight: Visibility, *, now: datetime, code: str | None = None
) -> tuple[UnitLine, ...]:
    """Return the units whose sheets the reader may open, by kind and name, never by points.

    The list leaves out government, court and procuratorate; asked for by code they are there.

    Args:
        session: open.
        sight: of the reader; a unit gets itself alone.
        now: aware UTC, for what is overdue.
        code: only this unit.
    """
    leads = (
        sa.select(
            CaseRow.lead_unit.label("code"),
            sa.func.count().label("open"),
            sa.func.sum(sa.case((CaseRow.next_due_at <= now, 1), else_=0)).label("overdue"),
        )
        .where(visible_cases(sight), CaseRow.state.in_([state.value for state in _WITH_UNIT]))
        .group_by(CaseRow.lead_unit)
        .subquery()
    )
    query = (
        sa.select(UnitRow, leads.c.open, leads.c.overdue)
        .outerjoin(leads, leads.c.code == UnitRow.code)
        .where(UnitRow.county_id == sight.county_id, _sheet_visible(sight))
        .order_by(UnitRow.kind, UnitRow.code)
    )
    chosen = UnitRow.kind.not_in(UNLISTED_KINDS) if code is None else UnitRow.code == code
    rows = session.execute(query.where(chosen))
    return tuple(
        UnitLine(
            code=row.code,
            name=Label(row.name_zh, row.name_en),
            short=row.short,
            family=row.family,
            kind=row.kind,
            superior=row.superior,
            is_active=row.active,
            open_cases=open_cases or 0,
            overdue_cases=overdue or 0,
        )
        for row, open_cases, overdue in rows
    )


def cases_at_spot(
    session: Session, county: str, *, unit: str, topic: str | None, place: str | None, since: datetime
) -> int:
    """Return how many cases the unit has led on one topic at one place since an instant.

    Confidential ones do not count: the figure stands in evidence that is not for who may read them alone.
    """
    if topic is None or place is None:
        return 0
    found: int | None = session.scalar(
        sa.select(sa.func.count())
        .select_from(CaseRow)
        .where(
            CaseRow.county_id == county,
            CaseRow.lead_unit == unit,
            CaseRow.topic == topic,
            CaseRow.place == place,
            CaseRow.opened_at >= since,
            CaseRow.confidential.is_(False),
            CaseRow.state.not_in([CaseState.DISMISSED.value, CaseState.MERGED.value]),
        )
    )
    return found or 0


def _sheet_visible(sight: Visibility) -> Predicate:
    if sight.cases is Reach.ALL:
        return sa.true()
    if sight.cases is Reach.NONE:
        return sa.false()
    return UnitRow.code.in_(sorted(sight.unit_ids))


def _lines(
    session: Session, sight: Visibility, unit: str, year: int, *, is_paper: bool
) -> tuple[SheetLine, ...]:
    begin, end = (instant(date(one, 1, 1), time()) for one in (year, year + 1))
    is_seen = sa.or_(visible_cases(sight), _own(sight, unit))
    query = (
        sa.select(ScoreEntryRow, CaseRow.number, CaseRow.title, is_seen.label("is_seen"))
        .join(CaseRow, CaseRow.id == ScoreEntryRow.case_id)
        .where(
            ScoreEntryRow.county_id == sight.county_id,
            ScoreEntryRow.unit_code == unit,
            ScoreEntryRow.entered_at >= begin,
            ScoreEntryRow.entered_at < end,
            _is_listed(sight, is_seen, is_paper=is_paper),
        )
        .order_by(ScoreEntryRow.seq.desc())
    )
    found = session.execute(query).all()
    slips = slips_by_case(session, {row.case_id for row, *_ in found})
    return tuple(
        SheetLine(
            entry_as_read(sight, score_line(row)),
            _number_then(slips.get(row.case_id, ()), row) or number if seen else None,
            as_read(sight, title) if seen else None,
        )
        for row, number, title, seen in found
    )


def _is_listed(sight: Visibility, is_seen: Predicate, *, is_paper: bool) -> Predicate:
    ordinary = sa.and_(CaseRow.confidential.is_(False), ~_of_the_secret_time())
    if sight.confidential is not Reach.ALL and sight.cases is Reach.ALL:
        is_seen = sa.and_(is_seen, ~_of_the_secret_time())
    if sight.cases is not Reach.ALL:
        return sa.and_(is_seen, ordinary) if is_paper else is_seen
    return ordinary if is_paper else sa.or_(ordinary, is_seen)


def _of_the_secret_time() -> Predicate:
    """Return whether the secrecy of the case was lifted after the entry: then it tells of that time."""
    lifted = sa.select(EventRow.id).where(
        EventRow.case_id == ScoreEntryRow.case_id,
        EventRow.kind == EventKind.SECRECY_LIFTED.value,
        EventRow.at >= ScoreEntryRow.entered_at,
    )
    return sa.exists(lifted.correlate(ScoreEntryRow))


def _number_then(slips: Iterable[Slip], entry: ScoreEntryRow) -> str | None:
    """Return the number under which the unit had the case on the day of an entry.

    A case that is dispatched anew gets another one; a sheet that was printed before names the first.
    """
    had = [s.number for s in slips if entry.unit_code in s.units and s.at <= entry.entered_at]
    return had[-1] if had else None


def _own(sight: Visibility, unit: str) -> Predicate:
    """Return the condition under which a unit sees a case of its own past by its score entry."""
    if UnitId(unit) not in sight.unit_ids:
        return sa.false()
    shut_out = sa.select(ExclusionRow.case_id).where(
        ExclusionRow.case_id == CaseRow.id, ExclusionRow.unit_code == unit
    )
    return ~sa.exists(shut_out.correlate(CaseRow))


def _by_failing(lines: tuple[SheetLine, ...]) -> tuple[FailingTotal, ...]:
    totals: dict[FailingKind, tuple[int, Decimal]] = {}
    for line in lines:
        kind = FailingKind(line.entry.failing)
        entries, points = totals.get(kind, (0, Decimal(0)))
        totals[kind] = (entries + (-1 if line.entry.reverses_id else 1), points + line.entry.points)
    return tuple(FailingTotal(kind, *totals[kind]) for kind in FailingKind if kind in totals)
