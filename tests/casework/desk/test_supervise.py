"""What the supervising desk does: accept, send back, keep promises in sight, close, reopen."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from casework.clocks import ClockEventKind
from casework.desk.assign import confirm_case, correct_grade, dispatch_case
from casework.desk.handle import ReportKind, file_report, record_public_reply, reply, sign_for
from casework.desk.supervise import accept_reply, close_case, meet_commitment, reopen_case, send_back
from casework.errors import IllegalTransition, NotPermitted
from casework.lifecycle import CaseState
from casework.outcome import Outcome
from casework.refusals import NoSuchCase, NothingPending, TextRefused
from casework.store.clock_rows import KeptClock
from rules.model import Grade, Stage
from tests.case_kit import House

PROMISE = {"outcome": Outcome.PROMISED, "text": "月底前完成。", "promised_on": date(2026, 11, 30)}
DONE = {"outcome": Outcome.RESOLVED, "text": "已完成。"}


def in_hand(house: House, grade: Grade = Grade.GENERAL) -> uuid.UUID:
    case_id = house.registered(grade)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    return case_id


def clock_of(house: House, case_id: uuid.UUID, stage: Stage) -> KeptClock:
    return [one for one in house.view(case_id).clocks if one.clock.stage is stage][-1]


@pytest.mark.parametrize(
    ("grade", "may", "may_not"),
    [
        (Grade.GENERAL, "duty", "supervisor"),
        (Grade.MAJOR, "supervisor", "duty"),
        (Grade.SERIOUS, "supervisor", "director"),
    ],
)
def test_the_desk_that_supervises_the_grade_reviews_and_no_other(
    house: House, grade: Grade, may: str, may_not: str
):
    case_id = in_hand(house, grade)
    house.on(house.head, reply, case_id, **DONE)

    with pytest.raises((NotPermitted, NoSuchCase)):
        house.on(getattr(house, may_not), accept_reply, case_id)
    assert house.on(getattr(house, may), accept_reply, case_id).state is CaseState.ACCEPTED


def test_a_regrade_hands_the_review_to_the_other_desk(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **DONE)
    house.on(house.director, correct_grade, case_id, grade=Grade.MAJOR, reason="涉及多户。")

    with pytest.raises(NotPermitted):
        house.on(house.duty, accept_reply, case_id)
    house.on(house.supervisor, accept_reply, case_id)


def test_a_grade_lowered_at_night_leaves_the_unit_the_morning_that_a_general_case_gives(house: House):
    house.desk.clock.at = house.desk.clock.at.replace(hour=19, minute=47)  # 03:47 in the county
    case_id, other = house.registered(Grade.MAJOR), house.registered(Grade.GENERAL)
    for one in (case_id, other):
        house.on(house.duty, confirm_case, one)
        house.on(house.director, dispatch_case, one)

    house.on(house.supervisor, correct_grade, case_id, grade=Grade.GENERAL, reason="只涉一户。")

    lowered, general = (clock_of(house, one, Stage.SIGN_FOR) for one in (case_id, other))
    assert general.clock.counts_from > general.clock.started_at
    assert lowered.due_at == general.due_at


def test_nothing_is_accepted_before_there_is_a_reply(house: House):
    case_id = in_hand(house)

    with pytest.raises(IllegalTransition):
        house.on(house.duty, accept_reply, case_id)
    with pytest.raises(IllegalTransition):
        house.on(house.duty, close_case, case_id)


def test_a_reply_that_is_sent_back_leaves_the_clocks_as_if_it_had_not_stopped_them(house: House):
    case_id = in_hand(house)
    before = clock_of(house, case_id, Stage.CLOSE).due_at
    house.on(house.handler, record_public_reply, case_id, text="已受理。")
    house.on(house.head, reply, case_id, **DONE)
    house.on(house.duty, send_back, case_id, reason="没有解决。")

    close, public = clock_of(house, case_id, Stage.CLOSE), clock_of(house, case_id, Stage.PUBLIC_REPLY)
    assert (close.due_at, close.stopped_at) == (before, None)
    assert [event.kind for event in close.clock.events][-1] is ClockEventKind.REOPENED
    assert public.stopped_by == "public_reply"  # what was said in public was said
    assert house.view(case_id).case.redo_count == 1
    assert [(one.verdict, one.verdict_reason) for one in house.view(case_id).replies] == [
        ("sent_back", "没有解决。")
    ]


def test_a_redo_leaves_at_least_the_time_of_a_first_report(house: House):
    case_id = in_hand(house)
    house.desk.clock.at = clock_of(house, case_id, Stage.CLOSE).due_at - timedelta(minutes=5)
    house.on(house.head, reply, case_id, **DONE)
    house.on(house.duty, send_back, case_id, reason="没有解决。")

    assert clock_of(house, case_id, Stage.CLOSE).due_at == house.desk.clock.at + timedelta(hours=24)


def test_a_reply_sent_back_after_a_regrade_goes_on_under_the_new_limits(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **DONE)
    house.on(house.director, correct_grade, case_id, grade=Grade.SERIOUS, reason="出现伤亡。")
    house.on(house.supervisor, send_back, case_id, reason="没有解决。")

    close = clock_of(house, case_id, Stage.CLOSE)
    assert close.clock.events[-1].grade is Grade.SERIOUS
    assert close.due_at == house.view(case_id).case.dispatched_at + timedelta(days=3, hours=8)  # 3 wd


def test_sending_back_needs_a_reason(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **DONE)

    with pytest.raises(TextRefused):
        house.on(house.duty, send_back, case_id, reason=" ")


def test_a_promise_has_its_own_clock_and_the_case_cannot_be_closed_before_it_is_kept(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **PROMISE)
    house.on(house.duty, accept_reply, case_id)

    with pytest.raises(IllegalTransition):
        house.on(house.duty, close_case, case_id)
    assert clock_of(house, case_id, Stage.COMMITMENT).clock.allowance == date(2026, 11, 30)
    with pytest.raises(IllegalTransition):
        house.on(house.duty, meet_commitment, case_id)

    house.on(house.head, reply, case_id, **DONE)
    house.on(house.duty, meet_commitment, case_id)
    house.on(house.duty, close_case, case_id)
    assert house.view(case_id).scores == ()


def test_a_second_promise_keeps_the_first_one_open(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **PROMISE)
    house.on(house.duty, accept_reply, case_id)
    house.desk.clock.advance(days=1)
    house.on(house.head, reply, case_id, **PROMISE | {"promised_on": date(2026, 12, 15)})
    with pytest.raises(NothingPending):
        house.on(house.duty, meet_commitment, case_id)
    house.on(house.duty, accept_reply, case_id)

    view = house.view(case_id)
    assert [one.met_at for one in view.commitments] == [None, None]
    assert view.case.next_due_at == clock_of(house, case_id, Stage.COMMITMENT).due_at
    house.on(house.head, reply, case_id, **DONE)
    house.on(house.duty, accept_reply, case_id)
    assert all(one.met_at for one in house.view(case_id).commitments)


def test_a_kept_promise_that_is_found_wanting_is_open_again(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **PROMISE)
    house.on(house.duty, accept_reply, case_id)
    house.on(house.head, reply, case_id, **DONE)
    house.on(house.duty, accept_reply, case_id)
    house.on(house.duty, send_back, case_id, reason="现场核实未完成。")

    view = house.view(case_id)
    assert view.case.state is CaseState.HANDLING
    assert view.commitments[0].met_at is None
    assert clock_of(house, case_id, Stage.COMMITMENT).stopped_at is None


def test_a_promise_that_is_sent_back_ends_its_clock_and_the_close_goes_on(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **PROMISE)
    house.on(house.duty, accept_reply, case_id)
    house.on(house.duty, send_back, case_id, reason="应当立即办理。")

    assert clock_of(house, case_id, Stage.COMMITMENT).clock.events[-1].kind is ClockEventKind.VOIDED
    assert clock_of(house, case_id, Stage.CLOSE).stopped_at is None


def test_a_reopened_case_gets_a_new_clock_for_its_close(house: House):
    case_id = in_hand(house)
    house.on(house.head, reply, case_id, **DONE)
    house.on(house.duty, accept_reply, case_id)
    house.on(house.duty, close_case, case_id)
    house.desk.clock.advance(days=40)
    house.on(house.inspector, reopen_case, case_id, reason="抽查发现未解决。")

    view = house.view(case_id)
    assert (view.case.state, view.case.closed_at) == (CaseState.HANDLING, None)
    again = clock_of(house, case_id, Stage.CLOSE)
    assert (again.round, again.clock.started_at, again.stopped_at) == (2, house.desk.clock.at, None)
    assert view.case.next_due_at == again.due_at
