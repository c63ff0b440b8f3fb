"""A worklist shows each case once, under its most urgent heading, and an empty one says what will come."""

from __future__ import annotations

import re
import uuid

import pytest

from app.accounts.demo import demo_accounts
from casework.roles import Role
from tests.page_kit import ASSIST, Desks

LINK = re.compile(r'<a href="/cases/([0-9a-f-]{36})">')


def panels(page: str) -> dict[str, str]:
    """Return the sections of a page by their headings."""
    found = re.findall(r'<section class="panel">\s*<h2>([^<]*)</h2>(.*?)</section>', page, flags=re.DOTALL)
    return dict(found)


@pytest.fixture
def case_id(desks: Desks) -> uuid.UUID:
    """A case that its lead unit handles."""
    return desks.reported()


def test_an_overdue_case_stands_once_under_what_its_reader_does_with_it(desks: Desks, case_id: uuid.UUID):
    desks.wait(days=14)
    for person, heading in (
        (desks.person(Role.UNIT_HEAD), "待我签发答复"),
        (desks.person(Role.UNIT_HANDLER), "待我办理"),
        (desks.person(Role.DUTY_OFFICER), "逾期"),
        (desks.person(Role.UNIT_HEAD, ASSIST), "逾期"),
    ):
        page = person.get("/work").text
        assert LINK.findall(page) == [str(case_id)], heading
        assert 'tag-bad">逾期</span>' in panels(page)[heading]
    assert '"tag">协办</span>' in panels(desks.person(Role.UNIT_HEAD, ASSIST).get("/work").text)["逾期"]


def test_a_commitment_is_told_to_the_head_who_must_sign_its_keeping(desks: Desks, case_id: uuid.UUID):
    duty, head = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HEAD)
    promise = {"outcome": "promised", "promised_on": "2026-11-20", "text": "二十日前修好。"}
    desks.done(head, case_id, "reply", **promise)
    desks.done(duty, case_id, "accept_promise")
    assert "承诺待兑现" in panels(head.get("/work").text)["待我签发答复"]

    desks.wait(days=14)
    page = head.get("/work").text
    assert "承诺已逾期" in panels(page)["待我签发答复"]
    assert LINK.findall(page) == [str(case_id)]


@pytest.mark.parametrize(
    ("role", "hint"),
    [
        (Role.UNIT_HANDLER, "交办给本单位后，会出现在这里"),
        (Role.UNIT_HEAD, "交办给本单位后，会出现在这里"),
        (Role.SUPERVISOR, "签发答复后，在这里审核、办结"),
        (Role.INSPECTOR, "办结后，在这里抽查"),
        (Role.PUBLISHER, "可登记公开回应"),
        (Role.DUTY_OFFICER, "请确认定级和责任单位"),
    ],
)
def test_an_empty_list_says_what_will_come_and_when(desks: Desks, role: Role, hint: str):
    assert hint in desks.person(role).get("/work").text


def test_a_list_with_cases_needs_no_hint(desks: Desks, case_id: uuid.UUID):
    assert str(case_id) in desks.person(Role.UNIT_HANDLER).get("/work").text
    assert "会出现在这里" not in desks.person(Role.UNIT_HANDLER).get("/work").text


def test_the_publisher_has_the_cases_that_nobody_has_answered_in_public(desks: Desks, case_id: uuid.UUID):
    publisher = desks.person(Role.PUBLISHER)
    duty, unsigned = desks.person(Role.DUTY_OFFICER), desks.case("河边的垃圾没有人收。", telling=None)
    desks.done(duty, unsigned, "confirm")
    desks.done(duty, unsigned, "dispatch")
    assert str(unsigned) not in panels(publisher.get("/work").text)["待公开回应"], "not yet"
    assert str(case_id) in panels(publisher.get("/work").text)["待公开回应"]

    desks.done(publisher, case_id, "record_public_reply", text="已在论坛跟帖回复。")

    page = publisher.get("/work").text
    assert str(case_id) not in panels(page)["待公开回应"]
    assert "<strong>0</strong><span>待公开回应</span>" in page


def test_the_demo_says_which_units_can_be_played(desks: Desks):
    page = desks.web.browser().get("/sign-in").text
    strip = page.split('class="demo-strip"')[1].split("</div>")[0]
    units = {one.unit for one in demo_accounts() if one.unit_code}
    assert units
    assert all(unit in strip for unit in units)
    assert "书记督查室" not in strip
