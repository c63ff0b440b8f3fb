"""Trying a draft on stored posts: asked for by a person, run by a worker that writes nothing but the result.

The functions for the worker change the back-test's own row and nothing else: no audit line, no bell, no
state of the draft. That a draft counts as back-tested is worked out from the result.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.access import require
from casework.desk.drafting import begin_step
from casework.desk.unit import UnitOfWork
from casework.pack_refusals import NothingToTry, RunAlreadyGoing
from casework.packs import PERMISSION_OF, DraftStep
from casework.post_refusals import NoPackInForce
from casework.store.backtests import (
    Backtest,
    BacktestState,
    Progress,
    cancel_backtests,
    claim_backtest,
    end_backtest,
    find_backtest,
    is_going_on,
    owners,
    place_of,
    release_backtests,
    save_progress,
)
from casework.store.drafts import find_draft
from casework.store.packs import active_ref
from casework.store.stored_posts import Place
from casework.store.tables import BacktestRow

BELL = "backtest"
MOST_ATTEMPTS = 3
"""A run whose process died so often fails: something in it kills processes."""
SILENT = timedelta(minutes=2)
"""A run that wrote nothing for so long is taken back even where nobody knows whether its process lives."""
LOST = "运行进程多次中断，请联系系统管理员 / its process died several times: ask the system administrator"
CHANGED = "草稿在回测期间被修改 / the draft was changed while it was tried"


@dataclass(frozen=True, slots=True)
class BacktestWork:
    """A back-test that a process has taken, with all that it needs.

    Attributes:
        files: of the draft; None where it was changed since the back-test was asked for.
        after: the last post that is in the tally of `of` already; None at the first attempt.
    """

    of: Backtest
    files: dict[str, bytes] | None
    after: Place | None


def ask_backtest(
    uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, period_from: datetime, period_to: datetime
) -> uuid.UUID:
    """Ask that a checked draft is compared with the pack in force on the posts of a period; return its id.

    Args:
        uow: a writing one, of a person.
        draft_id: of the draft.
        version: of the draft as it was shown.
        period_from: aware UTC, by when posts were received.
        period_to: half-open.

    Raises:
        NothingToTry: the period is empty.
        RunAlreadyGoing: the draft is being tried already.
        NoPackInForce: there is nothing to compare with.
        NotPermitted, PersonNeeded, StaleDraft, DraftStepRefused: see `drafting.begin_step`.
    """
    row = begin_step(uow, draft_id, version=version, step=DraftStep.BACKTEST)
    until = min(period_to, uow.now)
    if period_from >= until:
        raise NothingToTry(
            "回测时段的开始时间必须早于结束时间，且不能全在将来。",
            "The period must begin before it ends, and not lie wholly ahead.",
        )
    if is_going_on(uow.session, uow.county, draft_id):
        raise RunAlreadyGoing
    base = active_ref(uow.session, uow.county, uow.now)
    if base is None:
        raise NoPackInForce(uow.county)
    backtest_id = uow.new_id()
    uow.session.add(
        BacktestRow(
            id=backtest_id,
            county_id=uow.county,
            draft_id=draft_id,
            digest=row.digest,
            base_ref=base,
            period_from=period_from,
            period_to=until,
            state=BacktestState.QUEUED.value,
            asked_by=uow.actor.name,
            asked_at=uow.now,
        )
    )
    uow.session.flush()
    uow.audit(
        "backtest_asked", "pack_draft", str(draft_id), data={"backtest": str(backtest_id), "base": base}
    )
    uow.rings.add(BELL)
    return backtest_id


def cancel_backtest(uow: UnitOfWork, draft_id: uuid.UUID) -> int:
    """End the back-test of a draft that waits or runs; return how many were ended."""
    require(uow.actor, PERMISSION_OF[DraftStep.BACKTEST])
    ended = cancel_backtests(uow.session, uow.county, now=uow.now, draft_id=draft_id)
    if ended:
        uow.audit("backtest_cancelled", "pack_draft", str(draft_id))
    return ended


def take_backtest(uow: UnitOfWork, *, owner: str) -> BacktestWork | None:
    """Let a process take the oldest back-test that waits; None where none does.

    Args:
        uow: a writing one.
        owner: names the process.
    """
    taken = claim_backtest(uow.session, uow.county, owner=owner, now=uow.now)
    if taken is None:
        return None
    backtest = find_backtest(uow.session, uow.county, taken)
    draft = find_draft(uow.session, uow.county, backtest.draft_id)
    same = draft.digest == backtest.digest
    files = {name: text.encode() for name, text in draft.files.items()} if same else None
    return BacktestWork(backtest, files, place_of(uow.session, uow.county, taken))


def note_progress(uow: UnitOfWork, backtest_id: uuid.UUID, *, owner: str, progress: Progress) -> bool:
    """Write how far a run is; return False where it was cancelled or taken away: it must end then."""
    return save_progress(uow.session, backtest_id, owner=owner, now=uow.now, progress=progress)


def finish_backtest(uow: UnitOfWork, backtest_id: uuid.UUID, *, owner: str, progress: Progress) -> bool:
    """Write the result of a run that came to its end."""
    kept = save_progress(uow.session, backtest_id, owner=owner, now=uow.now, progress=progress)
    return kept and end_backtest(
        uow.session, backtest_id, owner=owner, now=uow.now, state=BacktestState.DONE, problem=""
    )


def fail_backtest(uow: UnitOfWork, backtest_id: uuid.UUID, *, owner: str, problem: str) -> bool:
    """End a run that cannot go on, saying why in both languages."""
    return end_backtest(
        uow.session, backtest_id, owner=owner, now=uow.now, state=BacktestState.FAILED, problem=problem
    )


def pause_backtest(uow: UnitOfWork, backtest_id: uuid.UUID, *, owner: str) -> bool:
    """Let a run wait again where it stands, for the next drain."""
    return end_backtest(
        uow.session, backtest_id, owner=owner, now=uow.now, state=BacktestState.QUEUED, problem=""
    )


def release_dead_backtests(uow: UnitOfWork, *, is_dead: Callable[[str], bool]) -> int:
    """Let runs wait again whose process is gone, fail those that killed several; return how many."""
    dead = [owner for owner in owners(uow.session, uow.county) if is_dead(owner)]
    return release_backtests(
        uow.session,
        uow.county,
        dead=dead,
        silent_for=SILENT,
        now=uow.now,
        most_attempts=MOST_ATTEMPTS,
        problem=LOST,
    )
