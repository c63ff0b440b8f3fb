"""An accusation is not answered in public: it has no clock, no act and no charge of a public reply."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa

from casework.clocks import is_live
from casework.desk.assign import confirm_case, correct_grade, correct_route, dispatch_case
from casework.desk.case_clocks import CaseClocks
from casework.desk.handle import record_contact, record_public_reply, sign_for
from casework.desk.secrecy import lift_secrecy, mark_accusation
from casework.refusals import NotInPublic
from casework.roles import Role
from casework.store.tables import ClockRow
from rules.model import DemandClass, Grade, Stage
from tests.builders import officer, unit_person
from tests.case_kit import LEAD, OTHER, House

DISCIPLINE = "discipline_commission"
WHY = "网帖反映干部收受好处，属检举控告。"
OWED = {Stage.SIGN_FOR, Stage.FIRST_CONTACT, Stage.FIRST_REPORT, Stage.CLOSE}


def sent(house: House, case_id: uuid.UUID) -> uuid.UUID:
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    return case_id


def accusation(house: House, grade: Grade = Grade.GENERAL) -> uuid.UUID:
    """Return an accusation that discipline inspection has."""
    return sent(
        house, house.registered(grade, lead=DISCIPLINE, confidential=True, demand=DemandClass.ACCUSATION)
    )


def running(house: House, case_id: uuid.UUID) -> set[Stage]:
    return {one.clock.stage for one in house.view(case_id).clocks if is_live(one.clock)}


def charged(house: House, case_id: uuid.UUID) -> list[str]:
    return sorted(line.failing for line in house.view(case_id).scores)


@pytest.mark.parametrize("grade", Grade)
def test_an_accusation_has_every_clock_but_that_of_a_public_reply(house: House, grade: Grade):
    assert running(house, accusation(house, grade)) == OWED


def test_regrading_or_another_unit_gives_an_accusation_no_public_reply_either(house: House):
    case_id = accusation(house)
    house.on(house.director, correct_grade, case_id, grade=Grade.MAJOR, reason="影响较大")
    assert running(house, case_id) == OWED

    ordinary = sent(house, house.registered())
    house.on(house.director, correct_route, ordinary, lead=OTHER, basis="职责", reason="改派")
    assert running(house, ordinary) == {*OWED, Stage.PUBLIC_REPLY}


def test_nobody_records_a_public_reply_to_an_accusation(house: House):
    case_id = accusation(house)
    investigator = unit_person(DISCIPLINE, Role.UNIT_HANDLER, county=house.county)
    house.on(investigator, sign_for, case_id)

    for actor in (investigator, house.duty, house.director):
        with pytest.raises(NotInPublic):
            house.on(actor, record_public_reply, case_id, text="已受理。")
    house.on(investigator, record_contact, case_id, note="经网信办转告诉求人：已受理。")
    assert Stage.FIRST_CONTACT not in running(house, case_id), "who complained is told all the same"


def test_no_unit_loses_points_for_not_answering_an_accusation_in_public(house: House):
    case_id, ordinary = accusation(house), sent(house, house.registered())
    house.desk.clock.advance(days=4)
    house.swept()

    late = ["late_first_contact", "late_first_report", "late_sign_for"]
    assert charged(house, case_id) == late
    assert charged(house, ordinary) == sorted([*late, "late_public_reply"])


def test_what_becomes_an_accusation_ends_its_public_reply_without_a_charge(house: House):
    """It was overdue and the sweep had not come yet: the other duties are charged, this one is not."""
    case_id = sent(house, house.registered())
    house.desk.clock.advance(days=4)

    house.on(house.duty, mark_accusation, case_id, accused=(LEAD,), reason=WHY)

    house.swept()
    assert charged(house, case_id) == ["late_first_contact", "late_first_report", "late_sign_for"]
    assert running(house, case_id) == set()
    assert running(house, sent(house, case_id)) == OWED


def test_what_is_no_accusation_after_all_owes_a_public_reply_from_its_new_dispatch_on(house: House):
    case_id = sent(house, house.registered())
    house.on(house.duty, mark_accusation, case_id, accused=(LEAD,), reason=WHY)
    sent(house, case_id)
    house.desk.clock.advance(days=4)
    director = officer(Role.DIRECTOR, name="另一主任", county=house.county)
    for one in (house.director, director):
        house.desk.clock.advance(minutes=1)
        house.employ(one)
        house.on(one, lift_secrecy, case_id, reason="查无此事，属一般投诉。")
    sent(house, case_id)

    (clock,) = [
        one
        for one in house.view(case_id).clocks
        if one.clock.stage is Stage.PUBLIC_REPLY and is_live(one.clock)
    ]
    assert clock.clock.started_at == house.desk.clock.at
    assert "late_public_reply" not in charged(house, case_id)


def test_a_clock_that_an_older_version_started_earns_nothing_and_delays_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    begin = CaseClocks.start_duties
    with monkeypatch.context() as older:
        older.setattr(
            CaseClocks,
            "start_duties",
            lambda clocks, case, unit: begin(clocks, replace(case, is_confidential=False), unit),
        )
        case_id = accusation(house)
    assert Stage.PUBLIC_REPLY in running(house, case_id)

    house.desk.clock.advance(days=4)
    house.swept()

    assert "late_public_reply" not in charged(house, case_id)
    view = house.view(case_id)
    (clock,) = [one for one in view.clocks if one.clock.stage is Stage.PUBLIC_REPLY]
    assert clock.id not in {step.clock_id for step in view.steps}
    looks = sa.select(ClockRow.next_step_at).where(ClockRow.id == clock.id)
    assert house.scalar(looks) is None, "the sweep does not come back for it"
