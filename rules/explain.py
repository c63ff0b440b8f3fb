"""Why rules fired and why others did not: every condition with the value that was seen, in words.

It reads no text and picks no grade among several. Equal rules and features give equal explanations; as
bytes they are `explain_json`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules.condition_words import ALL_OF, ANY_OF, ConditionWords
from rules.conditions import Holds, compiled, shown
from rules.explained import (
    ExplainedCondition,
    ExplainedGroup,
    ExplainedRule,
    ExplainedTest,
    Explanation,
    Part,
    SeenFeature,
)
from rules.model import AllOf, Condition, Not, Rule, RuleKind, Scalar, Test
from rules.reference import is_in_effect
from rules.rulebook import Rulebook
from rules.strata import whole_condition

MOST_MISSES = 5
"""Rules shown that did not fire. Source: a screen of 768 lines shows five with their conditions."""
_CONCLUDES = "concludes="
_POINTS = "points="


@dataclass(frozen=True, slots=True)
class _TestNode:
    test: Test
    holds: Holds
    wanted: bool
    is_met_anyhow: bool  # by the default of the feature
    is_exception: bool


@dataclass(frozen=True, slots=True)
class _GroupNode:
    part: Part
    members: tuple[_Node, ...]
    is_exception: bool


_Node = _TestNode | _GroupNode


class Explainer:
    """The rules of one kind of a rulebook, made ready for explaining."""

    def __init__(self, book: Rulebook, kind: RuleKind) -> None:
        self._book = book
        self._kind = kind
        self._vocabulary = book.vocabulary(kind)
        self._defaults = self._vocabulary.defaults()
        self.words = ConditionWords(book.pack, self._vocabulary)
        self._rules = book.rules(kind)
        self._order = {rule.id: place for place, rule in enumerate(self._rules)}
        self._nodes = {rule.id: self._node(rule) for rule in self._rules}
        concluding = [rule for rule in self._rules if rule.concludes is not None]
        names = {rule.concludes for rule in concluding}
        self._set_by = {
            name: tuple(rule.id for rule in concluding if rule.concludes == name)
            for name in names
            if name is not None
        }

    def explain(self, features: Mapping[str, Scalar], on: date | None = None) -> Explanation:
        """Return what the rules make of these features; see `explain`."""
        findings = self._book.evaluate(self._kind, features, on)
        values = self._values(features, [finding.conclusion for finding in findings])
        concluded = {finding.rule: finding.conclusion for finding in findings}
        silent = [rule for rule in self._rules if rule.id not in concluded]
        nearest = sorted(silent, key=lambda rule: self._distance(rule, values, on))[:MOST_MISSES]
        fired = [self._rules[self._order[finding.rule]] for finding in findings]
        return Explanation(
            pack=self._book.pack.ref,
            kind=self._kind,
            on=on,
            evaluated=len(self._rules),
            fired=tuple(self._explained(rule, values, on, concluded[rule.id]) for rule in fired),
            nearest=tuple(self._explained(rule, values, on) for rule in nearest),
            not_fired=len(silent),
            seen=tuple(self._seen(values)),
        )

    def _values(self, features: Mapping[str, Scalar], conclusions: list[str]) -> dict[str, Scalar]:
        concluded = {
            text.removeprefix(_CONCLUDES): True for text in conclusions if text.startswith(_CONCLUDES)
        }
        return {**self._defaults, **features, **concluded}

    def _node(self, rule: Rule) -> _Node:
        return self._built(whole_condition(rule), wanted=True, exception=rule.unless)

    def _built(
        self, condition: Condition, *, wanted: bool, exception: Condition | None, inside: bool = False
    ) -> _Node:
        """Return the condition as the rule wants it: `not` is pushed down to the comparisons."""
        inside = inside or condition is exception
        if isinstance(condition, Test):
            holds = compiled(condition, self._vocabulary)
            return _TestNode(condition, holds, wanted, holds(self._defaults) is wanted, inside)
        if isinstance(condition, Not):
            return self._built(condition.member, wanted=not wanted, exception=exception, inside=inside)
        part = Part.ALL if isinstance(condition, AllOf) is wanted else Part.ANY
        members: list[_Node] = []
        for member in condition.members:
            node = self._built(member, wanted=wanted, exception=exception, inside=inside)
            # All of all, and any of any, is one list to a reader.
            members.extend(node.members if isinstance(node, _GroupNode) and node.part is part else (node,))
        return members[0] if len(members) == 1 else _GroupNode(part, tuple(members), inside)

    def _distance(
        self, rule: Rule, values: Mapping[str, Scalar], on: date | None
    ) -> tuple[int, int, int, int]:
        """Return the key by which rules that did not fire are sorted, the nearest first.

        Fewest unmet conditions; then most conditions met because of what was seen; then priority; then the
        order of the pack.
        """
        node = self._nodes[rule.id]
        unmet = _short_of(node, values) + (not is_in_effect(rule, on))
        return unmet, -_spoken_for(node, values), -rule.priority, self._order[rule.id]

    def _explained(
        self, rule: Rule, values: Mapping[str, Scalar], on: date | None, concluded: str | None = None
    ) -> ExplainedRule:
        node = self._nodes[rule.id]
        unmet = 0 if concluded is not None else _short_of(node, values) + (not is_in_effect(rule, on))
        points = concluded.removeprefix(_POINTS) if concluded is not None and rule.points else ""
        return ExplainedRule(
            rule=rule.id,
            title=rule.title,
            clause=rule.source,
            owner=rule.owner,
            priority=rule.priority,
            conclusion=concluded if concluded is not None else _would_conclude(rule),
            conclusion_words=self.words.conclusion(rule, points),
            fired=concluded is not None,
            unmet=unmet,
            in_effect=is_in_effect(rule, on),
            effective_from=rule.effective_from,
            effective_to=rule.effective_to,
            condition=self._shown(node, values, missing=concluded is None),
        )

    def _shown(self, node: _Node, values: Mapping[str, Scalar], *, missing: bool) -> ExplainedCondition:
        short = _short_of(node, values)
        is_missing = missing and short > 0
        if isinstance(node, _TestNode):
            return self._shown_test(node, values, is_missing=is_missing)
        wanting = set(range(len(node.members)))
        if node.part is Part.ANY:
            # One way is enough; the shortest is the one that counts, the first of equals.
            costs = [_short_of(member, values) for member in node.members]
            wanting = {costs.index(short)}
        return ExplainedGroup(
            part=node.part,
            met=short == 0,
            missing=is_missing,
            is_exception=node.is_exception,
            words=ALL_OF if node.part is Part.ALL else ANY_OF,
            members=tuple(
                self._shown(member, values, missing=is_missing and place in wanting)
                for place, member in enumerate(node.members)
            ),
        )

    def _shown_test(
        self, node: _TestNode, values: Mapping[str, Scalar], *, is_missing: bool
    ) -> ExplainedTest:
        test, holds = node.test, node.holds(values)
        value = values[test.feature]
        return ExplainedTest(
            feature=test.feature,
            op=test.op.value,
            expected=shown(test.value),
            seen=shown(value),
            holds=holds,
            wanted=node.wanted,
            met=holds is node.wanted,
            missing=is_missing,
            is_exception=node.is_exception,
            words=self.words.requirement(test, wanted=node.wanted),
            seen_words=self.words.seen(test.feature, value),
            set_by=self._set_by.get(test.feature, ()),
        )

    def _seen(self, values: Mapping[str, Scalar]) -> Iterator[SeenFeature]:
        for name in sorted(values):
            value = values[name]
            if value != self._defaults[name]:
                yield SeenFeature(name, shown(value), self.words.name(name), self.words.value(name, value))


def explain(
    book: Rulebook,
    features: Mapping[str, Scalar],
    on: date | None = None,
    kind: RuleKind = RuleKind.SEVERITY,
) -> Explanation:
    """Return every condition of every rule that fires, and of the nearest rules that do not.

    Args:
        book: the rules.
        features: by name; what is left out has its default.
        on: local date for rules with dates of effect; without it the dates do not matter.
        kind: which set of rules.

    Raises:
        BadFeatures: a name is unknown or a value is of the wrong type.
    """
    return explainer_of(book, kind).explain(features, on)


@lru_cache(maxsize=8)
def explainer_of(book: Rulebook, kind: RuleKind = RuleKind.SEVERITY) -> Explainer:
    """Return the rules of a rulebook, made ready for explaining once."""
    return Explainer(book, kind)


def _short_of(node: _Node, values: Mapping[str, Scalar]) -> int:
    """Return how many comparisons must come out differently for the condition to be met."""
    if isinstance(node, _TestNode):
        return int(node.holds(values) is not node.wanted)
    costs = [_short_of(member, values) for member in node.members]
    return sum(costs) if node.part is Part.ALL else min(costs)


def _spoken_for(node: _Node, values: Mapping[str, Scalar]) -> int:
    """Return how many comparisons are met that the defaults alone would not meet."""
    if isinstance(node, _TestNode):
        return int(not node.is_met_anyhow and node.holds(values) is node.wanted)
    return sum(_spoken_for(member, values) for member in node.members)


def _would_conclude(rule: Rule) -> str:
    """Return what a rule would conclude if it fired."""
    if rule.grade is not None:
        return f"grade={rule.grade.value}"
    if rule.concludes is not None:
        return f"{_CONCLUDES}{rule.concludes}"
    if rule.dismisses is not None:
        return f"dismisses={rule.dismisses}"
    return _POINTS + ", ".join(f"{grade} {amount}" for grade, amount in rule.points)
