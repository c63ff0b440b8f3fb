"""Lexicons and patterns as one automaton: a post goes in; signals, topics, places and units come out.

The only module that knows the automaton and RE2. It grades nothing: rules do. The cost of a post grows with
what it contains, not with the number of rules: a matcher none of whose leaves was found is not even called.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import islice

import ahocorasick_rs
import re2

from rules.model import Hit, Pack, SignalKind, Span
from rules.normalise import fold_expression, letters, normalise
from rules.numerals import number_finder
from rules.plan import Evidence, Plan
from rules.post import MOST_SPOTS, Post, Range, Spot, WordStarts, merged, outermost
from rules.post_text import PostText
from rules.scan import Mention, Scan, TopicEvidence, Wording

_PATTERN_MEMORY = 8 << 20  # bytes for one expression
_SET_MEMORY = 64 << 20  # bytes for all expressions of a pack together
_MOST_MATCHES = 100  # of one expression in one post
_NOTHING = Decimal(0)
_SHORTEST_HIDDEN = 2  # one letter cannot be torn apart


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
        self._pack = pack
        self._plan = Plan(pack)
        self._terms = _Terms(pack, self._plan)
        self._expressions = _Expressions({n: p.regex for n, p in self._plan.leaves.patterns.items()})
        self._units = _UnitWords(self._plan.leaves.units)
        self._defaults: dict[str, bool | int] = {
            signal.id: False if signal.kind is SignalKind.FLAG else 0 for signal in pack.signals
        }

    def scan(self, title: str, text: str, words: WordStarts | None = None) -> Scan:
        """Return everything that the pack finds in a post. Equal arguments give equal results.

        Args:
            title: of the post, may be empty.
            text: of the post.
            words: returns the offsets at which words begin in the folded text it is given; called at most
                once, and only if a `whole_word` term was found. Without it such terms hit anywhere.
        """
        folded = PostText(title, text)
        post = Post(folded.text, folded.title_end, words)
        names = self._terms.find(post)
        self._expressions.find(post)
        self._units.find(post)
        hits, features = self._hits(post, folded)
        return Scan(
            hits=hits,
            features=features,
            topics=self._topics(post, folded),
            places=_mentions([place.id for place in self._pack.places], names.places, folded),
            units=_mentions([unit.id for unit in self._pack.units], names.units, folded),
            folded=folded.text,
            title_length=folded.title_end,
            text_length=folded.length,
            cut=folded.cut,
        )

    def _hits(self, post: Post, folded: PostText) -> tuple[tuple[Hit, ...], dict[str, bool | int]]:
        features = dict(self._defaults)
        hits: list[Hit] = []
        for index in self._plan.signals_of(post):
            signal = self._pack.signals[index]
            spots = merged(self._plan.signals[index].find(post) or ())
            number = signal.kind is SignalKind.NUMBER
            value: bool | int = max((spot.value for spot in spots), default=0) if number else True
            if not value:
                continue
            features[signal.id] = value
            hidden = bool(spots) and all(spot.hidden for spot in spots)
            hits.append(Hit(signal.id, value, folded.spans(spots), hidden))
        return tuple(hits), features

    def _topics(self, post: Post, folded: PostText) -> tuple[TopicEvidence, ...]:
        found: list[TopicEvidence] = []
        for topic, parts in self._plan.evidence_of(post).items():
            weight, support = _NOTHING, 0
            wordings: list[Wording] = []
            for index in parts:
                part = self._plan.evidence[index]
                weight += part.weight
                support += part.weight > 0
                wordings += _wordings(part, post)
            locate = partial(self._locate, parts, post, folded)
            found.append(TopicEvidence(self._pack.topics[topic].id, weight, support, locate, tuple(wordings)))
        return tuple(found)

    def _locate(self, parts: list[int], post: Post, folded: PostText) -> tuple[Span, ...]:
        finders = [self._plan.evidence[index].finder for index in parts]
        return folded.spans(merged(spot for finder in finders for spot in finder.find(post) or ()))


def _wordings(part: Evidence, post: Post) -> list[Wording]:
    """Return each different wording that hit; a hit that stands nowhere counts as one at the end."""
    if part.leaf is not None:
        return [Wording(part.weight, count, start) for count, start in post.terms(part.leaf)]
    counts: dict[str, int] = {}
    starts: dict[str, int] = {}
    for spot in part.finder.find(post) or ():
        wording = post.text[spot.start : spot.end]
        counts[wording] = counts.get(wording, 0) + 1
        starts.setdefault(wording, spot.start)
    if not counts:
        return [Wording(part.weight, 1, len(post.text))]
    return [Wording(part.weight, counts[wording], starts[wording]) for wording in counts]


def _mentions(ids: list[str], found: list[tuple[int, int, int]], folded: PostText) -> tuple[Mention, ...]:
    """Return who is named, in the order of the pack; a name inside a longer one does not count."""
    spots: dict[int, list[Spot]] = {}
    for start, end, index in outermost(found):
        spots.setdefault(index, []).append(Spot(start, end))
    return tuple(Mention(ids[index], folded.spans(merged(spots[index]))) for index in sorted(spots))


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
    hideable: bool = True  # long enough to be torn apart


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
        for term, who in wanted.items():
            who.hideable = len(term) >= _SHORTEST_HIDDEN
        self._wanted = list(wanted.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(wanted), store_patterns=False) if wanted else None

    def find(self, post: Post) -> _Names:
        """File every term of the post under its leaves; return the names of places and units."""
        names = _Names()
        if self._automaton is None:
            return names
        plain: dict[int, list[Range]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(post.text, overlapping=True):
            plain.setdefault(index, []).append((start, end))
        hidden = self._find_hidden(self._automaton, post)
        for index in plain.keys() | hidden.keys():
            wanted = self._wanted[index]
            ranges, torn = plain.get(index, []), hidden.get(index, [])
            post.file_term(index, wanted.leaves, ranges, torn)
            if wanted.places or wanted.units:
                places = (*ranges, *torn)[:MOST_SPOTS]
                names.places.extend((*place, number) for place in places for number in wanted.places)
                names.units.extend((*place, number) for place in places for number in wanted.units)
        return names

    def _find_hidden(self, automaton: ahocorasick_rs.AhoCorasick, post: Post) -> dict[int, list[Range]]:
        """Return the terms that only appear once the marks between their letters are gone."""
        found: dict[int, list[Range]] = {}
        joined = letters(post.text)
        if joined is None:
            return found
        text, back = joined
        for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            first, last = back[start], back[end - 1] + 1
            torn = last - first > end - start
            crosses = first < post.title_end < last
            if torn and not crosses and self._wanted[index].hideable:
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
