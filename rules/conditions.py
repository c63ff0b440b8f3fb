"""Conditions as functions of features, and as words for a reason. It knows no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from rules.model import AllOf, Condition, Not, Op, Scalar, Test
from rules.vocabulary import Feature, FeatureType, Vocabulary

Values = Mapping[str, Scalar]
Holds = Callable[[Values], bool]


def shown(value: Scalar | tuple[Scalar, ...]) -> str:
    """Return a value as a reason shows it."""
    if isinstance(value, tuple):
        return ", ".join(shown(member) for member in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def polar_tests(condition: Condition, *, wanted: bool = True) -> Iterator[tuple[Test, bool]]:
    """Yield every comparison with whether it stands under an even number of negations."""
    if isinstance(condition, Test):
        yield condition, wanted
    elif isinstance(condition, Not):
        yield from polar_tests(condition.member, wanted=not wanted)
    else:
        for member in condition.members:
            yield from polar_tests(member, wanted=wanted)


def compiled(condition: Condition, words: Vocabulary) -> Holds:
    """Return the condition as a function of typed features; what they leave out has its default."""
    if isinstance(condition, Test):
        return _compiled_test(condition, words[condition.feature])
    if isinstance(condition, Not):
        member = compiled(condition.member, words)
        return lambda values: not member(values)
    members = tuple(compiled(m, words) for m in condition.members)
    if len(members) == 1:
        return members[0]
    return _all(members) if isinstance(condition, AllOf) else _any(members)


def _all(members: tuple[Holds, ...]) -> Holds:
    def holds(values: Values) -> bool:
        for member in members:  # noqa: SIM110 - a generator costs three times as much here
            if not member(values):
                return False
        return True

    return holds


def _any(members: tuple[Holds, ...]) -> Holds:
    def holds(values: Values) -> bool:
        for member in members:  # noqa: SIM110 - a generator costs three times as much here
            if member(values):
                return True
        return False

    return holds


def _compiled_test(test: Test, feature: Feature) -> Holds:
    name, default = feature.name, feature.default
    if test.op is Op.ONE_OF:
        options = frozenset(test.value if isinstance(test.value, tuple) else (test.value,))
        return lambda values: values.get(name, default) in options
    if feature.type in {FeatureType.LEVEL, FeatureType.GRADE}:
        ranked = _of_rank(test, feature)
        return lambda values: values.get(name, default) in ranked
    if test.op is Op.IS and test.value is True and default is False:
        return lambda values: name in values and values[name] is True
    return _compared(name, default, test.op, test.value)


def _of_rank(test: Test, feature: Feature) -> frozenset[Scalar]:
    """Return exactly those words that stand in the right place of the order."""
    holds = _compared("rank", 0, test.op, feature.rank(str(test.value)))
    return frozenset(word for word in feature.values if holds({"rank": feature.rank(word)}))


def _compared(name: str, default: Scalar, op: Op, expected: Scalar | tuple[Scalar, ...]) -> Holds:
    # The vocabulary has seen to it that both sides are of one type, so the comparisons cannot fail.
    tests: dict[Op, Holds] = {
        Op.IS: lambda values: values.get(name, default) == expected,
        Op.IS_NOT: lambda values: values.get(name, default) != expected,
        Op.AT_LEAST: lambda values: values.get(name, default) >= expected,  # type: ignore[operator]
        Op.AT_MOST: lambda values: values.get(name, default) <= expected,  # type: ignore[operator]
        Op.MORE_THAN: lambda values: values.get(name, default) > expected,  # type: ignore[operator]
        Op.LESS_THAN: lambda values: values.get(name, default) < expected,  # type: ignore[operator]
    }
    return tests[op]
