"""Every pack that we ship: free of errors, true to its examples, and the same to both evaluators."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pytest

from rules.check import check_folder
from rules.check_rules import example_features
from rules.conditions import Values
from rules.domains import SCALE, Domain
from rules.engine import Engine
from rules.model import Example, Pack, Rule, RuleKind, RuleStatus, Scalar
from rules.pack import load_pack
from rules.paths import TooManyPaths, paths_of
from rules.problem import Level
from rules.rulebook import Rulebook
from rules.strata import whole_condition
from rules.vocabulary import Feature, FeatureType, Vocabulary
from rules.walk import conditions_of
from tests.rules.generated import features_for

PACKS = sorted(
    path for path in (Path(__file__).resolve().parents[2] / "rules" / "packs").iterdir() if path.is_dir()
)
LIVE = frozenset({RuleStatus.ACTIVE, RuleStatus.DRAFT})
AT_RANDOM = 300  # feature sets of each kind besides those made for each rule


@cache
def shipped(folder: Path) -> Pack:
    """Return a shipped pack."""
    loaded = load_pack(folder)
    assert loaded.pack is not None, "\n".join(map(str, loaded.problems))
    return loaded.pack


@cache
def book_of(folder: Path) -> Rulebook:
    """Return the rulebook of a shipped pack, drafts included."""
    return Rulebook(shipped(folder), LIVE)


def rules_of(pack: Pack) -> tuple[Rule, ...]:
    return tuple(rule for rule in (*pack.severity, *pack.scoring) if rule.status in LIVE)


EXAMPLES = [
    pytest.param(folder, rule, example, id=f"{folder.name}-{rule.id}-{number}")
    for folder in PACKS
    for rule in rules_of(shipped(folder))
    for number, example in enumerate(rule.examples)
]


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_a_shipped_pack_has_neither_error_nor_warning(folder: Path):
    found = [str(p) for p in check_folder(folder) if p.level is not Level.NOTE]

    assert found == []


@pytest.mark.parametrize(("folder", "rule", "example"), EXAMPLES)
def test_an_example_holds(folder: Path, rule: Rule, example: Example):
    book = book_of(folder)
    explained = book.explain(rule.id, example_features(example, book, rule.kind))

    assert explained.fires == example.matches, explained.reasons


def value_in(feature: Feature, domain: Domain, random: Random) -> Scalar:
    """Return a value whose number lies in the domain, on its edges most of the time."""
    numbers = [n for n in (domain.low, domain.low + 1, domain.high - 1, domain.high) if n in domain]
    number = random.choice(numbers)
    if feature.type is FeatureType.FLAG:
        return bool(number)
    if feature.type is FeatureType.INTEGER:
        return min(number, 10**12)
    if feature.type is FeatureType.DECIMAL:
        return Decimal(number) / SCALE
    return feature.values[number]


def made_for(rule: Rule, words: Vocabulary, random: Random) -> list[dict[str, Scalar]]:
    """Return features on every path of a rule, and on every path of its opposite."""
    condition = whole_condition(rule)
    paths = paths_of(condition, words)
    with suppress(TooManyPaths):  # a rule that fits may have an opposite that does not
        paths += paths_of(condition, words, wanted=False)
    return [{name: value_in(words[name], domain, random) for name, domain in path} for path in paths]


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
@pytest.mark.parametrize("kind", RuleKind)
def test_engine_and_reference_agree_on_every_shipped_rule(folder: Path, kind: RuleKind):
    random = Random(2026)  # noqa: S311 - no secret
    book = book_of(folder)
    words = book.vocabulary(kind)
    rules = [rule for rule in rules_of(book.pack) if rule.kind is kind]
    items: list[Values] = [item for rule in rules for item in made_for(rule, words, random)]
    conditions = tuple(part for rule in rules for part in conditions_of(rule))
    items += [features_for(random, words, conditions) for _ in range(AT_RANDOM)]
    with Engine(book) as engine:
        found = engine.fired_many(kind, items)
    expected = [tuple(sorted(book.reference(kind).fired(item))) for item in items]

    assert list(found) == expected
    assert {rule.id for rule in rules} <= {name for fired in expected for name in fired}
