"""What is to be done after commit: rows that wait, are tried, and are marked when done.

Rows, not messages, are the record: a ring that was lost is found here again.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.tables import OutboxRow


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to do.

    Attributes:
        attempts: how often it was tried before.
    """

    id: uuid.UUID
    kind: str
    object_id: str
    attempts: int
    created_at: datetime


def waiting_errands(
    session: Session, county: str, kind: str, *, limit: int, most_attempts: int
) -> tuple[Errand, ...]:
    """Return errands of a kind that were not done yet, those tried least first.

    Args:
        session: reading is enough: two drains may do one errand, whose effect has a unique key.
        county: whose.
        kind: as `UnitOfWork.ring` wrote it.
        limit: how many at most.
        most_attempts: those tried so often are left to a person.
    """
    rows = session.execute(
        sa.select(OutboxRow.id, OutboxRow.kind, OutboxRow.object_id, OutboxRow.attempts, OutboxRow.created_at)
        .where(
            OutboxRow.county_id == county,
            OutboxRow.sent_at.is_(None),
            OutboxRow.kind == kind,
            OutboxRow.attempts < most_attempts,
        )
        .order_by(OutboxRow.attempts, OutboxRow.id)
        .limit(limit)
    )
    return tuple(Errand(*row) for row in rows)


def mark_done(session: Session, errand_ids: Collection[uuid.UUID], *, now: datetime) -> int:
    """Mark errands done; return how many were not done yet: 0 where somebody else was faster."""
    done = session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id.in_(errand_ids), OutboxRow.sent_at.is_(None))
        .values(sent_at=now, attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow.id),
        execution_options={"synchronize_session": False},
    )
    return len(done.all())


def mark_tried(session: Session, errand_ids: Collection[uuid.UUID]) -> None:
    """Count one more attempt for errands that were not done."""
    session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id.in_(errand_ids), OutboxRow.sent_at.is_(None))
        .values(attempts=OutboxRow.attempts + 1),
        execution_options={"synchronize_session": False},
    )


def waiting_kinds(session: Session, county: str, *, before: datetime, most_attempts: int) -> frozenset[str]:
    """Return the kinds of which an errand waits since before an instant."""
    rows = session.scalars(
        sa.select(OutboxRow.kind)
        .where(
            OutboxRow.county_id == county,
            OutboxRow.sent_at.is_(None),
            OutboxRow.created_at < before,
            OutboxRow.attempts < most_attempts,
        )
        .distinct()
    )
    return frozenset(rows)
