"""Sources and their runs: which feeds are due, how pulls and imports went. Pulling is `workers.sources`."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.inserting import insert_if_new
from casework.store.tables import PostRow, SourceRow, SourceRunRow

PULLED_KINDS = ("rss", "json")
GOOD_ENDS = ("done", "unchanged")
"""Outcomes of a run that worked."""


def is_a_source_due(session: Session, county: str, *, now: datetime) -> bool:
    """Return whether an active feed is due to be pulled."""
    due = sa.select(SourceRow.id).where(
        SourceRow.county_id == county,
        SourceRow.active.is_(True),
        SourceRow.kind.in_(PULLED_KINDS),
        SourceRow.url.is_not(None),
        sa.or_(SourceRow.next_due_at.is_(None), SourceRow.next_due_at <= now),
    )
    return session.scalar(due.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is to be pulled.

    Attributes:
        etag, last_modified: of the last answer that was taken in whole.
        failures: in a row.
    """

    id: uuid.UUID
    code: str
    kind: str
    url: str
    every: timedelta
    etag: str | None
    last_modified: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class RunLine:
    """One pull of a feed or one import, as a list shows it."""

    started_at: datetime
    finished_at: datetime | None
    outcome: str
    taken: int
    duplicate: int
    refused: int
    message: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as a list shows it.

    Attributes:
        every_minutes: between two pulls of a feed.
        last_good_at: when the last run that worked ended; None where none ever did.
        failing_since: when the first of the failures in a row began; None where the last run worked.
        runs: the newest first.
    """

    code: str
    name: str
    kind: str
    platform: str
    url: str | None
    active: bool
    failures: int
    next_due_at: datetime | None
    every_minutes: int
    last_good_at: datetime | None
    failing_since: datetime | None
    runs: tuple[RunLine, ...]

    @property
    def last_run(self) -> RunLine | None:
        """Return the newest run, None where there was none yet."""
        return self.runs[0] if self.runs else None

    @property
    def is_pulled(self) -> bool:
        """Return whether it is a feed that is switched on."""
        return self.active and self.kind in PULLED_KINDS


def due_feed(session: Session, county: str, *, now: datetime, but: Collection[uuid.UUID]) -> Feed | None:
    """Return the feed that has been due longest; None where none is.

    Args:
        session: of a writing transaction; the row is locked (PostgreSQL), others skip it.
        county: whose.
        now: aware UTC.
        but: ids of feeds that had their turn.
    """
    row = session.scalar(
        sa.select(SourceRow)
        .where(
            SourceRow.county_id == county,
            SourceRow.active.is_(True),
            SourceRow.kind.in_(PULLED_KINDS),
            SourceRow.url.is_not(None),
            SourceRow.id.not_in(tuple(but)),
            sa.or_(SourceRow.next_due_at.is_(None), SourceRow.next_due_at <= now),
        )
        .order_by(SourceRow.next_due_at, SourceRow.code)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None or row.url is None:
        return None
    every = timedelta(minutes=row.every_minutes)
    return Feed(row.id, row.code, row.kind, row.url, every, row.etag, row.last_modified, row.failures)


def insert_source(session: Session, values: Mapping[str, object]) -> bool:
    """Add a source; return False where its code is taken."""
    return insert_if_new(session, SourceRow, values)


def change_source(session: Session, county: str, code: str, **values: object) -> bool:
    """Change columns of a source; return whether there is one."""
    changed = session.execute(
        sa.update(SourceRow)
        .where(SourceRow.county_id == county, SourceRow.code == code)
        .values(version=SourceRow.version + 1, **values)
        .returning(SourceRow.id)
    )
    return changed.first() is not None


def begin_run(
    session: Session, run_id: uuid.UUID, *, county: str, source_id: uuid.UUID, now: datetime
) -> None:
    """Note that a pull or an import has begun; one that never came to its end is closed as failed."""
    session.execute(
        sa.update(SourceRunRow)
        .where(SourceRunRow.source_id == source_id, SourceRunRow.outcome == "running")
        .values(outcome="failed", finished_at=now, message="没有做完就中断了 interrupted")
    )
    session.execute(
        sa.insert(SourceRunRow).values(
            id=run_id, county_id=county, source_id=source_id, started_at=now, outcome="running"
        )
    )


def end_run(session: Session, run_id: uuid.UUID, **values: object) -> None:
    """Write how a run ended: finished_at, outcome, taken, duplicate, refused, message."""
    session.execute(sa.update(SourceRunRow).where(SourceRunRow.id == run_id).values(**values))


def source_id_of(session: Session, county: str, code: str) -> uuid.UUID | None:
    """Return the id of a source, switched on or not; None if there is none."""
    return session.scalar(
        sa.select(SourceRow.id).where(SourceRow.county_id == county, SourceRow.code == code)
    )


def source_lines(session: Session, county: str, *, runs: int = 1) -> tuple[SourceLine, ...]:
    """Return every source of the county by code, each with its newest `runs` runs."""
    rows = session.scalars(
        sa.select(SourceRow).where(SourceRow.county_id == county).order_by(SourceRow.code)
    ).all()
    return tuple(_line(session, row, runs) for row in rows)


def last_posts(session: Session, county: str) -> Mapping[str, datetime]:
    """Return when the newest post of each source was received, by code; sources without a post have none."""
    rows = session.execute(
        sa.select(
            SourceRow.code, sa.func.max(PostRow.received_at, type_=PostRow.received_at.type).label("newest")
        )
        .join(PostRow, PostRow.source_id == SourceRow.id)
        .where(SourceRow.county_id == county)
        .group_by(SourceRow.code)
    )
    return {row.code: row.newest for row in rows}


def _line(session: Session, row: SourceRow, runs: int) -> SourceLine:
    of_source = SourceRunRow.source_id == row.id
    good = session.scalar(
        sa.select(sa.func.max(SourceRunRow.finished_at)).where(of_source, SourceRunRow.outcome.in_(GOOD_ENDS))
    )
    failed = sa.select(sa.func.min(SourceRunRow.started_at)).where(
        of_source, SourceRunRow.outcome == "failed"
    )
    since = failed if good is None else failed.where(SourceRunRow.finished_at > good)
    newest = session.scalars(
        sa.select(SourceRunRow).where(of_source).order_by(SourceRunRow.id.desc()).limit(runs)
    )
    return SourceLine(
        code=row.code,
        name=row.name,
        kind=row.kind,
        platform=row.platform,
        url=row.url,
        active=row.active,
        failures=row.failures,
        next_due_at=row.next_due_at,
        every_minutes=row.every_minutes,
        last_good_at=good,
        failing_since=session.scalar(since),
        runs=tuple(_run(one) for one in newest),
    )


def _run(row: SourceRunRow) -> RunLine:
    return RunLine(
        row.started_at, row.finished_at, row.outcome, row.taken, row.duplicate, row.refused, row.message
    )
