"""What became of a post, for the source that handed it over and for nobody else.

It leaves out the case: grade, units and words of a case are not the source's to know.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.post import TriageState
from casework.store.tables import CasePostRow, CaseRow, DismissalRow, PostRow
from rules.model import Label


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A post as its own source may see it.

    Attributes:
        case_number: printed number of its case; None before dispatch, and always for a confidential case,
            so that a number tells nothing of an accusation.
        dismissal: why it opened no case.
    """

    id: uuid.UUID
    external_id: str | None
    received_at: datetime
    triage: TriageState
    case_number: str | None
    dismissal: Label | None


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
        )
        .outerjoin(CasePostRow, CasePostRow.post_id == PostRow.id)
        .outerjoin(CaseRow, sa.and_(CaseRow.id == CasePostRow.case_id, CaseRow.confidential.is_(False)))
        .outerjoin(DismissalRow, DismissalRow.post_id == PostRow.id)
        .where(PostRow.county_id == county, PostRow.source_id == source_id, PostRow.id == post_id)
    ).one_or_none()
    if row is None:
        return None
    post, external_id, received_at, state, number, zh, en = row
    dismissal = Label(zh, en or zh) if zh and state == TriageState.DISMISSED.value else None
    return HandedOver(post, external_id, received_at, TriageState(state), number, dismissal)
