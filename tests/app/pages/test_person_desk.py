"""The person's desk keeps its questions apart from cases that stand still, and names each case."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from casework.access import CountyId, machine
from casework.desk.stalls import stall_changes, tell_of_stalls
from casework.judgement import Disposition
from casework.roles import Role
from casework.understanding.demand import CALL_FOR_HELP, LEAD_MAY_BE_MEANT
from casework.urgency import DANGER_TO_LIFE
from rules.model import Grade, Label
from tests.page_kit import LEAD, Desks
from tests.web_kit import Browser

SECTION = "<h2>停滞的舆情件</h2>"


def check_stalls(desks: Desks) -> None:
    """Do what the worker does each minute."""
    the_machine = machine(CountyId(desks.county))
    with desks.web.home.transactions.write(the_machine) as uow:
        tell_of_stalls(uow, stall_changes(uow))


def figure(page: str, name: str) -> int:
    [count] = re.findall(rf"<strong>(?:<a[^>]*>)?(\d+)(?:</a>)?</strong><span>{name}</span>", page)
    return int(count)


@pytest.fixture
def duty(desks: Desks) -> Browser:
    """The duty officer's browser, with one question asked and one case that has waited for six hours."""
    officer = desks.person(Role.DUTY_OFFICER)
    desks.case()
    desks.post("分不清是什么事的一句话。", title="说不清的事")
    desks.triaged(disposition=Disposition.DESK, grade=None)
    desks.web.clock.advance(hours=6)
    check_stalls(desks)
    officer.sign_in("duty-officer")
    return officer


def test_a_longer_list_takes_no_more_queries(desks_anywhere: Desks):
    desks = desks_anywhere
    duty = desks.person(Role.DUTY_OFFICER)
    asked: list[str] = []
    sa.event.listen(
        desks.web.home.transactions.engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )

    def queries(posts: int) -> int:
        for number in range(posts):
            desks.post(
                f"分不清是什么事的第 {number} 句话，共 {posts} 句。", title=f"说不清的事 {posts}-{number}"
            )
        desks.triaged(disposition=Disposition.DESK, grade=Grade.MAJOR, telling=None)
        asked.clear()
        page = duty.get("/desk").text
        assert page.count("说不清的事") >= posts
        assert page.count("拟定") >= posts
        return len(asked)

    assert queries(2) == queries(6)


def test_stalled_cases_stand_below_the_questions_with_what_they_wait_for(duty: Browser):
    page = duty.get("/desk").text

    above, below = page.split(SECTION)
    assert "说不清的事" in above
    assert "路灯坏了" not in above
    assert "打开舆情件" not in page
    for told in (
        "路灯坏了",
        "未编号",
        "一般",
        "登记待确认",
        "下一步：由值班员或主任确认定级与责任单位",
        "停留自",
    ):
        assert told in below, told
    assert re.search(r'href="/cases/[0-9a-f-]{36}">路灯坏了', below)


def test_questions_and_stalled_cases_are_counted_apart(duty: Browser):
    page = duty.get("/work").text

    assert figure(page, "人工研判台") == 1
    assert figure(page, "停滞 · 在办件都无进展") == 1


def test_the_figure_of_stalled_cases_says_which_share_of_the_open_ones_it_is(duty: Browser, desks: Desks):
    desks.case("小区门口的路灯也坏了。", telling=None)
    desks.case("河边的垃圾没有人收。", telling=None)
    page = duty.get("/work").text

    assert figure(page, "停滞 · 占在办 33%") == 1
    assert figure(page, "在办") == 3


def test_the_list_of_stalled_cases_says_where_they_stand(duty: Browser):
    for address in ("/desk", "/desk?kind=stalled"):
        told = re.search(r"<p>停在：(.*?)</p>", duty.get(address).text)
        assert told is not None
        assert re.sub(r"<[^>]*>", "", told[1]).split() == ["登记待确认", "1", "件"]


def test_the_stalled_have_a_list_of_their_own(duty: Browser):
    page = duty.get("/desk?kind=stalled").text

    assert SECTION in page
    assert "说不清的事" not in page
    assert "停滞的舆情件" not in duty.get("/desk?kind=triage").text


def test_the_page_of_a_notice_names_its_case(duty: Browser):
    listing = duty.get("/desk?kind=stalled").text
    [item] = re.findall(r'href="(/desk/[0-9a-f-]{36})"', listing)

    page = duty.get(item).text
    for told in ("路灯坏了", "登记待确认", "下一步：由值班员或主任确认定级与责任单位", "打开舆情件"):
        assert told in page, told


def rows(page: str) -> list[str]:
    """Return the questions of the list, in its order."""
    return re.findall(r"<tr>(.*?)</tr>", page.split(SECTION, maxsplit=1)[0], re.DOTALL)[1:]


def test_threats_to_life_come_first_with_a_mark_then_what_is_graver(desks: Desks):
    officer = desks.person(Role.DUTY_OFFICER)
    for name, grade, features in (
        ("一般的事", Grade.GENERAL, {}),
        ("没有等级的事", None, {}),
        ("重大的事", Grade.SERIOUS, {}),
        ("较大的事", Grade.MAJOR, {}),
        ("轻生的话", Grade.GENERAL, {DANGER_TO_LIFE: True}),
    ):
        desks.post(f"{name}的一句话。", title=name)
        desks.triaged(disposition=Disposition.DESK, grade=grade, features=features)

    found = rows(officer.get("/desk").text)

    names = ["轻生的话", "重大的事", "较大的事", "没有等级的事", "一般的事"]
    badges = ["一般", "重大", "较大", "未定级", "一般"]
    assert [
        name in row and f">{badge}</span>" in row
        for name, badge, row in zip(names, badges, found, strict=True)
    ] == [True] * 5
    assert ["涉及生命" in row for row in found] == [True, False, False, False, False]
    assert ["拟定" in row for row in found] == [True, True, True, False, True]


def test_a_threat_to_life_is_told_on_the_worklist_and_its_page_says_whom_to_call(desks: Desks):
    officer = desks.person(Role.DUTY_OFFICER)
    desks.post("他说不想活了。", title="轻生的话")
    desks.triaged(
        disposition=Disposition.DESK,
        grade=Grade.SERIOUS,
        features={DANGER_TO_LIFE: True},
        reasons=(CALL_FOR_HELP,),
    )
    [item] = re.findall(r'href="(/desk/[0-9a-f-]{36})"', officer.get("/desk").text)

    assert f'<p class="alert alert-danger">{CALL_FOR_HELP.zh}</p>' in officer.get(item).text
    assert figure(officer.get("/work").text, "人工研判台 · 涉及生命 1") == 1


@pytest.mark.parametrize("reasons", [(), (LEAD_MAY_BE_MEANT,)], ids=["nobody blamed", "somebody unnamed"])
def test_who_may_be_meant_by_a_hint_is_not_chosen_beforehand(desks: Desks, reasons: tuple[Label, ...]):
    officer = desks.person(Role.DUTY_OFFICER)
    desks.post("一来检查，厂里前一天就接到了局里人的电话。", title="检查")
    desks.triaged(disposition=Disposition.DESK, grade=Grade.GENERAL, reasons=reasons)
    [item] = re.findall(r'href="(/desk/[0-9a-f-]{36})"', officer.get("/desk").text)

    page = officer.get(item).text

    chosen = re.findall(r'<select[^>]*name="[^"]*lead"[^>]*>.*?</select>', page, re.DOTALL)
    assert len(chosen) == 1
    assert (LEAD in re.findall(r'<option selected value="([^"]*)"', chosen[0])) is not bool(reasons)
    assert (LEAD_MAY_BE_MEANT.zh in page) is bool(reasons)
