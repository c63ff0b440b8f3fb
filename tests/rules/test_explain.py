from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.builtin_features import SCORING_ROWS, SEVERITY_ROWS
from rules.condition_words import ConditionWords
from rules.errors import BadFeatures
from rules.explain import MOST_MISSES, explain
from rules.explain_json import canonical, explanation_json
from rules.explained import ExplainedGroup, ExplainedTest, Explanation, Part, comparisons_in
from rules.model import RuleKind
from rules.rulebook import Rulebook
from rules.walk import conditions_of
from tests.rules.generated import features_for, generated_pack
from tests.rules.tiny import severity, tiny_book

SEVERITY, SCORING = RuleKind.SEVERITY, RuleKind.SCORING
DAYS = (None, date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))


def explained(rules: tuple[str, ...], on: date | None = None, **features: bool | int | str) -> Explanation:
    return explain(tiny_book(severity=severity(*rules)), features, on)


def rule_in(explanation: Explanation, name: str):
    rules = {rule.rule: rule for rule in (*explanation.fired, *explanation.nearest)}
    return rules[name]


def lines(explanation: Explanation, name: str) -> list[tuple[str, str, bool]]:
    """Return the comparisons of a rule as a reader sees them: what is asked, what was seen, whether met."""
    return [
        (one.words.zh, one.seen_words.zh, one.met)
        for one in comparisons_in(rule_in(explanation, name).condition)
    ]


def test_a_fired_rule_shows_every_condition_with_its_value_clause_and_conclusion():
    found = explained(
        (
            (
                "id: big, grade: major, unless: {thanks: true}, "
                "when: {all: [{death: true}, {people: {at_least: 3}}]}"
            ),
        ),
        death=True,
        people=7,
    )
    (rule,) = found.fired

    assert (rule.clause, rule.conclusion, rule.conclusion_words.zh, rule.unmet) == (
        "示例",
        "grade=major",
        "定为较大",
        0,
    )
    assert lines(found, "big") == [
        ("死亡", "实际：是", True),
        ("人数不少于 3", "实际：7", True),
        ("不是：感谢", "实际：否", True),
    ]
    assert [one.is_exception for one in comparisons_in(rule.condition)] == [False, False, True]
    assert found.nearest == ()


@pytest.mark.parametrize(
    ("when", "features", "zh", "en", "met"),
    [
        ("{death: true}", {}, "死亡", "Death", False),
        ("{death: false}", {}, "不是：死亡", "not: Death", True),
        ("{death: {is_not: true}}", {}, "不是：死亡", "not: Death", True),
        ("{not: {death: true}}", {"death": True}, "不是：死亡", "not: Death", False),
        ("{not: {death: false}}", {"death": True}, "死亡", "Death", True),
        ("{people: {at_most: 3}}", {}, "人数不超过 3", "People is at most 3", True),
        ("{not: {people: {at_most: 3}}}", {}, "人数多于 3", "People is more than 3", False),
        ("{not: {people: {more_than: 3}}}", {}, "人数不超过 3", "People is at most 3", True),
        ("{not: {people: {less_than: 3}}}", {"people": 3}, "人数不少于 3", "People is at least 3", True),
        (
            "{reads: {at_least: 1000}}",
            {"reads": 1000},
            "阅读量不少于 1000 次",
            "Reads is at least 1000",
            True,
        ),
        ("{voices: {at_least: crowd}}", {}, "同一事项的不同诉求人数不少于 50 人", None, False),
        ("{topic: noise}", {"topic": "noise"}, "主题是 噪声", "Topic is Noise", True),
        ("{topic: none}", {}, "主题是 未知", "Topic is unknown", True),
        ("{not: {topic: {one_of: [noise]}}}", {}, "主题不属于 噪声", "Topic is none of Noise", True),
        ("{media_level: {at_least: city}}", {}, "介入媒体的最高层级不低于 市级", None, False),
        ("{not: {media_level: {at_least: city}}}", {}, "介入媒体的最高层级低于 市级", None, True),
        ("{current_grade: {is_not: none}}", {}, "在办件的等级不是 无", None, False),
        ("{growth_24h: {more_than: 2.5}}", {}, "24 小时互动增长倍数多于 2.5 倍", None, False),
    ],
)
def test_a_condition_is_said_as_the_rule_wants_it(
    when: str, features: dict[str, bool | int | str], zh: str, en: str | None, *, met: bool
):
    found = explained((f"id: a, grade: major, when: {when}",), **features)
    (one,) = comparisons_in(rule_in(found, "a").condition)

    assert (one.words.zh, one.met) == (zh, met)
    assert en is None or one.words.en == en


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (row.name, value)
        for row in (*SEVERITY_ROWS, *SCORING_ROWS)
        for value in row.values or ("general", "major", "serious") * (row.type == "grade")
    ],
)
def test_every_value_of_a_built_in_feature_has_words(name: str, value: str):
    book = tiny_book()
    kind = SEVERITY if name in book.vocabulary(SEVERITY) else SCORING
    words = ConditionWords(book.pack, book.vocabulary(kind)).value(name, value)

    assert words.zh != value
    assert words.en != value or value == "none"


def test_the_nearest_rules_that_did_not_fire_say_what_they_are_short_of():
    found = explained(
        (
            "id: far, grade: major, when: {all: [{death: true}, {thanks: true}, {people: {at_least: 9}}]}",
            "id: bare, grade: major, when: {death: true}",
            "id: near, grade: major, when: {all: [{people: {at_least: 5}}, {death: true}]}",
            "id: urgent, grade: major, priority: 9, when: {thanks: true}",
            "id: fires, grade: general, when: {people: {at_least: 1}}",
            "id: elsewhere, grade: major, when: {all: [{thanks: true}, {not: {people: {at_most: 2}}}]}",
            "id: idle, grade: major, when: {all: [{thanks: true}, {people: {at_most: 9}}]}",
        ),
        people=6,
    )

    assert [rule.rule for rule in found.fired] == ["fires"]
    # One short each. What was seen speaks for the first two; the third has the higher priority; for `idle`
    # speaks only what nobody has to say.
    assert [(rule.rule, rule.unmet) for rule in found.nearest] == [
        ("near", 1),
        ("elsewhere", 1),
        ("urgent", 1),
        ("bare", 1),
        ("idle", 1),
    ]
    assert (found.evaluated, found.not_fired) == (7, 6)
    assert [(t.feature, t.missing) for t in comparisons_in(rule_in(found, "near").condition)] == [
        ("people", False),
        ("death", True),
    ]


def test_of_several_ways_the_shortest_counts():
    found = explained(
        (
            (
                "id: a, grade: major, "
                "when: {any: [{all: [{death: true}, {people: {at_least: 2}}]}, {thanks: true}]}"
            ),
        )
    )
    (rule,) = found.nearest

    assert rule.unmet == 1
    assert [test.feature for test in comparisons_in(rule.condition) if test.missing] == ["thanks"]


def test_not_of_a_group_is_told_as_what_must_be_so():
    found = explained(("id: a, grade: major, when: {not: {all: [{death: true}, {people: {at_least: 2}}]}}",))
    (rule,) = found.fired

    assert isinstance(rule.condition, ExplainedGroup)
    assert rule.condition.part is Part.ANY
    assert [(t.words.zh, t.holds, t.wanted, t.met) for t in comparisons_in(rule.condition)] == [
        ("不是：死亡", False, False, True),
        ("人数少于 2", False, False, True),
    ]


def test_at_most_five_near_misses_are_shown_and_all_are_counted():
    found = explained(tuple(f"id: r{n}, grade: major, when: {{death: true}}" for n in range(9)))

    assert [rule.rule for rule in found.nearest] == ["r0", "r1", "r2", "r3", "r4"]
    assert len(found.nearest) == MOST_MISSES
    assert found.not_fired == 9


def test_a_rule_outside_its_dates_is_one_condition_short_and_says_when_it_is_in_effect():
    rules = (
        "id: later, grade: major, when: {death: true}, effective: {from: 2026-06-01, to: 2026-09-01}",
        "id: other, grade: major, when: {thanks: true}",
    )
    before = explained(rules, date(2026, 5, 31), death=True)
    rule = before.nearest[0]

    assert (rule.rule, rule.unmet, rule.in_effect, rule.effective_from) == (
        "later",
        1,
        False,
        date(2026, 6, 1),
    )
    assert rule.condition.met
    assert [rule.rule for rule in explained(rules, date(2026, 6, 1), death=True).fired] == ["later"]


def test_a_named_conclusion_leads_to_the_rules_that_set_it():
    found = explained(
        (
            "id: crowd, when: {people: {at_least: 5}}, concludes: many",
            "id: sev, grade: major, when: {many: true}",
        ),
        people=5,
    )
    (test,) = comparisons_in(rule_in(found, "sev").condition)

    assert test.set_by == ("crowd",)
    assert {one.feature for one in found.seen} == {"many", "people"}


def test_points_are_said_as_they_count_for_the_grade():
    book = tiny_book()
    found = explain(book, {"failing": "late_close", "grade": "major"}, kind=SCORING)

    assert [rule.conclusion_words.zh for rule in found.fired] == ["计 0.4 分"]
    assert [rule.conclusion_words.zh for rule in explain(book, {}, kind=SCORING).nearest] == [
        "计 0.2 / 0.4 / 0.8 分"
    ]


def test_unknown_features_are_refused():
    with pytest.raises(BadFeatures):
        explained(("id: a, grade: major, when: {death: true}",), deaths=True)


@given(st.integers(0, 2**32))
def test_an_explanation_agrees_with_the_evaluator_rule_by_rule(seed: int):
    random = Random(seed)  # noqa: S311 - no secret
    book = Rulebook(generated_pack(random, rules=12))
    on = random.choice(DAYS)
    for kind in RuleKind:
        rules = book.rules(kind)
        known = tuple(part for rule in rules for part in conditions_of(rule))
        features = features_for(random, book.vocabulary(kind), known)
        found = explain(book, features, on, kind)
        findings = book.evaluate(kind, features, on)

        assert [rule.rule for rule in found.fired] == [finding.rule for finding in findings]
        assert [rule.conclusion for rule in found.fired] == [finding.conclusion for finding in findings]
        for rule, finding in zip(found.fired, findings, strict=True):
            told = {
                (t.feature, t.op, t.expected, t.seen, t.holds, t.wanted)
                for t in comparisons_in(rule.condition)
            }
            assert told == {(r.feature, r.op, r.expected, r.seen, r.holds, r.wanted) for r in finding.reasons}
            assert rule.condition.met
        for rule in found.nearest:
            missing = [test for test in comparisons_in(rule.condition) if test.missing]
            assert rule.unmet == len(missing) + (not rule.in_effect) > 0
            assert not any(test.met for test in missing)
        assert [rule.unmet for rule in found.nearest] == sorted(rule.unmet for rule in found.nearest)
        assert len(found.fired) + found.not_fired == found.evaluated == len(rules)


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_equal_rules_and_features_give_equal_bytes(seed: int):
    random = Random(seed)  # noqa: S311 - no secret
    pack = generated_pack(random, rules=9)
    features = features_for(random, Rulebook(pack).vocabulary(SEVERITY), tuple(r.when for r in pack.severity))
    shuffled = dict(sorted(features.items(), key=lambda _: random.random()))

    once = canonical(explanation_json(explain(Rulebook(pack), features)))
    assert once == canonical(explanation_json(explain(Rulebook(pack), shuffled)))
    # Whoever leaves the defaults out says the same.
    defaults = Rulebook(pack).vocabulary(SEVERITY).defaults()
    sparse = {name: value for name, value in features.items() if value != defaults[name]}
    assert once == canonical(explanation_json(explain(Rulebook(pack), sparse)))


def test_the_form_of_the_json_is_fixed():
    """Change the number of the form in `explain_json` together with this text."""
    found = explained(("id: big, grade: major, when: {people: {at_least: 3}}",), people=7)
    kept = json.loads(canonical(explanation_json(found)))
    kept["pack"] = "tiny@1"

    assert kept == {
        "format": 1,
        "pack": "tiny@1",
        "kind": "severity",
        "on": None,
        "evaluated": 1,
        "not_fired": 0,
        "nearest": [],
        "seen": [
            {
                "feature": "people",
                "value": "7",
                "name": {"zh": "人数", "en": "People"},
                "words": {"zh": "7", "en": "7"},
            }
        ],
        "fired": [
            {
                "rule": "big",
                "title": {"zh": "规则", "en": "Rule"},
                "clause": "示例",
                "owner": "网信办",
                "priority": 0,
                "conclusion": "grade=major",
                "conclusion_words": {"zh": "定为较大", "en": "grade Major"},
                "fired": True,
                "unmet": 0,
                "in_effect": True,
                "effective_from": None,
                "effective_to": None,
                "condition": {
                    "part": "test",
                    "met": True,
                    "missing": False,
                    "exception": False,
                    "words": {"zh": "人数不少于 3", "en": "People is at least 3"},
                    "feature": "people",
                    "op": "at_least",
                    "expected": "3",
                    "seen": "7",
                    "seen_words": {"zh": "实际：7", "en": "seen: 7"},
                    "holds": True,
                    "wanted": True,
                    "set_by": [],
                },
            }
        ],
    }


def test_fractions_are_written_one_way():
    rules = ("id: a, grade: major, when: {growth_24h: {at_least: 2.5}}",)
    book = tiny_book(severity=severity(*rules))
    written = {
        canonical(explanation_json(explain(book, {"growth_24h": Decimal(text)})))
        for text in ("100", "1E+2", "100.0")
    }

    assert len(written) == 1
    (test,) = comparisons_in(explain(book, {"growth_24h": Decimal("1E+2")}).fired[0].condition)
    assert isinstance(test, ExplainedTest)
    assert test.seen == "100"


def test_no_floating_number_gets_into_the_bytes():
    with pytest.raises(TypeError):
        canonical({"share": [0.5]})  # type: ignore[dict-item, list-item]
