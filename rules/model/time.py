"""Until when: limits, clocks of each stage, the calendar and service periods. They count nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from rules.model.words import DemandClass, Grade, Label, Location


class LimitUnit(StrEnum):
    """How a limit counts. m/h natural, wh working hours, wd working days, d calendar days."""

    MINUTES = "m"
    HOURS = "h"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    DAYS = "d"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time, e.g. 48h or 15wd."""

    amount: int
    unit: LimitUnit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


class Stage(StrEnum):
    """The clocks of a case."""

    SIGN_FOR = "sign_for"
    OBJECTION = "objection"
    FIRST_CONTACT = "first_contact"
    FIRST_REPORT = "first_report"
    PUBLIC_REPLY = "public_reply"
    CLOSE = "close"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """The limit of one stage for a grade (and, where it matters, a class of demand)."""

    stage: Stage
    grade: Grade
    demand: DemandClass | None  # None: every class
    limit: Limit
    night_defer: bool  # a start outside day hours counts from the next opening
    source: str
    at: Location


@dataclass(frozen=True, slots=True)
class DeadlinePolicy:
    """All limits of a pack."""

    version: str
    day_start: time  # opening for deferred night starts
    day_end: time
    night_resume: time
    clocks: tuple[ClockPolicy, ...]


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year as announced: days off on weekdays or weekends, and make-up working days."""

    year: int
    notice: str  # number of the notice; empty where provisional
    provisional: bool
    off: frozenset[date]
    work: frozenset[date]  # Saturdays and Sundays that are worked (调休上班)


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """The county's calendar: announced years, local closures and the split working day."""

    version: str
    hours: tuple[tuple[time, time], ...]  # half-open windows of a working day, in order
    years: tuple[CalendarYear, ...]
    closures: frozenset[date]  # local extra closures


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """A time in which the county serves differently. First and last day belong to it."""

    kind: str  # of `builtin_features.PERIOD_KINDS`
    title: Label
    dates: tuple[date, date] | None  # of one year; None: every year
    days: tuple[int, int]  # of every year, as month x 100 + day; may run over the new year
    sensitive: bool  # sets the feature `sensitive_period`
    at: Location
