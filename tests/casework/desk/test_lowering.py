"""No duty officer alone lets what is serious, or proposed as such, become less, whichever way it goes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Actor, visibility
from casework.desk.asking import Writing, ask_person, propose_upgrade
from casework.desk.assign import confirm_case, correct_grade, dispatch_case
from casework.desk.by_hand import open_by_hand
from casework.desk.dismissing import dismiss_case, reinstate_case
from casework.desk.handle import ReportKind, file_report, reply, sign_for
from casework.desk.merging import merge_case
from casework.desk.receive import receive_post
from casework.desk.secrecy import mark_accusation
from casework.desk.settle import acknowledge, attach, dismiss
from casework.desk.supervise import accept_reply, close_case
from casework.desk.unit import UnitOfWork
from casework.grade_refusals import (
    EndedAlone,
    JoinedLower,
    NotOneAlone,
    OpenedLower,
    UpgradeNotNoted,
    UpgradeUndecided,
)
from casework.intake import IncomingPost
from casework.judgement import Disposition, Judgement, Routing
from casework.lifecycle import CaseState
from casework.outcome import Outcome
from casework.store.case_links import links_of
from casework.store.decisions import decision_insert, decision_values
from casework.store.desk_items import ItemKind, open_items
from casework.store.matters import OpenCase
from casework.store.tables import DeskItemRow, PostRow
from rules.model import DemandClass, Grade, Label
from tests.case_kit import LEAD, OTHER, House

GENERAL, MAJOR, SERIOUS = Grade.GENERAL, Grade.MAJOR, Grade.SERIOUS
WHY = "已核实。"


def asked_to_raise(house: House, case_id: uuid.UUID, to: Grade = SERIOUS) -> None:
    """Propose a higher grade for a case, as a further post of the machine does."""
    grade = house.view(case_id).case.grade

    def propose(uow: UnitOfWork) -> bool:
        case = OpenCase(case_id, grade, confidential=False, redo_count=0, dissatisfied_count=0)
        return propose_upgrade(uow, case, links_of(uow.session, case_id)[0].post_id, to)

    assert house.do(house.machine, propose)


def item_of(house: House, case_id: uuid.UUID) -> uuid.UUID | None:
    """Return the open question about the grade of a case."""
    return house.scalar(
        sa.select(DeskItemRow.id).where(
            DeskItemRow.case_id == case_id, DeskItemRow.kind == "upgrade", DeskItemRow.closed_at.is_(None)
        )
    )


def on_the_desk(
    house: House, grade: Grade | None, kind: ItemKind = ItemKind.TRIAGE, **data: str
) -> uuid.UUID:
    """Put a post that was judged so on the person's desk and return the item."""
    with house.desk.transactions.write(house.machine) as uow:
        text = f"河堤又塌了一段。{uuid.uuid4()}"
        post_id = receive_post(uow, IncomingPost(source_code="form", text=text)).post_id
        state = "desk" if kind is ItemKind.TRIAGE else "dismissed"
        uow.session.execute(sa.update(PostRow).where(PostRow.id == post_id).values(triage_state=state))
        if grade is not None:
            judged = judgement(grade)
            kept = {"id": uow.new_id(), "county_id": house.county, "post_id": post_id, "decided_at": uow.now}
            statement = decision_insert(uow.session.get_bind().dialect.name)
            uow.session.execute(statement, [kept | decision_values(judged)])
        writing = Writing(uow)
        ask_person(writing, kind, f"{kind}/{post_id}", Label("请研判", "decide"), post_id=post_id, data=data)
        writing.rows.write(uow.session)
    with house.desk.transactions.read(house.duty) as uow:
        items = open_items(uow.session, visibility(house.duty), kind=kind).items
        return next(one.id for one in items if one.post_id == post_id)


def judgement(grade: Grade) -> Judgement:
    return Judgement(
        pack_ref="demo@1",
        calendar_version="demo-1",
        disposition=Disposition.DESK,
        grade=grade,
        demand=DemandClass.COMPLAINT,
        topic=None,
        place=None,
        confidential=False,
        confidence=Decimal("0.5"),
        routing=Routing(LEAD, (), "职责"),
    )


def opened(house: House, actor: Actor, item_id: uuid.UUID, grade: Grade) -> uuid.UUID:
    return house.do(
        actor,
        open_by_hand,
        item_id,
        grade=grade,
        demand=DemandClass.COMPLAINT,
        topic=None,
        lead=LEAD,
        reason="职责",
    )


# --- cases ---------------------------------------------------------------------------------------


def test_a_serious_case_is_merged_into_a_lower_one_by_a_director_alone(house: House):
    target, case_id = house.registered(MAJOR), house.registered(SERIOUS)

    with pytest.raises(JoinedLower, match="请先把那一件的等级更正为重大"):
        house.on(house.duty, merge_case, case_id, into=target, reason=WHY)

    assert house.view(case_id).case.state is CaseState.REGISTERED
    house.on(house.duty, correct_grade, target, grade=SERIOUS, reason="同一事项，均为重大。")
    house.on(house.duty, merge_case, case_id, into=target, reason=WHY)
    assert house.view(case_id).case.state is CaseState.MERGED


def test_what_a_director_merged_into_a_lower_case_waits_for_a_director_again(house: House):
    target, case_id = house.registered(GENERAL), house.registered(SERIOUS)
    house.on(house.director, merge_case, case_id, into=target, reason=WHY)
    item_id = item_of(house, target)
    assert item_id is not None

    with pytest.raises(UpgradeNotNoted, match="请主任决定"):
        house.do(house.duty, acknowledge, item_id, note="不提级")
    with pytest.raises(UpgradeUndecided, match="人工研判台"):
        house.on(house.duty, confirm_case, target)
    house.on(house.duty, correct_grade, target, grade=MAJOR, reason="先提为较大。")
    with pytest.raises(UpgradeUndecided):
        house.on(house.duty, confirm_case, target)

    house.do(house.director, acknowledge, item_id, note="不提级")
    house.on(house.duty, confirm_case, target)
    assert house.view(target).case.grade is MAJOR


def test_a_case_that_may_be_serious_is_not_dispatched_by_a_duty_officer_as_a_general_one(house: House):
    case_id = house.registered(GENERAL)
    house.on(house.duty, confirm_case, case_id)
    asked_to_raise(house, case_id)

    with pytest.raises(UpgradeUndecided):
        house.on(house.duty, dispatch_case, case_id)

    house.on(house.director, dispatch_case, case_id)
    assert house.view(case_id).case.state is CaseState.DISPATCHED


def test_a_case_that_may_be_serious_is_not_closed_by_a_duty_officer(house: House):
    case_id = house.registered(GENERAL)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    house.on(house.head, sign_for, case_id)
    house.on(house.head, file_report, case_id, kind=ReportKind.FIRST, text="首报")
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已修复。")
    house.on(house.duty, accept_reply, case_id)
    asked_to_raise(house, case_id)

    with pytest.raises(UpgradeUndecided):
        house.on(house.duty, close_case, case_id)
    house.on(house.director, close_case, case_id)


def test_a_lower_proposal_than_serious_binds_nobody(house: House):
    target, case_id = house.registered(GENERAL), house.registered(MAJOR)
    house.on(house.duty, merge_case, case_id, into=target, reason=WHY)
    item_id = item_of(house, target)
    assert item_id is not None

    house.on(house.duty, confirm_case, target)
    house.do(house.duty, acknowledge, item_id, note="不提级")


@pytest.mark.parametrize("is_only_proposed", [False, True])
def test_a_serious_case_is_dismissed_by_a_director(
    house: House,
    is_only_proposed: bool,  # noqa: FBT001 - a column of the table
):
    case_id = house.registered(GENERAL if is_only_proposed else SERIOUS)
    if is_only_proposed:
        asked_to_raise(house, case_id)
    wanted = {"reason_id": "no_public_matter", "note": WHY}

    with pytest.raises(EndedAlone):
        house.on(house.duty, dismiss_case, case_id, **wanted)

    house.on(house.director, dismiss_case, case_id, **wanted)
    assert house.view(case_id).case.state is CaseState.DISMISSED


def merged(house: House, case_id: uuid.UUID) -> None:
    house.on(house.duty, merge_case, case_id, into=house.registered(SERIOUS), reason=WHY)


def dismissed(house: House, case_id: uuid.UUID) -> None:
    house.on(house.director, dismiss_case, case_id, reason_id="no_public_matter", note=WHY)


@pytest.mark.parametrize("end", [merged, dismissed])
def test_a_case_that_is_taken_up_again_is_asked_about_as_before(
    house: House, end: Callable[[House, uuid.UUID], None]
):
    case_id = house.registered(GENERAL)
    asked_to_raise(house, case_id)
    item_id = item_of(house, case_id)
    house.desk.clock.advance(minutes=1)
    end(house, case_id)
    assert item_of(house, case_id) is None

    house.desk.clock.advance(minutes=1)
    house.on(house.duty, reinstate_case, case_id, reason="不是同一事项。")

    assert item_of(house, case_id) == item_id
    with pytest.raises(UpgradeUndecided):
        house.on(house.duty, confirm_case, case_id)


def test_what_a_person_decided_before_a_case_ended_is_not_asked_again(house: House):
    case_id = house.registered(GENERAL)
    asked_to_raise(house, case_id)
    item_id = item_of(house, case_id)
    assert item_id is not None
    house.do(house.director, acknowledge, item_id, note="不提级")
    house.desk.clock.advance(minutes=1)
    merged(house, case_id)
    house.on(house.duty, reinstate_case, case_id, reason="不是同一事项。")

    assert item_of(house, case_id) is None


def test_a_question_of_one_case_goes_with_it_into_another(house: House):
    case_id, target = house.registered(GENERAL), house.registered(GENERAL)
    asked_to_raise(house, case_id)

    with pytest.raises(JoinedLower):
        house.on(house.duty, merge_case, case_id, into=target, reason=WHY)
    house.on(house.director, merge_case, case_id, into=target, reason=WHY)

    assert item_of(house, target) is not None


def test_marking_an_accusation_changes_no_grade_and_answers_no_question(house: House):
    serious, asked = house.registered(SERIOUS), house.registered(GENERAL)
    asked_to_raise(house, asked)
    for case_id in (serious, asked):
        house.on(house.duty, mark_accusation, case_id, accused=(OTHER,), reason=WHY)

    assert house.view(serious).case.grade is SERIOUS
    with pytest.raises(NotOneAlone):
        house.on(house.duty, correct_grade, serious, grade=MAJOR, reason=WHY)
    with pytest.raises(UpgradeUndecided):
        house.on(house.duty, confirm_case, asked)


# --- posts on the person's desk ------------------------------------------------------------------


@pytest.mark.parametrize("lower", [GENERAL, MAJOR])
def test_a_post_proposed_as_serious_is_opened_lower_by_a_director_alone(house: House, lower: Grade):
    item_id = on_the_desk(house, SERIOUS)

    with pytest.raises(OpenedLower, match="请按重大立案"):
        opened(house, house.duty, item_id, lower)

    assert house.view(opened(house, house.director, item_id, lower)).case.grade is lower


@pytest.mark.parametrize(
    ("proposed", "given"), [(SERIOUS, SERIOUS), (MAJOR, GENERAL), (GENERAL, SERIOUS), (None, GENERAL)]
)
def test_a_duty_officer_opens_at_any_other_grade(house: House, proposed: Grade | None, given: Grade):
    item_id = on_the_desk(house, proposed)

    assert house.view(opened(house, house.duty, item_id, given)).case.grade is given


def test_a_post_proposed_as_serious_is_dismissed_by_a_director_alone(house: House):
    item_id = on_the_desk(house, SERIOUS)

    with pytest.raises(EndedAlone, match="请主任决定不立案"):
        house.do(house.duty, dismiss, item_id, reason_id="no_public_matter", note=WHY)

    house.do(house.director, dismiss, item_id, reason_id="no_public_matter", note=WHY)


def test_a_post_proposed_as_serious_joins_a_lower_case_by_a_director_alone_and_asks_there(house: House):
    case_id, item_id = house.registered(MAJOR), on_the_desk(house, SERIOUS)

    with pytest.raises(JoinedLower):
        house.do(house.duty, attach, item_id, case_id=case_id, reason="同一事项")

    house.do(house.director, attach, item_id, case_id=case_id, reason="同一事项")
    assert item_of(house, case_id) is not None
    with pytest.raises(UpgradeUndecided):
        house.on(house.duty, confirm_case, case_id)


@pytest.mark.parametrize(
    ("proposed", "case", "is_asked"), [(MAJOR, GENERAL, True), (SERIOUS, SERIOUS, False)]
)
def test_a_graver_post_that_a_duty_officer_attaches_proposes_its_grade(
    house: House,
    proposed: Grade,
    case: Grade,
    is_asked: bool,  # noqa: FBT001 - a column of the table
):
    case_id = house.registered(case)
    house.do(house.duty, attach, on_the_desk(house, proposed), case_id=case_id, reason="同一事项")

    assert (item_of(house, case_id) is not None) is is_asked


def test_a_dismissed_post_that_calls_for_a_serious_case_is_not_taken_note_of_alone(house: House):
    item_id = on_the_desk(house, SERIOUS, ItemKind.UPGRADE, to="serious")

    with pytest.raises(UpgradeNotNoted):
        house.do(house.duty, acknowledge, item_id, note="知悉")

    with Session(house.desk.transactions.engine) as session:
        assert session.get_one(DeskItemRow, item_id).closed_at is None
    house.do(house.director, acknowledge, item_id, note="知悉")
