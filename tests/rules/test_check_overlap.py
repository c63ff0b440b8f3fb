"""Rules against each other: what is reported is so on every set of features that was tried."""

from __future__ import annotations

import time
from random import Random

import pytest

from rules.check_overlap import MOST_OVERLAPS, check_overlap
from rules.model import Pack, RuleKind
from rules.problem import Notes
from rules.reference import Reference
from tests.rules.generated import features_for, generated_pack
from tests.rules.tiny import severity, tiny_pack

EXAMPLES = "examples: [{text: 一人死亡, matches: true}, {text: 栽树, matches: false}]"


def found(*rules: str) -> list[str]:
    """Return what is said of these rules, as "code rule: message"."""
    return _said(tiny_pack(severity=severity(*(f"{rule}, {EXAMPLES}" for rule in rules))))


def _said(pack: Pack) -> list[str]:
    notes = Notes()
    check_overlap(pack, notes)
    return [f"{p.code} {p.rule_id}: {p.en}" for p in notes.problems]


WIDE = "id: wide, when: {reads: {at_least: 100}}, grade: major"


@pytest.mark.parametrize(
    ("rule", "is_shadowed"),
    [
        ("when: {reads: {at_least: 200}}, grade: major", True),
        ("when: {all: [{death: true}, {reads: {more_than: 99}}]}, grade: general", True),
        ("when: {any: [{reads: {at_least: 200, less_than: 300}}, {reads: 1000}]}, grade: major", True),
        ("when: {reads: {at_least: 200}}, unless: {thanks: true}, grade: major", True),
        ("when: {reads: {at_least: 99}}, grade: general", False),
        ("when: {any: [{reads: {at_least: 200}}, {death: true}]}, grade: major", False),
        ("when: {reads: {at_least: 200}}, grade: serious", False),
        ("when: {reads: {at_least: 200}}, grade: major, priority: 1", False),
        ("when: {reads: {at_least: 200}}, dismisses: praise", False),
        ("when: {reads: {at_least: 200}}, concludes: crowd", False),
    ],
)
def test_a_rule_is_shadowed_by_one_that_fires_whenever_it_does(rule: str, is_shadowed: bool):  # noqa: FBT001
    said = found(WIDE, f"id: r, {rule}")

    assert any(line.startswith("R108 r:") for line in said) == is_shadowed


def test_a_shadow_names_the_rule_that_casts_it_and_its_line():
    assert found(WIDE, "id: r, when: {reads: {at_least: 200}}, grade: general") == [
        (
            'R108 r: whenever it fires, "wide" (severity.yaml:2) fires with at least its grade and priority: '
            "it never changes the result"
        ),
    ]


def test_a_draft_is_measured_against_nothing():
    text = severity(f"{WIDE}, {EXAMPLES}", f"id: r, when: {{reads: 200}}, grade: major, {EXAMPLES}")
    head, tail = text.rsplit("status: active", 1)

    assert _said(tiny_pack(severity=f"{head}status: draft{tail}")) == []


def test_a_rule_that_is_not_always_in_effect_shadows_none():
    said = found(f"{WIDE}, effective: {{from: 2026-01-01}}", "id: r, when: {reads: 200}, grade: major")

    assert said == []


def test_of_two_rules_that_say_the_same_the_later_is_superfluous():
    said = found(WIDE, "id: again, when: {reads: {more_than: 99}}, grade: major")

    assert [line.split(":")[0] for line in said] == ["R108 again"]


def test_the_same_conditions_with_another_grade_are_twins():
    assert found(WIDE, "id: twin, when: {not: {reads: {less_than: 100}}}, grade: serious") == [
        (
            'R109 wide: same conditions as the rule "twin" (severity.yaml:3) but another grade: '
            "major / serious; the higher always stands"
        ),
    ]


def test_two_grades_on_the_same_facts_are_shown_with_an_example():
    said = found(
        "id: low, when: {all: [{reads: {at_least: 100}}, {likes: {less_than: 50}}]}, grade: major",
        "id: high, when: {all: [{likes: {at_least: 10}}, {reads: {less_than: 500}}]}, grade: serious",
    )

    assert said == [
        (
            "R110 low: it gives major where high (serious) gives a higher grade on the same facts, "
            "and the highest stands; for example {likes: 10, reads: 100}"
        ),
    ]


def test_a_step_up_is_no_overlap_worth_a_word():
    assert found(WIDE, "id: r, when: {reads: {at_least: 1000}}, grade: serious") == []


def test_rules_on_different_features_are_left_in_peace():
    assert found(WIDE, "id: r, when: {death: true}, grade: serious") == []


def test_an_author_is_not_drowned_in_overlaps():
    count = MOST_OVERLAPS + 5
    low = [
        f"id: low{n}, grade: major, when: "
        f"{{all: [{{reads: {{at_least: {n}}}}}, {{likes: {{less_than: 50}}}}]}}"
        for n in range(1, count + 1)
    ]
    high = [
        f"id: high{n}, grade: serious, when: "
        f"{{all: [{{reads: {{at_most: 90}}}}, {{likes: {{at_least: {n}}}}}]}}"
        for n in range(1, 6)
    ]
    overlaps = [line for line in found(*low, *high) if line.startswith("R110")]

    assert len(overlaps) <= MOST_OVERLAPS + 1
    assert all("and 2 more" in line for line in overlaps[:-1])


@pytest.mark.no_cover  # it runs over the same lines often
def test_a_thousand_rules_on_one_feature_are_compared_as_far_as_time_allows():
    rules = [f"id: r{n}, when: {{reads: {{at_least: {n}}}}}, grade: major" for n in range(1, 1_001)]
    started = time.monotonic()
    codes = [line.split()[0] for line in found(*rules)]

    assert codes.count("R114") == 1
    assert codes.count("R108") > 10
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("seed", range(12))
def test_what_is_said_of_generated_rules_holds_on_generated_features(seed: int):
    random = Random(seed)  # noqa: S311 - a repeatable choice
    pack = generated_pack(random, rules=60, flags=6)
    notes = Notes()
    check_overlap(pack, notes)
    reference = Reference(pack, RuleKind.SEVERITY)
    conditions = tuple(rule.when for rule in pack.severity)
    shadowed = {(p.rule_id, p.en.split('"')[1]) for p in notes.problems if p.code in {"R108", "R109"}}
    fired = [set(reference.fired(features_for(random, reference.vocabulary, conditions))) for _ in range(300)]

    assert [(a, b) for a, b in shadowed if any(a in rules and b not in rules for rules in fired)] == []
