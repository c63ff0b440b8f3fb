"""Objections and rulings on the page of a case: offered in time, said in both languages, remembered."""

from __future__ import annotations

import uuid

from casework.roles import Role
from casework.states import CaseState
from tests.page_kit import LEAD, OTHER, Desks, offered

OBJECTION = {"clause": "城市照明管理规定第四条", "reason": "不属于我局职责。", "proposed": OTHER}


def dispatched(desks: Desks, text: str = "小区路灯坏了半个月，晚上看不清路。") -> uuid.UUID:
    case_id = desks.case(text)
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    return case_id


def test_the_head_of_the_unit_is_told_until_when_to_object_and_the_director_reads_why(desks: Desks):
    case_id, head = dispatched(desks), desks.person(Role.UNIT_HEAD)
    assert "前可提出一次异议，逾期视为受理" in desks.page(head, case_id)
    assert "object" not in offered(desks.page(desks.person(Role.UNIT_HANDLER), case_id))

    desks.done(head, case_id, "object", **OBJECTION)

    assert desks.state(case_id) == CaseState.OBJECTED.value
    director = desks.person(Role.DIRECTOR)
    page = desks.page(director, case_id)
    for said in ("异议与裁定", OBJECTION["clause"], OBJECTION["reason"], "建议承办单位"):
        assert said in page
    assert {"uphold", "reassign"} <= set(offered(page))
    assert "待我裁定主办单位" in director.get("/work").text
    assert offered(desks.page(desks.person(Role.DUTY_OFFICER), case_id)).count("uphold") == 0


def test_what_is_ruled_stands_on_the_page_and_is_shown_beside_the_next_case_of_the_kind(desks: Desks):
    case_id, head = dispatched(desks), desks.person(Role.UNIT_HEAD)
    desks.done(head, case_id, "object", **OBJECTION)
    director = desks.person(Role.DIRECTOR)
    desks.done(director, case_id, "uphold", reason="三定规定写明由住建局负责。")

    page = desks.page(head, case_id)
    assert "驳回异议" in page
    assert "三定规定写明由住建局负责。" in page
    assert "object" not in offered(page), "once"
    next_one = desks.case("镇上新街的路灯也不亮了，麻烦修一修。")
    beside = desks.page(director, next_one)
    assert "同类事项此前的裁定" in beside
    assert f'href="/cases/{case_id}"' in beside
    assert "同类事项此前的裁定" not in desks.page(desks.person(Role.INSPECTOR), next_one)


def test_an_objection_that_holds_gives_the_case_to_another_unit_and_hides_it_from_the_first(desks: Desks):
    case_id, head = dispatched(desks), desks.person(Role.UNIT_HEAD)
    desks.done(head, case_id, "object", **OBJECTION)
    director = desks.person(Role.DIRECTOR)

    desks.done(director, case_id, "reassign", lead=OTHER, basis="权责清单", reason="异议成立。")

    assert head.get(f"/cases/{case_id}").status_code == 404
    page = desks.page(director, case_id)
    assert "改派" in page
    again = desks.act(director, case_id, "reassign", lead=LEAD, basis="会议", reason="还是原单位。")
    assert again.status_code == 400
    assert "编办、司法局会审" in again.text


def test_what_was_typed_wrongly_is_said_at_its_field_and_nothing_is_lost(desks: Desks):
    case_id, head = dispatched(desks), desks.person(Role.UNIT_HEAD)

    answer = desks.act(head, case_id, "object", **{**OBJECTION, "proposed": LEAD})

    assert answer.status_code == 400
    assert "建议的承办单位不能是本单位" in answer.text
    assert OBJECTION["reason"] in answer.text
    assert desks.state(case_id) == CaseState.DISPATCHED.value
