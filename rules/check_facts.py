"""Facts on which rules fire together: an example that an author can read, tried before it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from rules.conditions import compiled
from rules.model import Pack, Rule, RuleKind, Scalar
from rules.paths import Path
from rules.reference import ACTIVE, Reference
from rules.strata import whole_condition
from rules.vocabulary import DECIMAL_PLACES, Feature, FeatureType, Vocabulary


class Facts:
    """Makes facts from a way to hold. `cost` tells how many rules are evaluated for one of them."""

    def __init__(self, pack: Pack, words: Vocabulary) -> None:
        drawing = tuple(rule for rule in pack.severity if rule.concludes and rule.status in ACTIVE)
        self.cost = 10 + len(drawing)
        self._words = words
        self._concluding = Reference(replace(pack, severity=drawing, scoring=()), RuleKind.SEVERITY)
        self._conclusions = {rule.id: rule.concludes for rule in drawing if rule.concludes}

    def of(self, path: Path, rules: Iterable[Rule]) -> dict[str, Scalar] | None:
        """Return the least facts on the path, or None where a rule does not fire on them after all.

        A conclusion among the facts may contradict the rules that draw it.
        """
        facts = facts_of(path, self._words)
        if any(self._words[name].fault(value) for name, value in facts.items()):
            return None  # beyond the largest number that a feature may hold
        known = {name: value for name, value in facts.items() if name in self._concluding.vocabulary}
        drawn = {self._conclusions[rule]: True for rule in self._concluding.fired(known)}
        values: dict[str, Scalar] = {**self._words.defaults(), **facts, **drawn}
        holds = all(compiled(whole_condition(rule), self._words)(values) for rule in rules)
        return facts if holds else None


def facts_of(path: Path, words: Vocabulary) -> dict[str, Scalar]:
    """Return the least values that lie on the path."""
    return {name: _decoded(words[name], domain.low) for name, domain in path}


def _decoded(feature: Feature, number: int) -> Scalar:
    if feature.type is FeatureType.FLAG:
        return bool(number)
    if feature.type is FeatureType.INTEGER:
        return number
    if feature.type is FeatureType.DECIMAL:
        return Decimal(number).scaleb(-DECIMAL_PLACES)
    return feature.values[number]
