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
    """Return the condition as a function of complete, typed features."""
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
    if test.op is Op.ONE_OF:
        return _one_of(test)
    if feature.type in {FeatureType.LEVEL, FeatureType.GRADE}:
        return _of_rank(test, feature)
    return _compared(test.feature, test.op, test.value)


def _one_of(test: Test) -> Holds:
    name = test.feature
    options = frozenset(test.value if isinstance(test.value, tuple) else (test.value,))
    return lambda values: values[name] in options


def _of_rank(test: Test, feature: Feature) -> Holds:
    """Return a test that holds for exactly those words that stand in the right place of the order."""
    expected = feature.rank(str(test.value))
    holds = _compared("rank", test.op, expected)
    options = frozenset(word for word in feature.values if holds({"rank": feature.rank(word)}))
    name = test.feature
    return lambda values: values[name] in options


def _compared(name: str, op: Op, expected: Scalar | tuple[Scalar, ...]) -> Holds:
    # The vocabulary has seen to it that both sides are of one type, so the comparisons cannot fail.
    tests: dict[Op, Holds] = {
        Op.IS: lambda values: values[name] == expected,
        Op.IS_NOT: lambda values: values[name] != expected,
        Op.AT_LEAST: lambda values: values[name] >= expected,  # type: ignore[operator]
        Op.AT_MOST: lambda values: values[name] <= expected,  # type: ignore[operator]
        Op.MORE_THAN: lambda values: values[name] > expected,  # type: ignore[operator]
        Op.LESS_THAN: lambda values: values[name] < expected,  # type: ignore[operator]
    }
    return tests[op]
