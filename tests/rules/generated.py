"""Generates packs of rules and features for them: the ground on which both evaluators must agree.

A pack has flags, numbers, words, levels and grades, conclusions in two strata, every comparison and every
connective; features lie on and beside the constants of the rules, where mistakes live.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from rules import model
from rules.compiler import fault_of
from rules.model import (
    AllOf,
    AnyOf,
    Condition,
    Grade,
    Label,
    Location,
    Not,
    Op,
    Pack,
    Rule,
    RuleKind,
    RuleStatus,
    Scalar,
    Signal,
    SignalKind,
    Terms,
)
from rules.vocabulary import ORDERED_OPS, Feature, FeatureType, Vocabulary, of_pack
from rules.walk import tests_of
from tests.rules.tiny import tiny_pack

AT = Location("generated", 1, 1)
LABEL = Label("规则", "Rule")
NUMBERS = (0, 1, 2, 5, 49, 50, 51, 1000, 10**12)
DECIMALS = tuple(
    Decimal(text) for text in ("0", "0.0001", "0.9999", "1", "2.5", "24", "24.0001", "999999999999.9999")
)
BASE = tiny_pack()
FIRST, SECOND = date(2026, 1, 1), date(2026, 7, 1)


def generated_pack(random: Random, rules: int = 30, flags: int = 24) -> Pack:
    """Return a pack with generated severity and scoring rules over generated signals."""
    signals = [_signal(f"s{n}", Terms((f"词{n}",), (), whole_word=False, at=AT)) for n in range(flags)]
    numbers = [_signal(f"n{n}", model.Number((f"户{n}",), None, None, AT)) for n in range(3)]
    pack = replace(BASE, signals=(*signals, *numbers), severity=(), scoring=())
    for stratum in range(3):
        words = _small(of_pack(pack, RuleKind.SEVERITY), random)
        fresh = tuple(_rule(random, words, f"r{stratum}_{n}", stratum) for n in range(rules // 3))
        pack = replace(pack, severity=(*pack.severity, *fresh))
    words = of_pack(pack, RuleKind.SCORING)
    scoring = tuple(_scoring(random, words, f"p{n}") for n in range(8))
    return replace(pack, scoring=scoring)


def _signal(name: str, match: model.Matcher) -> Signal:
    kind = SignalKind.NUMBER if isinstance(match, model.Number) else SignalKind.FLAG
    return Signal(name, LABEL, kind, match, skip_negated=False, title_only=False, at=AT)


def _small(words: Vocabulary, random: Random) -> Vocabulary:
    """Return some of the features, so that rules share them."""
    features = list(words)
    return Vocabulary(tuple(random.sample(features, min(len(features), 30))))


def _rule(random: Random, words: Vocabulary, name: str, stratum: int) -> Rule:
    kind = random.random()
    concludes = f"c{stratum}_{random.randint(0, 2)}" if stratum < 2 and kind < 0.3 else None
    dismisses = "praise" if concludes is None and kind > 0.9 else None
    grade = random.choice(list(Grade)) if concludes is None and dismisses is None else None
    while True:
        rule = Rule(
            id=name,
            kind=RuleKind.SEVERITY,
            title=LABEL,
            status=random.choice((RuleStatus.ACTIVE, RuleStatus.ACTIVE, RuleStatus.ACTIVE, RuleStatus.DRAFT)),
            owner="甲",
            source="乙",
            when=condition(random, words),
            unless=condition(random, words) if random.random() < 0.25 else None,
            priority=random.choice((0, 0, 0, 5, -5)),
            grade=grade,
            concludes=concludes,
            dismisses=dismisses,
            points=(),
            effective_from=random.choice((None, None, None, FIRST)),
            effective_to=random.choice((None, None, None, SECOND)),
            examples=(),
            at=AT,
        )
        if fault_of(rule, words) is None:
            return rule


def _scoring(random: Random, words: Vocabulary, name: str) -> Rule:
    grades = random.sample([grade.value for grade in Grade], random.randint(1, 3))
    points = (("any", Decimal(1)),) if random.random() < 0.5 else tuple((g, Decimal("0.2")) for g in grades)
    rule = _rule(random, words, name, stratum=2)
    return replace(rule, kind=RuleKind.SCORING, grade=None, dismisses=None, points=points)


def condition(random: Random, words: Vocabulary, depth: int = 3) -> Condition:
    """Return a condition over some of the features."""
    kind = random.random()
    if depth == 0 or kind < 0.35:
        return _test(random, random.choice(list(words)))
    if kind < 0.45:
        return Not(condition(random, words, depth - 1), AT)
    members = tuple(condition(random, words, depth - 1) for _ in range(random.randint(1, 3)))
    return AllOf(members, AT) if kind < 0.75 else AnyOf(members, AT)


def _test(random: Random, feature: Feature) -> Condition:
    ops = [op for op in Op if feature.type.has_order or op not in ORDERED_OPS]
    op = random.choice(ops)
    value: Scalar | tuple[Scalar, ...] = value_of(random, feature)
    if op is Op.ONE_OF:
        value = tuple(value_of(random, feature) for _ in range(random.randint(1, 4)))
    return model.Test(feature.name, op, value, AT)


def value_of(random: Random, feature: Feature) -> Scalar:
    """Return any value that a feature may have."""
    if feature.type is FeatureType.FLAG:
        return random.random() < 0.8
    if feature.type is FeatureType.INTEGER:
        return random.choice(NUMBERS)
    if feature.type is FeatureType.DECIMAL:
        return random.choice(DECIMALS)
    return random.choice(feature.values)


def features_for(random: Random, words: Vocabulary, conditions: tuple[Condition, ...]) -> dict[str, Scalar]:
    """Return features for these conditions: values on and beside their constants, and some at random."""
    found: dict[str, Scalar] = {}
    for chosen in random.sample(conditions, min(len(conditions), 4)):
        for test in tests_of(chosen):
            if random.random() < 0.7:
                found[test.feature] = _near(random, words[test.feature], test)
    for feature in random.sample(list(words), 5):
        found[feature.name] = value_of(random, feature)
    return found


def _near(random: Random, feature: Feature, test: model.Test) -> Scalar:
    value = random.choice(test.value) if isinstance(test.value, tuple) else test.value
    if feature.type is FeatureType.FLAG:
        return bool(value) if random.random() < 0.8 else not value
    if feature.type is FeatureType.INTEGER:
        return min(max(int(value) + random.choice((-1, 0, 0, 1)), 0), 10**12)
    if feature.type is FeatureType.DECIMAL:
        step = random.choice((Decimal("-0.0001"), Decimal(0), Decimal("0.0001")))
        return min(max(Decimal(value) + step, Decimal(0)), Decimal(10**12))
    return value if random.random() < 0.6 else random.choice(feature.values)
