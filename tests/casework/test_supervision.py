"""The supervision ladder: what is earned when, by whom it is signed, and that nothing falls asleep."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.access import UnitId
from casework.clock_entries import recorded
from casework.clocks import Clock, ClockEvent, ClockEventKind
from casework.lifecycle import HOLDER, OPEN_STATES, SETTLED, CaseState
from casework.roles import Desk
from casework.supervision import (
    HOLD_LIMITS,
    CaseFacts,
    Step,
    StepKey,
    WatchedClock,
    due_steps,
    held_until,
    holder_of,
    is_stalled,
    next_look_at,
    next_step_at,
    signing_desk,
)
from rules.model import Grade, LadderStep, Limit, LimitUnit, Stage, StepAction
from rules.pack import load_pack
from tests.casework.calendars import a_calendar, at, local

K = ClockEventKind
CALENDAR = a_calendar()
UNIT = UnitId("housing")
START = "2026-11-16 10:00"  # a Monday; the clock below is due on Thursday the 19th at 18:00
DEMO = load_pack(Path(__file__).parents[2] / "rules" / "packs" / "demo")
PACK = DEMO.pack or DEMO.draft
assert PACK is not None
LADDER = PACK.ladder


def a_clock(stage: Stage = Stage.CLOSE, *events: ClockEvent) -> WatchedClock:
    first = ClockEvent(K.STARTED, at(START), "值班员")
    clock = Clock(stage, Grade.GENERAL, Limit(3, LimitUnit.WORKING_DAYS), "依据", "p-1", "test-1", (first,))
    for event in events:
        clock = recorded(clock, event, CALENDAR)
    return WatchedClock(UNIT, clock)


def an_event(kind: ClockEventKind, when: str, until: str | None = None) -> ClockEvent:
    return ClockEvent(kind, at(when), "主任", "理由", until=at(until) if until else None)


def facts(**changes: object) -> CaseFacts:
    return replace(CaseFacts(Grade.GENERAL, CaseState.HANDLING, at(START)), **changes)


def steps(
    now: str | datetime,
    *clocks: WatchedClock,
    case: CaseFacts | None = None,
    taken: frozenset[StepKey] = frozenset(),
    ladder: tuple[LadderStep, ...] = LADDER,
) -> tuple[Step, ...]:
    moment = at(now) if isinstance(now, str) else now
    return due_steps(
        case or facts(), clocks or (a_clock(),), taken=taken, ladder=ladder, now=moment, workdays=CALENDAR
    )


def names(found: tuple[Step, ...]) -> list[str]:
    return [step.ladder.id for step in found]


WHOLE = ["remind_80", "blue_at_due", "yellow_order", "supervision_order", "red_card", "summons"]


@pytest.mark.parametrize(
    ("now", "earned"),
    [
        ("2026-11-16 10:00", 0),
        # 3 wd from Monday 10:00 are 5.5 + 3 x 7 working hours; 80 % of 26.5 h end on Thursday at 10:12
        ("2026-11-19 10:11", 0),
        ("2026-11-19 10:12", 1),
        ("2026-11-19 17:59", 1),
        ("2026-11-19 18:00", 2),
        ("2026-11-20 17:59", 2),
        ("2026-11-20 18:00", 4),
        ("2026-11-24 17:59", 4),
        ("2026-11-24 18:00", 6),
        ("2027-11-24 18:00", 6),
    ],
)
def test_the_ladder_is_climbed_rung_by_rung(now: str, earned: int):
    assert names(steps(now)) == WHOLE[:earned]


def test_each_step_says_since_when_and_why():
    found = {step.ladder.id: (local(step.due_since), step.reason.zh) for step in steps("2026-12-01 10:00")}
    assert found == {
        "remind_80": ("2026-11-19 10:12", "时限已用 80%"),
        "blue_at_due": ("2026-11-19 18:00", "时限到期"),
        "yellow_order": ("2026-11-20 18:00", "逾期已达 24 小时"),
        "supervision_order": ("2026-11-20 18:00", "逾期已达 24 小时"),
        "red_card": ("2026-11-24 18:00", "逾期已达 3 个工作日"),
        "summons": ("2026-11-24 18:00", "逾期已达 3 个工作日"),
    }


def test_a_step_is_taken_once_for_each_unit_stage_and_round():
    everything = steps("2026-12-01 10:00")
    taken = frozenset(step.key for step in everything)
    assert steps("2026-12-02 10:00", taken=taken) == ()
    for other in (
        replace(a_clock(), unit_id=UnitId("water")),
        replace(a_clock(), round=2),
        a_clock(Stage.PUBLIC_REPLY),
    ):
        assert names(steps("2026-12-02 10:00", other, taken=taken)) == WHOLE
    assert {str(step.key) for step in everything} == {f"housing/close/1/{name}" for name in WHOLE}


def test_steps_of_several_clocks_come_in_the_order_in_which_they_were_earned():
    other = a_clock(Stage.SIGN_FOR)
    early = replace(other.clock, allowance=Limit(2, LimitUnit.HOURS))
    found = steps("2026-12-01 10:00", a_clock(), replace(other, clock=early))
    assert [str(step.key).split("/", 1)[1] for step in found][:2] == [
        "sign_for/1/blue_at_due",
        "close/1/remind_80",
    ]
    assert [step.due_since for step in found] == sorted(step.due_since for step in found)


def test_a_step_of_another_grade_or_stage_is_not_earned():
    assert "remind_half" not in names(steps("2026-12-01 10:00"))
    assert names(steps("2026-12-01 10:00", case=facts(grade=Grade.MAJOR)))[0] == "remind_half"
    assert names(steps("2026-12-01 10:00", a_clock(Stage.OBJECTION))) == []


def test_a_case_without_grade_earns_nothing():
    assert steps("2026-12-01 10:00", case=facts(grade=None)) == ()


@pytest.mark.parametrize(
    ("case", "earned"),
    [
        (facts(dissatisfied_count=1), []),
        (facts(dissatisfied_count=2), ["yellow_order", "supervision_order"]),
        (facts(redo_count=2), []),
        (facts(redo_count=3), ["red_card", "summons"]),
        (facts(redo_count=3, dissatisfied_count=2), WHOLE[2:]),
    ],
)
def test_redos_and_dissatisfied_answers_climb_without_waiting_for_time(case: CaseFacts, earned: list[str]):
    found = steps("2026-11-17 10:00", case=case)
    assert names(found) == earned
    assert {step.due_since for step in found} <= {at(START)}
    assert all("次" in step.reason.zh for step in found)


def test_what_counts_raise_is_one_card_for_the_close_and_not_one_for_each_clock():
    found = steps("2026-11-17 10:00", a_clock(), a_clock(Stage.PUBLIC_REPLY), case=facts(redo_count=3))
    assert [step.key.stage for step in found] == [Stage.CLOSE, Stage.CLOSE]


def test_a_redo_counts_although_the_clock_was_stopped_but_not_when_it_was_voided():
    stopped = a_clock(Stage.CLOSE, an_event(K.STOPPED, "2026-11-17 09:00"))
    voided = a_clock(Stage.CLOSE, an_event(K.VOIDED, "2026-11-17 09:00"))
    assert names(steps("2026-11-17 10:00", stopped, case=facts(redo_count=3))) == ["red_card", "summons"]
    assert steps("2026-11-17 10:00", voided, case=facts(redo_count=3)) == ()


@pytest.mark.parametrize(
    "events",
    [
        (an_event(K.STOPPED, "2026-11-17 09:00"),),
        (an_event(K.VOIDED, "2026-11-17 09:00"),),
        (an_event(K.PAUSED, "2026-11-17 09:00", "2027-03-01 09:00"),),
    ],
    ids=["stopped", "voided", "paused"],
)
def test_a_clock_that_does_not_run_earns_nothing_by_time(events: tuple[ClockEvent, ...]):
    assert steps("2026-12-15 10:00", a_clock(Stage.CLOSE, *events)) == ()


def test_the_next_rung_waits_while_the_work_is_under_review():
    reviewed = a_clock(
        Stage.CLOSE, an_event(K.STOPPED, "2026-11-20 10:00"), an_event(K.REOPENED, "2026-11-25 10:00")
    )
    found = {step.ladder.id: local(step.due_since) for step in steps("2026-12-01 10:00", reviewed)}
    assert found["blue_at_due"] == "2026-11-19 18:00"
    assert found["yellow_order"] == "2026-11-25 18:00"  # 16 h before the review, 8 h after it


@pytest.mark.parametrize(
    ("grade", "desk"),
    [(Grade.GENERAL, Desk.OFFICE), (Grade.MAJOR, Desk.SUPERVISION), (Grade.SERIOUS, Desk.SUPERVISION)],
)
def test_the_desk_that_supervises_the_grade_signs(grade: Grade, desk: Desk):
    assert signing_desk(grade) is desk
    assert {step.desk for step in steps("2026-12-01 10:00", case=facts(grade=grade))} == {desk}


# --- when to look again ---------------------------------------------------------------------------


def next_step(clock: WatchedClock, *taken: str) -> str | None:
    keys = frozenset(StepKey(UNIT, clock.clock.stage, 1, name) for name in taken)
    found = next_step_at(facts(), clock, taken=keys, ladder=LADDER, workdays=CALENDAR)
    return found and local(found)


def test_the_next_step_of_a_clock_is_the_first_that_was_not_taken():
    assert next_step(a_clock()) == "2026-11-19 10:12"
    assert next_step(a_clock(), "remind_80") == "2026-11-19 18:00"
    assert next_step(a_clock(), *WHOLE[:4]) == "2026-11-24 18:00"
    assert next_step(a_clock(), *WHOLE) is None


def test_an_ended_clock_has_no_next_step():
    assert next_step(a_clock(Stage.CLOSE, an_event(K.STOPPED, "2026-11-17 09:00"))) is None


def look(case: CaseFacts, now: str, *clocks: WatchedClock) -> str | None:
    moment = at(now)
    earned = due_steps(case, clocks, taken=frozenset(), ladder=LADDER, now=moment, workdays=CALENDAR)
    taken = frozenset(step.key for step in earned)
    found = next_look_at(case, clocks, taken=taken, ladder=LADDER, now=moment, workdays=CALENDAR)
    return found and local(found)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-16 10:00", "2026-11-19 10:12"),
        ("2026-11-19 12:00", "2026-11-19 18:00"),
        ("2026-11-20 18:00", "2026-11-24 18:00"),
        # the ladder is used up: every working day until somebody acts
        ("2026-11-24 18:00", "2026-11-25 18:00"),
        ("2026-11-27 18:00", "2026-11-30 18:00"),
    ],
)
def test_a_case_in_hand_is_looked_at_again_at_its_next_step(now: str, expected: str):
    assert look(facts(), now, a_clock()) == expected


@pytest.mark.parametrize(
    ("state", "grade", "until"),
    [
        (CaseState.REGISTERED, Grade.GENERAL, "2026-11-16 14:00"),
        (CaseState.REGISTERED, None, "2026-11-16 10:30"),  # ungraded: by the strictest
        (CaseState.CONFIRMED, Grade.MAJOR, "2026-11-16 11:00"),
        (CaseState.ARBITRATION, Grade.GENERAL, "2026-11-17 18:00"),
        (CaseState.OBJECTED, Grade.SERIOUS, "2026-11-16 14:00"),
        (CaseState.REPLIED, Grade.GENERAL, "2026-11-17 18:00"),
        (CaseState.ACCEPTED, Grade.MAJOR, "2026-11-19 18:00"),
    ],
)
def test_a_desk_may_hold_a_case_only_so_long(state: CaseState, grade: Grade | None, until: str):
    case = facts(state=state, grade=grade)
    assert [local(one) for one in held_until(case, CALENDAR)] == [until]
    assert not is_stalled(case, at(until) - timedelta(seconds=1), CALENDAR)
    assert is_stalled(case, at(until), CALENDAR)
    assert look(case, START) == until


def test_a_case_held_too_long_comes_back_every_working_day():
    case = facts(state=CaseState.REGISTERED)
    assert look(case, "2026-11-16 14:00") == "2026-11-17 18:00"
    assert look(case, "2026-11-20 14:00") == "2026-11-23 18:00"


def test_a_case_with_a_unit_is_never_called_stalled_since_its_clocks_speak():
    for state in OPEN_STATES:
        if state not in HOLD_LIMITS:
            assert not is_stalled(facts(state=state), at("2027-11-16 10:00"), CALENDAR)


def test_a_settled_case_needs_no_look():
    for state in SETTLED:
        assert look(facts(state=state), START, a_clock()) is None


times = st.integers(0, 3000).map(lambda step: at(START) + timedelta(minutes=7 * step))


@given(
    state=st.sampled_from(OPEN_STATES),
    grade=st.sampled_from([*Grade, None]),
    now=times,
    stages=st.lists(st.sampled_from(Stage), unique=True),
    redo=st.integers(0, 4),
    halted=st.booleans(),
)
def test_every_open_case_has_a_look_in_the_future_once_its_due_steps_are_taken(
    state: CaseState, grade: Grade | None, now: datetime, stages: list[Stage], redo: int, *, halted: bool
):
    case = facts(state=state, grade=grade, redo_count=redo)
    halt = (an_event(K.PAUSED, "2026-11-17 09:00", "2026-11-30 09:00"),) if halted else ()
    clocks = [a_clock(stage, *halt) for stage in stages]
    earned = due_steps(case, clocks, taken=frozenset(), ladder=LADDER, now=now, workdays=CALENDAR)
    taken = frozenset(step.key for step in earned)
    found = next_look_at(case, clocks, taken=taken, ladder=LADDER, now=now, workdays=CALENDAR)
    assert found is not None
    assert found > now


@given(moments=st.lists(times, min_size=1, max_size=6))
def test_however_often_the_sweep_runs_each_step_is_taken_once_and_none_is_lost(moments: list[datetime]):
    taken: list[StepKey] = []
    for now in sorted(moments):
        taken += [step.key for step in steps(now, taken=frozenset(taken))]
    assert len(taken) == len(set(taken))
    assert set(taken) == {step.key for step in steps(max(moments))}


@given(moments=st.tuples(times, times))
def test_what_is_earned_stays_earned_while_the_clock_runs(moments: tuple[datetime, datetime]):
    earlier, later = sorted(moments)
    assert set(names(steps(earlier))) <= set(names(steps(later)))


def test_whose_move_it_is_follows_state_and_grade():
    found = {
        (state, grade): holder_of(facts(state=state, grade=grade))
        for state in CaseState
        for grade in (Grade.GENERAL, Grade.SERIOUS)
    }
    assert found[CaseState.REGISTERED, Grade.SERIOUS] is Desk.OFFICE
    assert found[CaseState.HANDLING, Grade.SERIOUS] is Desk.UNIT
    assert found[CaseState.REPLIED, Grade.GENERAL] is Desk.OFFICE
    assert found[CaseState.REPLIED, Grade.SERIOUS] is Desk.SUPERVISION
    assert found[CaseState.CLOSED, Grade.SERIOUS] is None
    assert holder_of(facts(state=CaseState.REPLIED, grade=None)) is Desk.OFFICE
    assert all(found[state, Grade.GENERAL] is not None for state in HOLDER)


def test_a_step_by_share_and_one_at_due_can_be_written_in_any_order():
    half = LadderStep(
        "half",
        PACK.title,
        (Stage.CLOSE,),
        (Grade.GENERAL,),
        Decimal("0.5"),
        None,
        None,
        None,
        StepAction.REMINDER,
        None,
        "依据",
        PACK.ladder[0].at,
    )
    found = steps("2026-12-01 10:00", ladder=(*LADDER, half))
    assert names(found) == ["half", *WHOLE]
