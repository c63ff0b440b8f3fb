"""What was done last, for worklists: supervision orders and score entries on cases a reader may see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.access import Reach, Visibility
from casework.store.as_read import as_read
from casework.store.tables import CaseRow, ScoreEntryRow, StepRow, UnitRow
from casework.store.visible import Predicate, visible_cases
from rules.model import Label, StepAction


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A supervision order; `taken_at` is aware UTC."""

    case_id: uuid.UUID
    case_title: str
    unit: Label
    number: str
    title: Label
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A score entry; `is_reversal` where it takes another back."""

    case_id: uuid.UUID
    case_title: str
    unit_code: str
    unit: Label
    failing: str
    points: Decimal
    is_reversal: bool
    entered_at: datetime


def recent_orders(session: Session, sight: Visibility, *, limit: int) -> tuple[OrderLine, ...]:
    """Return the newest supervision orders on open and closed cases that the reader may see."""
    rows = session.execute(
        sa.select(StepRow, CaseRow.title, UnitRow.name_zh, UnitRow.name_en)
        .join(CaseRow, CaseRow.id == StepRow.case_id)
        .join(UnitRow, sa.and_(UnitRow.county_id == StepRow.county_id, UnitRow.code == StepRow.unit_code))
        .where(visible_cases(sight), _own(sight, StepRow.unit_code), StepRow.action == StepAction.ORDER.value)
        .order_by(StepRow.id.desc())
        .limit(limit)
    )
    return tuple(
        OrderLine(
            case_id=row.case_id,
            case_title=as_read(sight, title),
            unit=Label(name_zh, name_en),
            number=row.number or "",
            title=Label(row.title_zh, row.title_en),
            taken_at=row.taken_at,
        )
        for row, title, name_zh, name_en in rows
    )


def recent_entries(session: Session, sight: Visibility, *, limit: int) -> tuple[EntryLine, ...]:
    """Return the newest score entries on cases that the reader may see."""
    rows = session.execute(
        sa.select(ScoreEntryRow, CaseRow.title, UnitRow.name_zh, UnitRow.name_en)
        .join(CaseRow, CaseRow.id == ScoreEntryRow.case_id)
        .join(
            UnitRow,
            sa.and_(UnitRow.county_id == ScoreEntryRow.county_id, UnitRow.code == ScoreEntryRow.unit_code),
        )
        .where(visible_cases(sight), _own(sight, ScoreEntryRow.unit_code))
        .order_by(ScoreEntryRow.seq.desc())
        .limit(limit)
    )
    return tuple(
        EntryLine(
            case_id=row.case_id,
            case_title=as_read(sight, title),
            unit_code=row.unit_code,
            unit=Label(name_zh, name_en),
            failing=row.failing,
            points=row.points,
            is_reversal=row.reverses_id is not None,
            entered_at=row.entered_at,
        )
        for row, title, name_zh, name_en in rows
    )


def _own(sight: Visibility, unit: InstrumentedAttribute[str]) -> Predicate:
    """Return the condition under which a unit's record is for this reader: a unit reads its own alone."""
    return sa.true() if sight.cases is Reach.ALL else unit.in_(sorted(sight.unit_ids))
