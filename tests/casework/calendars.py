"""Calendars for tests, written down once more from domain.md §8.2, independent of the shipped pack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from casework.workdays import CHINA, Workdays, workdays_of
from rules.model import CalendarTable, CalendarYear

HOURS = ((time(8, 30), time(12)), (time(14, 30), time(18)))
NOTICE_2025, NOTICE_2026 = "国办发明电〔2024〕12号", "国办发明电〔2025〕7号"


def day(text: str) -> date:
    """Return a date from YYYY-MM-DD."""
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """Return the aware UTC instant of a local YYYY-MM-DD HH:MM."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def local(instant: datetime) -> str:
    """Return an instant as local YYYY-MM-DD HH:MM."""
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"


def span(first: str, last: str) -> list[date]:
    """Return all days from first to last, both included."""
    return [day(first) + timedelta(days=step) for step in range((day(last) - day(first)).days + 1)]


OFF_2025 = frozenset(
    [
        *span("2025-01-01", "2025-01-01"),
        *span("2025-01-28", "2025-02-04"),
        *span("2025-04-04", "2025-04-06"),
        *span("2025-05-01", "2025-05-05"),
        *span("2025-05-31", "2025-06-02"),
        *span("2025-10-01", "2025-10-08"),
    ]
)
WORK_2025 = frozenset(map(day, ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]))
OFF_2026 = frozenset(
    [
        *span("2026-01-01", "2026-01-03"),
        *span("2026-02-15", "2026-02-23"),
        *span("2026-04-04", "2026-04-06"),
        *span("2026-05-01", "2026-05-05"),
        *span("2026-06-19", "2026-06-21"),
        *span("2026-09-25", "2026-09-27"),
        *span("2026-10-01", "2026-10-07"),
    ]
)
WORK_2026 = frozenset(
    map(day, ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
)
YEARS = (
    CalendarYear(2025, NOTICE_2025, provisional=False, off=OFF_2025, work=WORK_2025),
    CalendarYear(2026, NOTICE_2026, provisional=False, off=OFF_2026, work=WORK_2026),
)


def a_table(
    *,
    years: tuple[CalendarYear, ...] = YEARS,
    closures: Iterable[date] = (),
    hours: tuple[tuple[time, time], ...] = HOURS,
) -> CalendarTable:
    """Return a table of the announced years, or of those given."""
    return CalendarTable("test-1", hours, years, frozenset(closures))


def a_calendar(closures: Iterable[date] = ()) -> Workdays:
    """Return the calendar of 2025 and 2026."""
    return workdays_of(a_table(closures=closures))
