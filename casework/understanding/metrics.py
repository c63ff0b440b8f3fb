"""Figures of a classification, from pairs of answers. It knows no post.

Classes are all that occur among the right or the given answers; one that is only given counts with F1 = 0.

**Source:** Cohen 1960 (kappa); the macro average is the plain mean of the F1 of the classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Figures of one class, shares 0..1; `support` counts the right answers of the class."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of all classes together. `confusion` maps the right answer to counts of the given ones."""

    n: int
    accuracy: float
    macro_f1: float
    kappa: float
    per_class: Mapping[str, ClassFigures]
    confusion: Mapping[str, Mapping[str, int]]


def figures(pairs: Sequence[tuple[str, str]]) -> Figures:
    """Return the figures of (right, given) answers; all zero where there are none."""
    right = Counter(gold for gold, _ in pairs)
    given = Counter(answer for _, answer in pairs)
    hit = Counter(gold for gold, answer in pairs if gold == answer)
    classes = sorted(right | given)
    per_class = {name: _of_class(hit[name], right[name], given[name]) for name in classes}
    confusion: dict[str, dict[str, int]] = {}
    for (gold, answer), count in sorted(Counter(pairs).items()):
        confusion.setdefault(gold, {})[answer] = count
    return Figures(
        n=len(pairs),
        accuracy=share(hit.total(), len(pairs)),
        macro_f1=share(sum(one.f1 for one in per_class.values()), len(classes)),
        kappa=_kappa(hit.total(), right, given, len(pairs)),
        per_class=per_class,
        confusion=confusion,
    )


def share(part: float, whole: float) -> float:
    """Return part / whole, 0 where there is no whole."""
    return part / whole if whole else 0.0


def _of_class(hit: int, right: int, given: int) -> ClassFigures:
    return ClassFigures(share(hit, given), share(hit, right), share(2 * hit, right + given), right)


def _kappa(hit: int, right: Counter[str], given: Counter[str], n: int) -> float:
    """Return the agreement beyond chance; 1 where all agree although there is but one class."""
    if not n:
        return 0.0
    observed = hit / n
    by_chance = sum(right[name] * given[name] for name in right) / n**2
    return 1.0 if by_chance == 1 else (observed - by_chance) / (1 - by_chance)
