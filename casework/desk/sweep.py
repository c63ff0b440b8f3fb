"""What time alone does: steps of the supervision ladder, charges for lateness, and the stall check.

Run each minute, in batches, as often and by as many processes as one likes: rows are claimed by time, each
step and each charge has a unique key, and a killed run leaves nothing half done.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from casework.access import Permission, require, visibility
from casework.desk.charging import charge, scored_case
from casework.desk.steps import Earned, take_steps
from casework.desk.unit import UnitOfWork
from casework.desk.watching import facts_of, is_owed, keys_taken, next_look, outages_of, watched
from casework.outages import Outage
from casework.scoring import Failing, late_failings
from casework.store.case_records import CaseHead, heads_of
from casework.store.clock_rows import KeptClock, due_clocks, next_moment, save_looks
from casework.store.policies import ladders_of
from casework.store.step_rows import steps_taken
from casework.store.waiting import WaitingCase, waiting_cases
from casework.supervision import Step, due_steps, is_stalled
from casework.workdays import Workdays, workdays_of
from rules.model import Label, LadderStep

BATCH = 10
"""Clocks of one transaction. Twenty late ones with 52 steps took 45 ms of processor time on SQLite (2026-11,
two busy cores); design.md allows a write 100 ms."""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What one batch did.

    Attributes:
        looked: clocks that were looked at.
        taken: steps that were taken; what was only noted on an earlier one is not counted.
        charged: score entries that were made.
        more: there may be more to do at once.
    """

    looked: int
    taken: int
    charged: int
    more: bool


@dataclass(frozen=True, slots=True)
class Stalled:
    """An open case that nothing will bring back by itself, and why."""

    case_id: uuid.UUID
    number: str | None
    title: str
    since: datetime
    why: Label


@dataclass(frozen=True, slots=True)
class _Look:
    """One clock with what it has earned by now."""

    case: CaseHead
    kept: KeptClock
    ladder: tuple[LadderStep, ...]
    before: frozenset[str]
    steps: tuple[Step, ...]
    late: tuple[Failing, ...]


def sweep(uow: UnitOfWork, limit: int = BATCH) -> SweepResult:
    """Take the steps and enter the charges that up to `limit` clocks have earned by now.

    Nothing is taken twice: the rows stay locked until the transaction ends, another sweep skips them
    (PostgreSQL) or waits for its turn (SQLite), and the effect keys are unique.

    Raises:
        NotPermitted: the actor may not supervise.
    """
    require(uow.actor, Permission.CASE_SUPERVISE)
    clocks = due_clocks(uow.session, uow.county, now=uow.now, most=limit)
    workdays = workdays_of(uow.rulebook.pack.calendar)
    down = outages_of(uow, clocks)
    looks = _looks(uow, clocks, workdays, down)
    # Charges first, then steps, then numbers: every transaction takes these locks in the same order.
    charged = charge(uow, [failing for look in looks for failing in look.late])
    taken = take_steps(uow, [Earned(look.case, look.kept, step) for look in looks for step in look.steps])
    save_looks(uow.session, {look.kept.id: _look_next(uow, look, workdays, down) for look in looks})
    return SweepResult(len(clocks), taken, len(charged), more=len(clocks) >= limit)


def next_sweep_at(uow: UnitOfWork) -> datetime | None:
    """Return when the sweep has something to do next (it may lie in the past), None if no clock runs.

    A demo that moves its clock on goes from one such moment to the next, so that every step is on time.
    """
    return next_moment(uow.session, uow.county)


def stalled(uow: UnitOfWork, limit: int | None = 200) -> tuple[Stalled, ...]:
    """Return open cases that have no owner or no next step, or that a desk holds for too long.

    Args:
        uow: reading or writing.
        limit: how many at most, the longest waiting first; None for all.

    Raises:
        NotPermitted: the actor may not see cases.

    **Source:** design.md "stall check 停滞检查": no open case falls asleep.
    """
    require(uow.actor, Permission.CASE_VIEW)
    workdays = workdays_of(uow.rulebook.pack.calendar)
    found = []
    for waiting in waiting_cases(uow.session, visibility(uow.actor), now=uow.now):
        why = _why_stalled(waiting, uow.now, workdays)
        if why is not None:
            head = waiting.case
            found.append(Stalled(head.id, head.number, head.title, head.state_since, why))
    return tuple(sorted(found, key=lambda one: one.since)[:limit])


def _looks(
    uow: UnitOfWork, clocks: tuple[KeptClock, ...], workdays: Workdays, down: tuple[Outage, ...]
) -> tuple[_Look, ...]:
    case_ids = {one.case_id for one in clocks}
    cases = heads_of(uow.session, case_ids)
    ladders = ladders_of(uow.session, case_ids)
    before = steps_taken(uow.session, [one.id for one in clocks])
    looks = []
    for kept in clocks:
        case, ladder, done = cases[kept.case_id], ladders[kept.case_id], before[kept.id]
        one = (watched(case, kept),) if is_owed(case, kept.clock.stage) else ()
        steps = due_steps(
            facts_of(case),
            one,
            taken=keys_taken(kept, done),
            ladder=ladder,
            now=uow.now,
            workdays=workdays,
        )
        late = late_failings(scored_case(case), one, now=uow.now, workdays=workdays, outages=down)
        looks.append(_Look(case, kept, ladder, done, steps, late))
    return tuple(looks)


def _look_next(uow: UnitOfWork, look: _Look, workdays: Workdays, down: tuple[Outage, ...]) -> datetime | None:
    steps = look.before | {step.ladder.id for step in look.steps}
    return next_look(
        look.case,
        look.kept,
        steps=steps,
        ladder=look.ladder,
        now=uow.now,
        workdays=workdays,
        outages=down,
    )


def _why_stalled(waiting: WaitingCase, now: datetime, workdays: Workdays) -> Label | None:
    if waiting.needs_unit and not waiting.has_lead:
        return Label("没有主办单位负责", "No lead unit is responsible")
    if waiting.needs_unit and waiting.next_step_at is None:
        return Label("没有后续督办步骤", "No further step of supervision is left")
    if is_stalled(facts_of(waiting.case), now, workdays):
        return Label("停留时间超过规定", "Held for longer than allowed")
    return None
