"""What whoever was or seemed accused reads of a case that is ordinary: the matter, not the charge."""

from __future__ import annotations

import re
import uuid
from html import unescape

import pytest

from casework.judgement import Disposition, Routing
from casework.roles import Role
from rules.model import Label
from tests.app.pages.test_major_journey import papers, papers_on, words_of
from tests.app.pages.test_recusal import DISCIPLINE, NET, accusing
from tests.page_kit import LEAD, OTHER, Desks, offered
from tests.web_kit import Browser

SEEMS = Label("可能指称其中点名的单位。", "It may speak against a unit.")
SECRET_NUMBER = re.compile(r"\w*密〔\d{4}〕\w+号")
FORMER_READERS = ((Role.UNIT_HEAD, LEAD), (Role.INSPECTOR, LEAD), (Role.PUBLISHER, LEAD))


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def two_lift(desks: Desks, case_id: uuid.UUID) -> None:
    for role in (Role.DIRECTOR, Role.SECRET_INSPECTOR):
        desks.done(desks.person(role), case_id, "lift_secrecy", reason="查明是一般诉求")


def dispatched(desks: Desks, case_id: uuid.UUID) -> None:
    for action in ("confirm", "dispatch"):
        desks.done(desks.person(Role.DIRECTOR), case_id, action)


def routed_to(desks: Desks, case_id: uuid.UUID, lead: str) -> None:
    form = {"lead": lead, "basis": "三定规定", "reason": "事项属其职责"}
    desks.done(desks.person(Role.DIRECTOR), case_id, "correct_route", **form)


def secret_and_open_again(desks: Desks) -> tuple[uuid.UUID, str]:
    """Return a case that was led by discipline inspection, with a slip, and lifted since; and the number."""
    case_id = desks.case()
    desks.done(
        desks.person(Role.DUTY_OFFICER), case_id, "mark_accusation", accused=[LEAD], reason="反映该单位收钱"
    )
    dispatched(desks, case_id)
    papers(desks)
    [number] = set(SECRET_NUMBER.findall(desks.page(desks.person(Role.DIRECTOR), case_id)))
    desks.done(desks.person(Role.UNIT_HANDLER, DISCIPLINE), case_id, "sign_for")
    desks.wait(minutes=5)
    two_lift(desks, case_id)
    desks.wait(minutes=5)
    return case_id, number


def test_a_unit_that_seemed_accused_handles_the_matter_and_reads_no_charge(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id = desks.case(accused=(LEAD,), reasons=(SEEMS,))
    dispatched(desks, case_id)

    office = words(desks.page(desks.person(Role.DIRECTOR), case_id))
    assert "可能指称其中点名的单位" in office
    for role, unit in FORMER_READERS:
        assert "可能指称" not in words(desks.page(desks.person(role, unit), case_id)), role


def test_a_desk_that_a_post_seemed_to_accuse_reads_no_charge_either(desks: Desks):
    post_id = desks.post()
    desks.triaged(
        accused=(NET,), reasons=(Label("可能指称其中点名的单位。", "It may speak against a unit."),)
    )
    case_id = desks.case_of(post_id)

    assert "可能指称" not in words(desks.page(desks.person(Role.DIRECTOR), case_id))
    assert "可能指称" not in words(desks.person(Role.DUTY_OFFICER).get(f"/posts/{post_id}").text)
    assert "可能指称" in words(desks.person(Role.SECRET_INSPECTOR).get(f"/posts/{post_id}").text)


def test_after_lifting_nobody_who_was_shut_out_reads_number_clocks_or_verdict(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, number = secret_and_open_again(desks)
    waiting = [desks.person(Role.INSPECTOR), desks.person(Role.PUBLISHER)]
    for person in waiting:
        _tells_nothing(desks, person, case_id, number)

    dispatched(desks, case_id)
    papers(desks)

    for person in (*waiting, desks.person(Role.UNIT_HEAD, LEAD)):
        _tells_nothing(desks, person, case_id, number)
    head = desks.person(Role.UNIT_HEAD, LEAD)
    [slip] = papers_on(desks.page(head, case_id))
    printed = words_of(head.get(slip).data)
    assert "密〔" not in printed
    assert "替代" not in printed
    assert number in desks.page(desks.person(Role.DIRECTOR), case_id)


def _tells_nothing(desks: Desks, person: Browser, case_id: uuid.UUID, number: str) -> None:
    page = desks.page(person, case_id).partition("<main")[2]
    said = words(re.sub(r"<option.*?</option>", "", page))  # any unit may be proposed instead
    for word in ("密〔", "纪委", "检举", "收钱"):
        assert word not in said
    assert str(case_id) not in person.get(f"/cases?text={number}").text


@pytest.mark.parametrize("is_marked", ["absorbed", "holder"])
def test_a_merge_that_was_undone_tells_nothing_of_a_case_that_is_secret_now(desks: Desks, is_marked: str):
    duty = desks.person(Role.DUTY_OFFICER)
    kept = desks.case()
    post_id = desks.post("窗口办事的人收钱才给办，说的是甲乙丙丁。", title="窗口办事的事")
    desks.triaged(telling=None)
    merged = desks.case_of(post_id)
    desks.done(duty, merged, "merge_into", into=str(kept), reason="看着像一件")
    desks.done(duty, merged, "reinstate", reason="其实是反映收钱")
    secret, open_case, name = (
        (merged, kept, "窗口办事的事") if is_marked == "absorbed" else (kept, merged, "路灯坏了")
    )
    desks.done(duty, secret, "mark_accusation", accused=[LEAD], reason="反映该单位收钱")
    unit = LEAD
    if is_marked == "holder":
        routed_to(desks, open_case, OTHER)
        unit = OTHER
    dispatched(desks, open_case)

    for role in (Role.UNIT_HEAD, Role.INSPECTOR, Role.PUBLISHER):
        said = words(desks.page(desks.person(role, unit), open_case))
        assert name not in said, role
        assert "并入" not in said.partition("办理经过")[2], role
    assert "并入" in words(desks.page(desks.person(Role.DIRECTOR), open_case))


def test_a_unit_to_which_a_seeming_accusation_is_given_by_hand_reads_no_former_route(desks: Desks):
    post_id = desks.post()
    desks.triaged(
        accused=(LEAD,),
        reasons=(SEEMS,),
        suspects=True,
        disposition=Disposition.DESK,
        routing=Routing(DISCIPLINE, (), "检举控告不得转给被检举控告的单位和人员"),
    )
    duty = desks.person(Role.DUTY_OFFICER)
    [item] = set(re.findall(r'href="/desk/([0-9a-f-]{36})', duty.get("/desk").text))
    form = {
        "grade": "general",
        "demand": "request",
        "topic": "street_lamps",
        "lead": LEAD,
        "reason": "路灯",
    }
    assert duty.post(f"/desk/{item}/open", form).status_code == 302
    case_id = desks.case_of(post_id)
    dispatched(desks, case_id)

    for role, unit in FORMER_READERS:
        said = words(re.sub(r"<option.*?</option>", "", desks.page(desks.person(role, unit), case_id)))
        assert "检举" not in said.replace("列为检举控告件", ""), role


def test_after_lifting_what_the_machine_judged_no_line_says_that_it_was_secret(desks: Desks):
    post_id = desks.post("某局长收红包。", title="反映问题")
    desks.triaged(**accusing(LEAD))
    case_id = desks.case_of(post_id)
    two_lift(desks, case_id)
    desks.wait(minutes=1)
    routed_to(desks, case_id, LEAD)
    dispatched(desks, case_id)

    for role, unit in FORMER_READERS:
        page = desks.page(desks.person(role, unit), case_id).partition("<main")[2]
        assert "保密" not in words(re.sub(r"<option.*?</option>", "", page)), role


def test_scores_of_the_secret_time_are_listed_for_no_general_inspector(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id = desks.case()
    desks.done(
        desks.person(Role.DUTY_OFFICER), case_id, "mark_accusation", accused=[LEAD], reason="反映该单位收钱"
    )
    dispatched(desks, case_id)
    desks.wait(days=3)
    sheet = f"/units/{DISCIPLINE}"
    assert "密〔" in desks.person(Role.SECRET_INSPECTOR).get(sheet).text
    two_lift(desks, case_id)
    desks.wait(minutes=1)

    inspector = desks.person(Role.INSPECTOR)
    assert "密〔" not in inspector.get(sheet).text
    assert str(case_id) not in inspector.get(sheet).text
    assert "密〔" not in words_of(inspector.get(f"{sheet}/paper").data)
    assert "纪委" not in words(desks.page(inspector, case_id)).partition("计分 扣")[2]
    assert "密〔" in desks.person(Role.SECRET_INSPECTOR).get(sheet).text


def test_whoever_marked_the_case_into_which_another_was_merged_does_not_lift_that_one(desks: Desks):
    director = desks.person(Role.DIRECTOR)
    holder, merged = desks.case(), desks.case("城东那条路又塌了一块，拖拉机过不去。", telling=None)
    desks.done(director, merged, "merge_into", into=str(holder), reason="同一事项")
    desks.done(director, holder, "mark_accusation", accused=[OTHER], reason="反映该单位收钱")
    desks.done(director, merged, "reinstate", reason="不是一件")

    assert "lift_secrecy" not in offered(desks.page(director, merged))
    assert "须由另外两人" in desks.page(director, merged)
