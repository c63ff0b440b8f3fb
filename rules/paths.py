"""The ways in which a condition can hold: each path gives the domains of the features it needs, no more.

Negation is gone: a path is a conjunction of domains, a condition holds where one of its paths does. `check`
asks whether there is a path at all, `compiler` gives each path to the engine. It evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from rules.domains import Domain, allowed, whole
from rules.model import AllOf, Condition, Not, Test
from rules.vocabulary import Vocabulary

MOST_PATHS = 240  # of one rule: five shards of the engine; more is a rule that should name a conclusion
_MOST_AT_ONCE = 2_000  # while paths are multiplied out

Path = tuple[tuple[str, Domain], ...]  # sorted by feature; the empty path always holds


class TooManyPaths(Exception):  # noqa: N818 - handled by `check` and `compiler`
    """A condition has more ways to hold than can be listed."""


class OutOfEffort(TooManyPaths):
    """Others took all the effort that there was: nothing is known of this condition."""


class Effort:
    """What working out the paths of several conditions may cost together."""

    def __init__(self, most: int) -> None:
        self.left = most  # features of paths that are looked at

    def spend(self, features: int) -> None:
        """Take from what is left.

        Raises:
            OutOfEffort: nothing is left, now and for whoever comes later.
        """
        self.left -= features
        if self.left < 0:
            raise OutOfEffort


class _Words(NamedTuple):
    """What paths are worked out with."""

    words: Vocabulary
    effort: Effort | None

    def spend(self, features: int) -> None:
        if self.effort is not None:
            self.effort.spend(features)


def paths_of(
    condition: Condition, words: Vocabulary, *, wanted: bool = True, effort: Effort | None = None
) -> tuple[Path, ...]:
    """Return the ways in which a condition can hold (or, if not `wanted`, fail); none: it never does.

    Raises:
        TooManyPaths: there are more than `MOST_PATHS` even after joining those that differ in one feature.
        OutOfEffort: `effort` is used up.
    """
    paths = _paths(condition, _Words(words, effort), wanted=wanted)
    if len(paths) > MOST_PATHS:
        raise TooManyPaths
    return paths


def _paths(condition: Condition, given: _Words, *, wanted: bool) -> tuple[Path, ...]:
    if isinstance(condition, Test):
        feature = given.words[condition.feature]
        given.spend(1)
        everything = whole(feature)
        found = allowed(condition, feature, wanted=wanted)
        return tuple(() if domain == everything else ((feature.name, domain),) for domain in found)
    if isinstance(condition, Not):
        return _paths(condition.member, given, wanted=not wanted)
    members = [_paths(member, given, wanted=wanted) for member in condition.members]
    if isinstance(condition, AllOf) == wanted:
        return _conjunction(members, given)
    return _joined((path for member in members for path in member), given)


def _conjunction(members: list[tuple[Path, ...]], given: _Words) -> tuple[Path, ...]:
    paths: tuple[Path, ...] = ((),)
    for member in members:
        if len(paths) * len(member) > _MOST_AT_ONCE:
            raise TooManyPaths
        given.spend(len(paths) * sum(map(len, member)) + sum(map(len, paths)) * len(member))
        both = (merged(one, other) for one, other in product(paths, member))
        paths = _joined((path for path in both if path is not None), given)
    return paths


def merged(one: Path, other: Path) -> Path | None:
    """Return the path that asks for both, or None where they contradict each other."""
    domains = dict(one)
    for name, domain in other:
        both = domain & domains[name] if name in domains else domain
        if both.is_empty:
            return None
        domains[name] = both
    return tuple(sorted(domains.items(), key=lambda item: item[0]))


def _joined(paths: Iterable[Path], given: _Words) -> tuple[Path, ...]:
    """Return fewer paths that mean the same: those that differ in the domain of one feature become one."""
    current = tuple(dict.fromkeys(paths))
    if len(current) > _MOST_AT_ONCE:
        raise TooManyPaths
    if () in current:
        return ((),)
    while True:
        given.spend(sum(len(path) ** 2 for path in current))  # each is looked up by all but one
        shorter = _joined_once(current)
        if len(shorter) == len(current):
            return shorter
        # A feature that may have any value need not be asked for.
        needed = (tuple((n, d) for n, d in path if d != whole(given.words[n])) for path in shorter)
        current = tuple(dict.fromkeys(needed))


def _joined_once(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    kept: list[Path] = []
    places: dict[tuple[str, Path], int] = {}  # all but one feature -> the path that has it
    for path in paths:
        partner = next((key for key in _without_one(path) if key in places), None)
        if partner is not None:
            index = places[partner]
            united = dict(kept[index])[partner[0]] | dict(path)[partner[0]]
            if united is not None:
                for key in _without_one(kept[index]):
                    places.pop(key, None)
                kept[index] = tuple((n, united if n == partner[0] else d) for n, d in kept[index])
                places.update((key, index) for key in _without_one(kept[index]))
                continue
        places.update((key, len(kept)) for key in _without_one(path))
        kept.append(path)
    return tuple(dict.fromkeys(kept))


def _without_one(path: Path) -> list[tuple[str, Path]]:
    return [(name, path[:i] + path[i + 1 :]) for i, (name, _) in enumerate(path)]
