"""Time in which the system was down, and what of it a unit gets back. It knows no database and no clock.

A unit whose due instant passed while nothing could be handed in is not late for that: the time that was left
when the system went down is left again when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DOWN_AFTER = timedelta(minutes=10)
"""The sweep runs each minute and a drain takes five at most: with no sweep for longer the system was down."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch without supervision, half open, aware UTC: from the last sign of life to the next."""

    began_at: datetime
    ended_at: datetime


def outage_between(last: datetime | None, now: datetime) -> Outage | None:
    """Return the outage that lies between the last sign of life and now, None if there was none.

    Args:
        last: aware UTC; None before the first.
        now: aware UTC; a clock that was set back is no outage.
    """
    if last is None or now - last <= DOWN_AFTER:
        return None
    return Outage(last, now)


def excused_until(due_at: datetime, outages: Iterable[Outage]) -> datetime:
    """Return until when an act counts as in time: `due_at` itself unless it fell into an outage.

    Args:
        due_at: aware UTC.
        outages: in any order; none overlaps another.

    **Source:** reliability goal R11: what falls due while everything is down is not charged to the unit.
    """
    until = due_at
    for outage in sorted(outages, key=lambda one: one.began_at):
        if outage.began_at <= until < outage.ended_at:
            until = outage.ended_at + (until - outage.began_at)
    return until
