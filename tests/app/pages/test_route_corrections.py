"""A changed routing is shown with both values, who changed it, when and why; the shut out are not named."""

from __future__ import annotations

import re
from html import unescape

import pytest

from casework.judgement import Routing
from casework.roles import Role
from rules.model import Label
from tests.page_kit import ASSIST, LEAD, OTHER, Desks

UNIT_BOX = re.compile(r"为什么是这个单位</h2>(.*?)</section>", re.DOTALL)
TO_OTHER = {"lead": OTHER, "assist": [ASSIST], "basis": "县政府会议"}


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split()).replace("云岭县", "")


def box(page: str) -> str:
    found = UNIT_BOX.search(page)
    assert found is not None
    return words(found[1])


def timeline(page: str) -> str:
    return words(page.split('<ol class="timeline">')[1].split("</ol>", maxsplit=1)[0])


def test_a_corrected_unit_stands_beside_the_proposed_one_with_both_values(desks: Desks):
    case_id = desks.case()
    duty = desks.person(Role.DUTY_OFFICER)
    assert "系统建议 主办 住建局，协办 中心街道办 现定 主办 住建局，协办 中心街道办" in box(
        desks.page(duty, case_id)
    )
    desks.done(duty, case_id, "correct_route", **TO_OTHER, reason="路灯归城管")
    page = desks.page(duty, case_id)

    change = "主办 住建局，协办 中心街道办 → 主办 城管局，协办 中心街道办"
    assert "系统建议 主办 住建局，协办 中心街道办 现定 主办 城管局，协办 中心街道办" in box(page)
    assert re.search(
        f"{change}（职责依据：《[^》]*》 → 县政府会议）：路灯归城管 人工改定 · .+ · \\d{{4}}-", box(page)
    )
    assert f"更正责任单位：{change}（职责依据：" in timeline(page)
    assert "：路灯归城管" in timeline(page)


def test_a_unit_that_gets_a_case_reads_from_whom_it_came_and_in_english_too(desks: Desks):
    case_id = desks.case()
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    desks.done(director, case_id, "reassign", lead=OTHER, basis="县政府会议", reason="职责调整")
    head = desks.person(Role.UNIT_HEAD, OTHER)
    page = desks.page(head, case_id)
    change = "主办 住建局，协办 中心街道办 → 主办 城管局"
    assert change in box(page)
    assert re.search(f"改派责任单位，文号 [^：]*：{change}（职责依据：.*）：职责调整", timeline(page))

    head.post("/language", {"to": "en"})
    assert (
        "）: lead housing_bureau, assisting center_office → lead enforcement_bureau (legal basis: "
        in timeline(desks.page(head, case_id))
    )
    assert desks.person(Role.UNIT_HEAD, LEAD).get(f"/cases/{case_id}").status_code == 404


def test_only_a_changed_basis_is_told_as_that(desks: Desks):
    case_id = desks.case()
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(
        duty, case_id, "correct_route", lead=LEAD, assist=[ASSIST], basis="县政府会议", reason="写明依据"
    )
    shown = timeline(desks.page(duty, case_id))
    assert re.search(r"更正责任单位：职责依据：《[^》]*》 → 县政府会议：写明依据", shown)


def test_a_ruling_says_that_nobody_was_named_before(desks: Desks):
    routing = Routing(None, (), "", Label("未指定", "Not named"), (OTHER, LEAD))
    case_id = desks.case(routing=routing)
    director = desks.person(Role.DIRECTOR)
    desks.done(director, case_id, "designate", lead=OTHER, basis="县政府会议", reason="由城管局牵头")
    page = desks.page(director, case_id)
    assert "系统建议 主办 待定 现定 主办 城管局" in box(page)
    assert "主办 待定 → 主办 城管局" in timeline(page)


@pytest.mark.parametrize("role", [Role.UNIT_HANDLER, Role.UNIT_HEAD])
def test_a_unit_of_a_confidential_case_does_not_read_there_who_is_shut_out(desks: Desks, role: Role):
    case_id = desks.case("住建局把路灯款挪走了，晚上看不清路。", telling=None)
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "correct_route", **TO_OTHER, reason="先转城管")
    desks.done(duty, case_id, "mark_accusation", accused=[LEAD], reason="涉嫌挪用")
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")

    to_office = desks.page(duty, case_id)
    to_unit = desks.page(desks.person(role, "discipline_commission"), case_id)

    assert "主办 住建局，协办 中心街道办 → 主办 城管局，协办 中心街道办" in timeline(to_office)
    assert "主办 〔已隐去〕，协办 中心街道办 → 主办 城管局，协办 中心街道办" in timeline(to_unit)
    assert "主办 〔已隐去〕" in box(to_unit)
    for shown in (timeline(to_unit), box(to_unit)):
        assert "住建局" not in shown
