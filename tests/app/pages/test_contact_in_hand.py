"""Where the cyberspace office is recused, whoever has the accusation in hand reaches the person."""

from __future__ import annotations

import re
import uuid

import pytest

from casework.judgement import Routing
from casework.roles import Role
from rules.model import Grade
from tests.app.pages.test_recusal import AIM, DISCIPLINE, NET, TEXT, WATCH, accusing
from tests.page_kit import LEAD, OTHER, Desks

NAME, CONTACT = "某网友甲", "0000-7654321"
WHY = "告知受理情况"
COUNTY_UNITS = (NET, WATCH, AIM)


def told(desks: Desks, **changes: object) -> tuple[uuid.UUID, uuid.UUID]:
    """Return a case and its post, of which it is known who wrote it."""
    post_id = desks.post(TEXT, title="反映问题", author_handle=NAME, author_contact=CONTACT)
    desks.triaged(**changes)
    return desks.case_of(post_id), post_id


def dispatched(desks: Desks, role: Role, *accused: str) -> tuple[uuid.UUID, uuid.UUID]:
    case_id, post_id = told(desks, **accusing(*accused, grade=Grade.SERIOUS))
    desks.done(desks.person(role), case_id, "confirm")
    desks.done(desks.person(role), case_id, "dispatch")
    return case_id, post_id


@pytest.mark.parametrize(
    ("accused", "role"),
    [((NET,), Role.SUPERVISOR), ((NET, WATCH), Role.SECRET_INSPECTOR)],
)
def test_whoever_has_it_in_hand_sees_the_contact_once_for_a_purpose_and_is_audited(
    desks_anywhere: Desks, accused: tuple[str, ...], role: Role
):
    desks = desks_anywhere
    case_id, post_id = dispatched(desks, role, *accused)
    keeper, address = desks.person(role), f"/posts/{post_id}/identity"

    page = desks.page(keeper, case_id)
    assert address in page, "the form is on the page of the case"
    assert CONTACT not in page
    without = keeper.post(address, {"purpose": " "})
    assert (without.status_code, CONTACT in without.text) == (400, False)
    shown = keeper.post(address, {"purpose": WHY})
    assert (shown.status_code, CONTACT in shown.text, NAME in shown.text) == (200, True, True)
    assert "只显示这一次" in shown.text
    assert CONTACT not in desks.page(keeper, case_id), "once, and not again"

    others = [
        *((Role.DUTY_OFFICER, LEAD), (Role.DIRECTOR, LEAD), (Role.INSPECTOR, LEAD), (Role.PUBLISHER, LEAD)),
        *((one, unit) for one in (Role.UNIT_HEAD, Role.UNIT_HANDLER) for unit in (DISCIPLINE, LEAD, OTHER)),
        *((one, LEAD) for one in (Role.SUPERVISOR, Role.SECRET_INSPECTOR) if one is not role),
    ]
    for other, unit in others:
        answer = desks.person(other, unit).post(address, {"purpose": WHY})
        assert answer.status_code in {403, 404}, (other, unit)
        assert CONTACT not in answer.text
        page = desks.person(other, unit).get(f"/cases/{case_id}")
        assert page.status_code == 404 or address not in page.text
    looks = [row for row in desks.web.audit() if row.action == "identity_revealed"]
    assert [(row.object_id, row.data) for row in looks] == [(str(post_id), {"purpose": WHY})]


def test_the_head_of_discipline_inspection_does_where_every_desk_is_accused(desks: Desks):
    case_id, post_id = told(desks, **accusing(*COUNTY_UNITS, routing=Routing(None, (), "")))
    head, address = desks.person(Role.UNIT_HEAD, DISCIPLINE), f"/posts/{post_id}/identity"

    assert address in desks.page(head, case_id)
    assert CONTACT in head.post(address, {"purpose": WHY}).text
    for other, unit in (
        (Role.UNIT_HANDLER, DISCIPLINE),
        (Role.UNIT_HEAD, LEAD),
        (Role.DUTY_OFFICER, LEAD),
        (Role.SUPERVISOR, LEAD),
        (Role.SECRET_INSPECTOR, LEAD),
    ):
        assert desks.person(other, unit).post(address, {"purpose": WHY}).status_code in {403, 404}


@pytest.mark.parametrize(
    "changes",
    [{"grade": Grade.SERIOUS}, accusing(LEAD, grade=Grade.SERIOUS), accusing(WATCH, grade=Grade.SERIOUS)],
    ids=["ordinary", "of a unit", "of the supervision office"],
)
def test_in_every_other_case_the_duty_officer_alone_sees_it(desks: Desks, changes: dict[str, object]):
    case_id, post_id = told(desks, **changes)
    address = f"/posts/{post_id}/identity"
    for role, unit in (
        (Role.SUPERVISOR, LEAD),
        (Role.SECRET_INSPECTOR, LEAD),
        (Role.UNIT_HEAD, LEAD),
        (Role.UNIT_HEAD, DISCIPLINE),
        (Role.DIRECTOR, LEAD),
    ):
        person = desks.person(role, unit)
        answer = person.post(address, {"purpose": WHY})
        assert CONTACT not in answer.text
        assert answer.status_code == (403 if role is Role.DIRECTOR else 404), role
        assert address not in person.get(f"/cases/{case_id}").text
    gone = desks.person(Role.SUPERVISOR).post(f"/posts/{uuid.uuid4()}/identity", {"purpose": WHY})
    assert gone.status_code == 404, "nobody learns by it which post there is"
    assert CONTACT in desks.person(Role.DUTY_OFFICER).post(address, {"purpose": WHY}).text


def test_the_slip_names_who_can_in_fact_open_the_contact(desks: Desks):
    case_id, post_id = dispatched(desks, Role.SUPERVISOR, NET)
    head = desks.person(Role.UNIT_HEAD, DISCIPLINE)
    desks.done(head, case_id, "sign_for")
    assert re.search("通过书记督查室联系诉求人", desks.page(head, case_id))
    answer = desks.person(Role.SUPERVISOR).post(f"/posts/{post_id}/identity", {"purpose": WHY})
    assert CONTACT in answer.text
