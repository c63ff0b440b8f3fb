"""A third evaluator, slow and plain, that shares no code with the two that it judges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules import model
from rules.model import AllOf, AnyOf, Condition, Not, Op, Rule, RuleStatus, Scalar

ORDER = {
    "media_level": ["none", "city", "province", "national"],
    "current_grade": ["none", "general", "major", "serious"],
    "instructed_grade": ["none", "general", "major", "serious"],
    "grade": ["general", "major", "serious"],
}


def expected(rules: tuple[Rule, ...], features: dict[str, Scalar], on: date | None) -> set[str]:
    """Return the active rules that hold, by trying all rules until no new conclusion appears.

    Right for rules whose conclusions are only used by later ones, which is what `generated` makes.
    """
    values = dict(features)
    fired: set[str] = set()
    for rule in rules:
        if rule.concludes is not None:
            values.setdefault(rule.concludes, False)
    for stratum in ("r0", "r1", "r2", "p"):
        layer = [rule for rule in rules if rule.id.startswith(stratum)]
        held = [rule for rule in layer if _fires(rule, values, on)]
        fired |= {rule.id for rule in held}
        for rule in held:
            if rule.concludes is not None:
                values[rule.concludes] = True
    return fired


def _fires(rule: Rule, values: dict[str, Scalar], on: date | None) -> bool:
    if rule.status is not RuleStatus.ACTIVE:
        return False
    if on is not None and rule.effective_from is not None and on < rule.effective_from:
        return False
    if on is not None and rule.effective_to is not None and on >= rule.effective_to:
        return False
    if rule.unless is not None and holds(rule.unless, values):
        return False
    keys = [key for key, _ in rule.points]
    if keys and "any" not in keys and values["grade"] not in keys:
        return False
    return holds(rule.when, values)


def holds(condition: Condition, values: dict[str, Scalar]) -> bool:
    """Return whether a condition holds on these values."""
    if isinstance(condition, AllOf):
        return all(holds(member, values) for member in condition.members)
    if isinstance(condition, AnyOf):
        return any(holds(member, values) for member in condition.members)
    if isinstance(condition, Not):
        return not holds(condition.member, values)
    return _compare(condition, values[condition.feature])


def _compare(test: model.Test, seen: Scalar) -> bool:
    if test.op is Op.ONE_OF:
        return seen in tuple(test.value)
    if test.op is Op.IS:
        return seen == test.value
    if test.op is Op.IS_NOT:
        return seen != test.value
    left, right = _number(test.feature, seen), _number(test.feature, test.value)
    return {
        Op.AT_LEAST: left >= right,
        Op.MORE_THAN: left > right,
        Op.AT_MOST: left <= right,
        Op.LESS_THAN: left < right,
    }[test.op]


def _number(feature: str, value: Scalar) -> Decimal:
    return Decimal(ORDER[feature].index(value) if feature in ORDER else value)
