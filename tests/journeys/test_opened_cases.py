"""What triage opens can be walked to its end: the desks take up the row that opening left."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.desk.asking import Writing, propose_upgrade
from casework.desk.assign import confirm_case, correct_grade, correct_route, dispatch_case
from casework.desk.handle import ReportKind, file_report, reply, sign_for
from casework.desk.opening import Opening, open_case
from casework.desk.receive import receive_post
from casework.desk.supervise import accept_reply, close_case
from casework.desk.unit import UnitOfWork
from casework.intake import IncomingPost
from casework.lifecycle import CaseState
from casework.outcome import Outcome
from casework.refusals import NoSuchCase, UnitShutOut
from casework.store.matters import OpenCase
from casework.store.tables import DeskItemRow
from rules.model import DemandClass, Grade
from tests.builders import unit_person
from tests.case_kit import ASSIST, LEAD, House

TEXT = "翠湖小区北门路灯坏了半个月，晚上看不清台阶。"


def opened(uow: UnitOfWork, **values: object) -> uuid.UUID:
    """Receive a post and open a case with it, as triage does."""
    post_id = receive_post(uow, IncomingPost(source_code="form", title="路灯", text=TEXT)).post_id
    writing = Writing(uow)
    opening = {
        "post_id": post_id,
        "title": "路灯",
        "text": TEXT,
        "grade": Grade.GENERAL,
        "demand": DemandClass.REQUEST,
        "topic": "street_lamps",
        "place": None,
        "confidential": False,
        "matter_id": None,
        "pack_ref": "small@1+x",
        "calendar_version": "small-2026",
        "lead": LEAD,
        "assist": (ASSIST,),
        "basis": "《城市道路照明设施管理规定》",
    }
    case_id = open_case(writing, Opening(**opening | values))
    writing.rows.write(uow.session)
    return case_id


def item_is_open(house: House, case_id: uuid.UUID) -> bool:
    closed_at = sa.select(DeskItemRow.closed_at).where(DeskItemRow.case_id == case_id)
    return house.scalar(closed_at) is None


def test_a_case_that_triage_opened_is_walked_to_its_close(house: House):
    case_id = house.do(house.duty, opened)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    assert house.view(case_id, unit_person(ASSIST, county=house.county)).posts[0].text == TEXT

    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已修复。")
    house.on(house.duty, accept_reply, case_id)
    assert house.on(house.duty, close_case, case_id).state is CaseState.CLOSED


def test_a_case_that_waits_for_a_ruling_is_taken_up_by_the_ruling(house: House):
    case_id = house.do(house.duty, opened, lead=None)
    assert house.view(case_id).case.state is CaseState.ARBITRATION
    assert item_is_open(house, case_id)

    house.on(house.director, correct_route, case_id, lead=LEAD, basis="纪要", reason="指定。")

    assert not item_is_open(house, case_id)
    house.on(house.duty, confirm_case, case_id)


def test_an_accusation_never_reaches_the_accused_from_opening_to_close(house: House):
    accused = unit_person("qingxi_gov", county=house.county)
    case_id = house.do(
        house.duty,
        opened,
        confidential=True,
        demand=DemandClass.ACCUSATION,
        lead="discipline_commission",
        assist=("qingxi_gov",),
        accused=("qingxi_gov",),
    )
    house.on(house.duty, confirm_case, case_id)
    with pytest.raises(UnitShutOut):
        house.on(house.director, correct_route, case_id, lead="qingxi_gov", basis="属地", reason="属地办理。")
    house.on(house.duty, dispatch_case, case_id)

    with pytest.raises(NoSuchCase):
        house.view(case_id, accused)
    lead = unit_person("discipline_commission", county=house.county)
    assert house.view(case_id, lead).case.is_confidential


def test_a_proposed_upgrade_leaves_the_persons_desk_when_the_grade_is_raised(house: House):
    case_id = house.do(house.duty, opened)

    post_id = house.view(case_id).posts[0].id

    def propose(uow: UnitOfWork) -> bool:
        case = OpenCase(case_id, Grade.GENERAL, confidential=False, redo_count=0, dissatisfied_count=0)
        return propose_upgrade(uow, case, post_id, Grade.MAJOR)

    assert house.do(house.machine, propose)
    assert item_is_open(house, case_id)
    house.on(house.duty, correct_grade, case_id, grade=Grade.MAJOR, reason="当日多帖。")
    assert not item_is_open(house, case_id)
