"""Whether the installation is well: beats of the processes and the age of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.inserting import insert_if_new
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


def beat(session: Session, process: str, *, now: datetime) -> None:
    """Note that a process lives."""
    if not insert_if_new(session, HeartbeatRow, {"process": process, "at": now, "detail": {}}):
        session.execute(
            sa.update(HeartbeatRow).where(HeartbeatRow.process == process).values(at=now),
            execution_options={"synchronize_session": False},
        )
