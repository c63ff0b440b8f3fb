"""Cases from triage to the score, as the desks live through them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from casework.access import visibility
from casework.desk.assess import ReauditVerdict, confirm_failing, reaudit_case, reverse_entry
from casework.desk.assign import confirm_case, correct_grade, dispatch_case
from casework.desk.handle import ReportKind, file_report, record_public_reply, reply, sign_for
from casework.desk.supervise import accept_reply, close_case, meet_commitment, send_back
from casework.ledger import verify
from casework.lifecycle import CaseState
from casework.outcome import Outcome
from casework.scoring import FailingKind
from casework.store.score_ledger import ledger
from casework.store.scores import unit_sheet
from rules.model import Grade, Stage
from tests.case_kit import LEAD, House

CHINA = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def dispatched(house: House, grade: Grade = Grade.GENERAL):
    case_id = house.registered(grade)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    return case_id


def points_of(house: House, case_id: uuid.UUID) -> dict[str, Decimal]:
    return {line.failing: line.points for line in house.view(case_id).scores}


def chain_is_whole(house: House) -> bool:
    return not house.look(
        house.inspector, lambda uow: verify(ledger(uow.session, uow.county), chain=house.county)
    )


def test_a_general_case_goes_from_triage_to_its_re_audit_on_time_and_costs_nothing(house: House):
    clock = house.desk.clock
    clock.at = local("2026-11-16 09:59")
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    clock.advance(minutes=1)
    number = house.on(house.duty, dispatch_case, case_id)

    assert number == "云网信交〔2026〕1号"
    assert house.desk.bell.rung == ["document"]
    view = house.view(case_id, house.handler)
    assert {one.clock.stage: one.due_at for one in view.clocks} == {
        Stage.SIGN_FOR: local("2026-11-16 12:00"),
        Stage.FIRST_CONTACT: local("2026-11-17 10:00"),
        Stage.FIRST_REPORT: local("2026-11-17 10:00"),
        Stage.PUBLIC_REPLY: local("2026-11-18 10:00"),
        Stage.CLOSE: local("2026-12-07 18:00"),
    }
    assert view.case.next_due_at == local("2026-11-16 12:00")

    clock.advance(hours=1)
    house.on(house.handler, sign_for, case_id)
    clock.advance(hours=1)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="已派人到现场查看。")
    clock.advance(minutes=1)
    house.on(house.handler, record_public_reply, case_id, text="已受理，正在维修。")
    assert house.view(case_id).case.next_due_at == local("2026-12-07 18:00")
    clock.advance(days=2)
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="路灯已修复。")
    house.swept()
    assert house.view(case_id).case.next_due_at is None
    clock.advance(hours=1)
    house.on(house.duty, accept_reply, case_id)
    clock.advance(hours=1)
    house.on(house.duty, close_case, case_id)
    clock.advance(days=3)
    house.do(house.inspector, reaudit_case, case_id, verdict=ReauditVerdict.CONFIRMED, notes="")

    view = house.view(case_id)
    assert view.case.state is CaseState.CLOSED
    assert view.scores == ()
    assert view.steps == ()
    assert [one.verdict for one in view.reaudits] == ["confirmed"]
    assert [line.kind.value for line in view.timeline] == [
        "case_confirmed",
        "dispatched",
        "signed_for",
        "report_filed",
        "public_reply_recorded",
        "replied",
        "reply_accepted",
        "closed",
        "reaudited",
    ]


def test_a_major_case_that_is_late_everywhere_is_reminded_ordered_and_charged_once(house: House):
    clock = house.desk.clock
    case_id = dispatched(house, Grade.MAJOR)
    clock.advance(hours=30)
    first = house.swept()
    again = house.swept()

    assert first.taken > 0
    assert (again.taken, again.charged) == (0, 0)
    assert points_of(house, case_id) == {
        "late_sign_for": Decimal("0.05"),
        "late_first_contact": Decimal("0.05"),
        "late_first_report": Decimal("0.1"),
        "late_public_reply": Decimal("0.5"),
    }
    orders = [step for step in house.view(case_id).steps if step.number]
    assert [(step.step, step.number, step.desk) for step in orders] == [
        ("order_24h", "云督查督〔2026〕1号", "supervision")
    ]

    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="迟报情况说明。")
    house.on(
        house.head, reply, case_id, outcome=Outcome.EXPLAINED, text="依规不予支持。", basis="《条例》第三条"
    )
    house.on(house.supervisor, send_back, case_id, reason="没有逐项回应诉求。")
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="逐项答复如下。")
    house.on(house.supervisor, accept_reply, case_id)
    house.on(house.supervisor, close_case, case_id)
    house.swept()

    view = house.view(case_id)
    assert view.case.state is CaseState.CLOSED
    assert view.case.redo_count == 1
    assert points_of(house, case_id)["redo"] == Decimal("0.1")
    assert len(view.scores) == 5
    sheet = house.look(
        house.inspector,
        lambda uow: unit_sheet(uow.session, visibility(uow.actor), LEAD, year=2026, now=uow.now),
    )
    assert sheet.points == Decimal("0.8")
    assert chain_is_whole(house)


def test_a_serious_case_with_a_promise_stays_open_until_it_is_kept(house: House):
    clock = house.desk.clock
    case_id = dispatched(house, Grade.SERIOUS)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    house.on(
        house.head,
        reply,
        case_id,
        outcome=Outcome.PROMISED,
        text="十二月一日前完成整改。",
        promised_on=date(2026, 12, 1),
    )
    house.on(house.supervisor, accept_reply, case_id)

    view = house.view(case_id)
    assert view.case.state is CaseState.PROMISED
    assert view.case.next_due_at == local("2026-12-01 18:00")
    assert [(one.promised_on, one.met_at) for one in view.commitments] == [(date(2026, 12, 1), None)]

    clock.at = local("2026-12-02 09:00")
    house.swept()
    assert points_of(house, case_id) == {"commitment_broken": Decimal("0.8")}
    assert house.view(case_id).case.state is CaseState.PROMISED

    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="整改完成。")
    house.on(house.supervisor, meet_commitment, case_id, note="现场核实。")
    house.on(house.supervisor, close_case, case_id)

    view = house.view(case_id)
    assert view.case.state is CaseState.CLOSED
    assert view.commitments[0].met_at == clock.at
    assert points_of(house, case_id) == {"commitment_broken": Decimal("0.8")}

    confirmed = house.do(
        house.inspector,
        confirm_failing,
        case_id,
        unit=LEAD,
        failing=FailingKind.FALSE_REPLY,
        evidence="抽查发现整改未完成。",
    )
    house.do(house.inspector, reverse_entry, confirmed.entry.id, reason="照片日期核对后成立。")
    assert sum(line.points for line in house.view(case_id).scores) == Decimal("0.8")
    assert chain_is_whole(house)


def test_a_regrade_moves_the_desk_and_keeps_what_was_overdue(house: House):
    clock = house.desk.clock
    case_id = dispatched(house)
    clock.advance(hours=3)  # the sign-for of a general case is an hour late; nobody has swept
    house.on(house.director, correct_grade, case_id, grade=Grade.SERIOUS, reason="出现人员伤亡。")

    view = house.view(case_id)
    assert view.case.grade is Grade.SERIOUS
    assert points_of(house, case_id) == {"late_sign_for": Decimal("0.05")}
    due = {one.clock.stage: one.due_at for one in view.clocks}
    assert due[Stage.SIGN_FOR] == local("2026-11-16 12:00")  # overdue stays overdue
    assert due[Stage.FIRST_REPORT] == clock.at + timedelta(hours=1)  # what is left counts anew
    assert due[Stage.CLOSE] == local("2026-11-19 18:00")
    assert [(one.old, one.new, one.reason) for one in view.corrections] == [
        ("general", "serious", "出现人员伤亡。")
    ]
