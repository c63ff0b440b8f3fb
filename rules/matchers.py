"""Matchers of a pack as functions over one post whose leaves have been found already.

Each matcher becomes three functions: whether it can hit at all, whether it does, and where. Most are only
asked the first two; one that lacks what it needs is not asked at all. It searches no text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from rules.dates import lies_within
from rules.model import Combine, Days, Matcher, Near, Number, Pattern, Places, Quantifier, SignalRef, Terms
from rules.post import Post, Spot

Found = list[Spot] | None  # None: no hit. An empty list: a hit that stands nowhere (none of these words).


class Finder(NamedTuple):
    """Whether a matcher hits in a post, and where; both always agree.

    Attributes:
        may_hold: false only where it does not hold. It looks at which leaves were found, never at what stands
            round them, so that a common word is not read a hundred times in posts that lack the rare one.
        needs: leaves without any of which it cannot hit; None where it may hit a post that has no leaf.
    """

    may_hold: Callable[[Post], bool]
    holds: Callable[[Post], bool]
    find: Callable[[Post], Found]
    needs: frozenset[int] | None


class Leaves:
    """Numbers the leaves of all matchers of a pack; equal leaves share a number.

    Args:
        lexicons: terms of each lexicon by its id.
    """

    def __init__(self, lexicons: Mapping[str, Collection[str]]) -> None:
        self._lexicons = lexicons
        self._common: dict[int, float] = {}
        self._numbers: dict[object, int] = {}
        self.terms: dict[int, Terms] = {}
        self.patterns: dict[int, Pattern] = {}
        self.units: dict[int, tuple[str, ...]] = {}
        self.places: dict[int, Places] = {}
        self.days: int | None = None  # all days share a leaf

    def of(self, matcher: Terms | Pattern | Places) -> int:
        """Return the number of a leaf for this matcher."""
        if isinstance(matcher, Terms):
            return self.of_terms(matcher)
        return self.of_pattern(matcher) if isinstance(matcher, Pattern) else self.of_places(matcher)

    def of_terms(self, matcher: Terms) -> int:
        """Return the number of a leaf for these terms."""
        number = self._number(("terms", matcher.terms, matcher.lexicons))
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

    def of_places(self, matcher: Places) -> int:
        """Return the number of a leaf for these places."""
        number = self._number(("places", matcher.ids, matcher.kinds))
        self.places.setdefault(number, matcher)
        return number

    def of_days(self) -> int:
        """Return the number of the leaf for days of the year."""
        self.days = self._number(("days",))
        return self.days

    def commonness(self, leaves: Iterable[int]) -> float:
        """Return about how many of these leaves an ordinary post holds; it only says which to ask first."""
        return sum(self._commonness(leaf) for leaf in leaves)

    def _commonness(self, leaf: int) -> float:
        known = self._common.get(leaf)
        if known is None:
            matcher = self.terms.get(leaf)
            known = self._common[leaf] = _SHARE_OF_OTHERS if matcher is None else self._share_of(matcher)
        return known

    def _share_of(self, matcher: Terms) -> float:
        listed = (term for name in matcher.lexicons for term in self._lexicons[name])
        return sum(_SHARES[min(len(term), len(_SHARES) - 1)] for term in (*matcher.terms, *listed))

    def _number(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


_SHARES = (1.0, 0.124, 0.0146, 0.0035, 0.0017, 0.0003)
"""Share of posts that hold a term of so many characters. **Source:** the 2,496 terms of the demo pack in
3,038 public messages."""
_SHARE_OF_OTHERS = 0.05  # posts that hold an expression, a number before a unit word, a place, a day


class Context(NamedTuple):
    """What a matcher inherits from its signal, and where it reports to."""

    leaves: Leaves
    used: set[int]  # receives the leaves of this signal
    signal: Callable[[str, set[int]], Finder]  # finder of another signal; adds its leaves to the set
    skip_negated: bool
    title_only: bool


def finder(matcher: Matcher, context: Context) -> Finder:
    """Return the functions that say whether and where `matcher` hits in a post."""
    if isinstance(matcher, Terms | Pattern | Places):
        whole_word = isinstance(matcher, Terms) and matcher.whole_word
        return _leaf(context.leaves.of(matcher), context, whole_word=whole_word)
    if isinstance(matcher, Number):
        return _number(matcher, context)
    if isinstance(matcher, Days):
        return _days(matcher, context)
    if isinstance(matcher, Near):
        return _near(matcher, finder(matcher.first, context), finder(matcher.second, context), context)
    if isinstance(matcher, SignalRef):
        return context.signal(matcher.signal, context.used)
    return _combine(matcher, [finder(member, context) for member in matcher.members], context)


_TITLE_ONLY, _WHOLE_WORD, _SKIP_NEGATED = 1, 2, 4


def _leaf(number: int, context: Context, *, whole_word: bool) -> Finder:
    context.used.add(number)
    title_only, skip_negated = context.title_only, context.skip_negated
    kind = title_only * _TITLE_ONLY + whole_word * _WHOLE_WORD + skip_negated * _SKIP_NEGATED
    needs = frozenset({number})

    def is_there(post: Post) -> bool:
        return number in post.touched

    if not kind:
        return Finder(is_there, is_there, lambda post: post.spots(number) or None, needs)
    key = (number, kind)

    def find(post: Post) -> Found:
        if number not in post.touched:  # nearly always
            return None
        kept = post.kept.get(key)
        if kept is None:
            kept = post.spots(number)
            if title_only:
                kept = [spot for spot in kept if spot.start < post.title_end]
            if whole_word:
                kept = [spot for spot in kept if post.is_whole_word(spot)]
            if skip_negated:
                kept = [spot for spot in kept if not post.is_taken_back(spot)]
            post.kept[key] = kept
        return kept or None

    return Finder(is_there, lambda post: find(post) is not None, find, needs)


def _number(matcher: Number, context: Context) -> Finder:
    leaf = _leaf(context.leaves.of_number(matcher), context, whole_word=False)
    low = matcher.at_least if matcher.at_least is not None else 0
    high = matcher.at_most

    def find(post: Post) -> Found:
        spots = [s for s in leaf.find(post) or () if s.value >= low and (high is None or s.value <= high)]
        return spots or None

    return Finder(leaf.may_hold, lambda post: find(post) is not None, find, leaf.needs)


def _days(matcher: Days, context: Context) -> Finder:
    leaf = _leaf(context.leaves.of_days(), context, whole_word=False)
    first, last = matcher.first, matcher.last

    def find(post: Post) -> Found:
        return [spot for spot in leaf.find(post) or () if lies_within(spot.value, first, last)] or None

    return Finder(leaf.may_hold, lambda post: find(post) is not None, find, leaf.needs)


def _near(matcher: Near, first: Finder, second: Finder, context: Context) -> Finder:
    sides = matcher.first, matcher.second
    leaves = [context.leaves.of(side) for side in sides if isinstance(side, Terms | Pattern | Places)]
    # Whether spots count is dear to know (are they denied?), whether they stand close is cheap. No two that
    # count are close where none are: what stands between two that are is closer still.
    look_first = len(leaves) == len(sides) and context.skip_negated

    def may_hold(post: Post) -> bool:
        return first.may_hold(post) and second.may_hold(post)

    def some_are_close(post: Post) -> bool:
        ones, others = (post.spots(leaf) for leaf in leaves)
        if _pairs(post, ones, others, matcher):
            return True
        return not matcher.ordered and bool(_pairs(post, others, ones, matcher))

    def find(post: Post) -> Found:
        # Whether both can be there costs next to nothing, and most posts have one of the two.
        if not may_hold(post) or (look_first and not some_are_close(post)):
            return None
        if not (first.holds(post) and second.holds(post)):
            return None
        ones, others = first.find(post) or [], second.find(post) or []
        pairs = _pairs(post, ones, others, matcher)
        if not matcher.ordered:
            pairs += _pairs(post, others, ones, matcher)
        return sorted({spot for pair in pairs for spot in pair}) or None

    needs = _rarest((first, second), 1, context.leaves)
    return Finder(may_hold, lambda post: find(post) is not None, find, needs)


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


def _rarest(members: Sequence[Finder], most: int, leaves: Leaves) -> frozenset[int] | None:
    """Return the leaves needed by so many members that one of them must hit; the rarest are chosen."""
    known = [one.needs for one in members if one.needs is not None]
    if len(known) < most:
        return None
    if len(known) > most:
        known.sort(key=lambda needs: (leaves.commonness(needs), sorted(needs)))
    return frozenset().union(*known[:most])


def _combine(matcher: Combine, members: list[Finder], context: Context) -> Finder:
    if matcher.quantifier is Quantifier.NONE:
        return _none(members)
    needed = {
        Quantifier.ANY: 1,
        Quantifier.ALL: len(members),
        Quantifier.AT_LEAST: matcher.count,
    }[matcher.quantifier]
    may_hold = _reaches(needed, [member.may_hold for member in members])
    enough_hold = _reaches(needed, [member.holds for member in members])

    def holds(post: Post) -> bool:
        # Of several that must be there one is mostly lacking; of alternatives each looks for itself.
        return (needed == 1 or may_hold(post)) and enough_hold(post)

    def find(post: Post) -> Found:
        if not holds(post):
            return None
        return [spot for member in members for spot in member.find(post) or ()]

    # Of five members two of which must hit, one of any four does.
    return Finder(may_hold, holds, find, _rarest(members, len(members) - needed + 1, context.leaves))


def _none(members: list[Finder]) -> Finder:
    def holds(post: Post) -> bool:
        return not any(member.holds(post) for member in members)

    # What stands round a word may take it back, so only asking tells that it is lacking.
    return Finder(lambda _: True, holds, lambda post: [] if holds(post) else None, None)


def _reaches(needed: int, asked: list[Callable[[Post], bool]]) -> Callable[[Post], bool]:
    """Return a function that says whether at least `needed` of these say yes, asking no more than it must."""

    def reaches(post: Post) -> bool:
        hits = 0
        left = len(asked)
        for ask in asked:
            left -= 1
            if ask(post):
                hits += 1
                if hits >= needed:
                    return True
            elif hits + left < needed:
                return False
        return False

    return reaches
