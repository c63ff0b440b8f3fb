"""Objections and rulings in the database: of one case, and as precedents for the next.

Whether the case may be seen is asked by who calls; precedents come from cases that are not confidential.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.events import EventKind
from casework.objections import Objection, Ruling, RulingKind
from casework.store.tables import CaseRow, EventRow, ObjectionRow, RulingRow

MOST_PRECEDENTS = 200  # newest rulings on a topic among which a precedent is looked for


def add_objection(session: Session, county: str, case_id: uuid.UUID, objection: Objection) -> None:
    """Keep an objection."""
    session.add(
        ObjectionRow(
            id=objection.id,
            county_id=county,
            case_id=case_id,
            unit_code=objection.unit,
            clause=objection.clause,
            reason=objection.reason,
            proposed_unit=objection.proposed_unit,
            by=objection.by,
            at=objection.at,
        )
    )
    session.flush()  # a ruling points to it; and a second one is refused now, not at commit


def add_ruling(session: Session, county: str, ruling: Ruling) -> None:
    """Keep a ruling."""
    session.add(
        RulingRow(
            id=ruling.id,
            county_id=county,
            case_id=ruling.case_id,
            objection_id=ruling.objection_id,
            kind=ruling.kind.value,
            former_unit=ruling.former,
            lead_unit=ruling.lead,
            basis=ruling.basis,
            reason=ruling.reason,
            review=ruling.review,
            topic=ruling.topic,
            place=ruling.place,
            zone=ruling.zone,
            by=ruling.by,
            at=ruling.at,
        )
    )


def objections_of(session: Session, case_id: uuid.UUID) -> tuple[Objection, ...]:
    """Return the objections to a case, oldest first."""
    rows = session.scalars(
        sa.select(ObjectionRow).where(ObjectionRow.case_id == case_id).order_by(ObjectionRow.id)
    )
    return tuple(
        Objection(row.id, row.unit_code, row.clause, row.reason, row.proposed_unit, row.by, row.at)
        for row in rows
    )


def rulings_of(session: Session, case_id: uuid.UUID) -> tuple[Ruling, ...]:
    """Return the rulings on a case, oldest first."""
    rows = session.scalars(sa.select(RulingRow).where(RulingRow.case_id == case_id).order_by(RulingRow.id))
    return tuple(map(_ruling, rows))


def rulings_on(session: Session, county: str, topic: str, *, but: uuid.UUID) -> tuple[Ruling, ...]:
    """Return the rulings on cases of a topic that are open to every desk, newest first.

    Args:
        session: reading is enough.
        county: whose.
        topic: id in the pack.
        but: the case at hand, which is no precedent for itself.
    """
    rows = session.scalars(
        sa.select(RulingRow)
        .join(CaseRow, CaseRow.id == RulingRow.case_id)
        .where(
            RulingRow.county_id == county,
            RulingRow.topic == topic,
            RulingRow.case_id != but,
            CaseRow.confidential.is_(False),
        )
        .order_by(RulingRow.id.desc())
        .limit(MOST_PRECEDENTS)
    )
    return tuple(map(_ruling, rows))


def times_reassigned(session: Session, case_id: uuid.UUID) -> int:
    """Return how often a case was given to another lead after its dispatch."""
    found = session.scalar(
        sa.select(sa.func.count())
        .select_from(EventRow)
        .where(EventRow.case_id == case_id, EventRow.kind == EventKind.REASSIGNED.value)
    )
    return found or 0


def _ruling(row: RulingRow) -> Ruling:
    return Ruling(
        id=row.id,
        case_id=row.case_id,
        objection_id=row.objection_id,
        kind=RulingKind(row.kind),
        former=row.former_unit,
        lead=row.lead_unit,
        basis=row.basis,
        reason=row.reason,
        review=row.review,
        topic=row.topic,
        place=row.place,
        zone=row.zone,
        by=row.by,
        at=row.at,
    )
