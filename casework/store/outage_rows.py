"""Signs of life of the supervision of a county, and the outages between them."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.outages import Outage, outage_between
from casework.store.inserting import insert_if_new
from casework.store.tables import HeartbeatRow, OutageRow
from casework.store.wellbeing import beat


def last_watch(session: Session, county: str) -> datetime | None:
    """Return when the sweep of the county last began, None before the first."""
    return session.scalar(sa.select(HeartbeatRow.at).where(HeartbeatRow.process == _watch(county)))


def keep_watch(session: Session, county: str, *, now: datetime) -> None:
    """Note that the sweep of the county begins, or that the demo's clock was moved to `now`."""
    beat(session, _watch(county), now=now)


def add_outage(session: Session, outage_id: uuid.UUID, county: str, outage: Outage) -> bool:
    """Keep an outage; return False where another sweep has kept it."""
    return insert_if_new(
        session,
        OutageRow,
        {
            "id": outage_id,
            "county_id": county,
            "began_at": outage.began_at,
            "ended_at": outage.ended_at,
        },
    )


def outages_since(session: Session, county: str, since: datetime, *, now: datetime) -> tuple[Outage, ...]:
    """Return the outages that ended after an instant, and the one that no sweep has seen the end of yet.

    Args:
        session: open.
        county: whose supervision was down.
        since: aware UTC, e.g. the earliest due instant that is looked at.
        now: aware UTC; the end of an outage that is not kept yet: somebody acts before the first sweep.
    """
    rows = session.execute(
        sa.select(OutageRow.began_at, OutageRow.ended_at)
        .where(OutageRow.county_id == county, OutageRow.ended_at > since)
        .order_by(OutageRow.began_at)
    )
    open_one = outage_between(last_watch(session, county), now)
    return (*(Outage(began, ended) for began, ended in rows), *((open_one,) if open_one else ()))


def _watch(county: str) -> str:
    return f"watch/{county}"
