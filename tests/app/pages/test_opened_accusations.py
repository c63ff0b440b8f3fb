"""An accusation that a person opens shuts out whom triage found, and somebody in the county reads it."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from casework.access import CountyId, machine
from casework.judgement import Disposition, Routing
from casework.roles import Role
from casework.store.tables import UnitRow
from tests.app.pages.test_recusal import AIM, DISCIPLINE, NET, TEXT, WATCH, accusing, case_and_post, is_shut
from tests.case_pack import case_book
from tests.page_kit import ASSIST, LEAD, Desks, id_in, offered

ALL_FOUR = (NET, WATCH, AIM, DISCIPLINE)


def named(code: str) -> str:
    return next(unit.name.zh for unit in case_book().pack.units if unit.id == code)


def item_for(desks: Desks, *found: str, **changes: object) -> tuple[uuid.UUID, str]:
    """Return a post that waits for a person and the address of its item, as the duty officer has it."""
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(*found, disposition=Disposition.DESK, **changes))
    page = desks.person(Role.DUTY_OFFICER).get("/desk").text
    address = re.search(r"/desk/[0-9a-f-]{36}", page)
    assert address is not None
    return post_id, address[0]


def opened(desks: Desks, address: str, *accused: str, **changes: object) -> TestResponse:
    sent = {"grade": "general", "demand": "accusation", "topic": "", "lead": DISCIPLINE, "reason": "涉嫌受贿"}
    return desks.person(Role.DUTY_OFFICER).post(
        f"{address}/open", {**sent, "accused": list(accused), **changes}
    )


@pytest.mark.parametrize("demand", ["accusation", "complaint"])
@pytest.mark.parametrize("given", [(), (ASSIST,), (LEAD,)])
def test_a_form_that_drops_whom_triage_found_is_refused_and_says_how_to_mend_it(
    desks_anywhere: Desks, given: tuple[str, ...], demand: str
):
    desks = desks_anywhere
    _, address = item_for(desks, LEAD, "qingxi_gov")

    answer = opened(desks, address, *given, demand=demand)

    assert answer.status_code == 400
    assert "研判所列的被检举单位不能去掉：" in answer.text
    assert named("qingxi_gov") in answer.text
    assert "更正被检举单位" in answer.text


def test_what_was_found_and_what_was_given_are_on_the_record_of_those_who_may_read_it(desks_anywhere: Desks):
    desks = desks_anywhere
    _, address = item_for(desks, LEAD)

    case_id = id_in(opened(desks, address, LEAD, ASSIST).location)

    page = desks.page(desks.person(Role.DIRECTOR), case_id)
    assert f"立案时列明的被检举单位：{named(LEAD)}、{named(ASSIST)}；研判所列：{named(LEAD)}" in page
    for unit in (LEAD, ASSIST):
        assert desks.person(Role.UNIT_HEAD, unit).get(f"/cases/{case_id}").status_code == 404
    desks.done(desks.person(Role.DIRECTOR), case_id, "confirm")
    desks.done(desks.person(Role.DIRECTOR), case_id, "dispatch")
    page = desks.page(desks.person(Role.UNIT_HEAD, DISCIPLINE), case_id)
    assert "列明的被检举单位" not in page
    assert "被检举控告的单位" not in page


def test_before_a_case_is_dispatched_the_page_says_whom_it_accuses(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, _ = case_and_post(desks, **accusing(LEAD, ASSIST))
    director = desks.person(Role.DIRECTOR)
    desks.done(director, case_id, "confirm")

    page = desks.page(director, case_id)

    names = "、".join(named(code) for code in sorted((LEAD, ASSIST)))
    assert f"被检举控告的单位（须回避）：{names}" in page
    assert f"交办前请再核对：此件检举控告 {names}" in page


def test_an_ordinary_case_says_nothing_of_accused_units(desks: Desks):
    case_id = desks.case()

    assert "被检举控告的单位（须回避）：" not in desks.page(desks.person(Role.DIRECTOR), case_id)


SUPERIOR = "county_government"


def below_one(desks: Desks) -> None:
    """Put all four under the county's government, as a register may have it."""
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        uow.session.execute(sa.update(UnitRow).where(UnitRow.code.in_(ALL_FOUR)).values(superior=SUPERIOR))


def all_shut(desks: Desks, case_id: uuid.UUID) -> bool:
    """Return whether nobody of the three desks reads a case."""
    roles = (Role.DUTY_OFFICER, Role.DIRECTOR, Role.SUPERVISOR, Role.SECRET_INSPECTOR)
    return all(desks.person(role).get(f"/cases/{case_id}").status_code == 404 for role in roles)


@pytest.mark.parametrize("given", [ALL_FOUR, (NET, WATCH, AIM)])
def test_nobody_alone_opens_or_marks_a_case_that_no_desk_reads(desks_anywhere: Desks, given: tuple[str, ...]):
    desks = desks_anywhere
    post_id, address = item_for(desks)
    lead = "" if DISCIPLINE in given else DISCIPLINE
    by_opening = opened(desks, address, *given, lead=lead)
    assert by_opening.status_code == 302, by_opening.text
    case_id = desks.case("马路对面的小区很吵。")
    duty = desks.person(Role.DUTY_OFFICER)
    answer = desks.act(duty, case_id, "mark_accusation", accused=list(given), reason="涉嫌受贿")
    assert "因此有的须由另一人用“更正被检举单位”确认后才生效" in duty.get(answer.location).text

    inspector = desks.person(Role.SECRET_INSPECTOR)
    for one in (desks.case_of(post_id), case_id):
        assert duty.get(f"/cases/{one}").status_code == 404, "those who can be shut out are, at once"
        page = desks.page(inspector, one)
        assert "已提请把被检举单位更正为" in page
        assert f"提请另列 {named(AIM)}，须另一人确认" in page
        assert "涉嫌受贿" in page
        assert desks.person(Role.PUBLISHER).get(f"/cases/{one}").status_code == 404

        desks.web.clock.advance(minutes=1)
        desks.done(inspector, one, "correct_accused", accused=list(given), reason="同意")
        assert all_shut(desks, one)


def test_the_page_says_who_asked_and_what_to_whoever_may_not_confirm_it(desks_anywhere: Desks):
    desks = desks_anywhere
    below_one(desks)
    case_id = desks.case("马路对面的小区很吵。")
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)

    desks.done(duty, case_id, "mark_accusation", accused=[SUPERIOR], reason="检举县政府")

    assert "须由另一位有权办理此件的人员确认" in desks.page(duty, case_id)
    other = desks.web.signed_in(Role.DUTY_OFFICER, login="other-duty")
    assert "须由另一位有权更正的人员确认" in desks.page(other, case_id)
    assert "检举县政府" in desks.page(other, case_id)
    assert desks.person(Role.PUBLISHER).get(f"/cases/{case_id}").status_code == 404
    desks.web.clock.advance(minutes=1)
    desks.done(director, case_id, "correct_accused", accused=[SUPERIOR], reason="同意")
    assert all_shut(desks, case_id)
    assert desks.person(Role.UNIT_HEAD, DISCIPLINE).get(f"/cases/{case_id}").status_code == 200


def test_the_higher_authority_finds_in_its_worklist_what_it_is_asked_to_confirm(desks_anywhere: Desks):
    desks = desks_anywhere
    below_one(desks)
    case_id = desks.case("马路对面的小区很吵。")
    contact = desks.person(Role.HIGHER_AUTHORITY)
    assert str(case_id) not in contact.get("/work").text
    given = {"accused": [SUPERIOR], "reason": "检举县政府"}

    desks.done(desks.person(Role.DUTY_OFFICER), case_id, "mark_accusation", **given)

    assert str(case_id) in contact.get("/work").text
    page = desks.page(contact, case_id)
    assert offered(page) == ["correct_accused"]
    assert "已提请把被检举单位更正为" in page
    desks.web.clock.advance(minutes=1)
    desks.done(contact, case_id, "correct_accused", **given)
    assert all_shut(desks, case_id)
    assert contact.get(f"/cases/{case_id}").status_code == 404


def test_the_page_says_that_in_english_too(desks: Desks):
    case_id = desks.case("马路对面的小区很吵。")
    inspector = desks.person(Role.SECRET_INSPECTOR)
    inspector.post("/language", {"to": "en"})
    duty = desks.person(Role.DUTY_OFFICER)

    desks.act(duty, case_id, "mark_accusation", accused=list(ALL_FOUR), reason="涉嫌受贿")

    assert "also asked for, to be confirmed by another person" in desks.page(inspector, case_id)


def test_naming_the_last_of_the_four_takes_two_and_then_the_higher_authority_has_it(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(WATCH, AIM, DISCIPLINE, routing=Routing(None)))
    director, contact = desks.person(Role.DIRECTOR), desks.person(Role.HIGHER_AUTHORITY)
    other = desks.web.signed_in(Role.DIRECTOR, login="other-director")
    assert contact.get(f"/cases/{case_id}").status_code == 404
    sent = {"accused": list(ALL_FOUR), "reason": "也检举了网信办。"}

    desks.done(director, case_id, "correct_accused", **sent)

    assert not is_shut(desks, Role.DIRECTOR, case_id, post_id), "one person alone hides it from nobody"
    assert offered(desks.page(contact, case_id)) == ["correct_accused"], "it may be the second person"
    assert desks.act(director, case_id, "correct_accused", **sent).status_code == 403

    desks.done(other, case_id, "correct_accused", **sent)

    assert is_shut(desks, Role.DIRECTOR, case_id, post_id)
    assert offered(desks.page(contact, case_id)) == ["take_over", "correct_accused"]


def test_the_higher_authority_alone_lets_nobody_in_again(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(*ALL_FOUR, routing=Routing(None)))
    contact = desks.person(Role.HIGHER_AUTHORITY)
    sent = {"accused": [NET, WATCH, DISCIPLINE], "reason": "文中并未检举目督办。"}

    desks.done(contact, case_id, "correct_accused", **sent)
    assert is_shut(desks, Role.SECRET_INSPECTOR, case_id, post_id)
    second = desks.web.signed_in(Role.HIGHER_AUTHORITY, login="second-contact")
    desks.done(second, case_id, "correct_accused", **sent)

    assert contact.get(f"/cases/{case_id}").status_code == 404
    assert "take_over" in offered(desks.page(desks.person(Role.SECRET_INSPECTOR), case_id))


@pytest.mark.parametrize("accused", [(DISCIPLINE,), (DISCIPLINE, WATCH)])
def test_what_discipline_inspection_may_not_have_is_opened_without_a_lead(
    desks_anywhere: Desks, accused: tuple[str, ...]
):
    desks = desks_anywhere
    _, address = item_for(desks)

    answer = opened(desks, address, *accused, lead="")

    assert answer.status_code == 302, answer.text
    assert "反映问题" not in desks.person(Role.UNIT_HEAD, DISCIPLINE).get("/work").text
    case_id, director = id_in(answer.location), desks.person(Role.DIRECTOR)
    assert desks.state(case_id) == "arbitration"
    assert "take_over" in offered(desks.page(director, case_id))
    assert "报上级机关并结束本系统流转" in desks.page(director, case_id)
    assert "take_over" not in offered(desks.page(desks.person(Role.DUTY_OFFICER), case_id))

    desks.done(director, case_id, "take_over", reason="报市纪委监委，云网信报〔2026〕2号")

    assert desks.state(case_id) == "closed"
    page = re.sub(r"<[^>]+>", "", desks.page(director, case_id))
    assert "已报上级机关受理：报市纪委监委，云网信报〔2026〕2号" in page
    assert "reopen" not in offered(desks.page(director, case_id))


@pytest.mark.parametrize(
    "sent", [{"demand": "complaint", "accused": []}, {"accused": [LEAD]}, {"accused": [NET]}]
)
def test_every_other_case_has_a_lead(desks: Desks, sent: dict[str, object]):
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(disposition=Disposition.DESK, grade=None)
    page = desks.person(Role.DUTY_OFFICER).get("/desk").text
    address = re.search(r"/desk/[0-9a-f-]{36}", page)
    assert address is not None

    answer = opened(desks, address[0], lead="", **sent)

    assert answer.status_code == 400
    assert "请选择主办单位" in answer.text
    assert desks.person(Role.DUTY_OFFICER).get(f"/posts/{post_id}").status_code == 200


@pytest.mark.parametrize(("role", "reads"), [(Role.DIRECTOR, True), (Role.INSPECTOR, False)])
def test_after_the_lifting_the_post_tells_no_more_than_its_case(
    desks_anywhere: Desks,
    role: Role,
    reads: bool,  # noqa: FBT001 - a column of the table
):
    desks = desks_anywhere
    post_id, address = item_for(desks, LEAD)
    case_id = id_in(opened(desks, address, LEAD, reason="科长收了商户两万元").location)
    for person in (desks.person(Role.DIRECTOR), desks.person(Role.SECRET_INSPECTOR)):
        desks.web.clock.advance(minutes=1)
        desks.done(person, case_id, "lift_secrecy", reason="查无此事")

    reader = desks.person(role)
    for page in (reader.get(f"/posts/{post_id}"), reader.get(f"/cases/{case_id}")):
        assert page.status_code == 200
        assert ("科长收了商户两万元" in page.text) is reads
    assert ("查无此事" in reader.get(f"/cases/{case_id}").text) is reads
