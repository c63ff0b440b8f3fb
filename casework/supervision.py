"""Which steps of the supervision ladder a case has earned, who signs them, and when to look again.

It leaves out documents and notices, which the desk makes of a step. A step belongs to a case and a
unit, never to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from casework.access import UnitId
from casework.clocks import (
    Clock,
    ClockEventKind,
    ClockState,
    due,
    instant_of_share,
    is_live,
    state_at,
    stretches_of,
)
from casework.counting import count, limit_words
from casework.lifecycle import HOLDER, CaseState, Holder
from casework.roles import SUPERVISING_DESK, Desk
from casework.workdays import Workdays
from rules.model import Grade, Label, LadderStep, Limit, LimitUnit, Stage, StepAction


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What supervision needs to know of a case.

    Attributes:
        grade: now; None as long as nobody has graded it.
        state_since: when it came into `state`, aware UTC.
        redo_count: how often a reply was sent back.
        dissatisfied_count: how often citizens said that nothing was solved.
    """

    grade: Grade | None
    state: CaseState
    state_since: datetime
    redo_count: int = 0
    dissatisfied_count: int = 0


@dataclass(frozen=True, slots=True)
class StepKey:
    """A step as one clock earns it, once. Whether it is taken anew is for `own_key`.

    Attributes:
        round: 1, or more where the unit got the same clock again (a reopened case).
    """

    unit_id: UnitId
    stage: Stage
    round: int
    step: str

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.stage}/{self.round}/{self.step}"


@dataclass(frozen=True, slots=True)
class WatchedClock:
    """A clock with the unit that is held to it; `stood_in`: what ended it in place of the duty itself."""

    unit_id: UnitId
    clock: Clock
    round: int = 1
    is_lead: bool = True
    stood_in: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is due.

    Attributes:
        due_since: when it was earned, aware UTC; the sweep may come later.
        desk: whose name it goes out under.
        reason: why, for the page and the slip.
    """

    key: StepKey
    ladder: LadderStep
    due_since: datetime
    desk: Desk
    reason: Label


def own_key(unit: str, *, step: str, action: StepAction, card: str | None) -> str | None:
    """Return what makes a card, an order or a summons one of a kind in its case; None for a reminder.

    A card belongs to the unit and its colour, a numbered paper to the unit and its step, whichever clock
    earned it: a unit that is late in five ways gets one yellow card. A reminder belongs to its clock.

    **Source:** domain.md §2.3: cards belong to case × unit.
    """
    if action is StepAction.REMINDER:
        return None
    return f"{unit}/card/{card}" if card else f"{unit}/step/{step}"


# How long the office or the supervising desk may hold a case before the stall check names it. The
# first line is domain.md §2.3 (register, grade, dispatch); the second §2.7 (a ruling), and for
# reviews our own suggestion of the same kind.
_INTAKE = {
    Grade.GENERAL: Limit(4, LimitUnit.HOURS),
    Grade.MAJOR: Limit(1, LimitUnit.HOURS),
    Grade.SERIOUS: Limit(30, LimitUnit.MINUTES),
}
_RULING = {
    Grade.GENERAL: Limit(1, LimitUnit.WORKING_DAYS),
    Grade.MAJOR: Limit(4, LimitUnit.HOURS),
    Grade.SERIOUS: Limit(4, LimitUnit.HOURS),
}
_CLOSING = dict.fromkeys(Grade, Limit(3, LimitUnit.WORKING_DAYS))

HOLD_LIMITS: Mapping[CaseState, Mapping[Grade, Limit]] = MappingProxyType(
    {
        CaseState.REGISTERED: _INTAKE,
        CaseState.CONFIRMED: _INTAKE,
        CaseState.ARBITRATION: _RULING,
        CaseState.OBJECTED: _RULING,
        CaseState.REPLIED: _RULING,
        CaseState.ACCEPTED: _CLOSING,
    }
)


def signing_desk(grade: Grade) -> Desk:
    """Return whose name a step goes out under: the desk that supervises the grade."""
    return SUPERVISING_DESK[grade]


def due_steps(
    facts: CaseFacts,
    clocks: Iterable[WatchedClock],
    *,
    taken: frozenset[StepKey],
    ladder: tuple[LadderStep, ...],
    now: datetime,
    workdays: Workdays,
) -> tuple[Step, ...]:
    """Return the steps that a case has earned by `now` and not yet received.

    | what | earns |
    |---|---|
    | a share of a running clock used up, or time past its due instant | the step, for that clock |
    | enough redos or dissatisfied answers | the step, for the clock of the close only |
    | a clock that is paused, stopped or voided | nothing by time |

    Args:
        facts: of the case; without a grade it has no clocks and earns nothing.
        clocks: of the case, with their units.
        taken: keys of the steps taken before.
        ladder: as frozen for this case when it was opened.
        now: aware UTC.
        workdays: calendar of the county.

    Returns:
        Steps in the order in which they must be taken: by the instant earned, then by the ladder.
    """
    if facts.grade is None:
        return ()
    found: list[tuple[datetime, int, Step]] = []
    for watched in clocks:
        for place, ladder_step in enumerate(ladder):
            key = _key(watched, ladder_step)
            earned = None if key in taken else _earned(facts, watched, ladder_step, now, workdays)
            if earned is not None:
                since, reason = earned
                step = Step(key, ladder_step, since, signing_desk(facts.grade), reason)
                found.append((since, place, step))
    return tuple(step for _, _, step in sorted(found, key=lambda item: item[:2]))


def next_step_at(
    facts: CaseFacts,
    watched: WatchedClock,
    *,
    taken: frozenset[StepKey],
    ladder: tuple[LadderStep, ...],
    workdays: Workdays,
) -> datetime | None:
    """Return when time alone earns the next step of one clock (aware UTC), None if nothing is left.

    The instant may lie in the past: then the step is due and has not been taken. A pause is reckoned
    to its end, so a clock that is resumed earlier must be asked again.
    """
    if not is_live(watched.clock):
        return None
    times = (
        _time_of(watched.clock, step, workdays)
        for step in ladder
        if _applies(facts, watched, step) and _key(watched, step) not in taken
    )
    return min(times, default=None)


def next_look_at(
    facts: CaseFacts,
    clocks: Iterable[WatchedClock],
    *,
    taken: frozenset[StepKey],
    ladder: tuple[LadderStep, ...],
    now: datetime,
    workdays: Workdays,
) -> datetime | None:
    """Return when somebody must look at this case again; None only for a settled case.

    It is the next step of its clocks or the end of the time for which a desk may hold it, whichever
    comes first. Where both are behind, it is the end of business of the next working day: an open case
    comes back every working day until it is settled, and never falls asleep (stall check, 停滞检查).
    """
    if facts.state not in HOLDER:
        return None
    steps = (next_step_at(facts, one, taken=taken, ladder=ladder, workdays=workdays) for one in clocks)
    known = [*(at for at in steps if at is not None), *held_until(facts, workdays)]
    ahead = [at for at in known if at > now]
    return min(ahead) if ahead else count(now, Limit(1, LimitUnit.WORKING_DAYS), workdays).at


def is_stalled(facts: CaseFacts, now: datetime, workdays: Workdays) -> bool:
    """Return whether a desk has held the case for longer than it may."""
    return any(now >= until for until in held_until(facts, workdays))


def held_until(facts: CaseFacts, workdays: Workdays) -> Iterator[datetime]:
    """Yield until when the desk that has the case may hold it; nothing while it lies with a unit.

    A case that nobody has graded is measured by the strictest grade.
    """
    limits = HOLD_LIMITS.get(facts.state)
    if limits is not None:
        yield count(facts.state_since, limits[facts.grade or Grade.SERIOUS], workdays).at


def holder_of(facts: CaseFacts) -> Desk | None:
    """Return the desk whose move it is; `Desk.UNIT` for the lead unit, None for a settled case."""
    holder = HOLDER.get(facts.state)
    if holder is Holder.SUPERVISING_DESK and facts.grade is not None:
        return SUPERVISING_DESK[facts.grade]
    if holder is Holder.LEAD_UNIT:
        return Desk.UNIT
    return None if holder is None else Desk.OFFICE


def _earned(
    facts: CaseFacts, watched: WatchedClock, step: LadderStep, now: datetime, workdays: Workdays
) -> tuple[datetime, Label] | None:
    if not _applies(facts, watched, step):
        return None
    counted = _counted(facts, watched.clock, step)
    if counted is not None:
        return counted
    standing = state_at(watched.clock, now, workdays)
    if standing.state not in {ClockState.RUNNING, ClockState.OVERDUE}:
        return None
    since = _time_of(watched.clock, step, workdays)
    return None if now < since else (since, _time_reason(step))


def _applies(facts: CaseFacts, watched: WatchedClock, step: LadderStep) -> bool:
    return facts.grade in step.grades and watched.clock.stage in step.stages


def _counted(facts: CaseFacts, clock: Clock, step: LadderStep) -> tuple[datetime, Label] | None:
    """Return since when redos or dissatisfied answers have earned the step, None if they have not."""
    last = clock.events[-1]
    if clock.stage is not Stage.CLOSE or last.kind is ClockEventKind.VOIDED:
        return None
    if step.redo_at_least is not None and facts.redo_count >= step.redo_at_least:
        return last.at, Label(f"重办 {facts.redo_count} 次", f"Sent back {facts.redo_count} times")
    if step.dissatisfied_at_least is not None and facts.dissatisfied_count >= step.dissatisfied_at_least:
        times = facts.dissatisfied_count
        return last.at, Label(f"不满意 {times} 次", f"Found unsatisfactory {times} times")
    return None


def _time_of(clock: Clock, step: LadderStep, workdays: Workdays) -> datetime:
    if step.share is not None:
        return instant_of_share(clock, step.share, workdays)
    at = due(clock, workdays).at
    # Reviews and pauses after the due instant postpone the next rung as they postpone everything else.
    return at if step.after is None else count(at, step.after, workdays, stretches_of(clock)).at


def _time_reason(step: LadderStep) -> Label:
    if step.share is not None:
        share = f"{step.share * 100:.0f}%"
        return Label(f"时限已用 {share}", f"{share} of the time limit is used up")
    if step.after is None or step.after.amount == 0:
        return Label("时限到期", "The time limit has ended")
    return Label(f"逾期已达 {limit_words(step.after).zh}", f"Overdue by {limit_words(step.after).en}")


def _key(watched: WatchedClock, step: LadderStep) -> StepKey:
    return StepKey(watched.unit_id, watched.clock.stage, watched.round, step.id)
