"""What is serious is lowered by nobody alone, and the page says what to do instead."""

from __future__ import annotations

import re
import uuid

import pytest

from casework.judgement import Disposition
from casework.roles import Role
from rules.model import Grade
from tests.page_kit import LEAD, OTHER, VERSION, Desks, offered
from tests.web_kit import Browser

ROAD = "城东那条路又塌了一块，拖拉机过不去，请尽快修一修。"
OPENED = {
    "grade": "general",
    "demand": "request",
    "topic": "",
    "lead": LEAD,
    "reason": "职责",
}


def item(who: Browser) -> str:
    """Return the address of the first item of the desk."""
    return re.findall(r'href="(/desk/[0-9a-f-]{36})"', who.get("/desk").text)[0]


@pytest.fixture
def serious(desks: Desks) -> str:
    """The item of a post that triage proposes as serious."""
    desks.post("分不清是什么事的一句话。", title="说不清的事")
    desks.triaged(disposition=Disposition.DESK, grade=Grade.SERIOUS)
    return item(desks.person(Role.DUTY_OFFICER))


@pytest.mark.parametrize(
    ("way", "sent", "told"),
    [
        ("open", OPENED, "请按重大立案"),
        ("dismiss", {"reason_id": "no_public_matter", "note": "已核实"}, "请主任决定不立案"),
    ],
)
def test_a_post_proposed_as_serious_is_neither_opened_lower_nor_dismissed_by_a_duty_officer(
    desks: Desks, serious: str, way: str, sent: dict[str, str], told: str
):
    refused = desks.person(Role.DUTY_OFFICER).post(f"{serious}/{way}", sent)

    assert refused.status_code == 403
    assert told in refused.text
    director = desks.person(Role.DIRECTOR).post(f"{serious}/{way}", sent)
    assert director.status_code == 302, director.text


def merged(desks: Desks, who: Browser) -> tuple[uuid.UUID, int, str]:
    """Merge a serious case into a general one; return the latter, the status and the page."""
    target = desks.case()
    case_id = desks.case(ROAD, grade=Grade.SERIOUS)
    answer = desks.act(who, case_id, "merge_into", into=str(target), reason="同一处。")
    return target, answer.status_code, answer.text


def test_a_serious_case_is_not_merged_into_a_general_one_by_a_duty_officer(desks: Desks):
    _, status, page = merged(desks, desks.person(Role.DUTY_OFFICER))

    assert status == 403
    assert "请先把那一件的等级更正为重大" in page
    assert "同一处。" in page, "what was typed is not lost"


def test_a_question_whether_a_case_is_serious_is_answered_by_a_director(desks: Desks):
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    target, status, _ = merged(desks, director)
    assert status == 302
    asked = item(duty)

    page = duty.get(asked).text
    assert f'action="{asked}/acknowledge"' not in page
    assert "请主任决定" in page
    shown = desks.page(duty, target)
    assert "confirm" not in offered(shown)
    assert "“建议提为重大”尚未决定" in shown
    version = VERSION.search(shown)
    assert version is not None
    assert duty.post(f"/cases/{target}/confirm", {"version": version[1]}).status_code == 403
    assert "confirm" in offered(desks.page(director, target))

    assert director.post(f"{asked}/acknowledge", {"note": "不提级"}).status_code == 302
    desks.done(duty, target, "confirm")


def test_the_page_of_a_case_opened_by_hand_tells_both_grades_and_both_units(desks: Desks):
    duty = desks.person(Role.DUTY_OFFICER)
    desks.post("分不清是什么事的一句话。", title="说不清的事")
    desks.triaged(disposition=Disposition.DESK, grade=Grade.MAJOR)
    sent = OPENED | {"lead": OTHER, "reason": "已到现场核实"}
    answer = duty.post(f"{item(duty)}/open", sent)
    assert answer.status_code == 302, answer.text

    page = duty.get(answer.location).text

    assert "没有人工更改" not in page
    why = page.split("为什么是这个等级")[1]
    proposed, given = why.split("现定", maxsplit=1)
    assert "grade-major" in proposed
    assert "grade-general" in given.split("人工改定")[0]
    assert "较大 → 一般" in page
    assert "立案，建议等级 较大" in page
    assert "等级由 较大 更正为 一般" in page
    assert "更正责任单位" in page
    assert page.count("已到现场核实") >= 4, "beside grade and units, and in both lines of the timeline"


def test_the_page_of_a_case_without_a_proposal_says_that_a_person_graded_it(desks: Desks):
    duty = desks.person(Role.DUTY_OFFICER)
    desks.post("分不清是什么事的一句话。", title="说不清的事")
    desks.triaged(disposition=Disposition.DESK, grade=None)
    answer = duty.post(f"{item(duty)}/open", OPENED)

    page = duty.get(answer.location).text
    assert "立案，人工定为一般（系统没有建议等级）" in page
    assert "未定级" in page.split("为什么是这个等级")[1].split("现定", maxsplit=1)[0]
    duty.post("/language", {"to": "en"})
    assert "Case opened; a person graded it" in duty.get(answer.location).text
