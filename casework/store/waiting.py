"""Open cases as the stall check sees them: who has them, and whether anything will bring them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from casework.access import Visibility
from casework.states import HOLDER, CaseState, Holder
from casework.store.case_records import CaseHead, head_of
from casework.store.tables import AssignmentRow, CaseRow, ClockRow
from casework.store.visible import visible_cases

SHORTEST_HOLD = timedelta(minutes=30)
"""No desk stalls a case in less. **Source:** domain.md §2.3, register to dispatch of a serious case."""


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """An open case.

    Attributes:
        needs_unit: the next move is the lead unit's.
        has_lead: a lead assignment is in force.
        next_step_at: the earliest look of the sweep at a running clock, None if nothing is left.
    """

    case: CaseHead
    needs_unit: bool
    has_lead: bool
    next_step_at: datetime | None


def waiting_cases(session: Session, sight: Visibility, *, now: datetime) -> Iterator[WaitingCase]:
    """Yield visible open cases that might be stalled; those surely under way are left out by the database.

    Args:
        session: open.
        sight: of the reader.
        now: aware UTC.
    """
    with_unit = [state.value for state, holder in HOLDER.items() if holder is Holder.LEAD_UNIT]
    at_desk = [state.value for state, holder in HOLDER.items() if holder is not Holder.LEAD_UNIT]
    lead = sa.exists(
        sa.select(AssignmentRow.id)
        .where(
            AssignmentRow.case_id == CaseRow.id,
            AssignmentRow.role == "lead",
            AssignmentRow.ended_at.is_(None),
        )
        .correlate(CaseRow)
    )
    step = (
        sa.select(sa.func.min(ClockRow.next_step_at))
        .where(ClockRow.case_id == CaseRow.id, ClockRow.stopped_at.is_(None))
        .correlate(CaseRow)
        .scalar_subquery()
    )
    since = sa.func.coalesce(CaseRow.state_since, CaseRow.opened_at, type_=CaseRow.opened_at.type)
    rows = session.execute(
        sa.select(CaseRow, lead.label("has_lead"), step.label("next_step_at"))
        .options(defer(CaseRow.policy))
        .where(
            visible_cases(sight),
            sa.or_(
                sa.and_(CaseRow.state.in_(with_unit), sa.or_(~lead, step.is_(None))),
                sa.and_(CaseRow.state.in_(at_desk), since <= now - SHORTEST_HOLD),
            ),
        )
        .order_by(since)
    )
    for row, has_lead, next_step_at in rows:
        needs_unit = HOLDER[CaseState(row.state)] is Holder.LEAD_UNIT
        yield WaitingCase(head_of(row), needs_unit, bool(has_lead), next_step_at)
