"""A desk that was accused only by a misread text is un-named by two people, and never by itself."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.access import CountyId, machine
from casework.roles import Role
from casework.store.case_links import shut_out_too
from casework.store.case_writes import excluded_from
from casework.store.tables import UserRow
from tests.app.pages.test_recusal import AIM, DISCIPLINE, NET, WATCH, accusing, case_and_post, is_shut
from tests.case_pack import case_book
from tests.page_kit import ASSIST, LEAD, Desks, offered
from tests.web_kit import Browser

ACTION = "correct_accused"
WHY = "文中只是说向该单位反映过，并未检举。"


def named(code: str) -> str:
    return next(unit.name.zh for unit in case_book().pack.units if unit.id == code)


def ask(desks: Desks, person: Browser, case_id: uuid.UUID, *accused: str, reason: str = WHY) -> None:
    desks.web.clock.advance(minutes=1)
    desks.done(person, case_id, ACTION, accused=list(accused), reason=reason)


def test_two_people_let_an_office_in_that_was_only_mentioned(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(NET, LEAD))
    supervisor, inspector = desks.person(Role.SUPERVISOR), desks.person(Role.SECRET_INSPECTOR)

    desks.web.clock.advance(minutes=1)
    answer = desks.act(supervisor, case_id, ACTION, accused=[LEAD], reason=WHY)
    told = supervisor.get(answer.location).text
    assert "已提请更正被检举单位，尚未生效：须由另一位有权办理此件的人员以相同内容再提交一次。" in told
    assert "已完成" not in told, "it is only asked for"

    assert is_shut(desks, Role.DIRECTOR, case_id, post_id), "one person alone shows it to nobody"
    assert "须由另一位有权办理此件的人员确认" in desks.page(supervisor, case_id)
    again = desks.act(supervisor, case_id, ACTION, accused=[LEAD], reason=WHY)
    assert again.status_code == 403
    assert is_shut(desks, Role.DIRECTOR, case_id, post_id)
    assert f"已提请把被检举单位更正为：{named(LEAD)}" in desks.page(inspector, case_id)

    desks.web.clock.advance(minutes=1)
    answer = desks.act(inspector, case_id, ACTION, accused=[LEAD], reason="同意，系误读。")
    assert "已完成：更正被检举单位" in inspector.get(answer.location).text

    director = desks.person(Role.DIRECTOR)
    page = desks.page(director, case_id)
    assert not is_shut(desks, Role.DIRECTOR, case_id, post_id)
    assert f"被检举单位由 {named(NET)}、{named(LEAD)} 更正为 {named(LEAD)}" in page
    assert WHY in page
    assert "同意，系误读。" in page
    desks.done(director, case_id, "confirm")


def test_what_a_disabled_account_asked_for_does_not_count_and_the_page_says_so(desks: Desks):
    case_id, post_id = case_and_post(desks, **accusing(NET, LEAD))
    supervisor, inspector = desks.person(Role.SUPERVISOR), desks.person(Role.SECRET_INSPECTOR)
    ask(desks, inspector, case_id, LEAD)
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        secret = UserRow.roles.cast(sa.Text).contains(Role.SECRET_INSPECTOR.value)
        uow.session.execute(sa.update(UserRow).where(secret).values(disabled_at=uow.now))

    assert "该次提请不算数" in desks.page(supervisor, case_id)
    ask(desks, supervisor, case_id, LEAD)

    assert is_shut(desks, Role.DIRECTOR, case_id, post_id)
    assert "您已提请把被检举单位更正为" in desks.page(supervisor, case_id)


def test_what_the_second_person_changes_is_asked_for_anew(desks: Desks):
    case_id, post_id = case_and_post(desks, **accusing(NET, LEAD))
    supervisor, inspector = desks.person(Role.SUPERVISOR), desks.person(Role.SECRET_INSPECTOR)
    ask(desks, supervisor, case_id, LEAD)
    ask(desks, inspector, case_id)

    assert is_shut(desks, Role.DIRECTOR, case_id, post_id)
    ask(desks, supervisor, case_id)
    assert not is_shut(desks, Role.DIRECTOR, case_id, post_id)


def test_what_a_further_post_names_since_is_not_un_named_by_an_older_request(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(NET, LEAD))
    supervisor, inspector = desks.person(Role.SUPERVISOR), desks.person(Role.SECRET_INSPECTOR)
    ask(desks, supervisor, case_id, NET)
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        shut_out_too(uow.session, uow.county, case_id, [ASSIST])

    ask(desks, inspector, case_id, NET)

    with desks.web.home.transactions.read(machine(CountyId(desks.county))) as uow:
        assert {NET, LEAD, ASSIST} <= excluded_from(uow.session, case_id)
    assert "须由另一位" in desks.page(inspector, case_id)


def test_a_further_unit_is_shut_out_by_one_person_at_once(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(LEAD))
    assert not is_shut(desks, Role.DUTY_OFFICER, case_id, post_id)

    answer = desks.act(
        desks.person(Role.DIRECTOR), case_id, ACTION, accused=[LEAD, NET], reason="漏列网信办。"
    )

    assert answer.status_code == 302
    assert "您须回避" in desks.person(Role.DIRECTOR).get(answer.location).text
    assert is_shut(desks, Role.DUTY_OFFICER, case_id, post_id)


@pytest.mark.parametrize("role", [Role.DUTY_OFFICER, Role.DIRECTOR])
def test_the_recused_desk_cannot_un_name_itself(desks: Desks, role: Role):
    case_id, post_id = case_and_post(desks, **accusing(NET))
    ask(desks, desks.person(Role.SUPERVISOR), case_id)

    answer = desks.person(role).post(f"/cases/{case_id}/{ACTION}", {"version": 2, "reason": WHY})

    assert answer.status_code == 404
    assert is_shut(desks, role, case_id, post_id)


def test_where_three_desks_are_named_two_heads_of_discipline_inspection_correct_it(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(NET, WATCH, AIM))
    head = desks.person(Role.UNIT_HEAD, DISCIPLINE)
    assert offered(desks.page(head, case_id)) == ["take_over", ACTION]
    ask(desks, head, case_id, NET)
    assert is_shut(desks, Role.SUPERVISOR, case_id, post_id)

    deputy = desks.web.signed_in(Role.UNIT_HEAD, login="deputy", unit=DISCIPLINE)
    ask(desks, deputy, case_id, NET)

    assert is_shut(desks, Role.DIRECTOR, case_id, post_id)
    desks.done(desks.person(Role.SUPERVISOR), case_id, "confirm")


def test_discipline_inspection_is_named_while_it_has_the_case_and_loses_it(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, _ = case_and_post(desks, **accusing(LEAD))
    director, head = desks.person(Role.DIRECTOR), desks.person(Role.UNIT_HEAD, DISCIPLINE)
    for action in ("confirm", "dispatch"):
        desks.done(director, case_id, action)
    desks.done(head, case_id, "sign_for")

    answer = desks.act(director, case_id, ACTION, accused=[LEAD, DISCIPLINE], reason="也检举纪委监委。")

    assert answer.status_code == 302, answer.text
    assert head.get(f"/cases/{case_id}").status_code == 404
    assert desks.state(case_id) == "registered"
    page = desks.page(director, case_id)
    assert "纪检监察机关本身被检举" in page
    assert "take_over" in offered(page)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"accused": [NET], "reason": WHY}, 409),
        ({"accused": [], "reason": ""}, 400),
        ({"accused": ["x"], "reason": WHY}, 400),
    ],
)
def test_a_correction_says_something_new_and_why(desks: Desks, sent: dict[str, object], status: int):
    case_id, _ = case_and_post(desks, **accusing(NET))

    assert desks.act(desks.person(Role.SUPERVISOR), case_id, ACTION, **sent).status_code == status


def test_the_form_has_what_was_asked_for_and_else_what_stands(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(NET, LEAD))
    supervisor, inspector = desks.person(Role.SUPERVISOR), desks.person(Role.SECRET_INSPECTOR)

    def ticked(person: Browser) -> set[str]:
        page = desks.page(person, case_id)
        return {code for code in (NET, WATCH, LEAD) if f'<option selected value="{code}">' in page}

    assert ticked(supervisor) == {NET, LEAD}
    ask(desks, supervisor, case_id, LEAD)
    assert ticked(inspector) == {LEAD}


def test_an_ordinary_case_accuses_nobody_and_offers_no_correction(desks: Desks):
    case_id, _ = case_and_post(desks)
    director = desks.person(Role.DIRECTOR)

    assert ACTION not in offered(desks.page(director, case_id))
    sent = {"version": 1, "accused": [NET], "reason": WHY}
    assert director.post(f"/cases/{case_id}/{ACTION}", sent).status_code == 409


def test_no_unit_reads_who_was_thought_to_be_accused(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(LEAD, NET))
    supervisor, inspector = desks.person(Role.SUPERVISOR), desks.person(Role.SECRET_INSPECTOR)
    desks.done(supervisor, case_id, "confirm")
    desks.done(supervisor, case_id, "dispatch")
    for person in (supervisor, inspector):
        ask(desks, person, case_id, LEAD)

    page = desks.page(desks.person(Role.UNIT_HEAD, DISCIPLINE), case_id)
    assert WHY not in page
    assert "更正被检举单位" not in page
