"""Lexicons and patterns as one automaton: a post goes in; signals, topics, places and units come out.

The only module that knows the automaton and RE2. It grades nothing: rules do. The cost of a post grows with
what it contains, not with the number of rules: a matcher none of whose leaves was found is not even called.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

import ahocorasick_rs
import re2

from rules.evidence import Evidence
from rules.leaf_filing import PlaceLeaves, file_days
from rules.model import Hit, Pack
from rules.normalise import Joined, fold_expression, normalise
from rules.numerals import number_finder
from rules.plan import Plan
from rules.post import MOST_SPOTS, Post, Range, Spot, WordStarts, merged, outermost
from rules.post_text import Prepared, prepare
from rules.scan import Mention, Scan

_PATTERN_MEMORY = 8 << 20  # bytes for one expression
_SET_MEMORY = 64 << 20  # bytes for all expressions of a pack together
_MOST_MATCHES = 100  # of one expression in one post
_SHORTEST_HIDDEN = 2  # one letter cannot be torn apart

_Places = dict[int, list[Range]]  # by term


def pattern_fault(regex: str) -> str | None:
    """Return why RE2 cannot run this expression, or None where it can."""
    try:
        compiled = re2.compile(fold_expression(regex), _options(_PATTERN_MEMORY))
    except re2.error as error:
        reason = error.args[0] if error.args else "error"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return "matches the empty text" if compiled.search("") else None


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
        self._terms = _Terms(pack, self._plan)
        self._expressions = _Expressions({n: p.regex for n, p in leaves.patterns.items()})
        self._numbers = _UnitWords(leaves.units)
        self._place_leaves = PlaceLeaves(pack.places, leaves.places)

    def scan(self, title: str, text: str, words: WordStarts | None = None) -> Scan:
        """Return everything that the pack finds in a post. Equal arguments give equal results.

        Args:
            title: of the post, may be empty.
            text: of the post.
            words: returns the offsets at which words begin in the folded text it is given; called at most
                once, and only if a `whole_word` term was found. Without it such terms hit anywhere.
        """
        return self.scan_prepared(prepare(title, text), words)

    def scan_prepared(self, prepared: Prepared, words: WordStarts | None = None) -> Scan:
        """Return everything that the pack finds in a post that was made ready before.

        Args:
            prepared: by `prepare`, or by `prepare_folded` from a stored text.
            words: see `scan`.
        """
        post = Post(prepared.text, prepared.title_end, words)
        names = self._terms.find(post, prepared.joined)
        self._expressions.find(post)
        self._numbers.find(post)
        if names is not None:
            self._place_leaves.file(post, names.places)
        file_days(post, self._plan.leaves.days)
        hits = self._hits(post, prepared)
        return Scan(
            hits=hits,
            features={hit.signal: hit.value for hit in hits},
            topics=self._evidence.of(post, prepared),
            places=_mentions(self._places, names.places, prepared) if names is not None else (),
            units=_mentions(self._units, names.units, prepared) if names is not None else (),
            folded=prepared.text,
            title_length=prepared.title_end,
            cut=prepared.cut,
        )

    def _hits(self, post: Post, prepared: Prepared) -> tuple[Hit, ...]:
        hits: list[Hit] = []
        signals = self._plan.signals
        whole = not post.has_torn
        for index in self._plan.signals_of(post):
            name, is_number, finder, leaf = signals[index]
            if leaf is not None and whole:
                hits.append(Hit(name, value=True, spans=prepared.spans(post.ranges(leaf))))
                continue
            spots = merged(finder.find(post) or ())
            value = max([spot.value for spot in spots], default=0) if is_number else True
            if value:
                hidden = bool(spots) and all(spot.hidden for spot in spots)
                hits.append(Hit(name, value, prepared.spans(spots), hidden))
        return tuple(hits)


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

    def __init__(self, pack: Pack, plan: Plan) -> None:
        wanted: dict[str, _Wanted] = {}
        lexicons = {lexicon.id: lexicon.terms for lexicon in pack.lexicons}
        for leaf, matcher in plan.leaves.terms.items():
            listed = [term for name in matcher.lexicons for term in lexicons[name]]
            for term in (*matcher.terms, *listed):
                wanted.setdefault(normalise(term).text, _Wanted()).leaves.add(leaf)
        for index, place in enumerate(pack.places):
            for term in (place.name, *place.aliases):
                wanted.setdefault(normalise(term).text, _Wanted()).places.add(index)
        for index, unit in enumerate(pack.units):
            for term in (unit.name.zh, unit.short, *unit.mentions):
                wanted.setdefault(normalise(term).text, _Wanted()).units.add(index)
        wanted.pop("", None)
        everybody = list(wanted.values())
        self._leaves = [tuple(sorted(who.leaves)) for who in everybody]
        self._named = {n: who for n, who in enumerate(everybody) if who.places or who.units}
        self._hideable = [len(term) >= _SHORTEST_HIDDEN for term in wanted]
        self._automaton = ahocorasick_rs.AhoCorasick(list(wanted), store_patterns=False) if wanted else None

    def find(self, post: Post, joined: Joined | None) -> _Names | None:
        """File every term of the post under its leaves; return the names of places and units, if any."""
        if self._automaton is None:
            return None
        plain: dict[int, list[Range]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(post.text, overlapping=True):
            if index in plain:
                plain[index].append((start, end))
            else:
                plain[index] = [(start, end)]
        hidden = self._find_hidden(self._automaton, joined, post) if joined is not None else {}
        post.file_terms(plain, hidden, self._leaves)
        named = self._named.keys() & (plain.keys() | hidden.keys() if hidden else plain.keys())
        return self._names(sorted(named), plain, hidden) if named else None

    def _names(self, named: list[int], plain: _Places, hidden: _Places) -> _Names:
        names = _Names()
        for index in named:
            who = self._named[index]
            places = (*plain.get(index, ()), *hidden.get(index, ()))[:MOST_SPOTS]
            names.places.extend((*place, number) for place in places for number in who.places)
            names.units.extend((*place, number) for place in places for number in who.units)
        return names

    def _find_hidden(self, automaton: ahocorasick_rs.AhoCorasick, joined: Joined, post: Post) -> _Places:
        """Return the terms that only appear once the marks between their letters are gone."""
        found: dict[int, list[Range]] = {}
        text, back = joined
        for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            first, last = back[start], back[end - 1] + 1
            torn = last - first > end - start
            crosses = first < post.title_end < last
            if torn and not crosses and self._hideable[index]:
                found.setdefault(index, []).append((first, last))
        return found


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    return options


class _Expressions:
    """All expressions of a pack; one pass says which of them match, only those are searched for places."""

    def __init__(self, regexes: dict[int, str]) -> None:
        self._leaves = list(regexes)
        options = _options(_SET_MEMORY)
        self._set = re2.Set.SearchSet(options)
        self._compiled = []
        for regex in regexes.values():
            folded = fold_expression(regex)
            self._set.Add(folded)
            self._compiled.append(re2.compile(folded, _options(_PATTERN_MEMORY)))
        if self._leaves:
            self._set.Compile()

    def find(self, post: Post) -> None:
        """File every match under its leaf."""
        if not self._leaves:
            return
        for index in self._set.Match(post.text) or ():
            for match in islice(self._compiled[index].finditer(post.text), _MOST_MATCHES):
                start, end = match.span()
                if start < end and not start < post.title_end < end:
                    post.file_spot(self._leaves[index], Spot(start, end))


class _UnitWords:
    """The unit words before which numbers count."""

    def __init__(self, units: dict[int, tuple[str, ...]]) -> None:
        self._by_first: dict[str, list[tuple[str, int]]] = {}
        for leaf, words in units.items():
            for word in (normalise(word).text for word in words):
                if word:
                    self._by_first.setdefault(word[0], []).append((word, leaf))
        self._numbers = number_finder(self._by_first) if self._by_first else None

    def find(self, post: Post) -> None:
        """File every number that stands before a unit word, together with the word."""
        if self._numbers is None:
            return
        text = post.text
        for number in self._numbers(text):
            for at in number.unit_at:
                for word, leaf in self._by_first.get(text[at : at + 1], ()):
                    if text.startswith(word, at):
                        post.file_spot(leaf, Spot(number.start, at + len(word), value=number.value))
