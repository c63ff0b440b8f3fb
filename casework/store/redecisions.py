"""Where decided posts stand, for judging them again."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.post import TriageState
from casework.states import OPEN_STATES
from casework.store.matters import OpenCase
from casework.store.tables import CasePostRow, CaseRow, PostRow
from rules.model import Grade


@dataclass(frozen=True, slots=True)
class Standing:
    """How triage of a post ended, its matter, and the case it is in if that is open."""

    state: TriageState
    matter_id: uuid.UUID | None
    case: OpenCase | None


def standings(session: Session, post_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """Return where each of these posts stands."""
    rows = session.execute(
        sa.select(
            PostRow.id,
            PostRow.triage_state,
            PostRow.matter_id,
            CaseRow.id,
            CaseRow.state,
            CaseRow.grade,
            CaseRow.confidential,
            CaseRow.redo_count,
            CaseRow.dissatisfied_count,
        )
        .outerjoin(CasePostRow, CasePostRow.post_id == PostRow.id)
        .outerjoin(CaseRow, CaseRow.id == CasePostRow.case_id)
        .where(PostRow.id.in_(post_ids))
    )
    open_states = {state.value for state in OPEN_STATES}
    found: dict[uuid.UUID, Standing] = {}
    for post_id, state, matter_id, case_id, case_state, grade, confidential, redos, unhappy in rows:
        case = (
            OpenCase(case_id, Grade(grade), confidential, redos, unhappy)
            if case_id is not None and case_state in open_states
            else None
        )
        found[post_id] = Standing(TriageState(state), matter_id, case)
    return found
