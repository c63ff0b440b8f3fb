"""Whoever cannot do the next step reads on the page what it is and who does it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.lifecycle import NEXT_STEP, OPEN_STATES, TRANSITIONS
from casework.roles import Role
from casework.store.tables import CaseRow
from rules.model import Grade
from tests.page_kit import Desks, offered

LINE = re.compile(r'<p class="next-step">([^<]*)</p>')


def line(page: str) -> str | None:
    found = LINE.search(page)
    return found[1] if found else None


def test_every_open_state_has_a_next_step_that_the_table_allows():
    assert set(NEXT_STEP) == set(OPEN_STATES)
    assert set(NEXT_STEP.items()) <= set(TRANSITIONS)


def test_the_line_goes_with_the_case_from_desk_to_desk(desks: Desks):
    case_id = desks.case()
    duty, inspector = desks.person(Role.DUTY_OFFICER), desks.person(Role.INSPECTOR)
    handler = desks.person(Role.UNIT_HANDLER)

    assert line(desks.page(inspector, case_id)) == "下一步：由值班员或主任确认定级与责任单位"
    assert line(desks.page(duty, case_id)) is None, "who can do it has the button"
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    assert line(desks.page(duty, case_id)) == "下一步：由主办单位的承办人或主要负责人签收"
    assert line(desks.page(handler, case_id)) is None
    desks.done(handler, case_id, "sign_for")
    desks.done(handler, case_id, "file_report", text="首报。")
    assert line(desks.page(handler, case_id)) == (
        "下一步：由主办单位的主要负责人签发答复"
        "。答复由其在本页填写并签发；承办人可在本页报送续报，写明办理情况和答复要点。"
    )


@pytest.mark.parametrize(
    ("grade", "who"), [(Grade.GENERAL, "值班员或主任"), (Grade.MAJOR, "督查员"), (Grade.SERIOUS, "督查员")]
)
def test_who_accepts_goes_by_the_grade(desks: Desks, grade: Grade, who: str):
    case_id = desks.case()
    with Session(desks.web.home.transactions.engine) as session:
        session.execute(
            sa.update(CaseRow).where(CaseRow.id == case_id).values(state="replied", grade=grade.value)
        )
        session.commit()
    assert line(desks.page(desks.person(Role.INSPECTOR), case_id)) == f"下一步：由{who}验收通过"


def test_a_settled_case_waits_for_nothing(desks: Desks):
    case_id = desks.case()
    desks.done(
        desks.person(Role.DUTY_OFFICER), case_id, "dismiss", reason_id="no_public_matter", note="误立。"
    )
    assert line(desks.page(desks.person(Role.DIRECTOR), case_id)) is None


def test_the_line_is_there_in_english(desks: Desks):
    case_id, inspector = desks.case(), desks.person(Role.INSPECTOR)
    inspector.post("/language", {"to": "en"})
    assert line(desks.page(inspector, case_id)) == (
        "Next: Confirm grade and unit, by the Duty officer or Director"
    )


def test_a_promise_is_waited_for_by_the_name_of_its_button(desks: Desks):
    case_id = desks.reported()
    duty, head = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HEAD)
    promise = {"outcome": "promised", "promised_on": "2026-12-01", "text": "十二月一日前修好。"}
    desks.done(head, case_id, "reply", **promise)

    assert line(desks.page(head, case_id)) == "下一步：由值班员或主任认可承诺"
    desks.done(duty, case_id, "accept_promise")
    desks.done(head, case_id, "reply", outcome="resolved", text="已修好。")
    assert line(desks.page(head, case_id)) == "下一步：由值班员或主任确认承诺兑现，验收通过"
    assert line(desks.page(duty, case_id)) is None


CONTACT = "单位没有诉求人的联系方式"


def test_contact_is_asked_for_between_receipt_and_reply_and_says_how(desks: Desks):
    case_id = desks.case()
    duty, head = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HEAD)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    page = desks.page(head, case_id)
    assert {"record_contact", "record_public_reply"} & set(offered(page)) == set()
    assert "通过县网信办联系诉求人；单位没有其联系方式。首报不能代替首次联系。" in page

    desks.done(head, case_id, "sign_for")
    page = desks.page(head, case_id)
    assert {"record_contact", "record_public_reply"} <= set(offered(page))
    assert CONTACT in page
    assert "首报是报给督办方的，不能代替与诉求人的首次联系。" in page

    desks.done(head, case_id, "file_report", text="首报。")
    assert "由主要负责人填写并签发" in desks.page(head, case_id)
    desks.done(head, case_id, "reply", outcome="resolved", text="已修好。")
    page = desks.page(head, case_id)
    assert "record_contact" not in offered(page)
    assert "record_public_reply" in offered(page), "a public answer may still follow the reply"
