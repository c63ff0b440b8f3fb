"""Matchers of a pack as functions over one post whose leaves have been found already.

It searches no text: `signals` finds the terms, expressions and numbers, and files each as a `Spot` under the
leaf that wants it. A matcher whose leaves are all silent is never called.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from rules.model import Combine, Matcher, Near, Number, Pattern, Quantifier, SignalRef, Terms
from rules.negation import is_taken_back

MOST_SPOTS = 400  # kept for one leaf of one post; a hostile post repeats a word without end

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")

WordStarts = Callable[[str], Collection[int]]


class Spot(NamedTuple):
    """A place in the folded post where a leaf was found; `value` only for numbers."""

    start: int
    end: int
    hidden: bool = False
    value: int = 0


Found = list[Spot] | None  # None: no hit. An empty list: a hit that stands nowhere (none of these words).


class Post:
    """One folded post with the spots of its leaves."""

    __slots__ = ("_ends", "_starts", "_taken_back", "known", "spots", "text", "title_end", "words")

    def __init__(self, text: str, title_end: int, words: WordStarts | None) -> None:
        self.text = text
        self.title_end = title_end  # characters of the title; the text starts one later
        self.words = words
        self.spots: dict[int, list[Spot]] = {}
        self.known: dict[str, Found] = {}  # signals that have been decided
        self._ends: list[int] | None = None
        self._starts: Collection[int] | None = None
        self._taken_back: dict[tuple[int, int], bool] = {}

    def file(self, leaf: int, spot: Spot) -> None:
        """Note that a leaf was found at a spot."""
        spots = self.spots.setdefault(leaf, [])
        if len(spots) < MOST_SPOTS:
            spots.append(spot)

    def is_taken_back(self, spot: Spot) -> bool:
        """Return whether the words around the spot deny or only suppose it."""
        key = (spot.start, spot.end)
        known = self._taken_back.get(key)
        if known is None:
            known = self._taken_back[key] = is_taken_back(self.text, spot.start, spot.end)
        return known

    def is_whole_word(self, spot: Spot) -> bool:
        """Return whether words begin at both ends of the spot; true where no words are known."""
        if self.words is None:
            return True
        if spot.hidden:
            return False
        if self._starts is None:
            self._starts = self.words(self.text)
        return spot.start in self._starts and (spot.end in self._starts or spot.end == len(self.text))

    def share_part(self, one: Spot, other: Spot) -> bool:
        """Return whether both stand in the title or both in the text."""
        return (one.start < self.title_end) == (other.start < self.title_end)

    def share_sentence(self, one: Spot, other: Spot) -> bool:
        """Return whether no end of a sentence stands between both."""
        if self._ends is None:
            self._ends = [match.start() for match in _SENTENCE_END.finditer(self.text)]
        return bisect_left(self._ends, one.start) == bisect_left(self._ends, other.start)


Find = Callable[[Post], Found]


class Leaves:
    """Numbers the leaves of all matchers of a pack; equal leaves share a number."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self.terms: dict[int, Terms] = {}
        self.patterns: dict[int, Pattern] = {}
        self.units: dict[int, tuple[str, ...]] = {}

    def of_terms(self, matcher: Terms) -> int:
        """Return the number of a leaf for these terms."""
        number = self._number(("terms", matcher.terms, matcher.lexicons, matcher.whole_word))
        self.terms.setdefault(number, matcher)
        return number

    def of_pattern(self, matcher: Pattern) -> int:
        """Return the number of a leaf for this expression."""
        number = self._number(("pattern", matcher.regex))
        self.patterns.setdefault(number, matcher)
        return number

    def of_number(self, matcher: Number) -> int:
        """Return the number of a leaf for numbers before these unit words."""
        number = self._number(("number", matcher.units))
        self.units.setdefault(number, matcher.units)
        return number

    def _number(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


class Context(NamedTuple):
    """What a matcher inherits from its signal, and where it reports to."""

    leaves: Leaves
    used: set[int]  # receives the leaves of this signal
    signal: Callable[[str, set[int]], Find]  # finder of another signal; adds its leaves to the set
    skip_negated: bool
    title_only: bool


def finder(matcher: Matcher, context: Context) -> Find:
    """Return the function that says whether and where `matcher` hits in a post."""
    if isinstance(matcher, Terms):
        return _leaf(context.leaves.of_terms(matcher), context, whole_word=matcher.whole_word)
    if isinstance(matcher, Pattern):
        return _leaf(context.leaves.of_pattern(matcher), context, whole_word=False)
    if isinstance(matcher, Number):
        return _number(matcher, context)
    if isinstance(matcher, Near):
        return _near(matcher, finder(matcher.first, context), finder(matcher.second, context))
    if isinstance(matcher, SignalRef):
        return context.signal(matcher.signal, context.used)
    return _combine(matcher, [finder(member, context) for member in matcher.members])


def _leaf(number: int, context: Context, *, whole_word: bool) -> Find:
    context.used.add(number)
    skip_negated, title_only = context.skip_negated, context.title_only

    def find(post: Post) -> Found:
        spots = post.spots.get(number)
        if spots is None:
            return None
        if title_only:
            spots = [spot for spot in spots if spot.start < post.title_end]
        if whole_word:
            spots = [spot for spot in spots if post.is_whole_word(spot)]
        if skip_negated:
            spots = [spot for spot in spots if not post.is_taken_back(spot)]
        return spots or None

    return find


def _number(matcher: Number, context: Context) -> Find:
    find = _leaf(context.leaves.of_number(matcher), context, whole_word=False)
    low = matcher.at_least if matcher.at_least is not None else 0
    high = matcher.at_most

    def find_within(post: Post) -> Found:
        spots = [s for s in find(post) or () if s.value >= low and (high is None or s.value <= high)]
        return spots or None

    return find_within


def _near(matcher: Near, first: Find, second: Find) -> Find:
    def find(post: Post) -> Found:
        ones = first(post)
        if not ones:
            return None
        others = second(post)
        if not others:
            return None
        pairs = _pairs(post, ones, others, matcher)
        if not matcher.ordered:
            pairs += _pairs(post, others, ones, matcher)
        return sorted({spot for pair in pairs for spot in pair}) or None

    return find


def _pairs(post: Post, ones: list[Spot], others: list[Spot], matcher: Near) -> list[tuple[Spot, Spot]]:
    """Return each of `ones` with the nearest of `others` that follows it, where near enough."""
    others = sorted(others)
    starts = [spot.start for spot in others]
    pairs = []
    for one in ones:
        index = bisect_left(starts, one.end)
        if index == len(others):
            continue
        # The nearest is enough: if it is too far, or in another sentence, so are all later ones.
        other = others[index]
        if other.start - one.end > matcher.within or not post.share_part(one, other):
            continue
        if matcher.same_sentence and not post.share_sentence(one, other):
            continue
        pairs.append((one, other))
    return pairs


def _combine(matcher: Combine, members: list[Find]) -> Find:
    if matcher.quantifier is Quantifier.NONE:
        return lambda post: None if any(member(post) is not None for member in members) else []
    needed = {
        Quantifier.ANY: 1,
        Quantifier.ALL: len(members),
        Quantifier.AT_LEAST: matcher.count,
    }[matcher.quantifier]

    def find(post: Post) -> Found:
        spots: list[Spot] = []
        hits = 0
        # An unmet member ends the search as soon as the rest cannot make up for it.
        for left, member in zip(range(len(members) - 1, -1, -1), members, strict=True):
            found = member(post)
            if found is not None:
                hits += 1
                spots += found
            elif hits + left < needed:
                return None
        return spots if hits >= needed else None

    return find


def merged(spots: Iterable[Spot]) -> list[Spot]:
    """Return the spots in order, each range once, and no more than `MOST_SPOTS`."""
    unique: dict[tuple[int, int], Spot] = {}
    for spot in spots:
        key = (spot.start, spot.end)
        if key not in unique or unique[key].hidden:
            unique[key] = spot
    return sorted(unique.values())[:MOST_SPOTS]


def outermost(spots: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the (start, end, index) that lie inside no longer one; equal ranges all stay."""
    ordered = sorted(spots, key=lambda s: (s[0], -s[1], s[2]))
    kept: list[tuple[int, int, int]] = []
    longest: tuple[int, int] = (-1, -1)
    for start, end, index in ordered:
        inside = longest[0] <= start and end <= longest[1] and (start, end) != longest
        if not inside:
            kept.append((start, end, index))
            if end > longest[1]:
                longest = (start, end)
    return kept
