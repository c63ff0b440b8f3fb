"""Which days and hours are worked, and on whose word.

It leaves out limits and clocks (`counting`, `clocks`). It is the only importer of `chinese_calendar`,
which speaks for announced years that the county's own table lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

import chinese_calendar

from casework.errors import CalendarHasNoHours
from casework.statutory import statutory_days
from rules.model import CalendarTable, CalendarYear, Label

# China has one time zone and, since 1992, no summer time. **Source:** tz database, Asia/Shanghai.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

_SATURDAY = 5
_LIBRARY_FIRST = min(chinese_calendar.holidays).year
_LIBRARY_LAST = max(chinese_calendar.holidays).year
_LIBRARY = "chinesecalendar"
_LAW = "全国年节及纪念日放假办法"


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSURE = "closure"


WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP})


@dataclass(frozen=True, slots=True)
class DayReason:
    """Whether a day is worked, and on whose word.

    Attributes:
        source: number of the notice, name of the data set, or the law.
        is_provisional: no notice covers the year yet (暂定).
        why: sentence part for the screen.
    """

    day: date
    kind: DayKind
    source: str
    is_provisional: bool
    why: Label

    @property
    def is_workday(self) -> bool:
        """Return whether the day is worked."""
        return self.kind in WORKED


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of working time, aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Workdays:
    """The working calendar of a county: `workdays_of` makes one from the pack's table.

    Attributes:
        version: of the table; every clock stores it.
        hours: local windows of a working day, in order, at least one.
        years: the table's years.
        closures: local extra closures.
    """

    version: str
    hours: tuple[tuple[time, time], ...]
    years: Mapping[int, CalendarYear] = field(hash=False)
    closures: frozenset[date]
    # Answers given before. A day is asked about for every line of every sum, and never changes.
    _reasons: dict[date, DayReason] = field(default_factory=dict, init=False, compare=False, repr=False)
    _windows: dict[date, tuple[Window, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @property
    def horizon(self) -> date:
        """Return the last day of the announced years; days after it are provisional."""
        year = _LIBRARY_FIRST
        while not self._by_notice(date(year, 12, 31)).is_provisional:
            year += 1
        return date(year - 1, 12, 31)

    def why(self, day: date) -> DayReason:
        """Return whether `day` is worked and on whose word.

        The table speaks first, then the published data set, then the law alone (provisional). A local
        closure shuts every day that would else be worked.
        """
        reason = self._reasons.get(day)
        if reason is None:
            reason = self._reasons[day] = self._found(day)
        return reason

    def is_workday(self, day: date) -> bool:
        """Return whether `day` is worked."""
        return self.why(day).is_workday

    def is_provisional(self, day: date) -> bool:
        """Return whether no notice covers the year of `day` yet (暂定)."""
        return self.why(day).is_provisional

    def windows(self, day: date) -> tuple[Window, ...]:
        """Return the working windows of `day`, empty if it is not worked."""
        windows = self._windows.get(day)
        if windows is None:
            hours = self.hours if self.is_workday(day) else ()
            windows = tuple(Window(instant(day, opens), instant(day, closes)) for opens, closes in hours)
            self._windows[day] = windows
        return windows

    def windows_between(self, start: datetime, end: datetime) -> Iterator[Window]:
        """Yield the working windows of every day from that of `start` to that of `end`, uncut."""
        day, last = local_day(start), local_day(end)
        while day <= last:
            yield from self.windows(day)
            day += timedelta(days=1)

    def closing(self, day: date) -> datetime:
        """Return the end of business on `day`, also where the day is not worked.

        **Source:** 民法典 §203: with business hours, a time limit ends when business stops.
        """
        return instant(day, self.hours[-1][1])

    def _found(self, day: date) -> DayReason:
        reason = self._by_notice(day)
        if reason.is_workday and day in self.closures:
            shut = Label("县内停止办公", "Local closure")
            return DayReason(day, DayKind.CLOSURE, f"日历 {self.version}", reason.is_provisional, shut)
        return reason

    def _by_notice(self, day: date) -> DayReason:
        year = self.years.get(day.year)
        if year is not None:
            return _from_table(day, year)
        if _LIBRARY_FIRST <= day.year <= _LIBRARY_LAST:
            return _from_library(day)
        return _from_law(day)


@lru_cache(maxsize=32)
def workdays_of(table: CalendarTable) -> Workdays:
    """Return the calendar of a pack; the same one for the same table, with what it knows already.

    Raises:
        CalendarHasNoHours: the table has no working hours, or they are empty or out of order.
    """
    ordered = all(opens < closes for opens, closes in table.hours)
    apart = all(here[1] <= later[0] for here, later in pairwise(table.hours))
    if not table.hours or not ordered or not apart:
        raise CalendarHasNoHours(table.version)
    years = MappingProxyType({year.year: year for year in table.years})
    return Workdays(table.version, table.hours, years, table.closures)


def instant(day: date, at: time) -> datetime:
    """Return the aware UTC instant of a local (Asia/Shanghai) day and time."""
    return datetime.combine(day, at, tzinfo=CHINA).astimezone(UTC)


def local_day(at: datetime) -> date:
    """Return the local (Asia/Shanghai) day of an aware instant."""
    return at.astimezone(CHINA).date()


def _from_table(day: date, year: CalendarYear) -> DayReason:
    if day in year.work:
        why = Label("调休上班", "Make-up workday")
        return DayReason(day, DayKind.MAKE_UP, year.notice or _LAW, year.provisional, why)
    if day in year.off:
        why = Label("节假日放假", "Public holiday")
        return DayReason(day, DayKind.HOLIDAY, year.notice or _LAW, year.provisional, why)
    # A year entered before its notice lists what somebody knew; the law's own days hold all the same.
    return _from_law(day) if year.provisional else _ordinary(day, year.notice, is_provisional=False)


def _from_library(day: date) -> DayReason:
    is_off, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return _ordinary(day, _LIBRARY, is_provisional=False)
    if is_off:
        why = Label("节假日放假", f"Public holiday ({name})")
        return DayReason(day, DayKind.HOLIDAY, _LIBRARY, is_provisional=False, why=why)
    why = Label("调休上班", f"Make-up workday ({name})")
    return DayReason(day, DayKind.MAKE_UP, _LIBRARY, is_provisional=False, why=why)


def _from_law(day: date) -> DayReason:
    name = _statutory(day.year).get(day)
    if name is not None:
        return DayReason(day, DayKind.HOLIDAY, _LAW, is_provisional=True, why=name)
    return _ordinary(day, _LAW, is_provisional=True)


def _ordinary(day: date, source: str, *, is_provisional: bool) -> DayReason:
    if day.weekday() >= _SATURDAY:
        return DayReason(day, DayKind.WEEKEND, source, is_provisional, Label("周末", "Weekend"))
    return DayReason(day, DayKind.WORKDAY, source, is_provisional, Label("工作日", "Working day"))


_statutory = lru_cache(maxsize=64)(statutory_days)
