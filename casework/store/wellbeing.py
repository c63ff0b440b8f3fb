"""Whether the installation is well: beats of the processes, the last stall check, the age of the outbox."""

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


STALL_CHECK = "stall_check"
"""Under this name the stall check beats; its detail says how many cases it found."""


def last_stalled(session: Session) -> int | None:
    """Return how many cases the last stall check found, None where there was none yet."""
    detail = session.scalar(sa.select(HeartbeatRow.detail).where(HeartbeatRow.process == STALL_CHECK))
    return None if detail is None else int(detail["stalled"])


def beat(session: Session, process: str, *, now: datetime, detail: Mapping[str, int] | None = None) -> None:
    """Note that a process lives, with figures of its own."""
    values = {"at": now, "detail": dict(detail or {})}
    if not insert_if_new(session, HeartbeatRow, {"process": process, **values}):
        session.execute(
            sa.update(HeartbeatRow).where(HeartbeatRow.process == process).values(values),
            execution_options={"synchronize_session": False},
        )
