"""Checks every condition of a pack against the vocabulary: known features, and values of their type.

It judges no meaning: whether a rule can fire is for `check`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from rules import checks
from rules.model import Example, Label, Location, Pack, Rule, RuleKind, Scalar, Test
from rules.problem import Notes, shown
from rules.vocabulary import ORDERED_OPS, Feature, FeatureType, builtin, of_pack
from rules.walk import conditions_of, features_of, ring_members, tests_of

# A number with something behind it: 24小时, 5 d, 3%.
_WITH_UNIT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([^0-9.\s].*)\Z")

# The values of these features stand in another file; without it they cannot be judged.
_DEFINED_IN = {"topic": "topics.yaml", "topic_group": "pack.yaml"}


def check_conditions(pack: Pack, read: Collection[str], notes: Notes) -> None:
    """File unknown features, wrong types, clashing names and rings of conclusions.

    Args:
        pack: as far as it could be read.
        read: names of the files that were read.
        notes: receives the problems.
    """
    _clashes_of_signals(pack, notes)
    for kind, rules in ((RuleKind.SEVERITY, pack.severity), (RuleKind.SCORING, pack.scoring)):
        _clashes_of_conclusions(pack, kind, rules, notes)
        _rings(rules, notes)
        # Without the signals every second feature of a severity rule would be unknown.
        if kind is RuleKind.SEVERITY and "signals.yaml" not in read:
            continue
        checker = _Checker(pack, kind, read)
        for rule in rules:
            checker.check(rule, notes.about(rule.id))
    if "pack.yaml" in read:
        _dismissals(pack, notes)


def _clashes_of_signals(pack: Pack, notes: Notes) -> None:
    fixed = builtin(RuleKind.SEVERITY)
    for signal in pack.signals:
        if signal.id in fixed:
            notes.about(signal.id).found(
                checks.CLASH,
                signal.at,
                f"「{signal.id}」与内置特征重名",
                f'"{signal.id}" is the name of a built-in feature',
            )


def _clashes_of_conclusions(pack: Pack, kind: RuleKind, rules: tuple[Rule, ...], notes: Notes) -> None:
    taken = set(builtin(kind).names)
    if kind is RuleKind.SEVERITY:
        taken |= {signal.id for signal in pack.signals}
    for rule in rules:
        if rule.concludes in taken:
            notes.about(rule.id).found(
                checks.CLASH,
                rule.at,
                f"结论「{rule.concludes}」与已有特征重名",
                f'conclusion "{rule.concludes}" is the name of another feature',
            )


def _rings(rules: tuple[Rule, ...], notes: Notes) -> None:
    needs: dict[str, set[str]] = {}
    at: dict[str, Location] = {}
    for rule in rules:
        if rule.concludes is not None:
            needs.setdefault(rule.concludes, set()).update(features_of(rule))
            at.setdefault(rule.concludes, rule.at)
    for name in sorted(ring_members(needs)):
        notes.found(
            checks.RING,
            at[name],
            f"结论「{name}」循环依赖自身",
            f'conclusion "{name}" depends on itself in a ring',
        )


def _dismissals(pack: Pack, notes: Notes) -> None:
    reasons = {reason.id for reason in pack.dismissals}
    for rule in pack.severity:
        if rule.dismisses and rule.dismisses not in reasons:
            notes.about(rule.id).unknown(
                rule.at, "不立案理由", "reason of dismissal", rule.dismisses, reasons
            )


class _Checker:
    def __init__(self, pack: Pack, kind: RuleKind, read: Collection[str]) -> None:
        self._words = of_pack(pack, kind)
        self._titles = {feature.name: feature.meaning for feature in self._words}
        self._topics = {topic.id: topic.title for topic in pack.topics}
        self._settings = [name for name, _ in pack.settings]
        self._read = read

    def check(self, rule: Rule, notes: Notes) -> None:
        for condition in conditions_of(rule):
            for test in tests_of(condition):
                self._test(test, notes)
        for example in rule.examples:
            self._example(example, notes)

    def _test(self, test: Test, notes: Notes) -> None:
        feature = self._feature(test.feature, test.at, notes)
        if feature is None:
            return
        if test.op in ORDERED_OPS and not feature.type.has_order:
            notes.found(
                checks.COMPARISON,
                test.at,
                f"「{test.feature}」没有大小，不能用 {test.op.value}",
                f'"{test.feature}" has no order: {test.op.value} makes no sense',
            )
            return
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        for value in values:
            self._value(feature, value, test.at, notes)

    def _example(self, example: Example, notes: Notes) -> None:
        for name, value in example.features:
            feature = self._feature(name, example.at, notes)
            if feature is not None:
                self._value(feature, value, example.at, notes)

    def _feature(self, name: str, at: Location, notes: Notes) -> Feature | None:
        feature = self._words.get(name)
        if feature is None:
            notes.unknown(at, "特征", "feature", name, self._words.names, self._titles)
        return feature

    def _value(self, feature: Feature, value: Scalar, at: Location, notes: Notes) -> None:
        if _DEFINED_IN.get(feature.name, "pack.yaml") not in self._read and isinstance(value, str):
            return  # a topic, a group, or perhaps the name of a setting
        fault = _unit_fault(feature, value) or feature.fault(value)
        if fault is None:
            return
        # A word that is neither a value nor a setting is most likely one of them, misspelt.
        hint = Label("", "")
        if isinstance(value, str):
            titles = self._topics if feature.name == "topic" else None
            hint = notes.hint(value, (*feature.values, *self._settings), titles)
        zh, en = f"「{feature.name}」{fault.zh}{hint.zh}", f'"{feature.name}" {fault.en}{hint.en}'
        notes.found(checks.COMPARISON, at, zh, en)


def _unit_fault(feature: Feature, value: Scalar) -> Label | None:
    """Return what to write instead of a number with a unit, or None where the value is no such thing."""
    found = _WITH_UNIT.match(value) if isinstance(value, str) else None
    if found is None or feature.type not in {FeatureType.INTEGER, FeatureType.DECIMAL}:
        return None
    number, unit = found[1], shown(found[2])
    if not feature.unit or unit == feature.unit:
        return Label(f"只写数字：是不是想写 {number}？", f"takes a bare number; did you mean {number}?")
    return Label(
        f"以「{feature.unit}」计，不是「{unit}」：请换算后只写数字",
        f'counts in "{feature.unit}", not in "{unit}": convert it and write the bare number',
    )
