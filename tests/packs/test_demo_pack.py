"""The demo county's pack is clean, complete and keeps what design.md promises."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.check import check_folder
from rules.model import CalendarYear, Grade, Limit, LimitUnit, RuleKind, Stage
from rules.problem import Level
from rules.vocabulary import of_pack
from rules.walk import features_of
from tests.demo import FOLDER, demo_book, demo_pack

GROUPS = {"劳动和社会保障", "城乡建设", "教育文体", "商贸旅游", "环境保护", "卫生计生", "交通运输"}


def test_the_check_finds_no_error_and_no_warning():
    worse = [str(p) for p in check_folder(FOLDER) if p.level is not Level.NOTE]

    assert worse == []


def test_the_check_says_no_note_that_means_nothing():
    notes = [p for p in check_folder(FOLDER) if p.level is Level.NOTE]

    assert "R205" not in {p.code for p in notes}
    assert len(notes) <= 12


def test_it_has_the_shape_of_a_real_county():
    pack = demo_pack()
    kinds = Counter(place.kind for place in pack.places)

    assert len(pack.topics) >= 45
    assert len(pack.severity) >= 40
    assert len(pack.units) >= 40
    assert (kinds["street"], kinds["town"]) == (3, 28)
    assert min(kinds["village"], kinds["estate"], kinds["river"]) >= 8
    assert pack.county_code == "999901"
    assert {topic.group for topic in pack.topics} == set(pack.groups) == GROUPS


def test_every_severity_rule_says_who_wrote_it_why_and_shows_both_kinds_of_examples():
    for rule in demo_pack().severity:
        assert rule.owner
        assert rule.source
        assert {example.matches for example in rule.examples} == {True, False}, rule.id


@pytest.mark.parametrize(
    "duty",
    ["cyberspace", "supervision", "target", "discipline", "publisher", "leading_group", "backstop"],
)
def test_every_special_office_is_held_by_one_unit(duty: str):
    assert sum(duty in unit.duties for unit in demo_pack().units) == 1


def test_court_procuratorate_and_county_government_are_no_government_departments():
    kinds = {unit.id: unit.kind for unit in demo_pack().units}

    assert (kinds["court"], kinds["procuratorate"]) == ("judicial", "judicial")
    assert kinds["county_government"] == "government"


def test_every_place_has_a_unit_of_the_territory_and_every_town_is_one():
    units = {unit.id: unit for unit in demo_pack().units}
    for place in demo_pack().places:
        if place.kind in {"street", "town"}:
            assert units[place.unit or ""].family == "TOWNSHIP"


def test_night_construction_noise_is_left_to_the_county_and_the_rest_is_set_with_a_document():
    unset = [d.id for d in demo_pack().designations if d.unit is None]

    assert unset == ["night_construction"]
    assert all(d.document for d in demo_pack().designations if d.unit is not None)


def test_no_scoring_rule_knows_of_media_spread_or_of_receiving_a_post():
    names = {name for rule in demo_pack().scoring for name in features_of(rule)}
    spread = {"media_level", "reads", "interactions", "platforms", "on_hot_list", "posts_total", "voices"}

    assert not names & spread
    assert not spread & set(of_pack(demo_pack(), RuleKind.SCORING).names)
    assert all("failing" in features_of(rule) for rule in demo_pack().scoring)


def test_pressure_on_the_person_who_spoke_costs_most():
    points = {rule.id: max(p for _, p in rule.points) for rule in demo_pack().scoring}

    assert points.pop("score_suppressed_poster") == Decimal(3)
    assert max(points.values()) < 3


def test_nothing_costs_a_point_without_a_confirmed_failing():
    book = demo_book()
    for failing in book.vocabulary(RuleKind.SCORING)["failing"].values:
        assert book.evaluate(RuleKind.SCORING, {"failing": failing, "grade": "serious"}) == ()


@pytest.mark.parametrize(
    ("stage", "grade", "limit"),
    [
        (Stage.SIGN_FOR, Grade.GENERAL, Limit(2, LimitUnit.HOURS)),
        (Stage.SIGN_FOR, Grade.SERIOUS, Limit(30, LimitUnit.MINUTES)),
        (Stage.PUBLIC_REPLY, Grade.GENERAL, Limit(48, LimitUnit.HOURS)),
        (Stage.PUBLIC_REPLY, Grade.SERIOUS, Limit(5, LimitUnit.HOURS)),
        (Stage.CLOSE, Grade.MAJOR, Limit(5, LimitUnit.WORKING_DAYS)),
    ],
)
def test_limits_are_those_of_the_county_procedure(stage: Stage, grade: Grade, limit: Limit):
    clocks = {(c.stage, c.grade): c.limit for c in demo_pack().deadlines.clocks if c.demand is None}

    assert clocks[stage, grade] == limit


def test_each_public_reply_cites_the_document_that_sets_its_hours():
    """The 24 h of 国办发〔2016〕61号 are for a press conference; of a major case the county sets them."""
    sources = {c.grade: c.source for c in demo_pack().deadlines.clocks if c.stage is Stage.PUBLIC_REPLY}

    assert sources[Grade.GENERAL].startswith("国办发〔2016〕61号")
    assert "48 小时" in sources[Grade.GENERAL]
    assert sources[Grade.MAJOR].startswith("云岭县网络舆情办理规程（示范）：较大件 24 小时")
    assert sources[Grade.SERIOUS].startswith("国办发〔2016〕80号")
    assert "5 小时" in sources[Grade.SERIOUS]


def test_a_serious_case_may_not_be_returned():
    objecting = {c.grade for c in demo_pack().deadlines.clocks if c.stage is Stage.OBJECTION}

    assert objecting == {Grade.GENERAL, Grade.MAJOR}


def test_the_calendar_has_2025_and_2026_as_announced_and_2027_only_provisionally():
    years = {year.year: year for year in demo_pack().calendar.years}

    assert {number: year.provisional for number, year in years.items()} == {
        2025: False,
        2026: False,
        2027: True,
    }
    # Working days of 2025 and 2026. **Source:** domain.md §8.2.
    assert [_working_days(years[number]) for number in (2025, 2026)] == [248, 248]


def _working_days(year: CalendarYear) -> int:
    first = date(year.year, 1, 1)
    days = [first + timedelta(n) for n in range((date(year.year + 1, 1, 1) - first).days)]
    return sum((d.weekday() < 5 or d in year.work) and d not in year.off for d in days)


@pytest.mark.parametrize(
    ("text", "is_estate"),
    [
        ("我们几个退休工人的养老保险转移手续迟迟办不下来", False),
        ("食堂的健康证和许可证两证不全", False),
        ("父亲的退休手续办不下来，房租也交不起", False),
        ("我们全体业主买房三年，证一直办不下来", True),
        ("小区入住五年，两证至今没有", True),
        ("小区业主交了钱，楼盘停工一年多", True),
    ],
)
def test_papers_that_are_slow_are_about_an_estate_only_beside_a_word_for_houses(
    text: str, *, is_estate: bool
):
    assert bool(demo_book().scan("", text).features.get("estate_wide", False)) is is_estate
