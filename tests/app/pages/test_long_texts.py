"""A long text shows its beginning and opens; a long reason stands once in full."""

from __future__ import annotations

import re

from casework.roles import Role
from tests.page_kit import OTHER, Desks

FOLDED = re.compile(
    r'<details class="long-text"><summary><span class="beginning">(.*?)…</span>.*?</summary>'
    r'<div class="post-text">(.*?)</div></details>',
    re.DOTALL,
)


def _text(length: int) -> str:
    return "".join(f"{number:05}" for number in range(length // 5))


def test_a_long_reason_stands_once_in_full_and_begins_in_the_timeline(desks: Desks):
    case_id, why = desks.case(), _text(2_000)
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "correct_route", lead=OTHER, basis="县政府会议", reason=why)
    desks.done(duty, case_id, "correct_grade", grade="major", reason=why)
    page = desks.page(duty, case_id)

    assert page.count(why) == 2, "once for each of the two corrections"
    folded = FOLDED.findall(page)
    assert [(beginning, full) for beginning, full in folded] == [(why[:200], why)] * 2
    timeline = page.split('<ol class="timeline">')[1]
    assert f"{why[:60]}…" in timeline
    assert why[:61] not in timeline


def test_a_long_reply_report_and_post_are_folded_and_short_ones_are_not(desks: Desks):
    case_id = desks.reported()
    head = desks.person(Role.UNIT_HEAD)
    desks.done(head, case_id, "file_progress", text=_text(1_000))
    desks.done(head, case_id, "reply", outcome="resolved", text=_text(9_000))
    page = desks.page(head, case_id)

    assert {len(full) for _beginning, full in FOLDED.findall(page)} == {1_000, 9_000}
    assert '<div class="post-text">首报。</div>' in page
    assert "全文 9000 字" in page


def test_a_text_of_six_hundred_characters_is_shown_as_it_is(desks: Desks):
    case_id = desks.reported()
    head = desks.person(Role.UNIT_HEAD)
    desks.done(head, case_id, "file_progress", text=_text(600))
    assert f'<div class="post-text">{_text(600)}</div>' in desks.page(head, case_id)
    assert not FOLDED.findall(desks.page(head, case_id))


def test_a_remark_that_only_the_timeline_has_is_folded_there(desks: Desks):
    case_id, why = desks.reported(), _text(1_500)
    head, duty = desks.person(Role.UNIT_HEAD), desks.person(Role.DUTY_OFFICER)
    desks.done(head, case_id, "reply", outcome="resolved", text="已修好。")
    desks.done(duty, case_id, "accept")
    desks.done(duty, case_id, "close", note=why)
    page = desks.page(duty, case_id)
    assert page.count(why) == 1
    [(beginning, full)] = FOLDED.findall(page)
    assert beginning.startswith("办结：")
    assert full == f"办结：{why}"
