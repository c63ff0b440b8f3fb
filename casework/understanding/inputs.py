"""What is known of a post before it is understood: its words, its figures, its matter, the county.

Everything but the text has a neutral default, so that a text alone can be judged. It holds no author.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from rules.scan import Scan

NONE = "none"  # of a word about which nothing is known


@dataclass(frozen=True, slots=True)
class PostText:
    """One post as it was written, with its figures as last seen.

    Attributes:
        source_kind: of the source it came from, e.g. forum or hotline; empty where unknown.
        media_level: of the source: none, city, province or national.
        growth_24h: times the interactions grew in 24 hours.
    """

    title: str
    text: str
    source_kind: str = ""
    media_level: str = NONE
    reads: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    growth_24h: Decimal = Decimal(0)
    on_hot_list: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the matter and its case, beside the post itself.

    Attributes:
        voices: distinct people who spoke, this one included.
        media_level: highest of all posts of the matter.
        current_grade, instructed_grade: none, general, major or serious.
        overdue_hours: of the open case.
        place_hint: id in the gazetteer that a person or a source gave; it wins over the text.
        sensitive_period: today is one by the county's calendar.
        on: local date, for rules with dates of effect; None ignores those.
    """

    posts_1h: int = 0
    posts_24h: int = 0
    posts_total: int = 0
    voices: int = 0
    platforms: int = 0
    media_level: str = NONE
    earlier_unresolved: int = 0
    earlier_dissatisfied: int = 0
    current_grade: str = NONE
    redo_count: int = 0
    transfers: int = 0
    objections: int = 0
    overdue_hours: Decimal = Decimal(0)
    false_reply: bool = False
    suppressed_poster: bool = False
    secondary_wave: bool = False
    instructed: bool = False
    instructed_grade: str = NONE
    sensitive_period: bool = False
    place_hint: str | None = None
    on: date | None = None


NOTHING_KNOWN = Context()


class Suggester(Protocol):
    """A learned model that helps to choose the topic. It never grades and never routes."""

    @property
    def digest(self) -> str:
        """Return what tells this model from any other; it is stored with each decision."""

    def shares(self, post: PostText, scan: Scan) -> Mapping[str, float]:
        """Return by topic how likely it is (0..1); topics left out count as 0."""
