"""What time does by itself: once each, by whoever sweeps, and never by a killed sweep alone."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.handle import ReportKind, file_report, reply, sign_for
from casework.desk.supervise import accept_reply, send_back
from casework.desk.sweep import next_sweep_at, stalled, sweep
from casework.desk.unit import UnitOfWork
from casework.errors import NotPermitted
from casework.ledger import verify
from casework.lifecycle import CaseState
from casework.outcome import Outcome
from casework.store.score_ledger import ledger
from casework.store.tables import AssignmentRow, ClockRow, PostRow, ScoreEntryRow, StepRow
from rules.model import Grade
from tests.builders import MONDAY
from tests.case_kit import LEAD, House


def dispatched(house: House, grade: Grade = Grade.GENERAL) -> uuid.UUID:
    case_id = house.registered(grade)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    return case_id


def steps_of(house: House, case_id: uuid.UUID) -> list[tuple[str, str]]:
    view = house.view(case_id)
    stages = {one.id: one.clock.stage.value for one in view.clocks}
    return [(stages[step.clock_id], step.step) for step in view.steps]


def test_nothing_is_taken_before_it_is_due(house: House):
    case_id = dispatched(house)
    house.desk.clock.advance(hours=1, minutes=59)

    assert house.swept().looked == 0
    assert steps_of(house, case_id) == []


def test_a_step_is_taken_at_its_moment_and_lateness_is_charged_a_second_later(house: House):
    case_id = dispatched(house)
    house.desk.clock.advance(hours=2)

    assert house.swept().taken == 1
    assert steps_of(house, case_id) == [("sign_for", "blue_at_due")]
    assert house.view(case_id).scores == ()
    house.desk.clock.advance(seconds=1)
    assert house.swept().charged == 1
    assert [line.failing for line in house.view(case_id).scores] == ["late_sign_for"]


def test_a_unit_that_acts_late_between_two_sweeps_is_charged_once(house: House):
    case_id = dispatched(house)
    house.desk.clock.advance(hours=2, seconds=30)
    house.on(house.handler, sign_for, case_id)
    house.swept()
    house.desk.clock.advance(minutes=1)
    house.swept()

    assert [line.failing for line in house.view(case_id).scores] == ["late_sign_for"]


def test_a_unit_that_acts_at_the_due_instant_is_not_late(house: House):
    case_id = dispatched(house)
    house.desk.clock.advance(hours=2)
    house.on(house.handler, sign_for, case_id)
    house.desk.clock.advance(days=1, hours=-3)
    house.swept()

    assert house.view(case_id).scores == ()


def test_twenty_sweeps_at_once_take_each_step_and_each_charge_once(house: House):
    cases = [dispatched(house, Grade.MAJOR) for _ in range(6)]
    house.desk.clock.advance(hours=30)
    start = threading.Barrier(20)

    def attempt(_: int) -> int:
        start.wait()
        return sum(house.do(house.machine, sweep, 5).charged for _ in range(4))

    with ThreadPoolExecutor(20) as pool:
        charged = sum(pool.map(attempt, range(20))) + house.swept().charged

    assert charged == 4 * len(cases)
    entries = sa.select(sa.func.count()).where(ScoreEntryRow.county_id == house.county)
    assert house.scalar(entries) == charged
    taken = [steps_of(house, case_id) for case_id in cases]
    assert all(len(steps) == len(set(steps)) for steps in taken)
    # Which of its clocks earned a card is for the sweep that came first; that there is one is not.
    assert len({tuple(sorted(step for _, step in steps)) for steps in taken}) == 1
    numbers = [step.number for case_id in cases for step in house.view(case_id).steps if step.number]
    assert sorted(numbers) == [f"云督查督〔2026〕{n}号" for n in range(1, len(numbers) + 1)]
    assert not house.look(
        house.inspector, lambda uow: verify(ledger(uow.session, uow.county), chain=house.county)
    )


def test_units_that_sign_late_while_sweeps_run_are_charged_once_and_nobody_waits_for_ever(house: House):
    cases = [dispatched(house) for _ in range(12)]
    house.desk.clock.advance(hours=2, minutes=1)

    def act(number: int) -> None:
        if number % 2:
            house.do(house.machine, sweep, 4)
        else:
            house.on(house.handler, sign_for, cases[number // 2])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(24)))
    house.swept()

    for case_id in cases:
        assert [line.failing for line in house.view(case_id).scores] == ["late_sign_for"]
    assert not house.look(
        house.inspector, lambda uow: verify(ledger(uow.session, uow.county), chain=house.county)
    )


def test_a_killed_sweep_leaves_nothing_and_the_next_one_does_it_all(house: House):
    case_id = dispatched(house, Grade.MAJOR)
    house.desk.clock.advance(hours=30)

    def sweep_and_die(uow: UnitOfWork) -> None:
        sweep(uow)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.do(house.machine, sweep_and_die)
    assert steps_of(house, case_id) == []
    assert house.view(case_id).scores == ()

    house.swept()
    assert len(house.view(case_id).scores) == 4


def test_a_step_that_the_system_took_too_late_says_so(house: House):
    case_id = dispatched(house)
    house.desk.clock.advance(hours=2, minutes=5)
    house.swept()
    house.desk.clock.advance(days=1)
    house.swept()

    lines = [line for line in house.view(case_id).timeline if line.kind == "step_taken"]
    marks = {(line.data["stage"], line.data["step"]): line.data["late_by_system"] for line in lines}
    assert marks["sign_for", "blue_at_due"] is False
    assert marks["first_report", "remind_80"] is True


def test_a_third_redo_earns_the_red_card_without_waiting_for_time(house: House):
    case_id = dispatched(house)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    for _ in range(3):
        house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已处理。")
        house.on(house.duty, send_back, case_id, reason="未解决。")
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="又处理了。")  # before any sweep
    house.swept()

    assert ("close", "red_card") in steps_of(house, case_id)
    assert [one.step for one in house.view(case_id).steps].count("red_card") == 1
    assert [str(line.points) for line in house.view(case_id).scores] == ["0.1", "0.2", "0.2"]


def test_a_review_costs_the_unit_no_time(house: House):
    case_id = dispatched(house)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    house.desk.clock.at = MONDAY + timedelta(days=18)  # Friday 2026-12-04; the close is due Monday evening
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已处理。")
    late = len(house.view(case_id).scores)
    house.desk.clock.advance(days=7)
    house.swept()
    house.on(house.duty, send_back, case_id, reason="未解决。")
    house.swept()

    view = house.view(case_id)
    close = next(one for one in view.clocks if one.clock.stage == "close")
    assert close.due_at > house.desk.clock.at + timedelta(days=1)
    assert "late_close" not in {line.failing for line in view.scores}
    assert len(view.scores) == late + 1  # the redo


def test_a_vanished_post_closes_nothing_and_stops_no_clock(house: House):
    case_id = dispatched(house)
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(sa.update(PostRow).values(gone_at_source_at=uow.now))
    house.desk.clock.advance(hours=3)
    house.swept()

    view = house.view(case_id)
    assert view.case.state is CaseState.DISPATCHED
    assert all(one.stopped_at is None for one in view.clocks)
    assert steps_of(house, case_id)


def test_a_settled_case_is_never_swept_again(house: House):
    case_id = dispatched(house)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已处理。")
    house.on(house.duty, accept_reply, case_id)
    house.desk.clock.advance(days=90)

    assert house.swept().looked == 0
    assert house.look(house.machine, next_sweep_at) is None


def test_hopping_from_moment_to_moment_takes_every_step_on_time(house: House):
    case_id = dispatched(house)
    until = house.desk.clock.at + timedelta(days=3)
    while (at := house.look(house.machine, next_sweep_at)) is not None and at <= until:
        house.desk.clock.at = max(at, house.desk.clock.at)
        house.swept()

    lines = [line for line in house.view(case_id).timeline if line.kind == "step_taken"]
    assert len(lines) == 4, "reminder of the first report, blue card, reminder of the answer, order"
    assert not any(line.data["late_by_system"] for line in lines)
    assert len(house.view(case_id).scores) == 4


def test_only_who_may_supervise_sweeps(house: House):
    with pytest.raises(NotPermitted):
        house.do(house.head, sweep)


def test_a_batch_of_late_clocks_is_a_short_write_of_few_statements(house: House):
    """In processor time, so that a busy machine does not fail it."""
    for _ in range(5):
        dispatched(house, Grade.MAJOR)
    house.desk.clock.advance(hours=30)
    statements: list[str] = []
    sa.event.listen(
        house.desk.transactions.engine,
        "before_cursor_execute",
        lambda *heard: statements.append(heard[2]),
    )
    more, spent, sent = True, [], []
    while more:
        statements.clear()
        begun = time.process_time()
        more = house.do(house.machine, sweep).more
        spent.append(time.process_time() - begun)
        sent.append(len(statements))

    assert min(spent) < 0.1
    assert max(sent) < 40


def test_the_stall_check_names_cases_that_nothing_brings_back(house: House):
    fresh, waiting, orphan, spent = (
        house.registered(),
        house.registered(),
        dispatched(house),
        dispatched(house),
    )
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(
            sa.update(AssignmentRow).where(AssignmentRow.case_id == orphan).values(ended_at=uow.now)
        )
        uow.session.execute(sa.update(ClockRow).where(ClockRow.case_id == spent).values(next_step_at=None))
    house.desk.clock.advance(hours=5)
    house.on(house.duty, confirm_case, fresh)
    house.desk.clock.advance(hours=1)  # longer than a serious case may wait, shorter than this one

    found = {one.case_id: one.why.en for one in house.look(house.machine, stalled)}

    assert found == {
        waiting: "Held for longer than allowed",
        orphan: "No lead unit is responsible",
        spent: "No further step of supervision is left",
    }


def test_steps_and_entries_have_unique_keys_in_the_database(house: House):
    case_id = dispatched(house)
    house.desk.clock.advance(hours=3)
    house.swept()
    with house.desk.transactions.read(house.machine) as uow:
        for row in (StepRow, ScoreEntryRow):
            table = row.__table__
            values = dict(
                uow.session.execute(sa.select(table).where(row.case_id == case_id)).mappings().first()
            )
            values |= {"id": uow.new_id()} | ({"seq": 99} if "seq" in values else {})
            with pytest.raises(sa.exc.IntegrityError), uow.session.begin_nested():
                uow.session.execute(table.insert().values(**values))
    assert house.view(case_id).steps[0].unit == LEAD
