"""A time limit as a ledger: what happened to it, when it is due, and the sum that shows why.

It leaves out counting itself (`counting`), what may be written into the ledger (`clock_entries`), and
what follows from being late (`supervision`, `scoring`).
Nothing is stored but the events: due instant, share and lateness are computed from them, so that the
same ledger, policy and calendar always give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import lru_cache

from casework.counting import Count, SumLine, close_of, count
from casework.stretches import Stretch, merged, pieces
from casework.workdays import Window, Workdays
from rules.model import Grade, Label, Limit, LimitUnit, Stage

# A limit, or the local day (Asia/Shanghai) that a unit promised.
Allowance = Limit | date


class ClockEventKind(StrEnum):
    """What can happen to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    REGRADED = "regraded"
    STOPPED = "stopped"
    REOPENED = "reopened"
    VOIDED = "voided"


K = ClockEventKind


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One entry of a clock's ledger; entries are only ever added.

    Attributes:
        at: when it took effect, aware UTC; never before the entry above it.
        by: who decided it; for a pause or an extension the approver.
        until: PAUSED: when it ends if nobody resumes earlier. STARTED: when counting begins, if later
            than `at` (night). REGRADED: when counting by the new limit begins, if the new grade lets a
            start at night wait for the morning. None for the others.
        limit: EXTENDED: how much is added to the due instant. REGRADED: the limit of the new grade.
            REOPENED: the least that is left for the redo, or None.
        asked_at: EXTENDED: when the unit asked, before the clock was due.
        grade: REGRADED: the new grade.
    """

    kind: ClockEventKind
    at: datetime
    by: str
    reason: str = ""
    until: datetime | None = None
    limit: Limit | None = None
    asked_at: datetime | None = None
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit of one unit in one case.

    Attributes:
        grade: of the case when the clock started.
        allowance: the limit at the start, or the promised day.
        source: the clause (依据) of the limit.
        events: the ledger; the first one is STARTED.
    """

    stage: Stage
    grade: Grade
    allowance: Allowance
    source: str
    policy_version: str
    calendar_version: str
    events: tuple[ClockEvent, ...]

    @property
    def started_at(self) -> datetime:
        """Return when the clock was started, aware UTC."""
        return self.events[0].at

    @property
    def counts_from(self) -> datetime:
        """Return when counting begins: at the start, or the next morning for a start at night."""
        return self.events[0].until or self.events[0].at

    @property
    def limit_in_force(self) -> Allowance:
        """Return the limit of the grade that the case has now, or the promised day."""
        regraded = (event.limit for event in reversed(self.events) if event.kind is K.REGRADED)
        return next((limit for limit in regraded if limit is not None), self.allowance)


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock is due (aware UTC), whether that is provisional (暂定), and the sum behind it."""

    at: datetime
    is_provisional: bool
    sum: tuple[SumLine, ...]


class ClockState(StrEnum):
    """How a clock stands. An overdue clock goes on being overdue until it is stopped."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    STOPPED = "stopped"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands at an instant.

    Attributes:
        overdue: how long it ran past its due instant, pauses and reviews left out; never shrinks.
    """

    state: ClockState
    due_at: datetime
    overdue: timedelta

    @property
    def is_late(self) -> bool:
        """Return whether it ran past its due instant, even if it was stopped since."""
        return self.overdue > timedelta()


NIGHT = Label("夜间顺延", "Night: counting begins in the morning")
REVIEW = Label("已报送，审核期间不计入", "Handed in; the review does not count")
REDO = Label("退回重办前", "Before it was sent back")
BEFORE_REGRADING = Label("等级调整前", "Before the grade was changed")

_TICK = timedelta(microseconds=1)
_BY_WORKING_TIME = frozenset({LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS})


def due(clock: Clock, workdays: Workdays) -> Due:
    """Return when `clock` is due and the sum that shows why.

    The due instant follows from the ledger:

    | event | effect |
    |---|---|
    | started at night | counting begins in the morning |
    | paused .. resumed, or stopped .. reopened | the stretch does not count |
    | extended | counted from the due instant before it; asked for in time, so also if granted late |
    | regraded to a shorter limit | the earlier of the old due and the new limit from the regrading |
    | regraded to a longer limit | the later of the old due and the new limit from the start |
    | regraded when overdue already | nothing: what is overdue stays overdue |
    | reopened for a redo | not before the redo's own limit, unless it was overdue already |

    Raises:
        NoWorkingDays: the calendar never gives enough working time.
    """
    counted = _due(clock, workdays)
    return Due(counted.at, counted.is_provisional, counted.lines)


def state_at(clock: Clock, now: datetime, workdays: Workdays) -> Standing:
    """Return how `clock` stands at `now` (aware UTC); later entries of its ledger are not looked at."""
    known = _known(clock, now)
    due_at = _due(known, workdays).at
    off = stretches_of(known)
    last = known.events[-1]
    ended = last.kind in {K.STOPPED, K.VOIDED}
    late = pieces(due_at, last.at if ended else now, off)
    overdue = sum(((end - begin) for begin, end, stopped in late if stopped is None), timedelta())
    if ended:
        state = ClockState.STOPPED if last.kind is K.STOPPED else ClockState.VOIDED
    elif any(stretch.start <= now < stretch.end for stretch in off):
        state = ClockState.PAUSED
    else:
        state = ClockState.OVERDUE if now >= due_at else ClockState.RUNNING
    return Standing(state, due_at, overdue)


def is_live(clock: Clock) -> bool:
    """Return whether the clock is neither stopped nor voided."""
    return clock.events[-1].kind not in {K.STOPPED, K.VOIDED}


def share_elapsed(clock: Clock, now: datetime, workdays: Workdays) -> Decimal:
    """Return which share of its run `clock` has used up at `now` (aware UTC), 0..1.

    A run of working days or hours is measured in working time, any other in plain time; pauses are
    left out of both.
    """
    end = due(clock, workdays).at
    if now >= end:
        return Decimal(1)
    whole = sum(((until - begin) for begin, until in _run(clock, end, workdays)), timedelta())
    used = sum(((until - begin) for begin, until in _run(clock, now, workdays)), timedelta())
    return Decimal(used // _TICK) / Decimal(whole // _TICK) if whole else Decimal(0)


def instant_of_share(clock: Clock, share: Decimal, workdays: Workdays) -> datetime:
    """Return the first instant (aware UTC) at which `clock` has used up `share` (0..1) of its run."""
    end = due(clock, workdays).at
    parts = tuple(_run(clock, end, workdays))
    whole = sum(((until - begin) for begin, until in parts), timedelta())
    left = _TICK * int((share * (whole // _TICK)).to_integral_value(ROUND_CEILING))
    for begin, until in parts:
        if left <= until - begin:
            return begin + left
        left -= until - begin
    return end


def stretches_of(clock: Clock) -> tuple[Stretch, ...]:
    """Return the stretches that do not count, in order: pauses, and reviews that ended in a redo."""
    found: list[Stretch] = []
    for position, event in enumerate(clock.events):
        later = clock.events[position + 1 :]
        if event.kind is K.PAUSED and event.until is not None:
            ends = (other.at for other in later if other.kind in {K.RESUMED, K.STOPPED, K.VOIDED})
            why = Label(f"中止：{event.reason}", f"Paused: {event.reason}")
            found.append(Stretch(event.at, min(event.until, next(ends, event.until)), why))
        elif event.kind is K.STOPPED and later:
            found.append(Stretch(event.at, later[0].at, REVIEW))
    return merged(found)


@lru_cache(maxsize=2048)
def _due(clock: Clock, workdays: Workdays) -> Count:
    off = stretches_of(clock)
    current = _from_morning(
        clock, clock.counts_from, _allowed(clock.counts_from, clock.allowance, workdays, off)
    )
    for position, event in enumerate(clock.events):
        if event.limit is None:
            continue
        if event.kind is K.EXTENDED:
            current = _after(current, count(current.at, event.limit, workdays, off))
        elif event.kind is K.REGRADED and current.at > event.at:
            current = _regraded(clock, event, event.limit, current, workdays)
        elif event.kind is K.REOPENED and current.at > clock.events[position - 1].at:
            redo = _since(clock, event.at, count(event.at, event.limit, workdays, off), REDO)
            current = max(current, redo, key=lambda found: found.at)
    return current


def _regraded(clock: Clock, event: ClockEvent, limit: Limit, current: Count, workdays: Workdays) -> Count:
    """Return the middle one of the old due, the new limit from the start, and that from the regrading."""
    off = stretches_of(clock)
    begin = event.until or clock.counts_from
    whole = _from_morning(clock, begin, count(begin, limit, workdays, off))
    if whole.at >= current.at:
        return whole
    fresh = _since(clock, event.at, count(max(event.at, begin), limit, workdays, off), BEFORE_REGRADING)
    return min(current, fresh, key=lambda found: found.at)


def _from_morning(clock: Clock, begin: datetime, counted: Count) -> Count:
    """Return `counted`, which began at `begin`, with a line for the night between the start and it."""
    if begin <= clock.started_at:
        return counted
    night = SumLine(clock.started_at, begin, is_counted=False, tally="0", why=NIGHT)
    after = (replace(line, start=max(line.start, begin)) for line in counted.lines if line.end > begin)
    return replace(counted, lines=(night, *after))


def _allowed(start: datetime, allowance: Allowance, workdays: Workdays, off: tuple[Stretch, ...]) -> Count:
    if isinstance(allowance, Limit):
        return count(start, allowance, workdays, off)
    return close_of(allowance, workdays)


def _after(current: Count, more: Count) -> Count:
    """Return `current` with an extension counted from its end."""
    # A day's line ends at midnight; where the extension goes on from the close, it ends there.
    before = tuple(replace(line, end=min(line.end, current.at)) for line in current.lines)
    after = tuple(replace(line, tally=f"+{line.tally}") for line in more.lines if line.start >= current.at)
    return Count(more.at, current.is_provisional or more.is_provisional, (*before, *after))


def _since(clock: Clock, at: datetime, counted: Count, why: Label) -> Count:
    """Return `counted`, which began at `at`, with one line for what went before."""
    if at <= clock.counts_from:
        return _from_morning(clock, clock.counts_from, counted)
    before = SumLine(clock.counts_from, at, is_counted=False, tally="0", why=why)
    after = (replace(line, start=max(line.start, at)) for line in counted.lines if line.end > at)
    return _from_morning(clock, clock.counts_from, replace(counted, lines=(before, *after)))


def _run(clock: Clock, end: datetime, workdays: Workdays) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of the run before `end` that use up the clock."""
    off = stretches_of(clock)
    waits = (event.until for event in reversed(clock.events) if event.kind is K.REGRADED)
    start = next((until for until in waits if until is not None), clock.counts_from)
    windows: Iterable[Window] = (Window(start, end),)
    if isinstance(clock.allowance, Limit) and clock.allowance.unit in _BY_WORKING_TIME:
        windows = workdays.windows_between(start, end)
    for window in windows:
        for begin, until, stopped in pieces(max(start, window.start), min(end, window.end), off):
            if stopped is None:
                yield begin, until


def _known(clock: Clock, now: datetime) -> Clock:
    later = tuple(event for event in clock.events[1:] if event.at <= now)
    return clock if len(later) == len(clock.events) - 1 else replace(clock, events=(clock.events[0], *later))
