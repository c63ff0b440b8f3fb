"""What is typed into the forms: answered at the field, never lost, and never more than text."""

from __future__ import annotations

import re

import pytest

from casework.judgement import Disposition
from casework.roles import Role
from rules.model import Grade, Label
from tests.page_kit import LEAD, VERSION, Desks, id_in
from tests.web_kit import Browser

HOSTILE = """<script>alert(1)</script>{{7*7}}"><img src=x onerror=alert(2)>'&lt;"""
LONG = "长" * 2001
REPLIES: list[tuple[dict[str, object], str, str]] = [
    ({"outcome": "resolved", "text": " "}, "text", "此项必填"),
    ({"outcome": "promised", "text": "修好"}, "promised_on", "承诺事项必须写明办结日期"),
    ({"outcome": "promised", "text": "修好", "promised_on": "2026-11-16"}, "promised_on", "必须晚于今天"),
    ({"outcome": "promised", "text": "修好", "promised_on": "下周"}, "promised_on", "日期写作"),
    ({"outcome": "explained", "text": "不能办"}, "basis", "必须写明政策或法律依据"),
    ({"outcome": "explained", "text": "不能办", "basis": LONG}, "basis", "最多"),
    ({"outcome": "magic", "text": "修好"}, "outcome", "请选择一种办理结果"),
    ({"text": "修好"}, "outcome", "请选择一种办理结果"),
]
POSTS: list[tuple[dict[str, object], str, str]] = [
    ({"text": ""}, "text", "标题和正文都是空的"),
    ({"text": " ", "title": " "}, "text", "标题和正文都是空的"),
    ({"text": "x" * (64 * 1024 + 1)}, "text", "最多 65536 字节"),
    ({"text": "好", "title": "长" * 501}, "title", "最多 500"),
    ({"text": "好", "url": "javascript:alert(1)"}, "url", "http"),
    ({"text": "好", "posted_at": "昨天"}, "posted_at", "时间写作"),
    ({"text": "好", "posted_at": "2030-01-01T10:00"}, "posted_at", "2030-01-01 10:00（北京时间）不合理"),
]
BENT = [
    "/cases?after=nonsense",
    "/work?after=newest_2026-01-01T00:00:00+00:00_0",
    "/posts?after=nonsense",
    "/desk?after=nonsense",
    "/units/labour?year=abc",
    "/units/labour?year=99999",
    "/units/no-such-unit",
    "/rules/no-such-rule",
    "/cases/00000000-0000-0000-0000-000000000000",
    "/posts/00000000-0000-0000-0000-000000000000",
    "/cases?text=%00",
]


def _at_field(page: str, name: str) -> str:
    """Return the error shown at a field."""
    found = re.search(rf'name="{name}".*?<p class="invalid-feedback[^>]*>(.*?)</p>', page, flags=re.DOTALL)
    return found[1].strip() if found else ""


def test_hostile_text_in_every_field_is_only_ever_text(desks: Desks):
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    handler, head = desks.person(Role.UNIT_HANDLER), desks.person(Role.UNIT_HEAD)
    inspector = desks.person(Role.INSPECTOR)
    sent = {"title": HOSTILE, "text": f"路灯坏了 {HOSTILE}", "platform": HOSTILE, "author_handle": HOSTILE}
    answer = duty.post("/posts/new", sent)
    post_id = id_in(answer.location)
    desks.triaged()
    case_id = desks.case_of(post_id)

    desks.done(duty, case_id, "correct_grade", grade="major", reason=HOSTILE)
    desks.done(duty, case_id, "correct_route", lead=LEAD, basis=HOSTILE, reason=HOSTILE)
    desks.done(duty, case_id, "correct_grade", grade="general", reason=HOSTILE)
    desks.done(duty, case_id, "confirm")
    desks.done(director, case_id, "dispatch")
    desks.done(handler, case_id, "sign_for")
    desks.done(handler, case_id, "file_report", text=HOSTILE)
    desks.done(handler, case_id, "file_progress", text=HOSTILE)
    desks.done(handler, case_id, "record_contact", text=HOSTILE)
    desks.done(handler, case_id, "record_public_reply", text=HOSTILE)
    desks.done(head, case_id, "reply", outcome="explained", text=HOSTILE, basis=HOSTILE)
    desks.done(duty, case_id, "send_back", reason=HOSTILE)
    desks.done(head, case_id, "reply", outcome="resolved", text=HOSTILE)
    desks.done(duty, case_id, "accept", note=HOSTILE)
    desks.done(duty, case_id, "close", note=HOSTILE)
    desks.done(inspector, case_id, "re_audit", verdict="not_confirmed", notes=HOSTILE)
    failing = {"unit": LEAD, "failing": "false_reply", "evidence": HOSTILE}
    assert inspector.post(f"/cases/{case_id}/failing", failing).status_code == 302
    [reverse] = re.findall(r'action="([^"]+/reverse)"', inspector.get(f"/units/{LEAD}").text)[:1]
    inspector.post(reverse, {"reason": HOSTILE})
    desks.done(inspector, case_id, "reopen", reason=HOSTILE)
    desks.done(
        desks.person(Role.DIRECTOR),
        case_id,
        "reassign",
        lead="enforcement_bureau",
        basis=f"另见{HOSTILE}",
        reason=HOSTILE,
    )
    revealed = duty.post(f"/posts/{post_id}/identity", {"purpose": HOSTILE}).text
    tried = inspector.post("/rules/try", {"title": HOSTILE, "text": HOSTILE}).text

    pages = {"revealed": revealed, "tried": tried}
    for browser in (duty, director, inspector):
        for address in (
            "/work",
            "/cases",
            f"/cases/{case_id}",
            "/posts",
            f"/posts/{post_id}",
            f"/units/{LEAD}",
            f"/cases?text={HOSTILE}&unit={HOSTILE}&state={HOSTILE}",
            f"/posts?text={HOSTILE}&triage={HOSTILE}",
            f"/desk?kind={HOSTILE}",
            f"/rules/{HOSTILE}",
        ):
            pages[f"{address} {id(browser)}"] = browser.get(address).text
    pages["unit"] = desks.person(Role.UNIT_HEAD, "enforcement_bureau").get(f"/cases/{case_id}").text

    assert sum(page.count("&lt;script&gt;") for page in pages.values()) > 100, "it is shown, as text"
    for address, page in pages.items():
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
        assert "&amp;lt;script" not in page, address
        assert "{{7*7}}" in page or "7*7" not in page, address


def test_hostile_text_on_the_persons_desk_is_only_ever_text(desks: Desks):
    duty = desks.person(Role.DUTY_OFFICER)
    desks.post(f"说不清 {HOSTILE}", title=HOSTILE)
    desks.triaged(disposition=Disposition.DESK, doubt=Label(HOSTILE, HOSTILE))
    listing = duty.get("/desk").text
    [item] = re.findall(r'href="(/desk/[0-9a-f-]{36})"', listing)
    refused = duty.post(f"{item}/open", {"grade": HOSTILE, "reason": HOSTILE, "lead": HOSTILE})

    assert refused.status_code == 400
    for page in (listing, duty.get(item).text, refused.text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_a_stale_page_keeps_what_was_typed_and_says_so(desks: Desks):
    case_id = desks.case()
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    version = VERSION.search(desks.page(duty, case_id))
    assert version is not None
    desks.done(director, case_id, "correct_grade", grade="major", reason="先改为较大")

    typed = {"version": version[1], "grade": "serious", "reason": "我认为应为重大，因为有人受伤"}
    answer = duty.post(f"/cases/{case_id}/correct_grade", typed)

    assert answer.status_code == 409
    assert "刚被他人更新" in answer.text
    assert "我认为应为重大，因为有人受伤</textarea>" in answer.text
    assert re.search(r'<option selected value="serious">', answer.text)
    fresh = VERSION.search(answer.text)
    assert fresh is not None
    assert int(fresh[1]) == int(version[1]) + 1, "the page can be sent again as it is"
    again = duty.post(f"/cases/{case_id}/correct_grade", typed | {"version": fresh[1]})
    assert again.status_code == 302


def test_what_was_typed_for_an_action_that_is_gone_is_shown_to_be_copied(desks: Desks):
    case_id = desks.case()
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    version = VERSION.search(desks.page(duty, case_id))
    assert version is not None
    desks.done(director, case_id, "confirm")
    desks.done(director, case_id, "dispatch")

    typed = {"version": version[1], "grade": "serious", "reason": "有人受伤，应为重大"}
    answer = duty.post(f"/cases/{case_id}/correct_grade", typed)

    assert answer.status_code == 409
    assert "此件现在已不能这样办理" in answer.text
    assert "有人受伤，应为重大" in answer.text


def test_a_reply_that_lacks_something_is_answered_at_the_field(handled: tuple[Desks, Browser, str]):
    desks, head, case_id = handled
    for fields, name, message in REPLIES:
        answer = desks.act(head, case_id, "reply", **fields)

        assert answer.status_code == 400, fields
        assert message in _at_field(answer.text, name), fields
        if text := str(fields.get("text", "")).strip():
            assert f"{text}</textarea>" in answer.text, fields
    assert desks.state(case_id) == "handling"


def test_a_post_that_cannot_be_taken_is_answered_at_the_field(desks: Desks):
    duty = desks.person(Role.DUTY_OFFICER)
    for fields, name, message in POSTS:
        answer = duty.post("/posts/new", fields)

        assert answer.status_code == 400, fields
        assert message in _at_field(answer.text, name), fields


def test_the_same_post_registered_again_is_shown_and_not_kept_twice(desks: Desks):
    first = desks.post("小区路灯坏了半个月。")
    again = desks.post("小区路灯坏了半个月。")

    assert again == first
    assert "没有重复收录" in desks.person(Role.DUTY_OFFICER).get(f"/posts/{first}").text


def test_a_title_alone_is_taken_as_by_the_api(desks: Desks):
    answer = desks.person(Role.DUTY_OFFICER).post("/posts/new", {"title": "路灯坏了", "text": ""})
    assert answer.status_code == 302
    assert "路灯坏了" in desks.person(Role.DUTY_OFFICER).get(f"/posts/{id_in(answer.location)}").text


def test_a_long_text_is_cut_in_the_list_with_a_mark(desks: Desks):
    desks.post("路" * 60)
    desks.post("灯" * 61)
    page = desks.person(Role.DUTY_OFFICER).get("/posts").text
    assert "路" * 60 in page
    assert "灯" * 59 + "…" in page
    assert "灯" * 60 not in page


def test_a_bent_address_never_breaks_a_page(desks: Desks):
    director = desks.person(Role.DIRECTOR)
    for address in BENT:
        assert director.get(address).status_code in {200, 302, 400, 404}, address


def test_every_label_names_a_field_and_no_id_stands_twice(handled: tuple[Desks, Browser, str]):
    desks, head, case_id = handled
    desks.post("说不清。")
    desks.triaged(disposition=Disposition.DESK, doubt=Label("不清楚", "Unclear"))
    duty, inspector = desks.person(Role.DUTY_OFFICER), desks.person(Role.INSPECTOR)
    [item] = re.findall(r'href="(/desk/[0-9a-f-]{36})"', duty.get("/desk").text)
    pages = [
        head.get(f"/cases/{case_id}"),
        desks.person(Role.DIRECTOR).get(f"/cases/{case_id}"),
        inspector.get(f"/cases/{case_id}"),
        duty.get(item),
        duty.get("/posts/new"),
        duty.get("/cases"),
        inspector.get("/rules"),
    ]

    for page in pages:
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        assert sorted(ids) == sorted(set(ids)), page.request.path
        labels = re.findall(r'<label[^>]* for="([^"]+)"', page.text)
        assert labels or page.request.path == "/cases", page.request.path
        assert set(labels) <= set(ids), page.request.path


@pytest.fixture
def handled(desks: Desks) -> tuple[Desks, Browser, str]:
    """A case in hand, and the head of the unit that must reply."""
    case_id = desks.case(grade=Grade.GENERAL)
    duty, handler = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HANDLER)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    desks.done(handler, case_id, "sign_for")
    desks.done(handler, case_id, "file_report", text="已派人。")
    return desks, desks.person(Role.UNIT_HEAD), case_id
