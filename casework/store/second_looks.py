"""Settled accusations that nobody in the county may look at again, and what is lacking. It only reads.

Who may re-audit a case is `casework.performers`; that nobody looks again at his own decision, `deciding`.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.recusal import Seat
from casework.states import CaseState
from casework.store.deciding import DECISIONS, inspectors
from casework.store.recused import case_read_by
from casework.store.tables import CaseRow, EventRow, ReauditRow


class Lacking(StrEnum):
    """Why nobody may look again."""

    OFFICE = "office"  # the target office is accused itself: only a higher authority may
    ACCOUNT = "account"  # whoever has the role decided on the case, or nobody has it


def lacking_for(session: Session, case_id: uuid.UUID) -> Lacking | None:
    """Return why nobody may re-audit a settled accusation; None where somebody may, or did."""
    county = session.scalar(sa.select(CaseRow.county_id).where(CaseRow.id == case_id))
    if county is None:
        return None
    settled = (CaseState.CLOSED, CaseState.DISMISSED, CaseState.ARCHIVED)
    return _lacking(session, county, settled, CaseRow.id == case_id).get(case_id)


def lacking_in(session: Session, county: str) -> Mapping[Lacking, int]:
    """Return how many settled accusations nobody may re-audit; what is in the archive counts no more."""
    return Counter(_lacking(session, county, (CaseState.CLOSED, CaseState.DISMISSED)).values())


def _lacking(
    session: Session, county: str, states: tuple[CaseState, ...], *further: sa.ColumnElement[bool]
) -> dict[uuid.UUID, Lacking]:
    looked_at = sa.exists(
        sa.select(ReauditRow.id)
        .where(
            ReauditRow.case_id == CaseRow.id,
            sa.or_(CaseRow.closed_at.is_(None), ReauditRow.at >= CaseRow.closed_at),
        )
        .correlate(CaseRow)
    )
    wanted = (
        CaseRow.county_id == county,
        CaseRow.confidential.is_(True),
        CaseRow.state.in_([state.value for state in states]),
        ~looked_at,
        *further,
    )
    rows = session.execute(
        sa.select(CaseRow.id, case_read_by(Seat.TARGET)).select_from(CaseRow).where(*wanted)
    )
    read = {case_id: bool(is_read) for case_id, is_read in rows}
    if not read:
        return {}
    able = inspectors(session, county, is_secret=True)
    decided = session.execute(
        sa.select(EventRow.case_id, EventRow.actor_id)
        .join(CaseRow, CaseRow.id == EventRow.case_id)
        .where(*wanted, EventRow.actor_id.in_(able), EventRow.kind.in_(sorted(DECISIONS)))
        .distinct()
    )
    decided_by = Counter(case_id for case_id, _ in decided)
    return {
        case_id: Lacking.OFFICE if not is_read else Lacking.ACCOUNT
        for case_id, is_read in read.items()
        if not is_read or decided_by[case_id] == len(able)
    }
