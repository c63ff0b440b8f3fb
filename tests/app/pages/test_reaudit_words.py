"""A second look at a dismissal says whether the dismissal holds, never that a post is untrue."""

from __future__ import annotations

import re

import pytest

from casework.judgement import Disposition
from casework.roles import Role
from tests.app.pages.test_recusal import accusing, case_and_post
from tests.case_pack import case_book
from tests.page_kit import LEAD, OTHER, Desks

HELD, FAILED = "抽查：不立案成立", "抽查：不立案不成立，应当办理"


def visible(page: str) -> str:
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(("verdict", "said"), [("confirmed", HELD), ("not_confirmed", FAILED)])
def test_a_look_at_a_dismissed_post_says_whether_that_holds(desks: Desks, verdict: str, said: str):
    post_id = desks.post()
    desks.triaged(disposition=Disposition.DISMISSAL, grade=None, dismissal=case_book().pack.dismissals[0])
    inspector = desks.person(Role.INSPECTOR)
    answer = inspector.post(f"/posts/{post_id}/reaudit", {"verdict": verdict, "notes": "重看了原文。"})
    assert answer.status_code == 302

    page = visible(inspector.get(f"/posts/{post_id}").text)
    assert said in page
    assert "属实" not in page


@pytest.mark.parametrize(("verdict", "said"), [("confirmed", HELD), ("not_confirmed", FAILED)])
def test_a_look_at_a_dismissed_case_asks_and_says_the_same(desks: Desks, verdict: str, said: str):
    case_id = desks.case()
    desks.done(desks.person(Role.DUTY_OFFICER), case_id, "dismiss", reason_id="praise", note="查无此事。")
    desks.web.clock.advance(minutes=5)
    inspector = desks.person(Role.INSPECTOR)

    asked = visible(desks.page(inspector, case_id))
    assert "应当办理，退回人工研判台" in asked
    assert "问题已按答复解决" not in asked
    desks.done(inspector, case_id, "re_audit", verdict=verdict, notes="重看了原文。")
    page = visible(desks.page(inspector, case_id))
    assert said in page
    assert page.count(said.removeprefix("抽查：")) >= 2, "in the timeline and beside who looked"
    assert "属实" not in page


def test_an_error_names_a_unit_as_people_do(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(LEAD))
    director = desks.person(Role.DIRECTOR)

    for unit, code in (("住建局", LEAD), ("城管局", OTHER)):
        answer = desks.act(director, case_id, "correct_route", lead=code, basis="职责", reason="转办")
        (told,) = re.findall(r"不得[^。]*（([^）]*)）", answer.text)
        assert (answer.status_code, unit in told, code in told) == (400, True, False), told
