"""One folded post and what has been found in it, leaf by leaf, for matchers to decide on.

A leaf is something that can be looked for: a set of terms, an expression, numbers before unit words. It
searches nothing itself; `signals` files what it finds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from rules.negation import Cues

MOST_SPOTS = 400  # kept for one leaf of one post; a hostile post repeats a word without end

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")

_new = tuple.__new__  # half the cost of the constructor that a named tuple comes with
WordStarts = Callable[[str], Collection[int]]
Range = tuple[int, int]


class Spot(NamedTuple):
    """A place in the folded post where a leaf was found; `value` only for numbers."""

    start: int
    end: int
    hidden: bool = False
    value: int = 0


class Post:
    """One folded post with what was found in it.

    Attributes:
        title_end: characters of the title; the text starts one later.
        touched: by leaf the terms of it that were found; none for other leaves.
        holding, located: signals that have been decided and located.
        plain: by term, where it stands as it is.
        kept: spots of a leaf that count for one kind of matcher, by leaf and kind.
    """

    __slots__ = (
        "_cues",
        "_ends",
        "_filed",
        "_hidden",
        "_spots",
        "_starts",
        "_taken_back",
        "_words",
        "holding",
        "kept",
        "located",
        "plain",
        "text",
        "title_end",
        "touched",
    )

    def __init__(self, text: str, title_end: int, words: WordStarts | None) -> None:
        self.text = text
        self.title_end = title_end
        self.touched: dict[int, list[int]] = {}
        self.holding: dict[str, bool] = {}
        self.located: dict[str, list[Spot] | None] = {}
        self.kept: dict[tuple[int, int], list[Spot]] = {}
        self._words = words
        self.plain: Mapping[int, list[Range]] = {}
        self._hidden: Mapping[int, list[Range]] = {}
        self._filed: dict[int, list[Spot]] = {}
        self._spots: dict[int, list[Spot]] = {}
        self._ends: list[int] | None = None
        self._starts: frozenset[int] | None = None
        self._taken_back: dict[Range, bool] = {}
        self._cues: Cues | None = None

    @property
    def has_torn(self) -> bool:
        """Return whether any term was found only once the marks between its letters were gone."""
        return bool(self._hidden)

    def file_terms(
        self,
        plain: Mapping[int, list[Range]],
        hidden: Mapping[int, list[Range]],
        leaves: Sequence[tuple[int, ...]],
    ) -> None:
        """Note where terms stand, for every leaf that wants them.

        Args:
            plain: by term, where it stands as it is.
            hidden: by term, where it stands torn apart by marks.
            leaves: of each term.
        """
        self.plain, self._hidden = plain, hidden
        touched = self.touched
        for term in plain:
            for leaf in leaves[term]:
                if leaf in touched:
                    touched[leaf].append(term)
                else:
                    touched[leaf] = [term]
        for term in hidden.keys() - plain.keys() if hidden else ():
            for leaf in leaves[term]:
                touched.setdefault(leaf, []).append(term)

    def file_spot(self, leaf: int, spot: Spot) -> None:
        """Note that a leaf that is no set of terms was found at a spot."""
        self.touched.setdefault(leaf, [])
        spots = self._filed.setdefault(leaf, [])
        if len(spots) < MOST_SPOTS:
            spots.append(spot)

    def terms(self, leaf: int) -> list[Range]:
        """Return how often and where first each term of a leaf was found; cheaper than all of its spots."""
        plain = self.plain
        if not self._hidden:
            return [(len(plain[term]), plain[term][0][0]) for term in self.touched.get(leaf, ())]
        places = [(*plain.get(term, ()), *self._hidden.get(term, ())) for term in self.touched.get(leaf, ())]
        return [(len(place), min(place)[0]) for place in places]

    def spots(self, leaf: int) -> list[Spot]:
        """Return where a leaf was found, in order."""
        known = self._spots.get(leaf)
        if known is None:
            known = [*self._filed.get(leaf, ())]
            plain, hidden = self.plain, self._hidden
            for term in self.touched.get(leaf, ()):
                if term in plain:
                    known += [_new(Spot, (*place, False, 0)) for place in plain[term][:MOST_SPOTS]]
                if hidden and term in hidden:
                    known += [Spot(start, end, hidden=True) for start, end in hidden[term]]
            if len(known) > 1:
                known.sort()
                del known[MOST_SPOTS:]
            self._spots[leaf] = known
        return known

    def is_taken_back(self, spot: Spot) -> bool:
        """Return whether the words around the spot deny or only suppose it."""
        key = spot[:2]
        known = self._taken_back.get(key)
        if known is None:
            if self._cues is None:
                self._cues = Cues(self.text)
            known = self._taken_back[key] = self._cues.take_back(spot[0], spot[1])
        return known

    def is_whole_word(self, spot: Spot) -> bool:
        """Return whether words begin at both ends of the spot; true where no words are known."""
        if self._words is None:
            return True
        if spot.hidden:
            return False
        if self._starts is None:
            self._starts = frozenset(self._words(self.text))
        return spot.start in self._starts and (spot.end in self._starts or spot.end == len(self.text))

    def share_part(self, one: Spot, other: Spot) -> bool:
        """Return whether both stand in the title or both in the text."""
        return (one.start < self.title_end) == (other.start < self.title_end)

    def share_sentence(self, one: Spot, other: Spot) -> bool:
        """Return whether no end of a sentence stands between both."""
        if self._ends is None:
            self._ends = [match.start() for match in _SENTENCE_END.finditer(self.text)]
        return bisect_left(self._ends, one.start) == bisect_left(self._ends, other.start)


def merged(spots: Iterable[Spot]) -> list[Spot]:
    """Return the spots in order, each range once, and no more than `MOST_SPOTS`."""
    spots = list(spots)
    if len(spots) == 1:
        return spots
    unique: dict[Range, Spot] = {}
    for spot in spots:
        key = (spot.start, spot.end)
        if key not in unique or unique[key].hidden:
            unique[key] = spot
    return sorted(unique.values())[:MOST_SPOTS]


def outermost(spots: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the (start, end, index) that lie inside no longer one; equal ranges all stay."""
    kept: list[tuple[int, int, int]] = []
    longest = (-1, -1)
    for start, end, index in sorted(spots, key=lambda s: (s[0], -s[1], s[2])):
        inside = longest[0] <= start and end <= longest[1] and (start, end) != longest
        if not inside:
            kept.append((start, end, index))
            if end > longest[1]:
                longest = (start, end)
    return kept
