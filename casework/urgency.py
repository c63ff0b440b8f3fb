"""Whose turn it is on the person's desk: threats to life first, then by grade. It grades nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from rules.model import Grade, Scalar

DANGER_TO_LIFE = "danger_to_life"
"""Feature of a pack: somebody's life may be in danger. A pack without it simply never says it."""


class Turn(IntEnum):
    """The turn of an open item, the smallest first; within one turn the oldest is first.

    What nobody could grade may be grave, so it stands before what was found to be general.

    **Source:** a county's choice; no rule of law orders a desk.
    """

    LIFE = 0
    SERIOUS = 1
    MAJOR = 2
    UNGRADED = 3
    GENERAL = 4


_BY_GRADE: Mapping[Grade | None, Turn] = {
    Grade.SERIOUS: Turn.SERIOUS,
    Grade.MAJOR: Turn.MAJOR,
    Grade.GENERAL: Turn.GENERAL,
    None: Turn.UNGRADED,
}


def turn_of(grade: Grade | None, features: Mapping[str, Scalar] | None = None) -> Turn:
    """Return the turn of what has this grade, proposed or decided, and says this.

    Args:
        grade: None where nobody could grade it.
        features: of the post that is asked about; None where a case is.
    """
    return Turn.LIFE if features and features.get(DANGER_TO_LIFE) else _BY_GRADE[grade]
