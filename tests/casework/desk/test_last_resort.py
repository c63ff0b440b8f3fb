"""What another authority takes over ends here: with a note, with every unit's part, and for good."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from casework.desk.assign import confirm_case, correct_route, dispatch_case
from casework.desk.last_resort import take_over
from casework.desk.secrecy import mark_accusation
from casework.desk.supervise import reopen_case
from casework.errors import NotPermitted
from casework.events import EventKind
from casework.refusals import NoSuchCase, TakenOver, TextRefused
from casework.roles import Role
from casework.states import CaseState
from casework.store.tables import UnitRow
from tests.builders import officer
from tests.case_kit import LEAD, House

DISCIPLINE = "discipline_commission"


@pytest.fixture(autouse=True)
def _duties(house: House) -> None:
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(
            sa.update(UnitRow)
            .where(UnitRow.county_id == house.county, UnitRow.code == DISCIPLINE)
            .values(duties=["discipline"])
        )


def accusing(house: House, *accused: str):
    case_id = house.registered()
    house.on(house.duty, mark_accusation, case_id, accused=accused, reason="属检举控告。")
    return case_id


def test_the_director_hands_up_what_discipline_inspection_may_not_have(house: House):
    case_id = accusing(house, DISCIPLINE)
    with pytest.raises(TextRefused):
        house.on(house.director, take_over, case_id, note=" ")

    case = house.on(house.director, take_over, case_id, note="报市纪委监委，云网信报〔2026〕2号")

    assert (case.state, case.closed_at is not None) == (CaseState.CLOSED, True)
    line = next(one for one in house.view(case_id).timeline if one.kind is EventKind.CASE_TAKEN_OVER)
    assert line.data == {"note": "报市纪委监委，云网信报〔2026〕2号", "from": "cyberspace"}


@pytest.mark.parametrize("who", ["duty", "supervisor"])
def test_nobody_but_the_keeper_hands_it_up(house: House, who: str):
    case_id = accusing(house, DISCIPLINE)
    version = house.view(case_id).case.version

    with pytest.raises((NotPermitted, NoSuchCase)):
        house.do(getattr(house, who), take_over, case_id, version=version, note="报上级")


def test_what_discipline_inspection_may_have_is_handed_up_by_no_desk(house: House):
    case_id = accusing(house, LEAD)

    with pytest.raises(NotPermitted):
        house.on(house.director, take_over, case_id, note="报上级")


def test_a_unit_that_has_it_loses_it_with_its_clocks(house: House):
    case_id = accusing(house, DISCIPLINE)
    house.on(house.director, correct_route, case_id, lead="qingxi_gov", basis="指定", reason="指定")
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)

    house.on(house.director, take_over, case_id, note="报市纪委监委")

    view = house.view(case_id)
    assert view.case.state is CaseState.CLOSED
    assert all(part.ended_at is not None for part in view.assignments)
    assert all(one.stopped_at is not None for one in view.clocks)
    assert view.clocks
    assert view.case.next_due_at is None


def test_nobody_handles_it_again_here(house: House):
    case_id = accusing(house, DISCIPLINE)
    house.on(house.director, take_over, case_id, note="报市纪委监委")

    for actor in (house.duty, officer(Role.SECRET_INSPECTOR, county=house.county)):
        with pytest.raises(TakenOver):
            house.on(actor, reopen_case, case_id, reason="再办")
