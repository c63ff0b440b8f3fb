"""What became of a post, for the source that handed it over and for nobody else.

It leaves out the case: grade, units and words of a case are not the source's to know. Why a post was decided
so is for programs whose token may read rules.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.post import TriageState
from casework.store.decisions import Decision, decision_of
from casework.store.tables import CasePostRow, CaseRow, DecisionRow, DismissalRow, PostRow
from casework.store.told_verdicts import speaks_against
from rules.model import Label


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A post as its own source may see it.

    Attributes:
        case_number: printed number of its case; None before dispatch, and always for a confidential case,
            so that a number tells nothing of an accusation.
        dismissal: why it opened no case.
        decision_id: of the verdict about it; None before, and always where it speaks against somebody.
    """

    id: uuid.UUID
    external_id: str | None
    received_at: datetime
    triage: TriageState
    case_number: str | None
    dismissal: Label | None
    decision_id: uuid.UUID | None


def handed_over(
    session: Session, *, county: str, source_id: uuid.UUID, post_id: uuid.UUID
) -> HandedOver | None:
    """Return a post of this source; None if there is none or another source handed it over."""
    row = session.execute(
        sa.select(
            PostRow.id,
            PostRow.external_id,
            PostRow.received_at,
            PostRow.triage_state,
            CaseRow.number,
            DismissalRow.reason_zh,
            DismissalRow.reason_en,
            sa.case((_is_open(), PostRow.decision_id)),
        )
        .outerjoin(CasePostRow, CasePostRow.post_id == PostRow.id)
        .outerjoin(CaseRow, sa.and_(CaseRow.id == CasePostRow.case_id, CaseRow.confidential.is_(False)))
        .outerjoin(DismissalRow, DismissalRow.post_id == PostRow.id)
        .where(PostRow.county_id == county, PostRow.source_id == source_id, PostRow.id == post_id)
    ).one_or_none()
    if row is None:
        return None
    post, external_id, received_at, state, number, zh, en, decision_id = row
    dismissal = Label(zh, en or zh) if zh and state == TriageState.DISMISSED.value else None
    verdict = session.get(DecisionRow, decision_id) if decision_id else None
    if verdict is not None and speaks_against(decision_of(verdict)):
        decision_id = None
    return HandedOver(post, external_id, received_at, TriageState(state), number, dismissal, decision_id)


def decision_handed_over(
    session: Session, *, county: str, source_id: uuid.UUID, decision_id: uuid.UUID
) -> Decision | None:
    """Return a decision about a post of this source.

    None if there is none, if another source handed the post over, if the post, the decision or the case is
    confidential, or if it speaks against somebody: that somebody is accused is not told to a program.
    """
    row = session.scalar(
        sa.select(DecisionRow)
        .join(PostRow, PostRow.id == DecisionRow.post_id)
        .where(
            PostRow.county_id == county,
            PostRow.source_id == source_id,
            DecisionRow.id == decision_id,
            DecisionRow.confidential.is_(False),
            _is_open(),
        )
    )
    decision = decision_of(row) if row is not None else None
    return None if decision is None or speaks_against(decision) else decision


def _is_open() -> sa.ColumnElement[bool]:
    """Return the condition that neither the post nor its case is confidential."""
    secret_case = (
        sa.select(CasePostRow.id)
        .join(CaseRow, CaseRow.id == CasePostRow.case_id)
        .where(CasePostRow.post_id == PostRow.id, CaseRow.confidential.is_(True))
        .correlate(PostRow)
    )
    return sa.and_(PostRow.confidential.is_(False), ~sa.exists(secret_case))
