"""Merging two accusations brings nobody nearer to either of them, and no half-made decision along."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.access import Actor
from casework.desk.accused import correct_accused
from casework.desk.dismissing import reinstate_case
from casework.desk.merging import merge_case
from casework.desk.secrecy import lift_secrecy, mark_accusation
from casework.events import EventKind
from casework.refusals import MarkedByYourself
from casework.roles import Role
from casework.store.case_records import CaseHead
from casework.store.case_writes import excluded_from
from casework.store.secrets import markers_of, open_doubt, open_lift
from casework.store.tables import CaseRow, PostRow
from rules.model import DemandClass
from tests.builders import officer
from tests.case_kit import LEAD, OTHER, House

WHY = "同一名负责人。"


@pytest.fixture
def people(house: House) -> dict[str, Actor]:
    """The three of the demo who may lift, each with an account in use."""
    return {
        "first": employed(house, Role.DIRECTOR, "主任"),
        "second": employed(house, Role.DIRECTOR, "副主任"),
        "named": employed(house, Role.SECRET_INSPECTOR, "保密件专人"),
    }


def employed(house: House, role: Role, name: str) -> Actor:
    actor = officer(role, name=name, county=house.county)
    house.employ(actor)
    return actor


def later(house: House, actor: Actor, act: object, case_id: uuid.UUID, **values: object) -> CaseHead:
    """Let somebody act a minute later: lines of one instant have no order."""
    house.desk.clock.advance(minutes=1)
    return house.on(actor, act, case_id, **values)  # type: ignore[arg-type] # any use case


def marked(house: House, by: Actor, accused: str = LEAD) -> uuid.UUID:
    case_id = house.registered()
    later(house, by, mark_accusation, case_id, accused=(accused,), reason=WHY)
    return case_id


def is_secret(house: House, case_id: uuid.UUID) -> bool:
    return house.scalar(sa.select(CaseRow.confidential).where(CaseRow.id == case_id)) is True


def test_whoever_marked_a_case_does_not_lift_it_inside_another_one(house: House, people: dict[str, Actor]):
    x, y = marked(house, people["first"]), marked(house, people["second"])
    later(house, people["first"], merge_case, x, into=y, reason=WHY)

    for who in ("first", "second"):
        with pytest.raises(MarkedByYourself, match="先恢复并入的那一件"):
            later(house, people[who], lift_secrecy, y, reason=WHY)
    later(house, people["named"], lift_secrecy, y, reason=WHY)
    third = employed(house, Role.DIRECTOR, "第三位主任")
    later(house, third, lift_secrecy, y, reason=WHY)

    assert not is_secret(house, y)
    assert not is_secret(house, x)


def test_it_holds_however_deep_a_case_was_merged_and_as_long_as_it_is(house: House, people: dict[str, Actor]):
    x, y, z = (marked(house, people[who]) for who in ("first", "second", "second"))
    later(house, house.duty, merge_case, x, into=y, reason=WHY)
    later(house, house.duty, merge_case, y, into=z, reason=WHY)
    both = {people["first"].user_id, people["second"].user_id}
    assert house.look(house.machine, lambda uow: markers_of(uow.session, z)) == both

    later(house, house.duty, reinstate_case, x, reason="不是同一事项。")

    for who in ("first", "named"):
        with pytest.raises(MarkedByYourself):
            later(house, people["second"], lift_secrecy, z, reason=WHY)
        later(house, people[who], lift_secrecy, z, reason=WHY)
    assert (is_secret(house, z), is_secret(house, x)) == (False, True)
    post = sa.select(PostRow.confidential).where(PostRow.county_id == house.county)
    assert house.look(house.machine, lambda uow: sorted(uow.session.scalars(post))) == [False, False, True]


def test_a_mark_that_was_lifted_binds_nobody_any_more(house: House, people: dict[str, Actor]):
    x = marked(house, people["first"])
    for who in ("second", "named"):
        later(house, people[who], lift_secrecy, x, reason=WHY)
    y = house.registered()
    later(house, house.duty, merge_case, x, into=y, reason=WHY)
    later(house, people["second"], mark_accusation, y, accused=(LEAD,), reason=WHY)

    assert house.look(house.machine, lambda uow: markers_of(uow.session, y)) == {people["second"].user_id}


@pytest.mark.parametrize("in_the_merged", [True, False])
@pytest.mark.parametrize("asked", [lift_secrecy, correct_accused])
def test_what_waits_for_a_second_person_lapses_with_a_merge_and_the_timeline_says_so(
    house: House,
    people: dict[str, Actor],
    asked: object,
    in_the_merged: bool,  # noqa: FBT001 - a column of the table
):
    x, y = marked(house, house.duty), marked(house, house.duty)
    one, other = (x, y) if in_the_merged else (y, x)
    wanted = {"reason": WHY} | ({"accused": (OTHER,)} if asked is correct_accused else {})
    later(house, people["named"], asked, one, **wanted)

    later(house, people["second"], merge_case, x, into=y, reason=WHY)

    for case_id, lapsed in ((one, 1), (other, 0)):
        kinds = [line.kind for line in house.view(case_id).timeline]
        assert kinds.count(EventKind.REQUEST_LAPSED) == lapsed
        waits = house.look(
            house.machine,
            lambda uow, case=case_id: (open_lift(uow.session, case), open_doubt(uow.session, case)),
        )
        assert waits == (None, None)
    later(house, house.duty, reinstate_case, x, reason="不是同一事项。")
    later(house, people["second"], asked, one, **wanted)
    assert is_secret(house, one), "the second person was the first one of a new request"
    assert house.look(house.machine, lambda uow: excluded_from(uow.session, one)) == {LEAD}


def test_nobody_finishes_by_a_merge_what_was_asked_before_it(house: House, people: dict[str, Actor]):
    """The director who marked X asks for lifting Y, merges X into it, and another one confirms."""
    x, y = marked(house, people["first"]), marked(house, people["second"])
    later(house, people["first"], lift_secrecy, y, reason=WHY)
    later(house, people["first"], merge_case, x, into=y, reason=WHY)

    later(house, people["named"], lift_secrecy, y, reason=WHY)

    assert is_secret(house, y)
    assert is_secret(house, x)


def test_whoever_the_merged_case_shuts_out_stays_shut_out_of_the_other_one(
    house: House, people: dict[str, Actor]
):
    x, y = marked(house, house.duty, OTHER), marked(house, house.duty, LEAD)
    later(house, people["first"], merge_case, x, into=y, reason=WHY)
    assert house.look(house.machine, lambda uow: excluded_from(uow.session, y)) == {LEAD, OTHER}

    later(house, house.duty, reinstate_case, x, reason="不是同一事项。")

    assert house.look(house.machine, lambda uow: excluded_from(uow.session, x)) == {OTHER}
    assert house.look(house.machine, lambda uow: excluded_from(uow.session, y)) == {LEAD, OTHER}


def test_a_merged_case_that_is_no_accusation_any_more_has_its_class_and_unit_back(
    house: House, people: dict[str, Actor]
):
    x, y = marked(house, house.duty), marked(house, house.duty)
    later(house, house.duty, merge_case, x, into=y, reason=WHY)
    for who in ("first", "named"):
        later(house, people[who], lift_secrecy, y, reason=WHY)

    later(house, house.duty, reinstate_case, x, reason="不是同一事项。")

    case = house.view(x).case
    assert (case.is_confidential, case.lead_unit) == (False, LEAD)
    assert case.demand is not DemandClass.ACCUSATION
