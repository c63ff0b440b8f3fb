"""Confirming, correcting, ruling and dispatching: what is kept, what is refused, and who wins a race."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.documents import slip_data
from casework.access import UnitId
from casework.desk.assign import confirm_case, correct_grade, correct_route, dispatch_case
from casework.desk.handle import sign_for
from casework.desk.leading import MOST_ASSISTING
from casework.desk.unit import UnitOfWork
from casework.errors import IllegalTransition, NotPermitted
from casework.grade_refusals import NotOneAlone
from casework.lifecycle import CaseState
from casework.refusals import (
    BasisOfAnother,
    NoLeadUnit,
    NoSuchCase,
    NoSuchUnit,
    NothingToCorrect,
    NotTheHigherDesk,
    StaleVersion,
    TextRefused,
    TooManyAssist,
    UnitShutOut,
)
from casework.store.tables import AuditRow, CaseRow, DeskItemRow, EventRow, OutboxRow
from rules.model import Grade, Stage
from tests.builders import MONDAY, unit_person
from tests.case_kit import ASSIST, LEAD, OTHER, House


def test_a_unit_sees_a_case_from_dispatch_on_and_not_before(house: House):
    case_id = house.registered(assist_units=[ASSIST])
    house.on(house.duty, confirm_case, case_id)
    for unit in (LEAD, ASSIST):
        with pytest.raises(NoSuchCase):
            house.view(case_id, unit_person(unit, county=house.county))

    house.on(house.duty, dispatch_case, case_id)

    for unit in (LEAD, ASSIST):
        assert house.view(case_id, unit_person(unit, county=house.county)).case.id == case_id
    with pytest.raises(NoSuchCase):
        house.view(case_id, unit_person(OTHER, county=house.county))


def test_dispatch_writes_state_timeline_audit_and_outbox_together_or_nothing(house: House):
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    counts = _counts(house)

    with pytest.raises(PowerCut):
        house.on(house.duty, _dispatch_and_break, case_id)

    assert _counts(house) == counts
    assert house.view(case_id).case.state is CaseState.CONFIRMED
    assert house.on(house.duty, dispatch_case, case_id) == "云网信交〔2026〕1号"  # the number came back
    assert {name: now - counts[name] for name, now in _counts(house).items()} == {
        "events": 1,
        "audit": 1,
        "outbox": 1,
    }


class PowerCut(Exception):  # noqa: N818 - what happens, not what is wrong
    """The process ends before its transaction does."""


def _dispatch_and_break(uow: UnitOfWork, case_id: uuid.UUID, *, version: int) -> None:
    dispatch_case(uow, case_id, version=version)
    raise PowerCut


def _counts(house: House) -> dict[str, int]:
    tables = {"events": EventRow, "audit": AuditRow, "outbox": OutboxRow}
    return {
        name: house.scalar(sa.select(sa.func.count()).where(row.county_id == house.county))
        for name, row in tables.items()
    }


def test_twenty_threads_dispatch_one_case_and_one_of_them_wins(house: House):
    case_id = house.registered()
    version = house.on(house.duty, confirm_case, case_id).version
    start = threading.Barrier(20)

    def attempt(_: int) -> str:
        start.wait()
        try:
            return house.do(house.duty, dispatch_case, case_id, version=version)
        except StaleVersion:
            return "stale"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(attempt, range(20)))

    assert sorted(outcomes) == sorted(["云网信交〔2026〕1号", *["stale"] * 19])
    assert len(house.view(case_id).assignments) == 1
    other = house.registered()
    house.on(house.duty, confirm_case, other)
    assert house.on(house.duty, dispatch_case, other) == "云网信交〔2026〕2号"


def test_numbers_of_cases_dispatched_at_once_have_no_gap_and_no_double(house: House):
    cases = [house.registered() for _ in range(8)]
    for case_id in cases:
        house.on(house.duty, confirm_case, case_id)

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda case_id: house.on(house.duty, dispatch_case, case_id), cases))

    assert sorted(numbers) == [f"云网信交〔2026〕{n}号" for n in range(1, 9)]


def test_the_year_of_a_number_is_that_of_the_county(house: House):
    house.desk.clock.at = MONDAY.replace(year=2026, month=12, day=31, hour=16, minute=30)
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)

    assert house.on(house.duty, dispatch_case, case_id) == "云网信交〔2027〕1号"


def test_a_serious_case_is_lowered_before_dispatch_by_a_director_and_by_no_duty_officer_alone(house: House):
    case_id = house.registered(Grade.SERIOUS)

    with pytest.raises(NotOneAlone):
        house.on(house.duty, correct_grade, case_id, grade=Grade.GENERAL, reason="先按一般。")
    house.on(house.director, correct_grade, case_id, grade=Grade.MAJOR, reason="核实后无人受伤。")

    assert house.view(case_id).case.grade is Grade.MAJOR
    house.on(house.duty, correct_grade, case_id, grade=Grade.GENERAL, reason="只涉及一户。")
    assert house.view(case_id).case.grade is Grade.GENERAL


def test_another_lead_does_not_act_by_the_basis_of_the_former_one(house: House):
    case_id = house.registered()
    basis = house.view(case_id).case.route_basis
    assert basis

    with pytest.raises(BasisOfAnother):
        house.on(house.duty, correct_route, case_id, lead=OTHER, basis=f" {basis} ", reason="属其职责。")
    house.on(house.duty, correct_route, case_id, lead=OTHER, basis="权责清单", reason="属其职责。")

    assert house.view(case_id).case.lead_unit == OTHER


def test_a_correction_keeps_both_values_and_needs_a_reason(house: House):
    case_id = house.registered()
    with pytest.raises(TextRefused):
        house.on(house.duty, correct_grade, case_id, grade=Grade.MAJOR, reason="  ")
    with pytest.raises(NothingToCorrect):
        house.on(house.duty, correct_grade, case_id, grade=Grade.GENERAL, reason="无")
    same = house.view(case_id).case.route_basis
    with pytest.raises(NothingToCorrect):
        house.on(house.duty, correct_route, case_id, lead=LEAD, basis=same, reason="无")

    house.on(house.duty, correct_grade, case_id, grade=Grade.MAJOR, reason="涉及多户。")
    house.desk.clock.advance(minutes=1)
    house.on(
        house.duty,
        correct_route,
        case_id,
        lead=OTHER,
        assist=[LEAD, OTHER],
        basis="县政府文件",
        reason="路灯属城管养护。",
    )

    view = house.view(case_id)
    assert (view.case.grade, view.case.proposed_grade) == (Grade.MAJOR, Grade.GENERAL)
    assert (view.case.lead_unit, view.case.proposed_lead) == (OTHER, LEAD)
    assert view.case.assist_units == (LEAD,)
    assert [(one.field, one.old, one.new) for one in view.corrections] == [
        ("grade", "general", "major"),
        (
            "route",
            "housing_bureau (《城市道路照明设施管理规定》)",
            "enforcement_bureau + housing_bureau (县政府文件)",
        ),
    ]


def test_a_case_in_arbitration_is_ruled_on_by_the_director_alone(house: House):
    case_id = house.registered(state="arbitration", lead=None)
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.add(
            DeskItemRow(
                id=uow.new_id(),
                county_id=uow.county,
                kind="arbitration",
                effect_key=f"arbitration/{case_id}",
                case_id=case_id,
                reason_zh="未指定",
                reason_en="unset",
                data={},
                opened_at=uow.now,
            )
        )
    ruling = {"lead": OTHER, "basis": "会议纪要", "reason": "指定主办。"}
    with pytest.raises(NotPermitted):
        house.on(house.duty, correct_route, case_id, **ruling)

    house.on(house.director, correct_route, case_id, **ruling)

    view = house.view(case_id)
    assert (view.case.state, view.case.lead_unit) == (CaseState.REGISTERED, OTHER)
    assert (
        house.scalar(sa.select(DeskItemRow.closed_at).where(DeskItemRow.case_id == case_id))
        == house.desk.clock.at
    )


def test_a_case_without_lead_is_not_confirmed(house: House):
    case_id = house.registered(lead=None)

    with pytest.raises(NoLeadUnit):
        house.on(house.duty, confirm_case, case_id)


def test_a_confidential_case_never_goes_to_a_unit_that_is_shut_out(house: House):
    case_id = house.registered(lead="discipline_commission", confidential=True, excluded=["qingxi_gov"])
    for named in ({"lead": "qingxi_gov"}, {"lead": OTHER, "assist": ["qingxi_gov"]}):
        with pytest.raises(UnitShutOut):
            house.on(house.duty, correct_route, case_id, basis="纪要", reason="改派", **named)


def test_an_unknown_unit_is_refused_by_name(house: House):
    case_id = house.registered()

    with pytest.raises(NoSuchUnit) as refused:
        house.on(house.duty, correct_route, case_id, lead="nobody", basis="纪要", reason="改派")

    assert refused.value.unit == "nobody"


def test_more_assisting_units_than_a_slip_names_are_refused_with_their_number(house: House):
    case_id = house.registered()
    many = [f"unit_{n}" for n in range(MOST_ASSISTING + 1)]
    changed = {"lead": OTHER, "basis": "纪要", "reason": "改派"}

    with pytest.raises(TooManyAssist, match=f"选了 {len(many)} 个协办单位，最多 {MOST_ASSISTING} 个"):
        house.on(house.duty, correct_route, case_id, assist=many, **changed)
    with pytest.raises(NoSuchUnit):  # one fewer is looked up
        house.on(house.duty, correct_route, case_id, assist=many[1:], **changed)


def test_the_slip_names_as_many_as_the_desk_takes():
    assert slip_data.MOST_ASSISTING == MOST_ASSISTING


def test_a_major_case_is_dispatched_by_the_director_and_not_by_the_duty_officer(house: House):
    case_id = house.registered(Grade.MAJOR)
    house.on(house.duty, confirm_case, case_id)

    with pytest.raises(NotPermitted):
        house.on(house.duty, dispatch_case, case_id)
    assert house.on(house.director, dispatch_case, case_id)


def test_a_case_cannot_be_dispatched_twice_nor_before_it_is_confirmed(house: House):
    case_id = house.registered()
    with pytest.raises(IllegalTransition):
        house.on(house.duty, dispatch_case, case_id)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    with pytest.raises(IllegalTransition):
        house.on(house.duty, dispatch_case, case_id)


def test_only_the_desk_that_supervises_the_higher_grade_lowers_a_dispatched_case(house: House):
    case_id = house.registered(Grade.MAJOR)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)

    with pytest.raises(NotTheHigherDesk):
        house.on(house.director, correct_grade, case_id, grade=Grade.GENERAL, reason="影响有限。")
    house.on(house.supervisor, correct_grade, case_id, grade=Grade.GENERAL, reason="影响有限。")

    assert house.view(case_id).case.grade is Grade.GENERAL
    with pytest.raises(NoSuchCase):
        house.view(case_id, house.supervisor)


def test_a_new_unit_starts_its_own_clocks_and_the_former_one_answers_for_its_lateness(house: House):
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    house.desk.clock.advance(hours=4)
    house.on(house.handler, sign_for, case_id)
    house.on(house.director, correct_route, case_id, lead=OTHER, basis="纪要", reason="改派城管局。")

    view = house.view(case_id)
    assert view.case.state is CaseState.DISPATCHED
    running = [one for one in view.clocks if one.stopped_at is None]
    assert {one.unit for one in running} == {OTHER}
    assert {one.clock.started_at for one in running} == {house.desk.clock.at}
    assert {one.clock.stage for one in running} >= {Stage.SIGN_FOR, Stage.CLOSE}
    assert [(line.unit, line.failing) for line in view.scores] == [(LEAD, "late_sign_for")]
    with pytest.raises(NoSuchCase):
        house.view(case_id, house.handler)
    assert house.view(case_id, unit_person(OTHER, county=house.county)).scores == ()


def test_a_stranger_learns_nothing_from_a_refusal(house: House):
    case_id = house.registered(confidential=True, excluded=["qingxi_gov"], lead="discipline_commission")
    nobody = unit_person("qingxi_gov", county=house.county)

    for known, wanted in ((case_id, 1), (case_id, 7), (uuid.uuid4(), 1)):
        with pytest.raises(NoSuchCase):
            house.do(nobody, sign_for, known, version=wanted)


def test_the_policy_of_a_dispatched_case_does_not_follow_the_pack(house: House):
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)

    frozen = house.scalar(sa.select(CaseRow.policy).where(CaseRow.id == case_id))

    assert frozen["version"] == "case-1"
    assert {line["grade"] for line in frozen["clocks"]} == {"general", "major", "serious"}
    assert [step["id"] for step in frozen["ladder"]] == ["remind_80", "blue_at_due", "order_24h", "red_card"]
    assert UnitId(LEAD) in {one.unit for one in house.view(case_id).clocks}
