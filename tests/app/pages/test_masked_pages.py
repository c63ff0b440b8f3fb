"""What leads to a person is read by the duty desk alone: everybody else sees 〔已隐去〕 in its place."""

from __future__ import annotations

import html
import re

import pytest

from casework.masking import HIDDEN
from casework.roles import GRANTABLE_ROLES, Role
from rules.model import Grade
from tests.app.pages.test_person_desk import check_stalls
from tests.page_kit import ASSIST, LEAD, Desks

PLANTED = ("11010519491231002X", "13812345678", "wxm_889900", "wang@example.com")
TEXT = (
    f"我是户主，身份证号{PLANTED[0]}，手机{PLANTED[1]}，微信 {PLANTED[2]}，邮箱 {PLANTED[3]}，"
    "小区路灯坏了半个月，三十多户晚上看不清路。"
)
TITLE = f"路灯坏了请打{PLANTED[1]}"


def leaked(page: str) -> list[str]:
    """Return what of the planted a page shows, in its marks or out of them, beside what was searched for."""
    bare = re.sub(r'value="[^"]*"', "", page)
    text = html.unescape(re.sub(r"<[^>]+>", "", bare))
    return [one for one in PLANTED if one in bare or one in text]


def dispatched(desks: Desks):
    post_id = desks.post(TEXT, title=TITLE)
    desks.triaged(grade=Grade.MAJOR)
    case_id = desks.case_of(post_id)
    desks.done(desks.person(Role.DUTY_OFFICER), case_id, "confirm")
    desks.done(desks.person(Role.DIRECTOR), case_id, "dispatch")
    return post_id, case_id


def test_nobody_but_the_duty_officer_reads_what_leads_to_a_person(desks_anywhere: Desks):
    desks = desks_anywhere
    post_id, case_id = dispatched(desks)
    desks.done(desks.person(Role.UNIT_HANDLER), case_id, "sign_for")
    desks.wait(hours=30)

    duty = desks.person(Role.DUTY_OFFICER)
    assert leaked(duty.get(f"/cases/{case_id}").text) == list(PLANTED)
    assert leaked(duty.get(f"/posts/{post_id}").text) == list(PLANTED)
    for role in GRANTABLE_ROLES:
        if role is Role.DUTY_OFFICER:
            continue
        for unit in (LEAD, ASSIST) if role in {Role.UNIT_HANDLER, Role.UNIT_HEAD} else (LEAD,):
            person = desks.person(role, unit)
            for address in (
                "/work", "/cases", f"/cases/{case_id}", "/posts", f"/posts/{post_id}", "/desk",
                f"/units/{LEAD}", "/cases?text=路灯", f"/cases?text={PLANTED[1]}", "/rules", "/admin/audit",
            ):  # fmt: skip
                assert leaked(person.get(address).text) == [], (role, unit, address)
    page = desks.page(desks.person(Role.UNIT_HANDLER), case_id)
    assert page.count(HIDDEN) >= 6  # four in the text, one in each of the titles


def test_signals_are_marked_exactly_behind_what_is_hidden(desks: Desks):
    _post_id, case_id = dispatched(desks)
    seen = [desks.page(desks.person(role), case_id) for role in (Role.DUTY_OFFICER, Role.UNIT_HANDLER)]
    marks = [re.findall(r"<mark[^>]*>([^<]*)</mark>", page) for page in seen]

    assert marks[0], "the sentence trips a signal"
    assert marks[0] == marks[1]


def test_a_value_that_a_signal_read_in_a_hidden_number_is_not_shown_either(desks: Desks):
    case_id = desks.case(f"小区路灯坏了半个月，{PLANTED[1]}户看不清路。")
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)

    assert leaked(desks.page(duty, case_id)) == [PLANTED[1]]
    assert leaked(desks.page(director, case_id)) == []


@pytest.mark.parametrize("wanted", [PLANTED[1], PLANTED[1][:3], PLANTED[2], "wang@", "110105"])
def test_a_search_does_not_find_a_case_by_what_is_hidden(desks: Desks, wanted: str):
    post_id, case_id = dispatched(desks)

    for role, is_found in ((Role.DUTY_OFFICER, True), (Role.UNIT_HANDLER, False), (Role.DIRECTOR, False)):
        listed = desks.person(role).get(f"/cases?text={wanted}").text
        assert (str(case_id) in listed) is is_found, role
    for role, is_found in ((Role.DUTY_OFFICER, True), (Role.INSPECTOR, False)):
        listed = desks.person(role).get(f"/posts?text={wanted}").text
        assert (str(post_id) in listed) is is_found, role
    assert str(case_id) in desks.person(Role.UNIT_HANDLER).get("/cases?text=路灯坏了").text


def test_a_reason_that_repeats_a_number_shows_it_to_no_unit(desks: Desks):
    _post_id, case_id = dispatched(desks)
    desks.done(
        desks.person(Role.DIRECTOR),
        case_id,
        "regrade",
        grade="serious",
        reason=f"来电人{PLANTED[1]}称有人受伤",
    )

    page = desks.page(desks.person(Role.UNIT_HEAD), case_id)
    assert f"来电人{HIDDEN}称有人受伤" in page
    assert leaked(page) == []


def test_the_sheet_of_a_unit_repeats_no_number_out_of_a_reason(desks: Desks):
    _post_id, case_id = dispatched(desks)
    handler, head = desks.person(Role.UNIT_HANDLER), desks.person(Role.UNIT_HEAD)
    supervisor = desks.person(Role.SUPERVISOR)
    desks.done(handler, case_id, "sign_for")
    desks.done(handler, case_id, "file_report", text="已到现场。")
    desks.done(head, case_id, "reply", outcome="resolved", text="已修好。")
    desks.done(supervisor, case_id, "send_back", reason=f"来电人{PLANTED[1]}称没有修好")

    for page in (head.get(f"/units/{LEAD}").text, desks.page(head, case_id)):
        assert f"来电人{HIDDEN}称没有修好" in page
        assert leaked(page) == []


def test_the_desk_names_a_case_to_the_director_without_the_numbers_of_its_post(desks: Desks):
    case_id = desks.case(TEXT)
    desks.wait(days=9)  # nobody confirms it
    check_stalls(desks)

    assert str(case_id) in desks.person(Role.DIRECTOR).get("/desk").text
    for address in ("/desk", "/desk?kind=stalled", "/work"):
        assert leaked(desks.person(Role.DIRECTOR).get(address).text) == []
