"""Whether two open cases are possibly about one matter, so that a person should look.

Looser than `matter`, which joins posts by itself: separately written posts share too few words for that. A
wrong guess here costs a look, never a voice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.model import Label

NEARBY = timedelta(days=7)
"""Posts at most so far apart may be about the same thing happening."""
MOST_GUESSES = 3
"""Cases named for one new case, those last heard of first: at a busy spot a person shall not drown."""


@dataclass(frozen=True, slots=True)
class CaseSpot:
    """What of a case counts here.

    Attributes:
        place: id in the gazetteer, of a small place (`matter.SPECIFIC_PLACES`).
        first_at, last_at: aware UTC, between which its matter was spoken of.
    """

    id: uuid.UUID
    name: str
    topic: str | None
    place: str
    lead: str | None
    is_confidential: bool
    first_at: datetime
    last_at: datetime


def possibly_same(
    new: CaseSpot, others: Iterable[CaseSpot], group_of: Callable[[str], str | None]
) -> tuple[tuple[CaseSpot, Label], ...]:
    """Return the cases that are possibly about the same matter as a new one, with the reason.

    | place | confidential | spoken of | topic | |
    |---|---|---|---|---|
    | the same | alike | at most 7 days apart | the same | possibly the same |
    | the same | alike | at most 7 days apart | of one group, and one lead unit | possibly the same |
    | anything else | | | | not |

    Args:
        new: just opened.
        others: open cases; the new one among them is left out.
        group_of: returns the first-level group of a topic; asked only where two topics differ.
    """
    found = [
        (other, reason)
        for other in others
        if other.id != new.id and (reason := _likeness(new, other, group_of)) is not None
    ]
    return tuple(sorted(found, key=lambda pair: pair[0].last_at, reverse=True)[:MOST_GUESSES])


def _likeness(new: CaseSpot, other: CaseSpot, group_of: Callable[[str], str | None]) -> Label | None:
    is_near = other.first_at - NEARBY <= new.first_at <= other.last_at + NEARBY
    if new.place != other.place or new.is_confidential is not other.is_confidential or not is_near:
        return None
    if new.topic is None or other.topic is None:
        return None
    if new.topic == other.topic:
        return Label(
            f"地点、主题相同，相隔不超过 {NEARBY.days} 天",
            f"same place and topic, at most {NEARBY.days} days apart",
        )
    if new.lead is None or new.lead != other.lead:
        return None
    group = group_of(new.topic)
    if group is not None and group == group_of(other.topic):
        return Label(
            f"地点、主办单位相同，主题同属“{group}”，相隔不超过 {NEARBY.days} 天",
            f"same place and lead unit, topics of one group, at most {NEARBY.days} days apart",
        )
    return None
