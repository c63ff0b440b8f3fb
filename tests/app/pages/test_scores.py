"""What a charge says on the page: what was late and by how much, by which rule; and what never happened."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from app.pages.score_words import points_text, span_text
from casework.roles import Role
from tests.page_kit import LEAD, Desks

REPLACED = "以答复代替，未单独登记"


@pytest.fixture
def case_id(desks: Desks) -> uuid.UUID:
    """A dispatched case that was signed for and reported on, then left for two weeks."""
    made = desks.reported()
    desks.wait(days=14)
    return made


def test_a_duty_that_only_the_reply_stood_in_for_is_not_shown_as_done(desks: Desks, case_id: uuid.UUID):
    head = desks.person(Role.UNIT_HEAD)
    assert REPLACED not in desks.page(head, case_id)
    desks.done(head, case_id, "reply", outcome="resolved", text="路灯已修复。")

    page = desks.page(desks.person(Role.INSPECTOR), case_id)
    clocks = re.findall(r'<details class="clock".*?</summary>', page, flags=re.DOTALL)
    replaced = [clock for clock in clocks if REPLACED in clock]
    assert [("首次联系" in one, "公开回应" in one) for one in replaced] == [(True, False), (False, True)]
    assert all("逾期完成" not in one for one in replaced)
    assert "逾期" in replaced[1]


def test_a_recorded_public_reply_is_its_own_and_stands_in_for_the_contact(desks: Desks, case_id: uuid.UUID):
    desks.done(desks.person(Role.UNIT_HANDLER), case_id, "record_public_reply", text="已受理。")
    page = desks.page(desks.person(Role.INSPECTOR), case_id)
    assert page.count("以公开回应代替，未单独登记") >= 1
    assert REPLACED not in page


def test_the_charges_of_a_case_differ_by_what_was_late_and_by_how_much(desks: Desks, case_id: uuid.UUID):
    page = desks.page(desks.person(Role.INSPECTOR), case_id)
    lines = re.findall(r"<div>(扣 [^<]*)</div>", page)

    assert len(lines) == len(set(lines)) >= 2
    for line in lines:
        assert re.match(r"扣 \d+\.\d\d 分（.+）：.+（应于 \d{4}.+） · 规则 \S+ · .+", line), line
    assert "至今逾期" in page
    linked = re.findall(r'href="#(clock-[0-9a-f-]{36})"', page)
    assert len(linked) == len(lines)
    assert all(f'id="{one}"' in page for one in linked)
    named = re.findall(rf"/units/{LEAD}\?year=2026#(entry-[0-9a-f-]{{36}})", page)
    sheet = desks.person(Role.INSPECTOR).get(f"/units/{LEAD}?year=2026").text
    assert len(named) == len(lines)
    assert all(f'id="{one}"' in sheet for one in named)
    assert not re.search(r"#\d", re.sub(r"&#\d+;", "", sheet)), "no place in the ledger"


def test_the_sheet_has_limits_in_words_and_points_in_one_form(desks: Desks, case_id: uuid.UUID):
    inspector = desks.person(Role.INSPECTOR)
    assert "扣" in desks.page(inspector, case_id)
    sheet = inspector.get(f"/units/{LEAD}").text
    assert re.search(r"时限 \d+ (小时|个工作日)", sheet)
    assert not re.search(r"时限 \d+(h|wd|wh|m)\b", sheet)
    inspector.post("/language", {"to": "en"})
    sheet = inspector.get(f"/units/{LEAD}").text
    assert "Not done when it was charged" in sheet
    assert "Done not done" not in sheet


def test_what_is_only_proposed_is_not_in_hand_at_the_unit(desks: Desks):
    desks.case()
    sheet = desks.person(Role.INSPECTOR).get(f"/units/{LEAD}").text
    assert "<strong>0</strong><span>在办</span>" in sheet


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ("0.4", "0.40"),
        ("2.5", "2.50"),
        ("3", "3.00"),
        ("0.125", "0.125"),
        ("-0.05", "-0.05"),
        ("0E+1", "0.00"),
    ],
)
def test_points_have_two_decimals_and_lose_none(points: str, text: str):
    assert points_text(Decimal(points)) == text


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(seconds=20), "不足 1 分钟"),
        (timedelta(minutes=5), "5 分钟"),
        (timedelta(hours=2, minutes=7), "2 小时 7 分钟"),
        (timedelta(days=3, hours=4, minutes=50), "3 天 4 小时"),
    ],
)
def test_a_stretch_is_told_in_its_largest_units(desks: Desks, gap: timedelta, text: str):
    with desks.web.app.test_request_context():
        assert span_text(gap) == text
