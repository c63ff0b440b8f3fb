"""Lexicons and patterns as one automaton: a post goes in; signals, topics, places and units come out.

The only module that knows the automaton. It grades nothing: rules do. The cost of a post grows with
what it contains, not with the number of rules: a matcher none of whose leaves was found is not even called.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache

import ahocorasick_rs

from rules.evidence import Evidence
from rules.expressions import Expressions
from rules.leaf_filing import PlaceLeaves, file_days
from rules.model import Hit, Pack
from rules.normalise import normalise
from rules.plan import Plan
from rules.post import MOST_SPOTS, Post, Range, Spot, WordStarts, merged, outermost
from rules.post_text import Prepared, prepare
from rules.scan import Mention, Scan, TopicEvidence
from rules.unit_words import UnitWords

_MOST_OF_TABLE = 2_000  # terms; up to here a full table is the fastest automaton, beyond it misses the caches
_SHORTEST_HIDDEN = 2  # one letter cannot be torn apart

# An author's next draft has nearly all terms again, and folding them is a third of the work of a new scanner.
_KEPT_TERMS = 1 << 15

_new = tuple.__new__  # half the cost of the constructor that a named tuple comes with
_Places = dict[int, list[Range]]  # by term


def compile_signals(pack: Pack) -> Scanner:
    """Return the scanner of a pack that `load_pack` found free of errors."""
    return Scanner(pack)


class Scanner:
    """The signal layer of one pack. It keeps nothing from one post to the next."""

    def __init__(self, pack: Pack) -> None:
        self._plan = Plan(pack)
        self._evidence = Evidence(pack, self._plan)
        self._places = [place.id for place in pack.places]
        self._units = [unit.id for unit in pack.units]
        leaves = self._plan.leaves
        others = self._plan.looked_at | self._evidence.leaves
        self._terms = _Terms(pack, self._plan, others)
        self._expressions = Expressions({n: p.regex for n, p in leaves.patterns.items()})
        self._numbers = UnitWords(leaves.units)
        self._place_leaves = PlaceLeaves(pack.places, leaves.places)
        # Whether there is nothing to look at in a post in which no term asks for a second look.
        self._only_terms = not (leaves.patterns or leaves.units or leaves.days is not None)
        self._only_terms &= self._plan.is_silent and self._evidence.is_silent

    def scan(
        self, title: str, text: str, words: WordStarts | None = None, *, everywhere: bool = False
    ) -> Scan:
        """Return everything that the pack finds in a post. Equal arguments give equal results.

        Args:
            title: of the post, may be empty.
            text: of the post.
            words: returns the offsets at which words begin in the folded text it is given; called at most
                once, and only if a `whole_word` term was found. Without it such terms hit anywhere.
            everywhere: signals that are not shown tell where they stand, too.
        """
        return self.scan_prepared(prepare(title, text), words, everywhere=everywhere)

    def scan_prepared(
        self, prepared: Prepared, words: WordStarts | None = None, *, everywhere: bool = False
    ) -> Scan:
        """Return everything that the pack finds in a post that was made ready before.

        Args:
            prepared: by `prepare`, or by `prepare_folded` from a stored text.
            words: see `scan`.
            everywhere: see `scan`.
        """
        certain, plain = self._terms.in_text(prepared.text)
        hidden = self._terms.hidden(prepared) if prepared.joined is not None else {}
        if not plain and not hidden and self._only_terms:
            sure = self._sure_hits(certain, prepared, everywhere=everywhere)
            return self._scan(prepared, tuple(sure), (), None)
        if hidden:
            plain = self._terms.all_in_text(prepared.text)
        post = Post(prepared.text, prepared.title_end, words)
        post.file_terms(plain, hidden, self._terms.leaves)
        names = self._terms.names(plain, hidden)
        self._expressions.find(post)
        self._numbers.find(post)
        if names is not None:
            self._place_leaves.file(post, names.places)
        file_days(post, self._plan.leaves.days)
        # One that is torn apart somewhere is asked like the others: it may be hidden everywhere.
        sure = [] if hidden else self._sure_hits(certain, prepared, everywhere=everywhere)
        hits = dict(zip(sorted(certain), sure, strict=True)) if sure else {}
        asked = self._plan.signals_of(post) if hidden else self._plan.asked_of(post)
        for index in asked:
            hit = self._hit(index, post, prepared, everywhere=everywhere)
            if hit is not None:
                hits[index] = hit
        topics = self._evidence.of(post, prepared)
        return self._scan(prepared, tuple([hits[index] for index in sorted(hits)]), topics, names)

    def _scan(
        self,
        prepared: Prepared,
        hits: tuple[Hit, ...],
        topics: tuple[TopicEvidence, ...],
        names: _Names | None,
    ) -> Scan:
        features = {hit[0]: hit[1] for hit in hits}
        places = _mentions(self._places, names.places, prepared) if names is not None else ()
        units = _mentions(self._units, names.units, prepared) if names is not None else ()
        text, title_length = prepared.text, prepared.title_end
        return Scan(hits, features, topics, places, units, text, title_length, prepared.cut)

    def _sure_hits(self, certain: _Places, prepared: Prepared, *, everywhere: bool) -> list[Hit]:
        """Return the hits of signals that a term alone trips, in the order of the pack."""
        signals, spans = self._plan.signals, prepared.spans
        hits: list[Hit] = []
        for index in sorted(certain):
            name, _, is_shown, _ = signals[index]
            if not (is_shown or everywhere):
                hits.append(_new(Hit, (name, True, (), False)))
                continue
            ranges = certain[index]
            if len(ranges) > 1:
                ranges.sort()
                del ranges[MOST_SPOTS:]
            hits.append(_new(Hit, (name, True, spans(ranges), False)))
        return hits

    def _hit(self, index: int, post: Post, prepared: Prepared, *, everywhere: bool) -> Hit | None:
        """Return the hit of a signal that holds; None for a number that is 0."""
        name, is_number, is_shown, finder = self._plan.signals[index]
        if not (is_shown or everywhere):
            return _new(Hit, (name, True, (), False))
        spots = merged(finder.find(post) or ())
        value = max([spot.value for spot in spots], default=0) if is_number else True
        if not value:
            return None
        hidden = bool(spots) and all(spot.hidden for spot in spots)
        return Hit(name, value, prepared.spans(spots), hidden)


def _mentions(ids: list[str], found: list[tuple[int, int, int]], prepared: Prepared) -> tuple[Mention, ...]:
    """Return who is named, in the order of the pack; a name inside a longer one does not count."""
    spots: dict[int, list[Spot]] = {}
    for start, end, index in outermost(found):
        spots.setdefault(index, []).append(Spot(start, end))
    return tuple(Mention(ids[index], prepared.spans(merged(spots[index]))) for index in sorted(spots))


@dataclass(slots=True)
class _Names:
    """Names of places and units found in a post: start, end, index in the pack."""

    places: list[tuple[int, int, int]] = field(default_factory=list)
    units: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Wanted:
    """Who wants a term: leaves of matchers, places and units by index in the pack."""

    leaves: set[int] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    units: set[int] = field(default_factory=set)


class _Terms:
    """One automaton over all terms of a pack."""

    def __init__(self, pack: Pack, plan: Plan, asked: AbstractSet[int]) -> None:
        wanted: dict[str, _Wanted] = {}
        lexicons = {lexicon.id: lexicon.terms for lexicon in pack.lexicons}
        for leaf, matcher in plan.leaves.terms.items():
            listed = [term for name in matcher.lexicons for term in lexicons[name]]
            for term in (*matcher.terms, *listed):
                wanted.setdefault(_folded(term), _Wanted()).leaves.add(leaf)
        for index, place in enumerate(pack.places):
            for term in (place.name, *place.aliases):
                wanted.setdefault(_folded(term), _Wanted()).places.add(index)
        for index, unit in enumerate(pack.units):
            for term in (unit.name.zh, unit.short, *unit.mentions):
                wanted.setdefault(_folded(term), _Wanted()).units.add(index)
        wanted.pop("", None)
        everybody = list(wanted.values())
        self.leaves = [tuple(sorted(who.leaves)) for who in everybody]
        self._named = {n: who for n, who in enumerate(everybody) if who.places or who.units}
        self._certain = [
            tuple(sorted({n for leaf in who.leaves for n in plan.certain.get(leaf, ())})) for who in everybody
        ]
        self._second_look = [n in self._named or bool(who.leaves & asked) for n, who in enumerate(everybody)]
        # Most terms trip one signal and do nothing else; the lists above are long, and seldom in the caches.
        self._only = [
            sure[0] if len(sure) == 1 and not more else None
            for sure, more in zip(self._certain, self._second_look, strict=True)
        ]
        self._hideable = [len(term) >= _SHORTEST_HIDDEN for term in wanted]
        self._longest = max(map(len, wanted), default=0)
        self._automaton = _automaton(list(wanted))

    def in_text(self, text: str) -> tuple[_Places, _Places]:
        """Return where signals hit that a term alone trips, and where terms stand that need a second look."""
        certain: _Places = {}
        plain: _Places = {}
        only, tripped, second_look = self._only, self._certain, self._second_look
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            signal = only[index]
            if signal is not None:
                if signal in certain:
                    certain[signal].append((start, end))
                else:
                    certain[signal] = [(start, end)]
                continue
            for signal in tripped[index]:
                certain.setdefault(signal, []).append((start, end))
            if second_look[index]:
                if index in plain:
                    plain[index].append((start, end))
                else:
                    plain[index] = [(start, end)]
        return certain, plain

    def all_in_text(self, text: str) -> _Places:
        """Return where every term stands."""
        plain: _Places = {}
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            plain.setdefault(index, []).append((start, end))
        return plain

    def names(self, plain: _Places, hidden: _Places) -> _Names | None:
        """Return the names of places and units, None where there are none."""
        named = self._named.keys() & (plain.keys() | hidden.keys() if hidden else plain.keys())
        if not named:
            return None
        names = _Names()
        for index in sorted(named):
            who = self._named[index]
            places = (*plain.get(index, ()), *hidden.get(index, ()))[:MOST_SPOTS]
            names.places.extend((*place, number) for place in places for number in who.places)
            names.units.extend((*place, number) for place in places for number in who.units)
        return names

    def hidden(self, prepared: Prepared) -> _Places:
        """Return the terms that only appear once the marks between their letters are gone."""
        found: _Places = {}
        if prepared.joined is None:
            return found
        back = prepared.joined[1]
        for offset, piece in prepared.torn_pieces(self._longest):
            for index, start, end in self._automaton.find_matches_as_indexes(piece, overlapping=True):
                first, last = back[offset + start], back[offset + end - 1] + 1
                torn = last - first > end - start
                crosses = first < prepared.title_end < last
                if torn and not crosses and self._hideable[index]:
                    found.setdefault(index, []).append((first, last))
        return found


def _automaton(terms: list[str]) -> ahocorasick_rs.AhoCorasick:
    few = len(terms) <= _MOST_OF_TABLE
    implementation = ahocorasick_rs.Implementation.DFA if few else None
    return ahocorasick_rs.AhoCorasick(terms, store_patterns=False, implementation=implementation)


@lru_cache(maxsize=_KEPT_TERMS)
def _folded(term: str) -> str:
    return normalise(term).text
