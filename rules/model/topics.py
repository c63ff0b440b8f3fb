"""What a post may be about, and where: topics with the words that speak for them, and places."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rules.model.matchers import Matcher
from rules.model.words import DemandClass, Label, Location


@dataclass(frozen=True, slots=True)
class WeightedTerms:
    """Terms that speak for (weight > 0) or against (weight < 0) a topic."""

    weight: Decimal
    match: Matcher
    at: Location


@dataclass(frozen=True, slots=True)
class Topic:
    """What a post is about. `group` is one of the pack's first-level groups."""

    id: str
    title: Label
    group: str
    demand: DemandClass  # class when the text gives no other sign
    evidence: tuple[WeightedTerms, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer."""

    id: str
    name: str
    kind: str  # street, town, village, estate, river, road, school, site
    aliases: tuple[str, ...]
    within: str | None  # id of the larger place
    unit: str | None  # the unit of the territory
    zone: str  # urban or rural
    at: Location
