"""Objections (异议) of a lead unit to an assignment, and the rulings (裁定) on who leads. Pure.

It leaves out who may object in which state (`performers`, `lifecycle`) and what a ruling does to clocks
(`casework.desk`). A serious case has no window: it is handled first and not handed back.
**Source:** domain.md §2.3 (windows), §2.7 (one objection per unit and case, silence is acceptance, after a
designation no return, 编办 + 司法局 after the second re-assignment, joint meeting after the third).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.clock_entries import limit_for, opened
from casework.clocks import due
from casework.workdays import Workdays
from rules.model import DeadlinePolicy, DemandClass, Grade, Stage


class RulingKind(StrEnum):
    """What the office ruled."""

    DESIGNATED = "designated"  # the law left it open, or two units may have it
    UPHELD = "upheld"  # the objection failed
    REASSIGNED = "reassigned"  # the objection held, or the case goes on to another unit once more


class Review(StrEnum):
    """Who has to be heard before a case is given to yet another unit."""

    DUTY = "duty"  # 编办 + 司法局
    MEETING = "meeting"  # joint meeting, with minutes


@dataclass(frozen=True, slots=True)
class Objection:
    """What a unit said against having a case. Instants are aware UTC."""

    id: uuid.UUID
    unit: str
    clause: str
    reason: str
    proposed_unit: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who leads, as the office ruled in writing.

    Attributes:
        former: who led before; None where nobody did.
        review: what a duty review or joint meeting found; empty where none was needed.
        topic, place, zone: of the case then, so that the next such case finds it.
    """

    id: uuid.UUID
    case_id: uuid.UUID
    objection_id: uuid.UUID | None
    kind: RulingKind
    former: str | None
    lead: str
    basis: str
    reason: str
    review: str
    topic: str | None
    place: str | None
    zone: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a unit may object. `is_open` at the instant that was asked for."""

    until: datetime
    is_open: bool
    is_provisional: bool


def window(
    deadlines: DeadlinePolicy,
    grade: Grade,
    demand: DemandClass,
    *,
    since: datetime,
    now: datetime,
    workdays: Workdays,
) -> Window | None:
    """Return the time in which the unit may object; None where the policy gives none.

    Args:
        deadlines: as frozen for the case.
        grade: of the case.
        demand: its class.
        since: when the unit was given the case, aware UTC.
        now: aware UTC.
        workdays: calendar of the county.
    """
    line = limit_for(deadlines, Stage.OBJECTION, grade, demand)
    if line is None:
        return None
    clock = opened(line, deadlines, since, calendar_version=workdays.version, by="")
    reckoned = due(clock, workdays)
    return Window(reckoned.at, now <= reckoned.at, reckoned.is_provisional)


def is_settled(unit: str, *, rulings: Iterable[Ruling], objections: Iterable[Objection]) -> bool:
    """Return whether this unit may object no more: it did once, or a ruling gave it the case."""
    return any(one.unit == unit for one in objections) or any(one.lead == unit for one in rulings)


def review_before(reassigned: int) -> Review | None:
    """Return who has to be heard before the next re-assignment.

    Args:
        reassigned: how often the case was given to another lead after its dispatch.

    **Source:** domain.md §2.7: duty review at the second re-assignment, joint meeting from the third on.
    """
    if reassigned == 0:
        return None
    return Review.DUTY if reassigned == 1 else Review.MEETING


def precedents(
    rulings: Iterable[Ruling],
    *,
    topic: str | None,
    place: str | None,
    zone: str | None,
    units: Collection[str],
    most: int = 3,
) -> tuple[Ruling, ...]:
    """Return earlier rulings on the like of a case: same topic, one of the same units, best match first.

    Args:
        rulings: newest first.
        topic: of the case; without one nothing is like it.
        place: of the case.
        zone: of its place, urban or rural. A ruling of another zone is no precedent: the law may differ.
        units: the lead, and whoever is proposed or a candidate.
        most: how many at most.
    """
    alike = [
        one
        for one in rulings
        if topic is not None
        and one.topic == topic
        and (one.zone is None or zone is None or one.zone == zone)
        and ({one.former, one.lead} & set(units))
    ]
    alike.sort(key=lambda one: one.place is None or one.place != place)  # stable: newest first within each
    return tuple(alike[:most])
