"""Whoever audits reads of an accusation what was done, when, in which role and to what, and no more."""

from __future__ import annotations

import html
import re

import pytest

from app.accounts.audit_log import PAGE_LINES
from app.admin.audit_words import facts_of
from casework.access import CountyId, machine
from casework.roles import Role
from rules.model import Grade
from tests.app.pages.test_recusal import NET, accusing, case_and_post
from tests.page_kit import LEAD, Desks

WHY = "网帖反映该局干部收受好处"
ROW = re.compile(r"<tr>.*?</tr>", flags=re.DOTALL)


def rows(desks: Desks, query: str) -> list[str]:
    """Return the lines of the log as text, without its head."""
    page = html.unescape(desks.person(Role.AUDIT_ADMIN).get(f"/admin/audit?{query}").text)
    return [re.sub(r"\s+", " ", row) for row in ROW.findall(page)[1:]]


def cells(row: str) -> list[str]:
    found = re.findall(r"<td[^>]*>(.*?)</td>", row)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


@pytest.mark.parametrize("accused", [LEAD, NET])
def test_lines_about_an_accusation_name_neither_unit_nor_reason_nor_person(
    desks_anywhere: Desks, accused: str
):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(accused, grade=Grade.SERIOUS))
    keeper = Role.SUPERVISOR if accused == NET else Role.DIRECTOR
    desks.done(desks.person(keeper), case_id, "confirm")
    desks.done(desks.person(keeper), case_id, "correct_grade", grade="major", reason=WHY)
    desks.done(desks.person(keeper), case_id, "dispatch")

    shown = [cells(row) for one in (case_id, post_id) for row in rows(desks, f"object={one}")]
    assert {"立案", "交办"} <= {line[2] for line in shown}
    label = "督查员" if accused == NET else "主任"
    assert {line[1] for line in shown} <= {"系统", "值班员", label}
    assert label in {line[1] for line in shown}
    assert {(line[4], line[5]) for line in shown} == {("保密", "")}
    whole = " ".join(rows(desks, ""))
    for said in (WHY, accused, "纪委监委", "密〔", "反映问题"):
        assert said not in whole, said


def test_nor_do_lines_from_before_it_was_known_or_while_it_was_secret(desks: Desks):
    case_id = desks.case()
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    asked = f"object={case_id}"
    assert any("主办：" in row for row in rows(desks, asked))

    desks.done(duty, case_id, "mark_accusation", accused=[LEAD], reason=WHY)
    assert all(cells(row)[5] == "" for row in rows(desks, asked)), "now it is one, also what came before"
    desks.web.clock.advance(minutes=1)
    for person in (director, desks.person(Role.SECRET_INSPECTOR)):
        desks.web.clock.advance(minutes=1)
        desks.done(person, case_id, "lift_secrecy", reason="误列。")
    assert all(cells(row)[5] == "" for row in rows(desks, asked)), "what was written then stays so"
    desks.web.clock.advance(minutes=1)
    desks.done(director, case_id, "correct_grade", grade="major", reason="影响较大。")
    told = [cells(row) for row in rows(desks, asked)]
    assert ["影响较大" in line[5] for line in told] == [True, *[False] * (len(told) - 1)]


def test_asked_for_a_person_the_log_does_not_tell_what_that_person_did_with_accusations(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(NET, grade=Grade.SERIOUS))
    supervisor = desks.person(Role.SUPERVISOR)
    desks.done(supervisor, case_id, "confirm")
    (name,) = {row.actor for row in desks.web.audit() if row.action == "case_confirmed"}

    assert rows(desks, "action=case_confirmed")
    mine = rows(desks, f"actor={name}")
    assert mine, "signing in is there"
    assert str(case_id) not in str(mine)
    assert "没有内容" in desks.person(Role.AUDIT_ADMIN).get(
        f"/admin/audit?actor={name}&action=case_confirmed"
    ).get_data(as_text=True)


def test_hidden_lines_between_do_not_end_the_list_of_a_person(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(LEAD))

    def noted(kind: str, object_id: str, count: int) -> None:
        for _ in range(count):
            with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
                uow.audit("stall_ended", kind, object_id)

    noted("pack", "older", 3)
    noted("case", str(case_id), PAGE_LINES * 2 + 1)
    noted("pack", "newer", PAGE_LINES - 1)

    asked = "actor=系统&action=stall_ended"
    assert len(rows(desks, asked)) == PAGE_LINES
    page = desks.person(Role.AUDIT_ADMIN).get(f"/admin/audit?{asked}").text
    address = html.unescape(page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0])
    assert len(rows(desks, address.partition("?")[2])) == 2, "the rest, behind the hidden ones"
    assert len(rows(desks, "action=stall_ended")) == PAGE_LINES


def test_values_of_who_was_accused_are_named_and_not_called_a_state(desks: Desks):
    with desks.web.app.test_request_context():
        facts = facts_of([("was", (NET,)), ("from", "discipline"), ("was", "merged")], {NET: "网信办"})
    assert [(one.name, one.text) for one in facts] == [
        ("原为", "网信办"),
        ("由", "纪委监委主要负责人"),
        ("原为", "已并案"),
    ]
