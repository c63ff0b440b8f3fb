"""A corrected topic on the page of a case: what was, who would lead by it, and one click to follow."""

from __future__ import annotations

import re
from html import unescape

from casework.judgement import Routing
from casework.roles import Role
from rules.model import Label
from tests.page_kit import LEAD, Desks, offered

WAGES = {"topic": "wage_arrears", "demand": "complaint", "reason": "说的是施工队的工资"}


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def way(page: str, action: str) -> str:
    """Return the form of an action."""
    found = re.search(rf'<form[^>]*action="/cases/[0-9a-f-]+/{action}".*?</form>', page, re.DOTALL)
    assert found is not None
    return found[0]


def chosen(form: str) -> set[str]:
    return set(re.findall(r'<option selected value="([^"]*)"', form))


def test_who_corrects_a_topic_is_told_who_leads_by_it_and_finds_it_filled_in(desks: Desks):
    case_id = desks.case()
    duty = desks.person(Role.DUTY_OFFICER)
    assert "职责表" not in words(desks.page(duty, case_id)).split("更正主题不会")[0]

    desks.done(duty, case_id, "correct_topic", **WAGES)

    page = desks.page(duty, case_id)
    assert "更正主题：路灯 → 欠薪；求助建议 → 投诉举报：说的是施工队的工资" in words(page)
    told = "按现定主题和地点，职责表所列主办单位是云岭县人社局（依据：《保障农民工工资支付条例》第七条）。"
    assert words(page).count(told) == 2  # where it is confirmed, and where the units are corrected
    assert "labour_bureau" in chosen(way(page, "correct_route"))

    form = {"lead": "labour_bureau", "assist": [LEAD], "basis": "条例第七条", "reason": "依主题"}
    desks.done(duty, case_id, "correct_route", **form)
    assert told not in words(desks.page(duty, case_id))
    duty.post("/language", {"to": "en"})
    assert "Street lamps → Unpaid wages; Request → Complaint" in words(desks.page(duty, case_id))


def test_a_topic_without_designated_lead_names_the_candidates(desks: Desks):
    case_id = desks.case()
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "correct_topic", **{**WAGES, "topic": "cooking_fumes"})
    assert "县里尚未指定主办单位，可由" in words(desks.page(duty, case_id))


def test_an_ordinary_case_is_offered_no_topic_of_accusations(desks: Desks):
    case_id = desks.case()
    form = way(desks.page(desks.person(Role.DUTY_OFFICER), case_id), "correct_topic")
    assert 'value="misconduct"' not in form
    assert 'value="accusation"' not in form
    answer = desks.act(
        desks.person(Role.DUTY_OFFICER), case_id, "correct_topic", **{**WAGES, "topic": "misconduct"}
    )
    assert answer.status_code == 400
    assert "列为检举控告件" in words(answer.text)


def test_in_arbitration_the_director_sees_the_duty_table_too(desks: Desks):
    case_id = desks.case(
        routing=Routing(None, (), "", ruling_needed=Label("须裁定", "A ruling is needed")), topic=None
    )
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    desks.done(duty, case_id, "correct_topic", **WAGES)
    page = desks.page(director, case_id)
    assert "designate" in offered(page)
    assert "labour_bureau" in chosen(way(page, "designate"))
