"""Starts clocks and writes into their ledgers what may be written there.

It leaves out what a ledger comes to (`clocks`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from casework.clocks import Clock, ClockEvent, ClockEventKind, ClockState, due, state_at
from casework.errors import ClockRefused, NaiveInstant
from casework.workdays import CHINA, Workdays, instant, local_day
from rules.model import ClockPolicy, DeadlinePolicy, DemandClass, Grade, Limit, LimitUnit, Stage

# A pause that nobody ends is a way of forgetting; the longest lawful one, an appraisal, is shorter.
LONGEST_PAUSE = timedelta(days=366)

K = ClockEventKind

_NEEDS_REASON = frozenset({K.PAUSED, K.EXTENDED, K.REGRADED, K.REOPENED, K.VOIDED})
_NEEDS_LIMIT = frozenset({K.EXTENDED, K.REGRADED})


def limit_for(policy: DeadlinePolicy, stage: Stage, grade: Grade, demand: DemandClass) -> ClockPolicy | None:
    """Return the line of `policy` for a stage: the one for the class of demand, else that for all."""
    lines = [line for line in policy.clocks if (line.stage, line.grade) == (stage, grade)]
    own = next((line for line in lines if line.demand is demand), None)
    return own or next((line for line in lines if line.demand is None), None)


def opening_clocks(
    policy: DeadlinePolicy,
    grade: Grade,
    demand: DemandClass,
    dispatched_at: datetime,
    *,
    calendar_version: str,
    by: str,
) -> tuple[Clock, ...]:
    """Return the clocks that start when a case is dispatched: at dispatch, not at sign-for.

    Args:
        policy: of the pack in force; it is frozen into the clocks.
        grade: of the case.
        demand: its class.
        dispatched_at: aware.
        calendar_version: of the calendar in force.
        by: who dispatched.

    Returns:
        One clock for each stage that the policy limits, in the order of `Stage`; a commitment has its
        own clock from the day the promise is accepted (`commitment_clock`).

    Raises:
        NaiveInstant: `dispatched_at` has no time zone.
    """
    lines = (limit_for(policy, stage, grade, demand) for stage in Stage if stage is not Stage.COMMITMENT)
    return tuple(
        opened(line, policy, dispatched_at, calendar_version=calendar_version, by=by)
        for line in lines
        if line is not None
    )


def opened(
    line: ClockPolicy, policy: DeadlinePolicy, at: datetime, *, calendar_version: str, by: str
) -> Clock:
    """Return the clock of one line of `policy`, started at `at` (aware).

    Raises:
        NaiveInstant: `at` has no time zone.
    """
    start = _utc("at", at)
    until = morning_after(policy, start) if line.night_defer else None
    event = ClockEvent(K.STARTED, start, by, until=until)
    return Clock(
        stage=line.stage,
        grade=line.grade,
        allowance=line.limit,
        source=line.source,
        policy_version=policy.version,
        calendar_version=calendar_version,
        events=(event,),
    )


def commitment_clock(
    promised_on: date,
    started_at: datetime,
    *,
    grade: Grade,
    policy_version: str,
    calendar_version: str,
    by: str,
) -> Clock:
    """Return the clock of a promise: due at the end of business of the promised day.

    Args:
        promised_on: local day (Asia/Shanghai).
        started_at: aware; when the promise was accepted.
        grade: of the case.
        policy_version: of the policy in force.
        calendar_version: of the calendar in force.
        by: who accepted the promise.

    Raises:
        NaiveInstant: `started_at` has no time zone.
    """
    event = ClockEvent(K.STARTED, _utc("started_at", started_at), by)
    return Clock(
        stage=Stage.COMMITMENT,
        grade=grade,
        allowance=promised_on,
        source="承诺事项：以承诺的日期为限",
        policy_version=policy_version,
        calendar_version=calendar_version,
        events=(event,),
    )


def morning_after(policy: DeadlinePolicy, start: datetime) -> datetime | None:
    """Return when counting begins for a start at night (aware UTC), None for a start by day.

    **Source:** domain.md §2.3: from 08:30 to 18:00 at once, else from 09:00 of the coming morning.
    """
    local = start.astimezone(CHINA)
    if policy.day_start <= local.time() < policy.day_end:
        return None
    day = local_day(start)
    if local.time() >= policy.day_end:
        day += timedelta(days=1)
    return instant(day, policy.night_resume)


def recorded(clock: Clock, event: ClockEvent, workdays: Workdays) -> Clock:
    """Return `clock` with `event` added to its ledger.

    Raises:
        NaiveInstant: an instant of the event has no time zone.
        ClockRefused: the ledger cannot take it; `why` is one of earlier-than-last, ended, not-stopped,
            not-paused, already-paused, already-due, asked-too-late, pause-length, no-reason, no-limit,
            second-start.
    """
    event = _in_utc(event)
    last = clock.events[-1]
    if event.kind is K.STARTED:
        raise ClockRefused("second-start", "时限已经启动，不能再次启动。", "The clock has already started.")
    if event.at < last.at:
        raise ClockRefused(
            "earlier-than-last",
            "时限记录只能按时间先后追加，不能补记在前一条之前。",
            "A clock's ledger only grows forward in time; this entry lies before the last one.",
        )
    _refuse_incomplete(event)
    _refuse_ended(event, last.kind)
    _refuse_untimely(clock, event, workdays)
    return replace(clock, events=(*clock.events, event))


def allowance_text(clock: Clock) -> str:
    """Return the allowance as text to store: 48h, 15wd, or a promised day as 2026-12-01."""
    return str(clock.allowance)


def read_allowance(text: str) -> Limit | date:
    """Return the allowance that `allowance_text` wrote.

    Raises:
        ValueError: the text is neither a limit nor a date.
    """
    for unit in sorted(LimitUnit, key=len, reverse=True):
        amount = text.removesuffix(unit)
        if amount != text and amount.isdecimal():
            return Limit(int(amount), unit)
    return date.fromisoformat(text)


def _refuse_incomplete(event: ClockEvent) -> None:
    if event.kind in _NEEDS_REASON and not (event.reason.strip() and event.by.strip()):
        raise ClockRefused("no-reason", "请写明理由和批准人。", "State the reason, and who approved it.")
    if event.kind in _NEEDS_LIMIT and (event.limit is None or event.limit.amount <= 0):
        raise ClockRefused("no-limit", "请写明时长。", "State the amount of time.")
    if event.kind is K.PAUSED and not (
        event.until is not None and timedelta() < event.until - event.at <= LONGEST_PAUSE
    ):
        raise ClockRefused(
            "pause-length",
            f"中止必须写明截止时间，且最长 {LONGEST_PAUSE.days} 天。",
            f"A pause needs its end, at most {LONGEST_PAUSE.days} days away.",
        )


def _refuse_ended(event: ClockEvent, last: ClockEventKind) -> None:
    if last is K.VOIDED or (last is K.STOPPED and event.kind not in {K.REOPENED, K.VOIDED}):
        raise ClockRefused("ended", "时限已经结束，不能再变更。", "The clock has ended for good.")
    if event.kind is K.REOPENED and last is not K.STOPPED:
        raise ClockRefused("not-stopped", "时限仍在进行，无需重启。", "The clock has not been stopped.")


def _refuse_untimely(clock: Clock, event: ClockEvent, workdays: Workdays) -> None:
    is_paused = state_at(clock, event.at, workdays).state is ClockState.PAUSED
    if event.kind is K.RESUMED and not is_paused:
        raise ClockRefused("not-paused", "时限未中止，无需恢复。", "The clock is not paused.")
    if event.kind is K.PAUSED and is_paused:
        raise ClockRefused("already-paused", "时限已经中止。", "The clock is paused already.")
    due_at = due(clock, workdays).at
    if event.kind is K.PAUSED and event.at >= due_at:
        raise ClockRefused("already-due", "已经到期，不能再中止。", "The clock is due; too late to pause.")
    if event.kind is K.EXTENDED and not (
        event.asked_at is not None and event.asked_at < due_at and event.asked_at <= event.at
    ):
        raise ClockRefused(
            "asked-too-late",
            "延期必须在到期前提出申请。",
            "An extension must be asked for before the clock is due.",
        )


def _in_utc(event: ClockEvent) -> ClockEvent:
    return replace(
        event,
        at=_utc("at", event.at),
        until=None if event.until is None else _utc("until", event.until),
        asked_at=None if event.asked_at is None else _utc("asked_at", event.asked_at),
    )


def _utc(name: str, at: datetime) -> datetime:
    if at.tzinfo is None:
        raise NaiveInstant(name, at)
    return at.astimezone(UTC)
