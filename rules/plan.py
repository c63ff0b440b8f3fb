"""Which signals and which evidence a post can trip, given the leaves found in it. It searches no text."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rules.matchers import Context, Finder, Found, Leaves, finder
from rules.model import Pack, Terms
from rules.post import Post


class Evidence(NamedTuple):
    """One piece of evidence of a topic (its index in the pack)."""

    topic: int
    weight: Decimal
    finder: Finder
    leaf: int | None  # of terms that count wherever they stand; None for every other matcher


class Plan:
    """The matchers of one pack, indexed by the leaves that they need."""

    def __init__(self, pack: Pack) -> None:
        self.leaves = Leaves()
        self.signals: list[Finder] = []
        self.evidence: list[Evidence] = []
        self._by_name = {signal.id: signal for signal in pack.signals}
        self._known: dict[str, tuple[Finder, frozenset[int]]] = {}
        self._signals_by_leaf: dict[int, list[int]] = {}
        self._evidence_by_leaf: dict[int, list[int]] = {}
        # A finder depends on nothing but its leaves: what it says of an empty post it says of every post that
        # holds none of them.
        nothing = Post("", 0, None)
        for index, signal in enumerate(pack.signals):
            found, used = self._signal(signal.id)
            self.signals.append(found)
            _index(index, used, self._signals_by_leaf)
        self._silent_signals = [n for n, found in enumerate(self.signals) if found.holds(nothing)]
        for topic, entry in enumerate(pack.topics):
            for part in entry.evidence:
                leaves: set[int] = set()
                context = Context(self.leaves, leaves, self._referred, skip_negated=False, title_only=False)
                plain = isinstance(part.match, Terms) and not part.match.whole_word
                found = finder(part.match, context)
                leaf = next(iter(leaves)) if plain else None
                self.evidence.append(Evidence(topic, part.weight, found, leaf))
                _index(len(self.evidence) - 1, leaves, self._evidence_by_leaf)
        self._silent_evidence = [n for n, part in enumerate(self.evidence) if part.finder.holds(nothing)]

    def signals_of(self, post: Post) -> list[int]:
        """Return the signals that hit, by index in the pack and in order."""
        due = set(self._silent_signals)
        for leaf in post.touched:
            due.update(self._signals_by_leaf.get(leaf, ()))
        return [index for index in sorted(due) if self.signals[index].holds(post)]

    def evidence_of(self, post: Post) -> dict[int, list[int]]:
        """Return, by topic and in order, the pieces of evidence that hit."""
        due = set(self._silent_evidence)
        for leaf in post.touched:
            due.update(self._evidence_by_leaf.get(leaf, ()))
        by_topic: dict[int, list[int]] = {}
        for index in sorted(due):
            part = self.evidence[index]
            if part.finder.holds(post):
                by_topic.setdefault(part.topic, []).append(index)
        return by_topic

    def _signal(self, name: str) -> tuple[Finder, frozenset[int]]:
        if name not in self._known:
            signal = self._by_name[name]
            used: set[int] = set()
            context = Context(self.leaves, used, self._referred, signal.skip_negated, signal.title_only)
            found = _remembering(name, finder(signal.match, context))
            self._known[name] = (found, frozenset(used))
        return self._known[name]

    def _referred(self, name: str, used: set[int]) -> Finder:
        found, leaves = self._signal(name)
        used |= leaves
        return found


def _index(number: int, leaves: set[int] | frozenset[int], by_leaf: dict[int, list[int]]) -> None:
    for leaf in leaves:
        by_leaf.setdefault(leaf, []).append(number)


def _remembering(name: str, inner: Finder) -> Finder:
    """Return a finder that decides a signal once a post, however often other signals refer to it."""

    def holds(post: Post) -> bool:
        known = post.holding.get(name)
        if known is None:
            known = post.holding[name] = inner.holds(post)
        return known

    def find(post: Post) -> Found:
        if name not in post.located:
            post.located[name] = inner.find(post) if holds(post) else None
        return post.located[name]

    return Finder(holds, find)
