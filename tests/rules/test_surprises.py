"""Every entry of docs/rules/surprises.md, shown: the number of the test is the number of the entry."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from casework.judgement import grade_of
from rules.check import check_pack
from rules.model import Grade, RuleKind, Scalar
from rules.normalise import LONGEST
from rules.periods import period_on
from rules.rulebook import Rulebook
from rules.scan import Scan
from tests.rules.tiny import FILES, severity, tiny, tiny_book, tiny_pack

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules" / "surprises.md").read_text(encoding="utf-8")
NONE_MATCH = "examples: [{features: {reads: 1}, matches: true}, {features: {reads: 2}, matches: false}]"


def test_every_entry_of_the_page_is_a_test_here():
    entries = re.findall(r"^\* \*\*S(\d\d) ", PAGE, re.MULTILINE)
    shown = re.findall(r"^def test_s(\d\d)_", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(entries) == sorted(shown)
    assert len(set(entries)) == len(entries)


def scan(matcher: str, text: str, title: str = "") -> Scan:
    signals = f"signals:\n  - {{title: {{zh: 甲, en: a}}, id: one, {matcher}}}\n"
    return tiny_book(signals=signals, severity="rules: []").scan(title, text)


def trips(matcher: str, text: str, title: str = "") -> bool:
    return "one" in scan(matcher, text, title).features


def fired(rules: str, on: date | None = None, **features: Scalar) -> list[str]:
    book = tiny_book(severity=rules)
    return [finding.rule for finding in book.evaluate(RuleKind.SEVERITY, features, on)]


DEATH = "terms: [死亡], skip_negated: true"


def test_s01_a_denial_does_not_cross_a_comma():
    assert trips(DEATH, "没有人管，死亡两人")


def test_s02_a_supposition_does():
    assert not trips(DEATH, "如果再不修，会有人死亡")


@pytest.mark.parametrize(
    ("text", "counts"),
    [("请学习《防范死亡事故规定》", False), ("所谓“死亡”是传言", False), ("医生说“两人死亡”", True)],
)
def test_s03_titles_are_quoted_and_speech_is_not(text: str, counts: bool):  # noqa: FBT001 - a column
    assert trips(DEATH, text) is counts


def test_s04_without_skip_negated_a_denial_counts():
    assert trips("terms: [死亡]", "没有人员死亡")


def test_s05_a_term_hits_inside_longer_words():
    book = tiny_book(
        signals="signals: [{id: one, title: {zh: 甲, en: a}, terms: [人], whole_word: true}]",
        severity="rules: []",
    )

    assert trips("terms: [人]", "别人")
    assert "one" not in book.scan("", "别人", lambda text: range(0, len(text), 2)).features


def test_s06_a_torn_word_is_no_whole_word():
    book = tiny_book(
        signals="signals: [{id: one, title: {zh: 甲, en: a}, terms: [死亡], whole_word: true}]",
        severity="rules: []",
    )

    assert trips("terms: [死亡]", "死*亡")
    assert "one" not in book.scan("", "死*亡", lambda text: range(len(text))).features


@pytest.mark.parametrize("text", ["强拆遷", "强 拆 迁", "强拆\u200b迁"])
def test_s07_one_form_is_enough(text: str):
    assert trips("terms: [拆迁]", text)


@pytest.mark.parametrize("text", ["chai迁", "柴迁", "扌斥迁"])
def test_s08_sound_alikes_are_not_found(text: str):
    assert not trips("terms: [拆迁]", text)


def test_s09_a_place_inside_a_longer_name_does_not_count_and_a_term_does():
    places = """
        places:
          - {id: t_one, name: 清溪镇, kind: town, aliases: [清溪], unit: office, zone: rural}
          - {id: v_long, name: 清溪岭村, kind: village, within: t_one, zone: rural}
        """
    signals = """
        signals:
          - {id: named, title: {zh: 甲, en: a}, place: {ids: [t_one]}}
          - {id: worded, title: {zh: 乙, en: b}, terms: [清溪]}
        """
    found = tiny_book(places=places, signals=signals, severity="rules: []").scan("", "清溪岭村停水")

    assert set(found.features) == {"worded"}


def test_s10_near_stays_on_one_side_of_the_title_and_all_does_not():
    parts = "{terms: [工地]}, {terms: [死亡]}"

    assert trips(f"all: [{parts}]", "两人死亡", title="工地")
    assert not trips(
        "near: {first: {terms: [工地]}, second: {terms: [死亡]}, within: 50}", "两人死亡", title="工地"
    )


def test_s11_none_alone_holds_for_a_post_that_says_nothing():
    assert trips("none: [{terms: [感谢]}]", "路灯坏了")
    assert not trips("all: [{none: [{terms: [感谢]}]}, {terms: [死亡]}]", "路灯坏了")


def test_s12_only_the_first_hundred_thousand_characters_are_read():
    assert LONGEST == 100_000
    assert trips("terms: [死亡]", "死亡".rjust(LONGEST, "甲"))
    assert not trips("terms: [死亡]", "死亡".rjust(LONGEST + 1, "甲"))


def test_s13_words_of_a_topic_add_up_once_each():
    def weight(text: str) -> tuple[tuple[int, int], ...]:
        (topic,) = tiny_book().scan("", text).topics
        return tuple((wording.times > 0, len(topic.wordings)) for wording in topic.wordings)

    assert weight("吵吵吵") == weight("吵")
    assert len(weight("吵，噪声")) == 2


@pytest.mark.parametrize("text", ["三十多户", "三五十户", "几十户"])
def test_s14_a_number_is_the_least_that_it_says(text: str):
    assert trips("number: {units: [户], at_least: 20}", text)
    assert not trips("number: {units: [户], at_least: 31}", text)


@pytest.mark.parametrize("text", ["第三户", "二零二六户"])
def test_s15_ordinals_and_rows_of_digits_are_no_numbers(text: str):
    assert not trips("number: {units: [户], at_least: 1}", text)


def test_s16_a_number_with_bounds_is_a_yes_or_no():
    assert scan("number: {units: [户]}", "三十户").features == {"one": 30}
    assert scan("number: {units: [户], at_least: 5}", "三十户").features == {"one": True}


def test_s17_tomorrow_is_no_date_and_a_range_is_its_first_day():
    assert not trips("date: any", "明天停水")
    assert trips('date: {from: "06-07", to: "06-07"}', "6月7-9日停水")
    assert not trips('date: {from: "06-08", to: "06-09"}', "6月7-9日停水")


def test_s18_a_period_includes_its_last_day_and_effective_does_not():
    period = "periods: [{kind: exams, title: {zh: 高考, en: Exams}, from: 2026-06-06, to: 2026-06-10}]\n"
    rule = severity(
        "id: r, when: {reads: 1}, grade: major, effective: {from: 2026-01-01, to: 2026-07-01}, " + NONE_MATCH
    )

    assert (
        period_on(tiny_pack(calendar=FILES["calendar.yaml"] + period).periods, date(2026, 6, 10)) == "exams"
    )
    assert fired(rule, date(2026, 6, 30), reads=1) == ["r"]
    assert fired(rule, date(2026, 7, 1), reads=1) == []


def test_s19_of_several_periods_the_first_listed_stands():
    periods = """periods:
  - {kind: flood, title: {zh: 汛期, en: Floods}, from: "05-01", to: "09-30"}
  - {kind: exams, title: {zh: 高考, en: Exams}, from: "06-06", to: "06-10"}
"""
    assert (
        period_on(tiny_pack(calendar=FILES["calendar.yaml"] + periods).periods, date(2026, 6, 7)) == "flood"
    )


def test_s20_the_highest_grade_stands_whatever_the_priority():
    book = tiny_book(
        severity=severity(
            f"id: low, when: {{reads: 1}}, grade: general, priority: 1000, {NONE_MATCH}",
            f"id: high, when: {{reads: 1}}, grade: serious, {NONE_MATCH}",
        )
    )
    findings = book.evaluate(RuleKind.SEVERITY, {"reads": 1})

    assert [finding.rule for finding in findings] == ["low", "high"]
    assert grade_of(findings) is Grade.SERIOUS


def test_s21_what_is_not_known_is_nought():
    assert fired(severity(f"id: r, when: {{reads: {{less_than: 10}}}}, grade: major, {NONE_MATCH}")) == ["r"]


def test_s22_without_a_case_the_current_grade_is_below_general():
    rule = severity(f"id: r, when: {{current_grade: {{less_than: major}}}}, grade: major, {NONE_MATCH}")

    assert fired(rule) == ["r"]


def test_s23_a_word_of_a_feature_wins_over_a_setting():
    pack = FILES["pack.yaml"].replace("settings: {crowd: 50}", "settings: {complaint: request}")
    book = tiny_book(
        pack=pack, severity=severity(f"id: r, when: {{demand: complaint}}, grade: major, {NONE_MATCH}")
    )

    assert book.evaluate(RuleKind.SEVERITY, {"demand": "complaint"})
    assert not book.evaluate(RuleKind.SEVERITY, {"demand": "request"})


def test_s24_a_rule_may_use_a_conclusion_that_a_later_rule_draws():
    rules = severity(
        f"id: uses, when: {{crowd: true}}, grade: major, {NONE_MATCH}",
        f"id: draws, when: {{reads: 1}}, concludes: crowd, {NONE_MATCH}",
    )

    assert fired(rules, reads=1) == ["uses", "draws"]


def test_s25_drafts_are_checked_and_never_fire():
    rule = severity(f"id: r, when: {{likes: 1}}, grade: major, {NONE_MATCH}").replace("active", "draft")

    assert fired(rule, likes=1) == []
    assert "R105" in {problem.code for problem in check_pack(tiny_pack(severity=rule))}


def test_s26_points_for_some_grades_only_do_not_fire_for_the_others():
    scoring = FILES["scoring.yaml"].replace(
        '{general: "0.2", major: "0.4", serious: "0.8"}', '{major: "0.4"}'
    )
    book = Rulebook(tiny_pack(scoring=scoring))

    assert book.evaluate(RuleKind.SCORING, {"failing": "late_close", "grade": "major"})
    assert not book.evaluate(RuleKind.SCORING, {"failing": "late_close", "grade": "serious"})


@pytest.mark.parametrize(
    ("example", "holds"),
    [
        ("{text: 夜里很吵, matches: true}", False),
        ("{text: 夜里很吵, features: {topic: noise}, matches: true}", True),
        ("{text: 一人死亡, features: {death: false, topic: noise}, matches: true}", True),
    ],
)
def test_s27_an_example_s_text_passes_the_signals_only(example: str, holds: bool):  # noqa: FBT001 - a column
    rule = severity(
        "id: r, when: {all: [{topic: noise}, {death: false}]}, grade: major, "
        f"examples: [{example}, {{text: 栽树, matches: false}}]"
    )
    codes = {problem.code for problem in check_pack(tiny_pack(severity=rule)) if problem.rule_id == "r"}

    assert ("R105" not in codes) is holds


@pytest.mark.parametrize("word", ["yes", "on", "True"])
def test_s28_only_true_and_false_are_yes_and_no(word: str):
    rule = severity(f"id: r, when: {{death: {word}}}, grade: major, {NONE_MATCH}")

    assert tiny(severity=rule).pack is None
    assert tiny_pack().deadlines.day_start.isoformat() == "08:30:00"
