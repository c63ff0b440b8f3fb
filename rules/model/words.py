"""Words that everything of a pack is said with: grades, classes of demand, places in files, labels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """Severity of a case. These three keys and no others, everywhere.

    Source: 网络舆情 three-level practice, domain.md §1.
    """

    GENERAL = "general"
    MAJOR = "major"
    SERIOUS = "serious"

    @property
    def rank(self) -> int:
        """Return 1 for general, 2 for major, 3 for serious."""
        return {"general": 1, "major": 2, "serious": 3}[self.value]


class DemandClass(StrEnum):
    """What a citizen asks for (诉求类别)."""

    CONSULTATION = "consultation"
    REQUEST = "request"
    COMPLAINT = "complaint"
    ACCUSATION = "accusation"


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands in a pack: file name, line and column, both from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages of the screen."""

    zh: str
    en: str
