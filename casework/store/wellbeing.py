"""What the health page asks of the database: beats of the processes and the age of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.tables import HeartbeatRow, OutboxRow


def last_beats(session: Session) -> Mapping[str, datetime]:
    """Return the instant at which each process last showed that it lives."""
    rows = session.execute(sa.select(HeartbeatRow.process, HeartbeatRow.at))
    return {row.process: row.at for row in rows}


def oldest_unsent(session: Session, county_id: str) -> datetime | None:
    """Return since when the oldest row of the county's outbox waits, None when nothing waits."""
    return session.scalar(
        sa.select(sa.func.min(OutboxRow.created_at)).where(
            OutboxRow.county_id == county_id, OutboxRow.sent_at.is_(None)
        )
    )
