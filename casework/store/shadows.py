"""Shadow runs: a draft beside the pack in force, and the decisions that it would have made differently."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.store.tables import PostRow, ShadowDifferenceRow, ShadowRunRow
from casework.store.trial_posts import counted_all, is_tried_on, tally_kept, tally_shown
from casework.store.visible import visible_posts
from rules.backtest import Tally, Verdict, verdict_from


class ShadowState(StrEnum):
    """How a shadow run stands: it goes on, its time is over, or it was stopped before."""

    RUNNING = "running"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ShadowRun:
    """A shadow run as a page shows it.

    Attributes:
        watermark: decisions up to this id are compared.
        tally: of the decisions compared so far; "before" is what was decided.
        problem: why it was stopped.
        is_outdated: it counted accusations as well, as was done once; nothing of that is in `tally`.
    """

    id: uuid.UUID
    draft_id: uuid.UUID
    digest: str
    starts_at: datetime
    ends_at: datetime
    watermark: uuid.UUID
    state: ShadowState
    problem: str
    tally: Tally
    started_by: str
    finished_at: datetime | None
    is_outdated: bool = False


@dataclass(frozen=True, slots=True)
class ShadowDifference:
    """A decision that the draft would have made differently."""

    id: uuid.UUID
    post_id: uuid.UUID
    decision_id: uuid.UUID
    decided_at: datetime
    pack_ref: str
    before: Verdict
    after: Verdict


def shadow_runs(
    session: Session, county: str, *, draft_id: uuid.UUID | None = None, only_running: bool = False
) -> tuple[ShadowRun, ...]:
    """Return shadow runs of one draft or of all, the newest first."""
    query = sa.select(ShadowRunRow).where(ShadowRunRow.county_id == county)
    if draft_id is not None:
        query = query.where(ShadowRunRow.draft_id == draft_id)
    if only_running:
        query = query.where(ShadowRunRow.state == ShadowState.RUNNING.value)
    rows = session.scalars(query.order_by(ShadowRunRow.starts_at.desc(), ShadowRunRow.id.desc()))
    return tuple(
        ShadowRun(
            row.id,
            row.draft_id,
            row.digest,
            row.starts_at,
            row.ends_at,
            row.watermark,
            ShadowState(row.state),
            row.problem,
            tally_shown(row.result),
            row.started_by,
            row.finished_at,
            counted_all(row.result),
        )
        for row in rows
    )


def shadow_differences(
    session: Session, sight: Visibility, run_id: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 50
) -> tuple[ShadowDifference, ...]:
    """Return differences on posts that may be seen, the newest first; `after` is the last id of a page."""
    row = ShadowDifferenceRow
    query = (
        sa.select(row.id, row.post_id, row.decision_id, row.decided_at, row.pack_ref, row.before, row.after)
        .join(PostRow, PostRow.id == row.post_id)
        .where(row.county_id == sight.county_id, row.run_id == run_id, visible_posts(sight), is_tried_on())
    )
    if after is not None:
        query = query.where(row.id < after)
    found = session.execute(query.order_by(row.id.desc()).limit(limit))
    return tuple(
        ShadowDifference(
            one.id,
            one.post_id,
            one.decision_id,
            one.decided_at,
            one.pack_ref,
            verdict_from(one.before),
            verdict_from(one.after),
        )
        for one in found
    )


def save_shadow(
    session: Session, run: ShadowRun, *, watermark: uuid.UUID, tally: Tally, found: Sequence[ShadowDifference]
) -> bool:
    """Write what was compared; return False where it was stopped, or somebody else compared it."""
    moved = session.execute(
        sa.update(ShadowRunRow)
        .where(
            ShadowRunRow.id == run.id,
            ShadowRunRow.state == ShadowState.RUNNING.value,
            ShadowRunRow.watermark == run.watermark,
        )
        .values(watermark=watermark, result=tally_kept(tally), version=ShadowRunRow.version + 1)
        .returning(ShadowRunRow.county_id),
        execution_options={"synchronize_session": False},
    ).all()
    if not moved:
        return False
    if found:
        session.execute(
            sa.insert(ShadowDifferenceRow),
            [
                {
                    "id": one.id,
                    "county_id": moved[0].county_id,
                    "run_id": run.id,
                    "decision_id": one.decision_id,
                    "post_id": one.post_id,
                    "decided_at": one.decided_at,
                    "pack_ref": one.pack_ref,
                    "before": one.before.to_json(),
                    "after": one.after.to_json(),
                }
                for one in found
            ],
        )
    return True


def end_shadow(
    session: Session, run_id: uuid.UUID, *, state: ShadowState, problem: str, now: datetime
) -> bool:
    """End a run that goes on; return False where it has ended."""
    ended = session.execute(
        sa.update(ShadowRunRow)
        .where(ShadowRunRow.id == run_id, ShadowRunRow.state == ShadowState.RUNNING.value)
        .values(state=state.value, problem=problem, finished_at=now, version=ShadowRunRow.version + 1)
        .returning(ShadowRunRow.id),
        execution_options={"synchronize_session": False},
    )
    return bool(ended.all())
