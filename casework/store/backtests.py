"""Back-tests: who asked, how far they are, what came of them. Only their own rows are written here."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.pack_refusals import NoSuchBacktest
from casework.store.stored_posts import Place
from casework.store.tables import BacktestRow
from casework.store.trial_posts import counted_all, tally_kept, tally_shown
from rules.backtest import Tally


class BacktestState(StrEnum):
    """How far a back-test is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


GOING_ON = frozenset({BacktestState.QUEUED, BacktestState.RUNNING})


@dataclass(frozen=True, slots=True)
class Backtest:
    """A back-test as a page shows it; `tally` is partial while it runs.

    Attributes:
        period_from, period_to: half-open, by when posts were received.
        done, total: posts.
        milliseconds: of work, over all attempts.
        is_outdated: it counted accusations as well, as was done once; nothing of it is in `tally`.
    """

    id: uuid.UUID
    draft_id: uuid.UUID
    digest: str
    base_ref: str
    period_from: datetime
    period_to: datetime
    state: BacktestState
    done: int
    total: int
    tally: Tally
    problem: str
    attempts: int
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    milliseconds: int
    is_outdated: bool = False

    @property
    def share(self) -> float:
        """Return how much of it is done, 0..1."""
        return self.done / self.total if self.total else float(self.state is BacktestState.DONE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: everything up to `after` is in `tally`."""

    total: int
    after: Place | None
    tally: Tally
    milliseconds: int


def backtests_of(session: Session, county: str, draft_id: uuid.UUID) -> tuple[Backtest, ...]:
    """Return the back-tests of a draft, the newest first."""
    rows = session.scalars(
        sa.select(BacktestRow)
        .where(BacktestRow.county_id == county, BacktestRow.draft_id == draft_id)
        .order_by(BacktestRow.asked_at.desc(), BacktestRow.id.desc())
    )
    return tuple(_backtest(row) for row in rows)


def find_backtest(session: Session, county: str, backtest_id: uuid.UUID) -> Backtest:
    """Return a back-test.

    Raises:
        NoSuchBacktest: there is none in this county.
    """
    return _backtest(_row(session, county, backtest_id))


def place_of(session: Session, county: str, backtest_id: uuid.UUID) -> Place | None:
    """Return the last post that is in the result so far; None before the first."""
    row = _row(session, county, backtest_id)
    if row.after_at is None or row.after_id is None or counted_all(row.result):
        return None
    return row.after_at, row.after_id


def is_going_on(session: Session, county: str, draft_id: uuid.UUID) -> bool:
    """Return whether a back-test of the draft waits or runs."""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    BacktestRow.county_id == county,
                    BacktestRow.draft_id == draft_id,
                    BacktestRow.state.in_([state.value for state in GOING_ON]),
                )
            )
        )
    )


def is_backtest_waiting(session: Session, county: str) -> bool:
    """Return whether a back-test waits for a process."""
    waiting = sa.exists().where(
        BacktestRow.county_id == county, BacktestRow.state == BacktestState.QUEUED.value
    )
    return bool(session.scalar(sa.select(waiting)))


def claim_backtest(session: Session, county: str, *, owner: str, now: datetime) -> uuid.UUID | None:
    """Let a process take the oldest back-test that waits; return its id, None where none does."""
    oldest = (
        sa.select(BacktestRow.id)
        .where(BacktestRow.county_id == county, BacktestRow.state == BacktestState.QUEUED.value)
        .order_by(BacktestRow.asked_at, BacktestRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return session.scalar(
        sa.update(BacktestRow)
        .where(BacktestRow.id == oldest)
        .values(
            state=BacktestState.RUNNING.value,
            owner=owner,
            attempts=BacktestRow.attempts + 1,
            beat_at=now,
            started_at=sa.func.coalesce(BacktestRow.started_at, now),
            version=BacktestRow.version + 1,
        )
        .returning(BacktestRow.id),
        execution_options={"synchronize_session": False},
    )


def save_progress(
    session: Session, backtest_id: uuid.UUID, *, owner: str, now: datetime, progress: Progress
) -> bool:
    """Write how far a run is; return False where it was cancelled or taken from its owner."""
    after_at, after_id = progress.after or (None, None)
    values = {
        "done": progress.tally.posts,
        "total": progress.total,
        "result": tally_kept(progress.tally),
        "after_at": after_at,
        "after_id": after_id,
        "milliseconds": progress.milliseconds,
        "beat_at": now,
    }
    return _change(session, values, BacktestRow.id == backtest_id, BacktestRow.owner == owner) > 0


def end_backtest(
    session: Session, backtest_id: uuid.UUID, *, owner: str, now: datetime, state: BacktestState, problem: str
) -> bool:
    """End a run, or let it wait again; return False where it was cancelled or taken from its owner."""
    waits = state is BacktestState.QUEUED
    values = {
        "state": state.value,
        "problem": problem,
        "owner": None,
        "finished_at": None if waits else now,
        "attempts": BacktestRow.attempts - int(waits),  # it did not fail: the drain's time was over
    }
    return _change(session, values, BacktestRow.id == backtest_id, BacktestRow.owner == owner) > 0


def cancel_backtests(
    session: Session, county: str, *, now: datetime, draft_id: uuid.UUID, problem: str = ""
) -> int:
    """End every back-test of a draft that waits or runs; its process sees it at the next beat."""
    values = {
        "state": BacktestState.CANCELLED.value,
        "owner": None,
        "finished_at": now,
        "problem": problem,
        "version": BacktestRow.version + 1,
    }
    rows = session.execute(
        sa.update(BacktestRow)
        .where(
            BacktestRow.county_id == county,
            BacktestRow.draft_id == draft_id,
            BacktestRow.state.in_([state.value for state in GOING_ON]),
        )
        .values(values)
        .returning(BacktestRow.id),
        execution_options={"synchronize_session": False},
    )
    return len(rows.all())


def owners(session: Session, county: str) -> frozenset[str]:
    """Return the processes that run back-tests."""
    rows = session.scalars(
        sa.select(BacktestRow.owner).where(
            BacktestRow.county_id == county, BacktestRow.state == BacktestState.RUNNING.value
        )
    )
    return frozenset(owner for owner in rows if owner)


def release_backtests(
    session: Session,
    county: str,
    *,
    dead: Collection[str],
    silent_for: timedelta,
    now: datetime,
    most_attempts: int,
    problem: str,
) -> int:
    """Let runs wait again whose process is dead or silent; those tried too often fail. Return how many."""
    lost = (
        BacktestRow.county_id == county,
        sa.or_(BacktestRow.owner.in_(dead), BacktestRow.beat_at < now - silent_for),
    )
    failed = {"state": BacktestState.FAILED.value, "owner": None, "problem": problem, "finished_at": now}
    ended = _change(session, failed, *lost, BacktestRow.attempts >= most_attempts)
    waiting = {"state": BacktestState.QUEUED.value, "owner": None}
    return ended + _change(session, waiting, *lost, BacktestRow.attempts < most_attempts)


def _change(session: Session, values: Mapping[str, Any], *of: sa.ColumnElement[bool]) -> int:
    rows = session.execute(
        sa.update(BacktestRow)
        .where(BacktestRow.state == BacktestState.RUNNING.value, *of)
        .values({**values, "version": BacktestRow.version + 1})
        .returning(BacktestRow.id),
        execution_options={"synchronize_session": False},
    )
    return len(rows.all())


def _row(session: Session, county: str, backtest_id: uuid.UUID) -> BacktestRow:
    row = session.scalar(
        sa.select(BacktestRow).where(BacktestRow.county_id == county, BacktestRow.id == backtest_id)
    )
    if row is None:
        raise NoSuchBacktest(backtest_id)
    return row


def _backtest(row: BacktestRow) -> Backtest:
    return Backtest(
        id=row.id,
        draft_id=row.draft_id,
        digest=row.digest,
        base_ref=row.base_ref,
        period_from=row.period_from,
        period_to=row.period_to,
        state=BacktestState(row.state),
        done=row.done,
        total=row.total,
        tally=tally_shown(row.result),
        problem=row.problem,
        attempts=row.attempts,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        milliseconds=row.milliseconds,
        is_outdated=counted_all(row.result),
    )
