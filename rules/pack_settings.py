"""Puts the value of a setting where a condition mentions the setting by name. It checks no types."""

from __future__ import annotations

from dataclasses import replace

from rules.model import AllOf, AnyOf, Condition, Not, Pack, Rule, RuleKind, Scalar, Test
from rules.vocabulary import FeatureType, Vocabulary, of_pack


def with_settings(pack: Pack) -> Pack:
    """Return the pack with every condition value that names a setting replaced by the setting's value."""
    settings = {name: value for name, value in pack.settings if name}
    if not settings:
        return pack
    severity = of_pack(pack, RuleKind.SEVERITY)
    scoring = of_pack(pack, RuleKind.SCORING)
    return replace(
        pack,
        severity=tuple(_rule(rule, settings, severity) for rule in pack.severity),
        scoring=tuple(_rule(rule, settings, scoring) for rule in pack.scoring),
    )


def _rule(rule: Rule, settings: dict[str, Scalar], words: Vocabulary) -> Rule:
    unless = None if rule.unless is None else _condition(rule.unless, settings, words)
    return replace(rule, when=_condition(rule.when, settings, words), unless=unless)


def _condition(condition: Condition, settings: dict[str, Scalar], words: Vocabulary) -> Condition:
    if isinstance(condition, AllOf | AnyOf):
        return replace(condition, members=tuple(_condition(m, settings, words) for m in condition.members))
    if isinstance(condition, Not):
        return replace(condition, member=_condition(condition.member, settings, words))
    return _test(condition, settings, words)


def _test(test: Test, settings: dict[str, Scalar], words: Vocabulary) -> Test:
    feature = words.get(test.feature)
    # A word of the feature's own closed set means itself, even where a setting has the same name.
    own = feature.values if feature is not None else ()
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    found = tuple(
        settings[value] if isinstance(value, str) and value in settings and value not in own else value
        for value in values
    )
    if found == values or (feature is not None and feature.type is FeatureType.FLAG):
        return test
    return replace(test, value=found if isinstance(test.value, tuple) else found[0])
