"""Which signals and which evidence a post can trip, given the leaves found in it. It searches no text."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rules.matchers import Context, Find, Found, Leaves, Post, Spot, finder, merged
from rules.model import Pack


class Evidence(NamedTuple):
    """One piece of evidence of a topic (its index in the pack) with its weight."""

    topic: int
    weight: Decimal


class Decided(NamedTuple):
    """What hit, by index in the pack and in order: signals and pieces of evidence, each with its spots."""

    signals: dict[int, list[Spot]]
    evidence: dict[int, list[Spot]]


class Plan:
    """The matchers of one pack, indexed by the leaves that they need."""

    def __init__(self, pack: Pack) -> None:
        self.leaves = Leaves()
        self.evidence: list[Evidence] = []
        self._by_name = {signal.id: signal for signal in pack.signals}
        self._signals: dict[str, tuple[Find, frozenset[int]]] = {}
        self._finders: list[Find] = []  # signals in the order of the pack, then evidence
        self._wanted_by: dict[int, list[int]] = {}  # leaf -> indexes of finders
        self._silent: list[int] = []  # finders that hit even where no leaf was found
        for signal in pack.signals:
            self._add(*self._signal(signal.id))
        self._count = len(pack.signals)
        for index, topic in enumerate(pack.topics):
            for part in topic.evidence:
                used: set[int] = set()
                context = Context(self.leaves, used, self._referred, skip_negated=False, title_only=False)
                self.evidence.append(Evidence(index, part.weight))
                self._add(finder(part.match, context), frozenset(used))

    def decide(self, post: Post) -> Decided:
        """Return what hits in a post whose leaves have been filed."""
        due = set(self._silent)
        for leaf in post.spots:
            due.update(self._wanted_by.get(leaf, ()))
        decided = Decided({}, {})
        for index in sorted(due):
            found = self._finders[index](post)
            if found is None:
                continue
            if index < self._count:
                decided.signals[index] = merged(found)
            else:
                decided.evidence[index - self._count] = merged(found)
        return decided

    def _add(self, find: Find, leaves: frozenset[int]) -> None:
        index = len(self._finders)
        self._finders.append(find)
        for leaf in leaves:
            self._wanted_by.setdefault(leaf, []).append(index)
        # A finder depends on nothing but its leaves: what it says of an empty post it says of every post that
        # holds none of them.
        if find(Post("", 0, None)) is not None:
            self._silent.append(index)

    def _signal(self, name: str) -> tuple[Find, frozenset[int]]:
        if name not in self._signals:
            signal = self._by_name[name]
            used: set[int] = set()
            context = Context(self.leaves, used, self._referred, signal.skip_negated, signal.title_only)
            find = _remembering(name, finder(signal.match, context))
            self._signals[name] = (find, frozenset(used))
        return self._signals[name]

    def _referred(self, name: str, used: set[int]) -> Find:
        find, leaves = self._signal(name)
        used |= leaves
        return find


def _remembering(name: str, find: Find) -> Find:
    """Return a finder that decides a signal once a post, however often other signals refer to it."""

    def find_once(post: Post) -> Found:
        if name not in post.known:
            post.known[name] = find(post)
        return post.known[name]

    return find_once
