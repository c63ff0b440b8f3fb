"""Whose move is next: the condition on `CaseRow` under which a case waits for a desk. It lists nothing."""

from __future__ import annotations

import sqlalchemy as sa

from casework.access import Visibility
from casework.lifecycle import TRANSITIONS, Action
from casework.recusal import Seat
from casework.roles import Desk, grades_supervised_by
from casework.states import HOLDER, OPEN_STATES, CaseState, Holder
from casework.store.recused import case_shuts
from casework.store.tables import CaseRow, ClockRow, ReauditRow
from casework.store.visible import Predicate, asked_about, in_hand
from rules.model import Stage

_ANSWERABLE = tuple(state.value for state, action in TRANSITIONS if action is Action.RECORD_PUBLIC_REPLY)
_ENDED = (CaseState.CLOSED.value, CaseState.ARCHIVED.value)


def held_by(sight: Visibility, desk: Desk) -> Predicate:
    """Return the condition under which the next move is that desk's.

    The target office re-audits; the publisher sees to it that what a unit signed for is answered in public.
    An accusation of which another desk is recused is with whoever has it in hand.
    """
    stood_in = sa.and_(
        CaseRow.id.in_(in_hand(sight)),
        CaseRow.state.in_([*_held(Holder.OFFICE), *_held(Holder.SUPERVISING_DESK)]),
    )
    asked = sa.and_(asked_about(sight), CaseRow.state.in_([state.value for state in OPEN_STATES]))
    return sa.or_(_its_own(sight, desk), stood_in, asked)


def _its_own(sight: Visibility, desk: Desk) -> Predicate:
    if desk is Desk.PUBLISHER:
        unanswered = sa.select(ClockRow.id).where(
            ClockRow.case_id == CaseRow.id,
            ClockRow.stage == Stage.PUBLIC_REPLY,
            ClockRow.stopped_at.is_(None),
        )
        return sa.and_(CaseRow.state.in_(_ANSWERABLE), sa.exists(unanswered.correlate(CaseRow)))
    if desk is Desk.TARGET:
        seen = sa.select(ReauditRow.id).where(ReauditRow.case_id == CaseRow.id).correlate(CaseRow)
        return sa.and_(CaseRow.state.in_(_ENDED), ~sa.exists(seen))
    if desk is Desk.UNIT:
        units = sorted(sight.unit_ids)
        return sa.and_(CaseRow.state.in_(_held(Holder.LEAD_UNIT)), CaseRow.lead_unit.in_(units))
    grades = sorted(grade.value for grade in grades_supervised_by(desk))
    reviewed = sa.and_(CaseRow.state.in_(_held(Holder.SUPERVISING_DESK)), CaseRow.grade.in_(grades))
    if desk is Desk.OFFICE:
        for_another = sa.and_(
            CaseRow.confidential.is_(True),
            CaseRow.state.in_(_held(Holder.SUPERVISING_DESK)),
            case_shuts(Seat.SUPERVISION),
        )
        return sa.or_(CaseRow.state.in_(_held(Holder.OFFICE)), reviewed, for_another)
    return reviewed


def _held(holder: Holder) -> tuple[str, ...]:
    return tuple(state.value for state, who in HOLDER.items() if who is holder)
