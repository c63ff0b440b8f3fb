"""Which signals a post trips, given the leaves found in it. It searches no text and knows no topic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rules.matchers import Context, Finder, Found, Leaves, finder
from rules.model import Matcher, Pack, Signal, SignalKind, Terms
from rules.post import Post


class Planned(NamedTuple):
    """One signal, ready to be asked."""

    id: str
    is_number: bool
    is_shown: bool
    finder: Finder


class Plan:
    """The signals of one pack, indexed by the leaves that they need.

    Attributes:
        certain: by leaf the signals that any term of it trips.
        looked_at: leaves that the other signals look at.
    """

    def __init__(self, pack: Pack) -> None:
        self.leaves = Leaves({lexicon.id: lexicon.terms for lexicon in pack.lexicons})
        self.signals: list[Planned] = []
        self._by_name = {signal.id: signal for signal in pack.signals}
        self._known: dict[str, tuple[Finder, frozenset[int]]] = {}
        certain: list[tuple[int, frozenset[int]]] = []
        asked: list[tuple[int, frozenset[int]]] = []
        looked_at: set[int] = set()
        silent: list[int] = []
        for index, signal in enumerate(pack.signals):
            found, used = self._signal(signal.id)
            self.signals.append(Planned(signal.id, signal.kind is SignalKind.NUMBER, signal.is_shown, found))
            if _is_open(signal):
                certain.append((index, used))
                continue
            looked_at |= used
            if found.needs is None:
                silent.append(index)
            else:
                asked.append((index, found.needs))
        self.certain, self._asked = by_leaf(certain), by_leaf(asked)
        self.looked_at = frozenset(looked_at)
        self._silent = frozenset(silent)

    @property
    def is_silent(self) -> bool:
        """Return whether no signal can be tripped by what a post lacks."""
        return not self._silent

    def signals_of(self, post: Post) -> set[int]:
        """Return the signals that hit, by index in the pack."""
        certain = self.certain
        sure = {index for leaf in post.touched if leaf in certain for index in certain[leaf]}
        return sure | self.asked_of(post)

    def asked_of(self, post: Post) -> set[int]:
        """Return the signals that hit, but for those that a term alone trips."""
        due = set(self._silent)
        asked = self._asked
        for leaf in post.touched:
            if leaf in asked:
                due.update(asked[leaf])
        signals = self.signals
        return {index for index in due if signals[index].finder.holds(post)}

    def finder(self, matcher: Matcher) -> tuple[Finder, frozenset[int]]:
        """Return the functions of a matcher that belongs to no signal, and the leaves that it needs."""
        used: set[int] = set()
        context = Context(self.leaves, used, self._referred, skip_negated=False, title_only=False)
        return finder(matcher, context), frozenset(used)

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


def by_leaf(items: Iterable[tuple[int, frozenset[int]]]) -> dict[int, tuple[int, ...]]:
    """Return the numbers of those items that need each leaf."""
    found: dict[int, list[int]] = {}
    for number, leaves in items:
        for leaf in leaves:
            found.setdefault(leaf, []).append(number)
    return {leaf: tuple(numbers) for leaf, numbers in found.items()}


def _is_open(signal: Signal) -> bool:
    """Return whether any of the signal's terms trips it, wherever it stands."""
    match = signal.match
    plain = isinstance(match, Terms) and not match.whole_word and signal.kind is SignalKind.FLAG
    return plain and not signal.skip_negated and not signal.title_only


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

    return Finder(inner.may_hold, holds, find, inner.needs)
