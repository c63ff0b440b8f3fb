"""Reference, engine and a slow third evaluator agree on generated packs and features."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.check_rules import example_features
from rules.conditions import Values
from rules.domains import encoded
from rules.engine import Engine
from rules.guards import guards_of
from rules.model import Condition, Pack, Rule, RuleKind, RuleStatus
from rules.paths import TooManyPaths, paths_of
from rules.reference import Reference
from rules.rulebook import Rulebook
from rules.walk import conditions_of
from tests.demo import demo_book
from tests.rules.generated import condition, features_for, generated_pack
from tests.rules.oracle import expected, holds
from tests.rules.tiny import severity, tiny_pack

DAYS = (None, date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
ITEMS = 500  # feature sets for one pack and kind


def conditions(pack: Pack, kind: RuleKind) -> tuple[Condition, ...]:
    """Return all conditions of the rules of one kind."""
    rules = pack.severity if kind is RuleKind.SEVERITY else pack.scoring
    return tuple(part for rule in rules for part in conditions_of(rule))


@given(st.integers(0, 2**32))
def test_the_reference_agrees_with_the_slow_evaluator(seed: int):
    random = Random(seed)  # noqa: S311 - no secret
    pack = generated_pack(random, rules=12)
    on = random.choice(DAYS)
    for kind, rules in ((RuleKind.SEVERITY, pack.severity), (RuleKind.SCORING, pack.scoring)):
        reference = Reference(pack, kind)
        for _ in range(6):
            features = reference.complete(features_for(random, reference.vocabulary, conditions(pack, kind)))

            assert set(reference.fired(features, on)) == expected(rules, features, on)


def _explained_by_all_rules(reference: Reference, rule: Rule, features: Values, on: date | None) -> None:
    """Assert that explaining one rule says what evaluating every rule says of it."""
    (finding,) = reference.findings([rule.id], features, on)

    explained = reference.explain(rule.id, features, on)

    assert explained.reasons == finding.reasons
    assert explained.fires == (rule.id in reference.fired(features, on))


@given(st.integers(0, 2**32))
def test_a_rule_explained_alone_is_explained_as_among_all_others(seed: int):
    random = Random(seed)  # noqa: S311 - no secret
    pack = generated_pack(random, rules=12)
    on = random.choice(DAYS)
    for kind, rules in ((RuleKind.SEVERITY, pack.severity), (RuleKind.SCORING, pack.scoring)):
        reference = Reference(pack, kind, frozenset(RuleStatus))
        features = features_for(random, reference.vocabulary, conditions(pack, kind))
        for rule in rules:
            _explained_by_all_rules(reference, rule, features, on)


def test_every_example_of_the_demo_pack_is_explained_as_among_all_rules():
    book = Rulebook(demo_book().pack, frozenset({RuleStatus.ACTIVE, RuleStatus.DRAFT}))
    for kind in RuleKind:
        for rule in book.rules(kind):
            for example in rule.examples:
                features = example_features(example, book, kind)
                _explained_by_all_rules(book.reference(kind), rule, features, None)


def test_explaining_a_rule_evaluates_only_the_rules_whose_conclusions_it_needs():
    rules = (
        "id: start, when: {people: {at_least: 5}}, concludes: first",
        "id: middle, when: {first: true}, concludes: second",
        "id: last, when: {all: [{second: true}, {death: true}]}, grade: serious",
        *(f"id: r{n}, when: {{people: {{at_least: {n}}}}}, grade: major" for n in range(1, 40)),
    )
    reference = Reference(tiny_pack(severity=severity(*rules)), RuleKind.SEVERITY)

    assert reference.explain("last", {"death": True, "people": 6}).fires
    assert [one.rule.id for one in reference._needed_by(reference._rule("last"))] == ["start", "middle"]


@given(st.integers(0, 2**32))
def test_paths_hold_where_their_condition_holds_and_nowhere_else(seed: int):
    random = Random(seed)  # noqa: S311 - no secret
    reference = Reference(generated_pack(random, rules=3), RuleKind.SEVERITY)
    words = reference.vocabulary
    tried = condition(random, words)
    try:
        paths, opposite = paths_of(tried, words), paths_of(tried, words, wanted=False)
    except TooManyPaths:
        return
    for _ in range(6):
        features = reference.complete(features_for(random, words, (tried,)))
        numbers = {feature.name: encoded(feature, features[feature.name]) for feature in words}
        on_path = any(all(numbers[name] in domain for name, domain in path) for path in paths)
        on_opposite = any(all(numbers[name] in domain for name, domain in path) for path in opposite)

        assert on_path == holds(tried, features)
        assert on_opposite == (not on_path)


@given(st.integers(0, 2**32))
def test_a_rule_sleeps_only_where_it_cannot_hold(seed: int):
    random = Random(seed)  # noqa: S311 - no secret
    reference = Reference(generated_pack(random, rules=3), RuleKind.SEVERITY)
    words, defaults = reference.vocabulary, reference.vocabulary.defaults()
    tried = condition(random, words)
    guards = guards_of(tried, words, defaults)
    assert (guards is None) or not holds(tried, defaults)
    for _ in range(6):
        features = reference.complete(features_for(random, words, (tried,)))
        asleep = {
            name: defaults[name] if name in (guards or ()) else value for name, value in features.items()
        }

        assert guards is None or not holds(tried, asleep)


def engine_equals_reference(seeds: range) -> tuple[int, int]:
    """Return how many verdicts were compared, and how many rules fired; fails at the first difference."""
    compared = fired_rules = 0
    for seed in seeds:
        random = Random(seed)  # noqa: S311 - no secret
        book = Rulebook(generated_pack(random))
        with Engine(book) as engine:
            for kind in RuleKind:
                reference = book.reference(kind)
                on = random.choice(DAYS)
                known = conditions(book.pack, kind)
                items = [features_for(random, reference.vocabulary, known) for _ in range(ITEMS)]
                found = engine.fired_many(kind, items, on)
                for features, fired in zip(items, found, strict=True):
                    assert fired == tuple(sorted(reference.fired(features, on))), (seed, features)
                compared += len(items)
                fired_rules += sum(map(len, found))
    return compared, fired_rules


@pytest.mark.no_cover  # it runs over the same lines often
def test_the_engine_equals_the_reference_ten_thousand_times():
    compared, fired = engine_equals_reference(range(10))
    print(f"N = {compared} verdicts, {fired} rules fired, seeds 0 to 9")  # noqa: T201 - the size of the proof

    assert compared == 10_000
    assert fired > compared  # otherwise the proof would mostly compare nothing with nothing


@pytest.mark.long
def test_the_engine_equals_the_reference_a_million_times():
    compared, fired = engine_equals_reference(range(1_000, 2_000))
    print(f"N = {compared} verdicts, {fired} rules fired, seeds 1000 to 1999")  # noqa: T201 - the size

    assert compared == 1_000_000
    assert fired > compared
