"""Service periods: read from calendar.yaml, one for a day, known to rules as a feature."""

from __future__ import annotations

from datetime import date

import pytest

from casework.understanding.features import known_features
from casework.understanding.inputs import Context, PostText
from casework.understanding.propose import propose
from rules.builtin_features import PERIOD_KINDS
from rules.check import check_pack
from rules.model import Pack
from rules.periods import is_sensitive, period_on
from rules.rulebook import Rulebook
from tests.rules.tiny import FILES, severity, tiny, tiny_pack

_EXAMS = "{kind: exams, title: {zh: 高考, en: Exams}, from: 2026-06-06, to: 2026-06-10}"
_FLOOD = '{kind: flood, title: {zh: 汛期, en: Floods}, from: "05-01", to: "09-30", sensitive: false}'
_COLD = '{kind: cold, title: {zh: 低温, en: Cold}, from: "12-20", to: "02-10"}'


def _calendar(*periods: str) -> str:
    return FILES["calendar.yaml"] + "periods:\n" + "".join(f"  - {period}\n" for period in periods)


def _pack(*periods: str) -> Pack:
    return tiny_pack(calendar=_calendar(*periods))


@pytest.mark.parametrize(
    ("on", "period", "sensitive"),
    [
        (date(2026, 6, 5), "flood", False),
        (date(2026, 6, 6), "exams", True),
        (date(2026, 6, 10), "exams", True),
        (date(2026, 6, 11), "flood", False),
        (date(2027, 6, 8), "flood", False),  # the exams of one year are those of no other
        (date(2026, 9, 30), "flood", False),
        (date(2026, 10, 1), "none", False),
        (date(2026, 12, 31), "cold", True),
        (date(2027, 2, 10), "cold", True),
        (date(2027, 2, 11), "none", False),
        (None, "none", False),
    ],
)
def test_a_day_lies_in_the_first_listed_period_that_holds_it(on: date | None, period: str, sensitive: bool):  # noqa: FBT001
    periods = _pack(_EXAMS, _FLOOD, _COLD).periods

    assert period_on(periods, on) == period
    assert is_sensitive(periods, on) is sensitive


def test_a_sensitive_period_counts_although_another_is_listed_first():
    pack = _pack(_FLOOD, _EXAMS)

    features = known_features(PostText("", ""), pack, Context(on=date(2026, 6, 7)))

    assert (features["service_period"], features["sensitive_period"]) == ("flood", True)


def test_a_rule_may_ask_for_the_period_and_gets_it_from_the_day():
    examples = "examples: [{features: {service_period: exams}, matches: true}, {text: 栽树, matches: false}]"
    rule = f"id: r, when: {{service_period: {{one_of: [exams, enrolment]}}}}, grade: major, {examples}"
    pack = tiny_pack(calendar=_calendar(_EXAMS), severity=severity(rule))
    book = Rulebook(pack)
    during, after = (
        propose(PostText("", "夜里施工很吵"), book, context=Context(on=date(2026, 6, day))) for day in (7, 11)
    )

    assert [finding.rule for finding in during.findings] == ["r"]
    assert during.features["service_period"] == "exams"
    assert during.features["sensitive_period"] is True
    assert after.findings == ()
    assert not [p for p in check_pack(pack) if p.rule_id == "r"]


def test_overlapping_periods_are_noted_with_a_day():
    (problem,) = [p for p in check_pack(_pack(_EXAMS, _FLOOD, _COLD)) if p.code == "R312"]

    assert problem.en == "2026-06-06 lies in exams and in flood; exams is listed first (Exams)"


def test_periods_that_only_touch_are_not_noted():
    later = '{kind: heat, title: {zh: 高温, en: Heat}, from: "10-01", to: "10-05"}'

    assert not [p for p in check_pack(_pack(_FLOOD, later)) if p.code == "R312"]


@pytest.mark.parametrize(
    ("when", "periods", "fires"),
    [
        ("{service_period: exams}", (_FLOOD,), False),
        ("{service_period: exams}", (_EXAMS,), True),
        ("{service_period: {one_of: [exams, flood]}}", (_FLOOD,), True),
        ("{service_period: {is_not: none}}", (), False),
        ("{service_period: none}", (), True),
        ("{any: [{service_period: exams}, {death: true}]}", (), True),
        ("{sensitive_period: true}", (_FLOOD,), False),
        ("{sensitive_period: true}", (_EXAMS,), True),
    ],
)
def test_a_rule_that_asks_for_a_period_nobody_lists_is_told_so(
    when: str,
    periods: tuple[str, ...],
    fires: bool,  # noqa: FBT001 - a column of the table
):
    examples = "examples: [{text: 一人死亡, matches: true}, {text: 栽树, matches: false}]"
    rule = severity(f"id: r, when: {when}, grade: major, {examples}")
    pack = tiny_pack(severity=rule, calendar=_calendar(*periods) if periods else FILES["calendar.yaml"])

    assert ("R115" not in {p.code for p in check_pack(pack)}) is fires


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ("{kind: exam, title: {zh: 甲, en: a}, from: 2026-06-06, to: 2026-06-10}", 'did you mean "exams"?'),
        (
            "{kind: congress, title: {zh: 甲, en: a}, from: 2026-06-06, to: 2026-06-10}",
            "unknown kind of period",
        ),
        ("{kind: none, title: {zh: 甲, en: a}, from: 2026-06-06, to: 2026-06-10}", "unknown kind of period"),
        (
            "{kind: exams, title: {zh: 甲, en: a}, from: 2026-06-10, to: 2026-06-06}",
            "a period has 1 to 366 days",
        ),
        (
            "{kind: exams, title: {zh: 甲, en: a}, from: 2026-01-01, to: 2028-01-01}",
            "a period has 1 to 366 days",
        ),
        ('{kind: exams, title: {zh: 甲, en: a}, from: "02-30", to: "03-01"}', "a day of the year such as"),
        ('{kind: exams, title: {zh: 甲, en: a}, from: 2026-06-06, to: "06-10"}', "a day such as 2026-01-31"),
        ("{kind: exams, title: {zh: 甲, en: a}, from: 2026-06-06}", '"to" is missing'),
    ],
)
def test_what_is_no_period_is_refused(period: str, message: str):
    loaded = tiny(calendar=_calendar(period))

    assert loaded.pack is None
    assert any(message in p.en for p in loaded.problems), [p.en for p in loaded.problems]


def test_no_kind_of_period_is_political():
    """A closed list: whoever adds to it has to say so here."""
    assert PERIOD_KINDS == (
        "none",
        "exams",
        "enrolment",
        "flood",
        "drought",
        "typhoon",
        "fire",
        "cold",
        "heat",
        "heating",
        "harvest",
        "holiday",
    )
