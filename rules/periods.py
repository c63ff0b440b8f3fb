"""Service periods: times of the year in which a county serves differently, such as exams or floods.

The kinds are a closed list of seasons and services. There is none for dates of a political kind, on purpose:
what people may complain about does not depend on them. It reads no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

from rules.builtin_features import PERIOD_KINDS
from rules.dates import lies_within
from rules.model import ServicePeriod

NONE = PERIOD_KINDS[0]
_LEAP_YEAR = 2000


def period_on(periods: Iterable[ServicePeriod], on: date | None) -> str:
    """Return the kind of the first listed period that holds a day; "none" where none does.

    Args:
        periods: in the order of the pack.
        on: local date; None: nothing is known of the day.
    """
    if on is None:
        return NONE
    return next((period.kind for period in periods if holds(period, on)), NONE)


def is_sensitive(periods: Iterable[ServicePeriod], on: date | None) -> bool:
    """Return whether any period that the pack calls sensitive holds a day."""
    return on is not None and any(period.sensitive and holds(period, on) for period in periods)


def holds(period: ServicePeriod, on: date) -> bool:
    """Return whether the period holds a local date; its first and last day belong to it."""
    if period.dates is not None:
        return period.dates[0] <= on <= period.dates[1]
    return lies_within(on.month * 100 + on.day, *period.days)


def overlapping(periods: Iterable[ServicePeriod]) -> tuple[tuple[ServicePeriod, ServicePeriod, date], ...]:
    """Return pairs of periods of different kinds that share a day, the first listed first, and that day."""
    found = []
    for one, other in combinations(periods, 2):
        if one.kind == other.kind:
            continue
        days = _days_of(one if one.dates else other)
        day = next((day for day in days if holds(one, day) and holds(other, day)), None)
        if day is not None:
            found.append((one, other, day))
    return tuple(found)


def _days_of(period: ServicePeriod) -> Iterable[date]:
    first, last = period.dates or (date(_LEAP_YEAR, 1, 1), date(_LEAP_YEAR, 12, 31))
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
