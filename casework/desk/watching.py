"""When the sweep must look at a clock again: the next step of its ladder, or the moment it becomes late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from casework.access import UnitId
from casework.clocks import is_live
from casework.desk.unit import UnitOfWork
from casework.outages import Outage, excused_until
from casework.scoring import LATE
from casework.store.case_records import CaseHead
from casework.store.clock_rows import KeptClock
from casework.store.outage_rows import outages_since
from casework.supervision import CaseFacts, StepKey, WatchedClock, due_steps, next_step_at
from casework.workdays import Workdays
from rules.model import LadderStep, Stage

JUST_LATE = timedelta(seconds=1)
"""After its due instant a clock is late; at the instant itself it is not. The sweep looks a second later."""


def is_owed(case: CaseHead, stage: Stage) -> bool:
    """Return whether a unit is held to a stage in this case: an accusation is not answered in public.

    **Source:** 信访工作条例 §30 ¶3: neither an accusation nor what belongs to it is told to the accused, who
    would read a public reply. domain.md §1: what is published touches nothing secret.
    """
    return not (case.is_confidential and stage is Stage.PUBLIC_REPLY)


def facts_of(case: CaseHead) -> CaseFacts:
    """Return what supervision needs to know of a case."""
    return CaseFacts(
        grade=case.grade,
        state=case.state,
        state_since=case.state_since,
        redo_count=case.redo_count,
        dissatisfied_count=case.dissatisfied_count,
    )


def watched(case: CaseHead, kept: KeptClock) -> WatchedClock:
    """Return a kept clock as supervision and scoring see it."""
    is_lead = kept.unit == case.lead_unit
    return WatchedClock(UnitId(kept.unit), kept.clock, kept.round, is_lead, kept.stood_in)


def keys_taken(kept: KeptClock, steps: frozenset[str]) -> frozenset[StepKey]:
    """Return the keys of the steps that were taken for one clock."""
    return frozenset(StepKey(UnitId(kept.unit), kept.clock.stage, kept.round, step) for step in steps)


def outages_of(uow: UnitOfWork, clocks: Iterable[KeptClock]) -> tuple[Outage, ...]:
    """Return the outages in which one of the clocks may have fallen due."""
    since = min((one.due_at for one in clocks), default=None)
    if since is None or since > uow.now:
        return ()
    return outages_since(uow.session, uow.county, since, now=uow.now)


def next_look(
    case: CaseHead,
    kept: KeptClock,
    *,
    steps: frozenset[str],
    ladder: tuple[LadderStep, ...],
    now: datetime,
    workdays: Workdays,
    outages: Iterable[Outage] = (),
) -> datetime | None:
    """Return when the sweep must look at a clock again (aware UTC), None if nothing more can come of it.

    Args:
        case: after the change that is being made.
        kept: after the change; its `due_at` must be that of its ledger.
        steps: ids of the steps taken for this clock.
        ladder: frozen at dispatch.
        now: aware UTC. A step that is earned already is looked at now.
        workdays: calendar of the county.
        outages: in which the due instant may have fallen; then the clock becomes late later.
    """
    if not is_live(kept.clock) or not is_owed(case, kept.clock.stage):
        return None
    facts, one, taken = facts_of(case), watched(case, kept), keys_taken(kept, steps)
    if due_steps(facts, (one,), taken=taken, ladder=ladder, now=now, workdays=workdays):
        return now
    times = [next_step_at(facts, one, taken=taken, ladder=ladder, workdays=workdays)]
    if kept.clock.stage in LATE:
        times.append(excused_until(kept.due_at, outages) + JUST_LATE)
    return min((at for at in times if at is not None and at > now), default=None)
