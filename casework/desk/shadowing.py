"""Running a draft beside the pack in force for some days: started by a person, compared by a worker.

The functions for the worker write the run and its differences and nothing else; no post waits for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from casework.access import require
from casework.desk.drafting import require_person
from casework.desk.unit import UnitOfWork
from casework.pack_refusals import DraftStepRefused, NothingToTry, RunAlreadyGoing
from casework.packs import PERMISSION_OF, STATE_LABELS, STEP_LABELS, DraftState, DraftStep
from casework.store.drafts import draft_row, find_draft, state_of
from casework.store.shadows import (
    ShadowDifference,
    ShadowRun,
    ShadowState,
    end_shadow,
    save_shadow,
    shadow_runs,
)
from casework.store.tables import ShadowRunRow
from casework.store.trial_posts import tally_kept
from rules.backtest import Tally

BELL = "shadow"
MOST_DAYS = 30
LAG = timedelta(seconds=30)
"""Decisions younger than this are left for the next time: one made earlier may still be on its way."""
MAY_RUN = frozenset({DraftState.CHECKED, DraftState.BACKTESTED, DraftState.SUBMITTED, DraftState.APPROVED})
CHANGED = "草稿已被修改 / the draft was changed"
GONE = "草稿已发布或撤销 / the draft was published or withdrawn"


def start_shadow(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, days: int) -> uuid.UUID:
    """Let a checked draft run beside the pack in force from now on; return the id of the run.

    Args:
        uow: a writing one, of a person.
        draft_id: of the draft.
        version: of the draft as it was shown.
        days: 1 to 30.

    Raises:
        NothingToTry: another number of days.
        RunAlreadyGoing: it runs already.
        DraftStepRefused: it was not checked, or is closed.
        NotPermitted, PersonNeeded, StaleDraft: who acts, on what.
    """
    require(uow.actor, PERMISSION_OF[DraftStep.BACKTEST])
    require_person(uow)
    row = draft_row(uow.session, uow.county, draft_id, version=version)
    state, step = state_of(uow.session, row), DraftStep.BACKTEST
    if state not in MAY_RUN:
        raise DraftStepRefused(state, step, STATE_LABELS[state], STEP_LABELS[step])
    if not 1 <= days <= MOST_DAYS:
        raise NothingToTry(f"试运行天数应为 1 至 {MOST_DAYS}。", f"A shadow run lasts 1 to {MOST_DAYS} days.")
    if shadow_runs(uow.session, uow.county, draft_id=draft_id, only_running=True):
        raise RunAlreadyGoing
    run_id = uow.new_id()
    uow.session.add(
        ShadowRunRow(
            id=run_id,
            county_id=uow.county,
            draft_id=draft_id,
            digest=row.digest,
            starts_at=uow.now,
            ends_at=uow.now + timedelta(days=days),
            watermark=lowest_id(uow.now),
            state=ShadowState.RUNNING.value,
            result=tally_kept(Tally()),
            started_by=uow.actor.name,
        )
    )
    uow.session.flush()
    uow.audit("shadow_started", "pack_draft", str(draft_id), data={"run": str(run_id), "days": days})
    return run_id


def stop_shadow(uow: UnitOfWork, draft_id: uuid.UUID) -> int:
    """End the shadow run of a draft before its time; what it found stays. Return how many were ended."""
    require(uow.actor, PERMISSION_OF[DraftStep.BACKTEST])
    running = shadow_runs(uow.session, uow.county, draft_id=draft_id, only_running=True)
    for run in running:
        end_shadow(uow.session, run.id, state=ShadowState.STOPPED, problem=uow.actor.name, now=uow.now)
        uow.audit("shadow_stopped", "pack_draft", str(draft_id), data={"run": str(run.id)})
    return len(running)


def why_it_ends(uow: UnitOfWork, run: ShadowRun) -> str | None:
    """Return why a run must stop now, None where its draft is as it was; reading is enough."""
    draft = find_draft(uow.session, uow.county, run.draft_id)
    if draft.digest != run.digest or draft.state not in MAY_RUN | {
        DraftState.PUBLISHED,
        DraftState.WITHDRAWN,
    }:
        return CHANGED
    return None if draft.state in MAY_RUN else GONE


def files_of_run(uow: UnitOfWork, run: ShadowRun) -> dict[str, bytes]:
    """Return the files of the draft; reading is enough."""
    draft = find_draft(uow.session, uow.county, run.draft_id)
    return {name: text.encode() for name, text in draft.files.items()}


def note_shadow(
    uow: UnitOfWork,
    run: ShadowRun,
    *,
    watermark: uuid.UUID,
    tally: Tally,
    found: Sequence[ShadowDifference],
) -> bool:
    """Write what was compared up to an id; return False where somebody else did, or it was stopped."""
    return save_shadow(uow.session, run, watermark=watermark, tally=tally, found=found)


def close_shadow(uow: UnitOfWork, run_id: uuid.UUID, *, problem: str = "") -> bool:
    """End a run whose time is over, or, with a problem, one that cannot go on."""
    state = ShadowState.STOPPED if problem else ShadowState.ENDED
    return end_shadow(uow.session, run_id, state=state, problem=problem, now=uow.now)


def lowest_id(at: datetime) -> uuid.UUID:
    """Return an id below all that are made from an instant on (UUID version 7 begins with milliseconds)."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)
