"""Objections and rulings: once, in time, in writing; the unit stays responsible, rulings are remembered."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.desk.assign import confirm_case, correct_route, dispatch_case
from casework.desk.handle import ReportKind, file_report, sign_for
from casework.desk.objecting import earlier_rulings, object_to, uphold, window_of
from casework.errors import IllegalTransition, NotPermitted
from casework.lifecycle import CaseState
from casework.objections import RulingKind
from casework.refusals import NoSuchCase, NoSuchUnit, TextRefused
from casework.ruling_refusals import NoObjection, NotTheOwnUnit, ObjectedBefore, ReviewNeeded, WindowClosed
from casework.store.case_parts import Assignment
from casework.store.case_records import CaseHead
from casework.store.rulings import objections_of, rulings_of
from casework.store.tables import ObjectionRow, RulingRow
from rules.model import Grade, Stage
from tests.builders import unit_person
from tests.case_kit import ASSIST, LEAD, OTHER, House

CLAUSE = "城市照明管理规定第四条（示例）"


def dispatched(house: House, grade: Grade = Grade.GENERAL, **values: object) -> uuid.UUID:
    case_id = house.registered(grade, **values)
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    return case_id


def objected(house: House, case_id: uuid.UUID, **given: object) -> None:
    words = {"clause": CLAUSE, "reason": "不属于本单位职责。", "proposed": OTHER, **given}
    house.on(house.head, object_to, case_id, **words)


def reassigned(house: House, case_id: uuid.UUID, lead: str, **given: object) -> None:
    words = {"basis": f"{lead} 的职责清单", "reason": "依清单改派。", **given}
    house.desk.clock.advance(minutes=1)
    house.on(house.director, correct_route, case_id, lead=lead, **words)


def stages(house: House, case_id: uuid.UUID) -> set[Stage]:
    return {one.clock.stage for one in house.view(case_id).clocks if one.stopped_at is None}


def test_an_objection_stops_no_clock_but_that_of_signing_and_the_unit_stays_responsible(house: House):
    case_id = dispatched(house)
    before = stages(house, case_id)

    objected(house, case_id)

    view = house.view(case_id)
    assert view.case.state is CaseState.OBJECTED
    assert view.case.lead_unit == LEAD
    assert before - stages(house, case_id) == {Stage.SIGN_FOR}
    assert Stage.PUBLIC_REPLY in stages(house, case_id)
    assert [(one.unit, one.ended_at) for one in view.assignments] == [(LEAD, None)]
    assert view.assignments[0].signed_for_at == house.desk.clock.at, "an objection proves receipt"


def test_a_unit_that_keeps_the_case_by_ruling_goes_on_at_once_and_objects_no_more(house: House):
    case_id = dispatched(house)
    objected(house, case_id)

    house.on(house.director, uphold, case_id, reason="三定规定写明由其负责。")

    assert house.view(case_id).case.state is CaseState.SIGNED_FOR
    with pytest.raises(ObjectedBefore):
        objected(house, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="已派人到场。")
    assert house.view(case_id).case.state is CaseState.HANDLING


def test_a_ruling_for_another_unit_gives_it_the_case_with_its_own_time_and_no_return(house: House):
    case_id = dispatched(house)
    objected(house, case_id)
    house.desk.clock.advance(hours=2)

    reassigned(house, case_id, OTHER)

    view = house.view(case_id)
    assert (view.case.state, view.case.lead_unit) == (CaseState.DISPATCHED, OTHER)
    started = {one.clock.started_at for one in view.clocks if one.unit == OTHER and one.stopped_at is None}
    assert started == {house.desk.clock.at}, "the last holder does not pay for the first"
    other = unit_person(OTHER, house.head.roles and next(iter(house.head.roles)), county=house.county)
    with pytest.raises(ObjectedBefore):
        house.on(other, object_to, case_id, clause=CLAUSE, reason="不归我管。", proposed=LEAD)
    with pytest.raises(NoSuchCase):
        house.view(case_id, house.head)


def test_silence_is_acceptance(house: House):
    case_id = dispatched(house)
    until = house.look(house.head, lambda uow: window_of(uow, *_case_and_part(house, case_id)))
    assert until is not None
    assert until.is_open

    house.desk.clock.at = until.until + timedelta(minutes=1)

    with pytest.raises(WindowClosed, match="视为受理"):
        objected(house, case_id)
    assert house.view(case_id).case.state is CaseState.DISPATCHED


def _case_and_part(house: House, case_id: uuid.UUID) -> tuple[CaseHead, Assignment]:
    view = house.view(case_id)
    return view.case, next(one for one in view.assignments if one.is_lead and one.ended_at is None)


def test_at_the_last_instant_of_the_window_it_is_not_too_late(house: House):
    case_id = dispatched(house)
    until = house.look(house.head, lambda uow: window_of(uow, *_case_and_part(house, case_id)))
    assert until is not None
    house.desk.clock.at = until.until

    objected(house, case_id)

    assert house.view(case_id).case.state is CaseState.OBJECTED


def test_a_serious_case_is_not_handed_back(house: House):
    case_id = dispatched(house, Grade.SERIOUS)

    with pytest.raises(NotPermitted):
        objected(house, case_id)


def test_where_the_rules_give_no_time_nobody_objects(house: House):
    case_id = dispatched(house, Grade.MAJOR)  # the pack of these tests has a window for general cases only

    with pytest.raises(NoObjection):
        objected(house, case_id)


def test_after_the_first_report_the_case_is_the_units_own(house: House):
    case_id = dispatched(house)
    house.on(house.head, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="已派人到场。")

    with pytest.raises(IllegalTransition):
        objected(house, case_id)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"clause": " "}, TextRefused),
        ({"reason": ""}, TextRefused),
        ({"proposed": LEAD}, NotTheOwnUnit),
        ({"proposed": "nobody"}, NoSuchUnit),
    ],
)
def test_an_objection_needs_clause_reason_and_a_unit_that_can_be(
    house: House, given: dict[str, str], error: type[Exception]
):
    case_id = dispatched(house)

    with pytest.raises(error):
        objected(house, case_id, **given)

    assert house.look(house.duty, lambda uow: objections_of(uow.session, case_id)) == ()
    assert house.view(case_id).case.state is CaseState.DISPATCHED


def test_only_the_head_of_the_lead_unit_objects_and_only_the_director_rules(house: House):
    case_id = dispatched(house, assist_units=[ASSIST])
    for actor in (house.handler, house.duty, house.director, house.inspector):
        with pytest.raises((NotPermitted, NoSuchCase)):
            house.on(actor, object_to, case_id, clause=CLAUSE, reason="不归我。", proposed=None)
    assisting = unit_person(ASSIST, next(iter(house.head.roles)), county=house.county)
    with pytest.raises(NotPermitted):
        house.on(assisting, object_to, case_id, clause=CLAUSE, reason="不归我。", proposed=None)
    objected(house, case_id)

    for actor in (house.duty, house.head, house.inspector):
        with pytest.raises(NotPermitted):
            house.on(actor, uphold, case_id, reason="维持。")


def test_the_second_reassignment_needs_a_duty_review_and_the_third_a_joint_meeting(house: House):
    case_id = dispatched(house)
    reassigned(house, case_id, OTHER)

    with pytest.raises(ReviewNeeded, match="编办、司法局"):
        reassigned(house, case_id, ASSIST)
    reassigned(house, case_id, ASSIST, review="编办〔2026〕3号：由其牵头。")
    with pytest.raises(ReviewNeeded, match="联席会议"):
        reassigned(house, case_id, LEAD)
    reassigned(house, case_id, LEAD, review="联席会议纪要〔2026〕1号。")

    kept = house.look(house.duty, lambda uow: rulings_of(uow.session, case_id))
    assert [(one.kind, one.former, one.lead, one.review) for one in kept] == [
        (RulingKind.REASSIGNED, OTHER, ASSIST, "编办〔2026〕3号：由其牵头。"),
        (RulingKind.REASSIGNED, ASSIST, LEAD, "联席会议纪要〔2026〕1号。"),
    ]


def test_a_ruling_is_suggested_for_the_next_case_of_the_same_topic_and_units(house: House):
    first = dispatched(house, topic="street_lamps")
    objected(house, first)
    reassigned(house, first, OTHER, reason="路灯由其维护。")
    alike = house.registered(topic="street_lamps")
    unlike = house.registered(topic="noise")

    def suggested(case_id: uuid.UUID, *units: str) -> list[str]:
        case = house.view(case_id).case
        found = house.look(house.duty, lambda uow: earlier_rulings(uow, case, frozenset(units)))
        return [one.reason for one in found]

    assert suggested(alike, LEAD) == ["路灯由其维护。"]
    assert suggested(alike, "qingxi_gov") == []
    assert suggested(unlike, LEAD) == []
    assert suggested(first, LEAD) == [], "a case is no precedent for itself"


def test_a_ruling_on_an_accusation_is_no_precedent_for_others(house: House):
    first = dispatched(house, topic="street_lamps")
    objected(house, first)
    reassigned(house, first, OTHER, reason="路灯由其维护。")
    with house.desk.transactions.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE cases SET confidential = :yes WHERE id = :id"),
            {
                "yes": True,
                "id": first.hex if connection.dialect.name == "sqlite" else first,
            },
        )
    case = house.view(house.registered(topic="street_lamps")).case

    found = house.look(house.duty, lambda uow: earlier_rulings(uow, case, frozenset({LEAD})))

    assert found == ()


@pytest.mark.parametrize("row", [ObjectionRow, RulingRow])
def test_what_was_objected_and_ruled_stands_for_ever(house: House, row: type):
    case_id = dispatched(house)
    objected(house, case_id)
    house.on(house.director, uphold, case_id, reason="维持。")

    for change in (sa.update(row).values(reason="别的"), sa.delete(row)):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            house.desk.transactions.engine.begin() as connection,
        ):
            connection.execute(change.where(row.case_id == case_id))


def test_a_unit_that_was_designated_before_dispatch_does_not_hand_the_case_back(house: House):
    case_id = house.registered(state="arbitration", lead=None)
    route = {"lead": LEAD, "basis": "县政府指定", "reason": "由其负责。"}
    house.on(house.director, correct_route, case_id, **route)
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)

    with pytest.raises(ObjectedBefore):
        objected(house, case_id)

    (kept,) = house.look(house.duty, lambda uow: rulings_of(uow.session, case_id))
    assert (kept.kind, kept.former, kept.objection_id) == (RulingKind.DESIGNATED, None, None)


def test_a_ruling_answers_the_objection_that_waits_and_no_older_one(house: House):
    case_id = dispatched(house)
    objected(house, case_id)
    house.desk.clock.advance(minutes=1)
    house.on(house.director, uphold, case_id, reason="由其负责。")
    reassigned(house, case_id, OTHER)
    reassigned(house, case_id, LEAD, review="会审意见")
    reassigned(house, case_id, ASSIST, review="会议纪要")  # from the unit that objected long ago

    kept = house.look(house.duty, lambda uow: rulings_of(uow.session, case_id))
    raised = house.look(house.duty, lambda uow: objections_of(uow.session, case_id))
    assert [one.objection_id for one in kept] == [raised[0].id, None, None]
