"""Walks through matchers, conditions and graphs of names. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from rules.model import Combine, Condition, Matcher, Near, Not, Rule, Test


def members_of(matcher: Matcher) -> tuple[Matcher, ...]:
    """Return the matchers directly inside `matcher`."""
    if isinstance(matcher, Combine):
        return matcher.members
    return (matcher.first, matcher.second) if isinstance(matcher, Near) else ()


def walk(matcher: Matcher) -> Iterator[Matcher]:
    """Yield the matcher and all matchers inside it."""
    yield matcher
    for member in members_of(matcher):
        yield from walk(member)


def tests_of(condition: Condition) -> Iterator[Test]:
    """Yield every comparison of a condition."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests_of(condition.member)
    else:
        for member in condition.members:
            yield from tests_of(member)


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """Return `when` and, where there is one, `unless`."""
    return (rule.when,) if rule.unless is None else (rule.when, rule.unless)


def features_of(rule: Rule) -> set[str]:
    """Return the names of all features that a rule mentions."""
    return {test.feature for condition in conditions_of(rule) for test in tests_of(condition)}


def ring_members(needs: dict[str, set[str]]) -> set[str]:
    """Return the nodes that lie on a ring, or lead into one, of a graph `node -> what it needs`."""
    left = {name: {n for n in wanted if n in needs} for name, wanted in needs.items()}
    while True:
        free = {name for name, wanted in left.items() if not wanted}
        if not free:
            return set(left)
        left = {name: wanted - free for name, wanted in left.items() if name not in free}
