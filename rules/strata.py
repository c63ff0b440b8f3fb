"""Orders rules so that a conclusion is known before the rules that use it. It evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model import AllOf, Condition, Grade, Not, Op, Rule, Test
from rules.walk import features_of

ANY_GRADE = "any"


def whole_condition(rule: Rule) -> Condition:
    """Return everything a rule asks for: `when`, not `unless`, and a grade for which it has points."""
    members = [rule.when]
    if rule.unless is not None:
        members.append(Not(rule.unless, rule.at))
    grades = tuple(key for key, _ in rule.points if key != ANY_GRADE)
    if rule.points and len(grades) == len(rule.points) and len(grades) < len(Grade):
        members.append(Test("grade", Op.ONE_OF, grades, rule.at))
    return members[0] if len(members) == 1 else AllOf(tuple(members), rule.at)


def strata(rules: Iterable[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """Return the rules in strata; the conclusions of one stratum are features of the later ones.

    Rings are refused when a pack is loaded, so every rule finds its place.
    """
    left = [(rule, features_of(rule)) for rule in rules]
    ordered: list[tuple[Rule, ...]] = []
    while left:
        pending = {rule.concludes for rule, _ in left if rule.concludes is not None}
        ready = tuple(rule for rule, used in left if used.isdisjoint(pending))
        if not ready:
            names = ", ".join(rule.id for rule, _ in left)
            raise ValueError(f"conclusions run in a ring: {names}")
        ordered.append(ready)
        left = [(rule, used) for rule, used in left if not used.isdisjoint(pending)]
    return tuple(ordered)
