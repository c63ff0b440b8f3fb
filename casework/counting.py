"""Counts a limit from an instant: where it ends, and the sum that shows why.

It knows working days and stretches that do not count; it leaves out what a clock is (`clocks`).
Counting is by the rules of the Civil Code, which administrative practice borrows:

| limit | starts | counts | ends |
|---|---|---|---|
| m, h | at once | every minute | to the second |
| wh | at once | working hours | to the second |
| wd | the next day | working days | at the end of business of the last one |
| d | the next day | every day | at the end of business; moves on to a working day |

A day counts if the clock runs at its end of business. **Source:** 民法典 §201, §203; domain.md §8.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from casework.errors import LimitTooLong, NaiveInstant, NoWorkingDays
from casework.stretches import Stretch, merged, pieces
from casework.workdays import DayReason, Window, Workdays, instant, local_day
from rules.model import Label, Limit, LimitUnit

MOST_DAYS_OFF = 366  # a year without a working day is a broken calendar, not a holiday

# About two years each. Anything longer is a slip of the pen that would only keep us counting.
LONGEST: Mapping[LimitUnit, int] = MappingProxyType(
    {
        LimitUnit.MINUTES: 1_051_200,
        LimitUnit.HOURS: 17_520,
        LimitUnit.WORKING_HOURS: 4_000,
        LimitUnit.WORKING_DAYS: 500,
        LimitUnit.DAYS: 730,
    }
)

_UNIT_WORDS: Mapping[LimitUnit, tuple[str, str]] = MappingProxyType(
    {
        LimitUnit.MINUTES: ("分钟", "minutes"),
        LimitUnit.HOURS: ("小时", "hours"),
        LimitUnit.WORKING_HOURS: ("个工作小时", "working hours"),
        LimitUnit.WORKING_DAYS: ("个工作日", "working days"),
        LimitUnit.DAYS: ("日", "days"),
    }
)

START_DAY = Label("开始当日不计入", "The day it starts on does not count")
PROMISED_DAY = Label("承诺的日期", "The promised day")
LAST_DAY = Label("顺延至该日截止", "Moved on to this day")


@dataclass(frozen=True, slots=True)
class SumLine:
    """One line of the sum behind a due instant.

    Attributes:
        start: aware UTC; lines are half-open, in order, and do not overlap.
        end: aware UTC. A line of days runs from local midnight to local midnight.
        is_counted: whether it used up a part of the limit.
        tally: how much of the limit is used up at its end, e.g. "3" (days) or "1.5" (hours).
        why: reason for the screen.
        is_provisional: the line stands on a year that no notice has arranged (暂定).
    """

    start: datetime
    end: datetime
    is_counted: bool
    tally: str
    why: Label
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Where a limit ends (aware UTC), whether that is provisional, and the sum behind it."""

    at: datetime
    is_provisional: bool
    lines: tuple[SumLine, ...]


def count(start: datetime, limit: Limit, workdays: Workdays, off: Iterable[Stretch] = ()) -> Count:
    """Return where `limit` ends when it starts at `start`.

    Args:
        start: aware.
        limit: amount and unit; an amount of 0 ends at `start`.
        workdays: calendar of the county.
        off: stretches that do not count, in any order.

    Raises:
        NaiveInstant: `start` has no time zone.
        LimitTooLong: no authority sets such a limit.
        NoWorkingDays: the calendar never gives enough working time.
    """
    if start.tzinfo is None:
        raise NaiveInstant("start", start)
    begin = start.astimezone(UTC)
    stretches = merged(off)
    if limit.amount > LONGEST[limit.unit]:
        raise LimitTooLong(str(limit), f"{LONGEST[limit.unit]}{limit.unit}")
    if limit.amount <= 0:
        return Count(begin, is_provisional=False, lines=())
    match limit.unit:
        case LimitUnit.MINUTES:
            return _count_natural(begin, timedelta(minutes=limit.amount), stretches)
        case LimitUnit.HOURS:
            return _count_natural(begin, timedelta(hours=limit.amount), stretches)
        case LimitUnit.WORKING_HOURS:
            return _count_hours(begin, timedelta(hours=limit.amount), workdays, stretches)
        case LimitUnit.WORKING_DAYS:
            return _count_days(begin, limit.amount, workdays, stretches)
        case LimitUnit.DAYS:
            return _count_calendar_days(begin, limit.amount, workdays, stretches)


def limit_words(limit: Limit) -> Label:
    """Return a limit in words."""
    zh, en = _UNIT_WORDS[limit.unit]
    counted = en.removesuffix("s") if limit.amount == 1 else en
    return Label(f"{limit.amount} {zh}", f"{limit.amount} {counted}")


def close_of(day: date, workdays: Workdays) -> Count:
    """Return the end of business of a promised day, moved on to the next working day if need be.

    **Source:** 民法典 §203.
    """
    lines = [_day_line(workdays.why(day), "1", PROMISED_DAY, is_counted=True)]
    last = _roll(day, workdays, (), lines, "1")
    provisional = workdays.is_provisional(day) or workdays.is_provisional(last)
    return Count(workdays.closing(last), provisional, _joined(lines))


def _count_natural(start: datetime, wanted: timedelta, off: tuple[Stretch, ...]) -> Count:
    why = Label("连续计时", "Runs day and night")
    lost = timedelta()
    for stretch in off:
        if stretch.start < start + wanted + lost and stretch.end > start:
            lost += stretch.end - max(stretch.start, start)
    at, used, lines = start + wanted + lost, timedelta(), list[SumLine]()
    for begin, end, stopped in pieces(start, at, off):
        used += end - begin if stopped is None else timedelta()
        lines.append(SumLine(begin, end, stopped is None, _hours(used), stopped or why))
    return Count(at, is_provisional=False, lines=tuple(lines))


def _count_hours(start: datetime, wanted: timedelta, workdays: Workdays, off: tuple[Stretch, ...]) -> Count:
    lines: list[SumLine] = []
    used, idle, provisional = timedelta(), 0, False
    for reason in _days_from(local_day(start), workdays):
        provisional = provisional or reason.is_provisional
        if not reason.is_workday:
            lines.append(_day_line(reason, _hours(used), is_counted=False))
        for begin, end, stopped in _working(start, workdays.windows(reason.day), off):
            until = end if stopped else min(end, begin + (wanted - used))
            used += timedelta() if stopped else until - begin
            why = stopped or Label("工作时间", "Working hours")
            lines.append(SumLine(begin, until, stopped is None, _hours(used), why, reason.is_provisional))
            idle = -1
            if used == wanted:
                return Count(until, provisional, _joined(lines))
        idle += 1
        if idle > MOST_DAYS_OFF:
            break
    raise NoWorkingDays(workdays.version, local_day(start))


def _working(
    start: datetime, windows: tuple[Window, ...], off: tuple[Stretch, ...]
) -> Iterator[tuple[datetime, datetime, Label | None]]:
    for window in windows:
        yield from pieces(max(start, window.start), window.end, off)


def _count_days(start: datetime, wanted: int, workdays: Workdays, off: tuple[Stretch, ...]) -> Count:
    first = local_day(start)
    lines = [_day_line(workdays.why(first), "0", START_DAY, is_counted=False)]
    used, idle, provisional = 0, 0, False
    for reason in _days_from(first + timedelta(days=1), workdays):
        provisional = provisional or reason.is_provisional
        closing = workdays.closing(reason.day)
        stopped = _off_at(closing, off)
        if not reason.is_workday or stopped is not None:
            lines.append(_day_line(reason, str(used), stopped.why if stopped else None, is_counted=False))
            idle = idle + 1 if stopped is None else 0
        else:
            used, idle = used + 1, 0
            lines.append(_day_line(reason, str(used), is_counted=True))
        if used == wanted:
            return Count(closing, provisional, _joined(lines))
        if idle > MOST_DAYS_OFF:
            break
    raise NoWorkingDays(workdays.version, first)


def _count_calendar_days(start: datetime, wanted: int, workdays: Workdays, off: tuple[Stretch, ...]) -> Count:
    day = local_day(start)
    lines = [_day_line(workdays.why(day), "0", START_DAY, is_counted=False)]
    used = 0
    while used < wanted:
        day += timedelta(days=1)
        stopped = _off_at(workdays.closing(day), off)
        used += stopped is None
        why = stopped.why if stopped else Label("自然日", "Calendar day")
        lines.append(_day_line(workdays.why(day), str(used), why, is_counted=stopped is None))
    last = _roll(day, workdays, off, lines, str(used))
    provisional = workdays.is_provisional(day) or workdays.is_provisional(last)
    return Count(workdays.closing(last), provisional, _joined(lines))


def _roll(day: date, workdays: Workdays, off: tuple[Stretch, ...], lines: list[SumLine], tally: str) -> date:
    """Return `day`, or the next working day at whose close the clock runs; add lines for days after it."""
    idle = 0
    for reason in _days_from(day, workdays):
        stopped = _off_at(workdays.closing(reason.day), off)
        is_last = reason.is_workday and stopped is None
        why = stopped.why if stopped else reason.why
        moved = LAST_DAY if is_last else Label(f"{why.zh}，顺延", f"{why.en}: moves on")
        if reason.day > day:  # that day itself has the line that counted it
            lines.append(_day_line(reason, tally, moved, is_counted=False))
        if is_last:
            return reason.day
        idle = idle + 1 if stopped is None else 0
        if idle > MOST_DAYS_OFF:
            break
    raise NoWorkingDays(workdays.version, day)


def _days_from(day: date, workdays: Workdays) -> Iterator[DayReason]:
    while True:
        yield workdays.why(day)
        day += timedelta(days=1)


def _off_at(at: datetime, off: tuple[Stretch, ...]) -> Stretch | None:
    return next((stretch for stretch in off if stretch.start < at <= stretch.end), None)


def _day_line(reason: DayReason, tally: str, why: Label | None = None, *, is_counted: bool) -> SumLine:
    start, end = (instant(day, time()) for day in (reason.day, reason.day + timedelta(days=1)))
    return SumLine(start, end, is_counted, tally, why or reason.why, reason.is_provisional)


def _joined(lines: list[SumLine]) -> tuple[SumLine, ...]:
    """Return the lines with neighbours that do not count for the same reason made one."""
    found: list[SumLine] = []
    for line in lines:
        last = found[-1] if found else None
        if (
            last is not None
            and last.end == line.start
            and not (last.is_counted or line.is_counted)
            and (last.why, last.is_provisional) == (line.why, line.is_provisional)
        ):
            found[-1] = replace(last, end=line.end)
        else:
            found.append(line)
    return tuple(found)


def _hours(used: timedelta) -> str:
    return f"{Decimal(used // timedelta(seconds=1)) / 3600:.2f}".rstrip("0").rstrip(".")
