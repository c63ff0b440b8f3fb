from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.errors import BadFeatures, NoSuchRule
from rules.model import Reason, RuleKind, RuleStatus
from rules.reference import Reference
from tests.rules.tiny import severity, tiny_book, tiny_pack

SEVERITY, SCORING = RuleKind.SEVERITY, RuleKind.SCORING


def reference(*rules: str) -> Reference:
    return Reference(tiny_pack(severity=severity(*rules)), SEVERITY)


def test_a_finding_names_pack_rule_clause_conclusion_and_every_condition_with_its_value():
    book = tiny_book(
        severity=severity(
            "id: big, grade: major, unless: {thanks: true}, "
            "when: {all: [{death: true}, {people: {at_least: 3}}]}"
        )
    )
    (finding,) = book.evaluate(SEVERITY, {"death": True, "people": 7})

    assert (finding.rule, finding.pack, finding.source, finding.conclusion) == (
        "big",
        book.pack.ref,
        "示例",
        "grade=major",
    )
    assert finding.reasons == (
        Reason("death", "is", "true", "true", holds=True, wanted=True),
        Reason("people", "at_least", "3", "7", holds=True, wanted=True),
        Reason("thanks", "is", "true", "false", holds=False, wanted=False),
    )


def test_all_rules_that_hold_are_reported_by_priority_and_then_as_in_the_pack():
    rules = reference(
        "id: a, when: {death: true}, grade: general",
        "id: b, when: {thanks: true}, grade: general",
        "id: c, when: {death: true}, grade: major, priority: 5",
        "id: d, when: {any: [{death: true}, {thanks: true}]}, dismisses: praise",
    )

    assert rules.fired({"death": True}) == ("c", "a", "d")
    assert [f.conclusion for f in rules.evaluate({"thanks": True})] == ["grade=general", "dismisses=praise"]
    assert rules.fired({}) == ()


def test_conclusions_are_features_of_later_rules_wherever_they_stand():
    rules = reference(
        "id: last, when: {all: [{second: true}, {death: true}]}, grade: serious",
        "id: middle, when: {first: true}, concludes: second",
        "id: start, when: {people: {at_least: 5}}, concludes: first",
        "id: calm, when: {not: {first: true}}, grade: general",
    )

    assert rules.fired({"people": 5, "death": True}) == ("last", "middle", "start")
    assert rules.fired({"people": 4, "death": True}) == ("calm",)


def test_only_active_rules_are_evaluated_unless_drafts_are_asked_for():
    pack = tiny_pack(
        severity=severity("id: a, when: {death: true}, grade: major").replace(
            "status: active", "status: draft"
        )
    )

    assert Reference(pack, SEVERITY).fired({"death": True}) == ()
    assert Reference(pack, SEVERITY, frozenset({RuleStatus.DRAFT})).fired({"death": True}) == ("a",)


@pytest.mark.parametrize(
    ("day", "fires"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),  # half-open
        (None, True),
    ],
)
def test_a_rule_holds_within_its_dates(day: date | None, fires: bool):  # noqa: FBT001 - a column of the table
    rules = reference(
        "id: a, when: {death: true}, concludes: c, effective: {from: 2026-01-01, to: 2027-01-01}",
        "id: b, when: {c: true}, grade: major",
    )

    assert rules.fired({"death": True}, day) == (("a", "b") if fires else ())


# feature, comparison, values for which it holds, values for which it does not
COMPARISONS = [
    ("people", "{is: 3}", [3], [2, 4]),
    ("people", "{is_not: 3}", [2, 4], [3]),
    ("people", "{at_least: 3}", [3, 4], [2]),
    ("people", "{more_than: 3}", [4], [3]),
    ("people", "{at_most: 3}", [0, 3], [4]),
    ("people", "{less_than: 3}", [2], [3]),
    ("people", "{one_of: [1, 9]}", [1, 9], [0, 5]),
    ("people", "{at_least: 5, at_most: 49}", [5, 49], [4, 50]),
    ("death", "true", [True], [False]),
    ("death", "{is_not: true}", [False], [True]),
    ("topic", "noise", ["noise"], ["none"]),
    ("topic", "{one_of: [noise, none]}", ["noise", "none"], []),
    ("media_level", "{at_least: city}", ["city", "province", "national"], ["none"]),
    ("media_level", "{less_than: province}", ["none", "city"], ["province"]),
    ("overdue_hours", "{more_than: 24}", [Decimal("24.0001"), 25], [Decimal(24), 24]),
    ("growth_24h", "{at_least: 2.5}", [Decimal("2.5"), 3], [Decimal("2.4999")]),
]


@pytest.mark.parametrize(("feature", "comparison", "holds", "fails"), COMPARISONS)
def test_a_comparison_holds_for_these_values_only(
    feature: str, comparison: str, holds: list[bool | int | str], fails: list[bool | int | str]
):
    rules = reference(f"id: a, when: {{{feature}: {comparison}}}, grade: major")

    assert [value for value in (*holds, *fails) if rules.fired({feature: value})] == holds


def test_points_follow_the_grade_and_a_grade_without_points_earns_none():
    pack = tiny_pack(
        scoring="""
            rules:
              - {id: late, title: {zh: 迟, en: Late}, status: active, owner: 甲, source: 乙,
                 when: {failing: late_close}, points: {general: "0.2", serious: "0.8"}}
              - {id: leak, title: {zh: 泄, en: Leak}, status: active, owner: 甲, source: 乙,
                 when: {failing: leaked_identity}, points: "2"}
            """
    )
    rules = Reference(pack, SCORING)

    assert [f.conclusion for f in rules.evaluate({"failing": "late_close", "grade": "serious"})] == [
        "points=0.8"
    ]
    assert rules.evaluate({"failing": "late_close", "grade": "major"}) == ()
    assert [f.conclusion for f in rules.evaluate({"failing": "leaked_identity"})] == ["points=2"]


def test_what_is_left_out_has_its_default():
    complete = reference("id: a, when: {death: true}, grade: major").complete({"people": 2})

    assert (complete["people"], complete["death"], complete["media_level"]) == (2, False, "none")


@pytest.mark.parametrize(
    "features",
    [
        {"deaht": True},
        {"death": 1},
        {"people": True},
        {"people": "3"},
        {"people": -1},
        {"people": 10**13},
        {"overdue_hours": Decimal("NaN")},
        {"overdue_hours": Decimal("0.00001")},
        {"media_level": "galaxy"},
        {"topic": ""},
    ],
    ids=str,
)
def test_features_of_a_wrong_name_or_type_are_refused(features: dict[str, bool | int | str | Decimal]):
    with pytest.raises(BadFeatures):
        reference("id: a, when: {death: true}, grade: major").evaluate(features)


def test_every_fault_of_the_features_is_named():
    with pytest.raises(BadFeatures) as caught:
        reference("id: a, when: {death: true}, grade: major").evaluate({"deaht": True, "people": "3"})

    assert [name for name, _ in caught.value.faults] == ["deaht", "people"]


def test_an_explanation_tells_of_a_rule_that_did_not_fire():
    book = tiny_book(
        severity=severity("id: a, when: {any: [{death: true}, {people: {at_least: 9}}]}, grade: major")
    )
    explained = book.explain("a", {"people": 8})

    assert not explained.fires
    assert [(r.feature, r.seen, r.holds) for r in explained.reasons] == [
        ("death", "false", False),
        ("people", "8", False),
    ]


def test_an_unknown_rule_cannot_be_explained():
    with pytest.raises(NoSuchRule):
        tiny_book().explain("nowhere", {})


def test_findings_of_another_evaluator_carry_the_same_reasons():
    rules = reference("id: a, when: {death: true}, grade: major", "id: b, when: {thanks: true}, grade: major")

    assert rules.findings(("a",), {"death": True}) == rules.evaluate({"death": True})
