"""Where a post plays: the most specific place of the gazetteer that it names, and whose territory that is.

It measures no distances and guesses no place that is not named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from rules.model import Place
from rules.rulebook import Rulebook
from rules.scan import Mention, Scan

_SMALLEST_FIRST = ("estate", "village", "school", "site", "river", "road", "street", "town")
URBAN, RURAL = "urban", "rural"
SAYS_URBAN, SAYS_RURAL = "says_urban", "says_rural"  # signals of the pack


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where a post plays.

    Attributes:
        place, kind: of the gazetteer; None where no place of the county is named.
        territory: unit of the territory, None where unknown.
        zone: urban or rural, of the place or else of the words; None where nothing tells.
        others: further places that are named and do not contain the first one.
    """

    place: str | None = None
    kind: str | None = None
    territory: str | None = None
    zone: str | None = None
    others: tuple[str, ...] = ()


class Gazetteer:
    """The places of one pack by id."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._places: Mapping[str, Place] = {place.id: place for place in rulebook.pack.places}

    def view(self, scan: Scan, hint: str | None = None) -> PlaceView:
        """Return where the post plays: of several places one in the title, then the smallest.

        Args:
            scan: of the post.
            hint: id of a place that a person or source gave; it wins where the gazetteer has it.
        """
        named = [self._places[mention.id] for mention in sorted(scan.places, key=self._order)]
        if hint is not None and hint in self._places:
            named.insert(0, self._places[hint])
        if not named:
            return PlaceView(zone=_zone_of_words(scan))
        known = {place.id for place in self._upwards(named[0])}
        others = dict.fromkeys(place.id for place in named if place.id not in known)
        return replace(self._placed(named[0]), others=tuple(others))

    def at(self, place: str | None) -> PlaceView:
        """Return what is known of a place by its id; nothing where the gazetteer does not have it."""
        known = self._places.get(place) if place is not None else None
        return self._placed(known) if known is not None else PlaceView()

    def _placed(self, place: Place) -> PlaceView:
        territory = next((one.unit for one in self._upwards(place) if one.unit is not None), None)
        return PlaceView(place.id, place.kind, territory, place.zone)

    def _order(self, mention: Mention) -> tuple[bool, int, int, str]:
        rank = _SMALLEST_FIRST.index(self._places[mention.id].kind)
        in_title = any(span.part == "title" for span in mention.spans)
        return (not in_title, rank, -len(mention.spans), mention.id)

    def _upwards(self, place: Place) -> list[Place]:
        """Return the place with all that contain it; the loader has refused rings."""
        chain = [place]
        while (above := chain[-1].within) is not None:
            chain.append(self._places[above])
        return chain


@lru_cache(maxsize=8)
def gazetteer_of(rulebook: Rulebook) -> Gazetteer:
    """Return the gazetteer of a rulebook, made ready once."""
    return Gazetteer(rulebook)


def _zone_of_words(scan: Scan) -> str | None:
    rural, urban = bool(scan.features.get(SAYS_RURAL)), bool(scan.features.get(SAYS_URBAN))
    if rural is urban:
        return None
    return RURAL if rural else URBAN
