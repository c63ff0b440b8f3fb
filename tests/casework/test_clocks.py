"""Due instants, standings and shares of clocks, from their ledgers."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.clock_entries import recorded
from casework.clocks import (
    NIGHT,
    Clock,
    ClockEvent,
    ClockEventKind,
    ClockState,
    due,
    instant_of_share,
    is_live,
    share_elapsed,
    state_at,
    stretches_of,
)
from casework.counting import count
from casework.errors import ClockRefused
from casework.workdays import workdays_of
from rules.model import Grade, Limit, LimitUnit, Stage
from tests.casework.calendars import a_calendar, a_table, at, day, local

K = ClockEventKind
WD, H, WH, D = LimitUnit.WORKING_DAYS, LimitUnit.HOURS, LimitUnit.WORKING_HOURS, LimitUnit.DAYS
CALENDAR = a_calendar()
START = "2026-11-16 10:00"  # a Monday


def a_clock(amount: int = 5, unit: LimitUnit = WD, start: str = START, *events: ClockEvent) -> Clock:
    first = ClockEvent(K.STARTED, at(start), "值班员")
    return Clock(Stage.CLOSE, Grade.GENERAL, Limit(amount, unit), "依据", "p-1", "test-1", (first, *events))


def an_event(kind: ClockEventKind, when: str, **changes: object) -> ClockEvent:
    event = ClockEvent(kind, at(when), "主任", reason="理由")
    return replace(event, **changes)


def noted(clock: Clock, *events: ClockEvent) -> Clock:
    for event in events:
        clock = recorded(clock, event, CALENDAR)
    return clock


def due_of(clock: Clock) -> str:
    return local(due(clock, CALENDAR).at)


def extended(when: str, amount: int, unit: LimitUnit = WD, asked: str | None = None) -> ClockEvent:
    return an_event(K.EXTENDED, when, limit=Limit(amount, unit), asked_at=at(asked or when))


def regraded(when: str, amount: int, unit: LimitUnit = WD) -> ClockEvent:
    return an_event(K.REGRADED, when, limit=Limit(amount, unit), grade=Grade.MAJOR)


def test_a_clock_without_incident_is_due_when_its_limit_ends():
    found = due(a_clock(), CALENDAR)
    assert local(found.at) == "2026-11-23 18:00"
    assert found.sum == count(at(START), Limit(5, WD), CALENDAR).lines
    assert not found.is_provisional


def test_a_clock_over_the_turn_of_an_unannounced_year_is_provisional():
    assert due(a_clock(3, WD, "2026-12-30 10:00"), CALENDAR).is_provisional


def test_a_start_at_night_counts_from_the_morning_and_the_sum_says_so():
    clock = a_clock(2, H, "2026-11-16 20:00")
    first = replace(clock.events[0], until=at("2026-11-17 09:00"))
    clock = replace(clock, events=(first,))
    found = due(clock, CALENDAR)
    assert local(found.at) == "2026-11-17 11:00"
    assert [(line.is_counted, line.why.zh) for line in found.sum] == [(False, NIGHT.zh), (True, "连续计时")]
    assert state_at(clock, at("2026-11-17 08:00"), CALENDAR).state is ClockState.RUNNING


# --- pauses --------------------------------------------------------------------------------------


def test_a_pause_that_nobody_ends_ends_at_its_own_limit():
    clock = noted(a_clock(), an_event(K.PAUSED, "2026-11-18 10:00", until=at("2026-11-20 10:00")))
    assert due_of(clock) == "2026-11-25 18:00"  # 18th and 19th are lost


def test_a_pause_that_is_resumed_costs_only_what_it_lasted():
    clock = noted(
        a_clock(),
        an_event(K.PAUSED, "2026-11-18 10:00", until=at("2026-12-20 10:00")),
        an_event(K.RESUMED, "2026-11-19 10:00"),
    )
    assert due_of(clock) == "2026-11-24 18:00"
    why = [line.why.zh for line in due(clock, CALENDAR).sum if line.why.zh.startswith("中止")]
    assert why == ["中止：理由"]


def test_a_clock_can_be_paused_again_after_a_pause_that_ran_out():
    clock = noted(
        a_clock(48, H),
        an_event(K.PAUSED, "2026-11-16 12:00", until=at("2026-11-16 14:00")),
        an_event(K.PAUSED, "2026-11-16 14:00", until=at("2026-11-16 15:00")),
    )
    assert due_of(clock) == "2026-11-18 13:00"


def test_stopping_ends_a_pause_too():
    clock = noted(
        a_clock(48, H),
        an_event(K.PAUSED, "2026-11-16 12:00", until=at("2026-11-20 12:00")),
        an_event(K.STOPPED, "2026-11-16 14:00"),
        an_event(K.REOPENED, "2026-11-16 15:00"),
    )
    assert [(local(one.start)[11:], local(one.end)[11:]) for one in stretches_of(clock)] == [
        ("12:00", "14:00"),
        ("14:00", "15:00"),
    ]
    assert due_of(clock) == "2026-11-18 13:00"


# --- extensions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (3, WD, "2026-11-26 18:00"),
        (24, H, "2026-11-24 18:00"),
        (2, WH, "2026-11-24 10:30"),
        (5, D, "2026-11-30 18:00"),  # 28th is a Saturday
    ],
)
def test_an_extension_is_counted_from_the_due_instant_before_it(amount: int, unit: LimitUnit, expected: str):
    clock = noted(a_clock(), extended("2026-11-18 10:00", amount, unit))
    found = due(clock, CALENDAR)
    assert local(found.at) == expected
    edges = [edge for line in found.sum for edge in (line.start, line.end)]
    assert edges == sorted(edges)
    assert found.sum[-1].tally.startswith("+")


def test_two_extensions_add_up():
    clock = noted(a_clock(), extended("2026-11-18 10:00", 1), extended("2026-11-19 10:00", 2))
    assert due_of(clock) == "2026-11-26 18:00"


def test_an_extension_asked_for_in_time_holds_although_it_was_granted_late():
    clock = noted(a_clock(), extended("2026-11-24 09:00", 2, asked="2026-11-23 17:59"))
    assert due_of(clock) == "2026-11-25 18:00"
    assert not state_at(clock, at("2026-11-24 12:00"), CALENDAR).is_late


# --- regrading -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_amount", "when", "new_amount", "expected"),
    [
        # shorter: from the regrading, so that nobody is overdue at a stroke
        (15, "2026-11-20 10:00", 5, "2026-11-27 18:00"),
        # shorter, but the old due comes first
        (5, "2026-11-20 10:00", 3, "2026-11-23 18:00"),
        # longer: from the start
        (5, "2026-11-20 10:00", 15, "2026-12-07 18:00"),
        (5, "2026-11-20 10:00", 5, "2026-11-23 18:00"),
        # overdue already: nothing changes any more
        (5, "2026-11-24 10:00", 15, "2026-11-23 18:00"),
        (5, "2026-11-23 18:00", 15, "2026-11-23 18:00"),
    ],
)
def test_regrading_takes_the_middle_way(start_amount: int, when: str, new_amount: int, expected: str):
    clock = noted(a_clock(start_amount), regraded(when, new_amount))
    assert due_of(clock) == expected


def test_the_sum_after_an_upgrade_begins_with_what_went_before():
    clock = noted(a_clock(15), regraded("2026-11-20 10:00", 5))
    first, second, *_ = due(clock, CALENDAR).sum
    assert (first.is_counted, first.why.zh) == (False, "等级调整前")
    assert local(first.end) == "2026-11-20 10:00"
    assert second.why.zh == "开始当日不计入"


@pytest.mark.parametrize("when", ["2026-11-17 03:50", "2026-11-17 08:00"])
def test_a_lower_grade_that_waits_for_the_morning_does_so_from_the_start(when: str):
    begun = "2026-11-17 03:47"
    morning = at("2026-11-17 09:00")
    major = a_clock(6, H, begun)
    general = replace(
        a_clock(8, H, begun), events=(ClockEvent(K.STARTED, at(begun), "值班员", until=morning),)
    )
    event = replace(regraded(when, 8, H), until=morning)

    lowered = noted(major, event)

    assert due(lowered, CALENDAR) == due(general, CALENDAR)
    assert due_of(lowered) == "2026-11-17 17:00"
    assert lowered.limit_in_force == Limit(8, H)
    assert local(instant_of_share(lowered, Decimal("0.5"), CALENDAR)) == "2026-11-17 13:00"


def test_regrading_at_the_very_start_simply_replaces_the_limit():
    clock = noted(a_clock(15), regraded(START, 5))
    assert due_of(clock) == "2026-11-23 18:00"
    assert due(clock, CALENDAR).sum[0].why.zh == "开始当日不计入"


# --- redo ----------------------------------------------------------------------------------------


def test_the_time_of_a_review_does_not_count():
    clock = noted(
        a_clock(), an_event(K.STOPPED, "2026-11-18 10:00"), an_event(K.REOPENED, "2026-11-20 10:00")
    )
    assert due_of(clock) == "2026-11-25 18:00"


def test_a_redo_gets_at_least_its_own_limit():
    clock = noted(
        a_clock(),
        an_event(K.STOPPED, "2026-11-23 17:00"),
        an_event(K.REOPENED, "2026-11-24 09:00", limit=Limit(3, WD)),
    )
    assert due_of(clock) == "2026-11-27 18:00"
    assert due(clock, CALENDAR).sum[0].why.zh == "退回重办前"


def test_a_redo_never_shortens_what_was_left():
    clock = noted(
        a_clock(15),
        an_event(K.STOPPED, "2026-11-17 10:00"),
        an_event(K.REOPENED, "2026-11-17 12:00", limit=Limit(1, WD)),
    )
    assert due_of(clock) == "2026-12-07 18:00"


def test_a_redo_of_what_was_overdue_stays_overdue():
    clock = noted(
        a_clock(),
        an_event(K.STOPPED, "2026-11-24 18:00"),
        an_event(K.REOPENED, "2026-11-25 18:00", limit=Limit(3, WD)),
    )
    standing = state_at(clock, at("2026-11-25 20:00"), CALENDAR)
    assert (standing.state, standing.overdue) == (ClockState.OVERDUE, timedelta(hours=26))
    assert local(standing.due_at) == "2026-11-23 18:00"


# --- standing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "state", "late"),
    [
        ("2026-11-15 10:00", ClockState.RUNNING, 0),  # before its start
        ("2026-11-16 10:00", ClockState.RUNNING, 0),
        ("2026-11-18 10:00", ClockState.PAUSED, 0),
        ("2026-11-19 09:59", ClockState.PAUSED, 0),
        ("2026-11-19 10:00", ClockState.RUNNING, 0),
        ("2026-11-24 17:59", ClockState.RUNNING, 0),
        ("2026-11-24 18:00", ClockState.OVERDUE, 0),
        ("2026-11-24 20:00", ClockState.OVERDUE, 2),
        ("2026-11-25 18:00", ClockState.STOPPED, 24),
        ("2026-12-25 18:00", ClockState.STOPPED, 24),
    ],
)
def test_the_standing_of_a_clock_through_its_life(now: str, state: ClockState, late: int):
    clock = noted(
        a_clock(),
        an_event(K.PAUSED, "2026-11-18 10:00", until=at("2026-11-30 10:00")),
        an_event(K.RESUMED, "2026-11-19 10:00"),
        an_event(K.STOPPED, "2026-11-25 18:00"),
    )
    standing = state_at(clock, at(now), CALENDAR)
    assert (standing.state, standing.overdue) == (state, timedelta(hours=late))
    assert standing.is_late == (late > 0)


def test_a_voided_clock_keeps_what_it_was_overdue():
    clock = noted(a_clock(), an_event(K.VOIDED, "2026-11-23 20:00"))
    standing = state_at(clock, at("2026-12-01 10:00"), CALENDAR)
    assert (standing.state, standing.overdue) == (ClockState.VOIDED, timedelta(hours=2))
    assert not is_live(clock)


def test_only_an_ended_clock_is_not_live():
    assert is_live(a_clock())
    assert not is_live(noted(a_clock(), an_event(K.STOPPED, "2026-11-17 10:00")))


# --- share ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit", "now", "share"),
    [
        (10, H, "2026-11-16 09:00", "0"),
        (10, H, "2026-11-16 18:00", "0.8"),
        (10, H, "2026-11-16 20:00", "1"),
        (10, H, "2026-11-17 20:00", "1"),
        # 1 wd from Monday 10:00: 5.5 working hours of Monday and 7 of Tuesday
        (1, WD, "2026-11-16 18:00", "0.44"),
        (1, WD, "2026-11-17 08:00", "0.44"),
        (1, WD, "2026-11-17 12:00", "0.72"),
    ],
)
def test_the_share_of_a_run_is_measured_in_the_time_that_the_limit_counts(
    amount: int, unit: LimitUnit, now: str, share: str
):
    assert share_elapsed(a_clock(amount, unit), at(now), CALENDAR) == Decimal(share)


def test_a_pause_uses_up_nothing():
    clock = noted(a_clock(10, H), an_event(K.PAUSED, "2026-11-16 12:00", until=at("2026-11-16 16:00")))
    shares = [share_elapsed(clock, at(f"2026-11-16 {hour}:00"), CALENDAR) for hour in (12, 14, 16, 17)]
    assert shares == [Decimal("0.2"), Decimal("0.2"), Decimal("0.2"), Decimal("0.3")]


def test_a_promised_day_is_measured_in_plain_time():
    clock = replace(a_clock(1, WD, "2026-11-16 18:00"), allowance=day("2026-11-20"))
    assert due_of(clock) == "2026-11-20 18:00"
    assert share_elapsed(clock, at("2026-11-18 18:00"), CALENDAR) == Decimal("0.5")
    assert local(instant_of_share(clock, Decimal("0.75"), CALENDAR)) == "2026-11-19 18:00"


def test_a_run_without_any_working_time_has_used_up_nothing_until_it_is_due():
    # Promised for the day on which it starts, after hours: the clock is born overdue, not broken.
    clock = replace(a_clock(1, WD, "2026-11-16 20:00"), allowance=day("2026-11-16"))
    assert share_elapsed(clock, at("2026-11-16 20:00"), CALENDAR) == 1
    assert local(instant_of_share(clock, Decimal("0.5"), CALENDAR)) == "2026-11-16 18:00"


# --- properties ----------------------------------------------------------------------------------

HOUR = timedelta(hours=1)
limits = st.one_of(
    st.integers(1, 100).map(lambda amount: Limit(amount, H)),
    st.integers(1, 30).map(lambda amount: Limit(amount, WH)),
    st.integers(1, 9).map(lambda amount: Limit(amount, WD)),
    st.integers(1, 15).map(lambda amount: Limit(amount, D)),
)
hours = st.integers(0, 400).map(lambda step: at("2026-09-14 00:00") + step * HOUR)


@st.composite
def ledgers(draw: st.DrawFn) -> Clock:
    """Draw a clock to which everything has happened that its ledger admits."""
    clock = Clock(
        Stage.CLOSE,
        Grade.GENERAL,
        draw(limits),
        "依据",
        "p-1",
        "test-1",
        (ClockEvent(K.STARTED, draw(hours), "值班员"),),
    )
    for _ in range(draw(st.integers(0, 6))):
        when = clock.events[-1].at + draw(st.integers(0, 60)) * HOUR
        event = ClockEvent(
            draw(st.sampled_from([kind for kind in K if kind is not K.STARTED])),
            when,
            "主任",
            reason="理由",
            until=when + draw(st.integers(1, 90)) * HOUR,
            limit=draw(limits),
            asked_at=when - draw(st.integers(0, 30)) * HOUR,
        )
        try:
            clock = recorded(clock, event, CALENDAR)
        except ClockRefused:
            continue
    return clock


@given(clock=ledgers())
def test_the_same_ledger_always_gives_the_same_answer(clock: Clock):
    again = replace(clock, events=tuple(replace(event) for event in clock.events))
    other_calendar = workdays_of(a_table())
    assert due(again, other_calendar) == due(clock, CALENDAR)


@given(clock=ledgers(), start=hours, length=st.integers(1, 100))
def test_a_pause_more_never_brings_the_due_instant_forward(clock: Clock, start: datetime, length: int):
    pause = ClockEvent(K.PAUSED, start, "主任", reason="理由", until=start + length * HOUR)
    assume(pause.at >= clock.events[-1].at)
    try:
        paused = recorded(clock, pause, CALENDAR)
    except ClockRefused:
        return
    assert due(clock, CALENDAR).at <= due(paused, CALENDAR).at


@given(clock=ledgers(), start=hours, shorter=st.integers(1, 90), longer=st.integers(1, 90))
def test_a_longer_pause_never_brings_the_due_instant_forward(
    clock: Clock, start: datetime, shorter: int, longer: int
):
    begin = max(start, clock.events[-1].at)
    ends = [
        due(
            replace(
                clock,
                events=(
                    *clock.events,
                    ClockEvent(K.PAUSED, begin, "主任", "理由", until=begin + length * HOUR),
                ),
            ),
            CALENDAR,
        ).at
        for length in sorted((shorter, longer))
    ]
    assert ends[0] <= ends[1]


@given(clock=ledgers(), amount=limits)
def test_an_extension_moves_the_due_instant_and_never_back(clock: Clock, amount: Limit):
    before = due(clock, CALENDAR).at
    last = clock.events[-1].at
    event = ClockEvent(K.EXTENDED, last, "主任", reason="理由", limit=amount, asked_at=last)
    try:
        longer = recorded(clock, event, CALENDAR)
    except ClockRefused:
        return
    assert before < due(longer, CALENDAR).at


@given(clock=ledgers(), first=hours, second=hours)
def test_what_was_overdue_is_never_forgotten(clock: Clock, first: datetime, second: datetime):
    # An extension asked for in time and granted late is the one thing that looks back, and it must.
    assume(all(event.kind is not K.EXTENDED or event.asked_at == event.at for event in clock.events))
    earlier, later = sorted((first, second))
    assert state_at(clock, earlier, CALENDAR).overdue <= state_at(clock, later, CALENDAR).overdue


@given(clock=ledgers(), now=hours)
def test_a_standing_depends_only_on_what_was_known_then(clock: Clock, now: datetime):
    known = replace(clock, events=(clock.events[0], *(one for one in clock.events[1:] if one.at <= now)))
    assert state_at(clock, now, CALENDAR) == state_at(known, now, CALENDAR)


@given(clock=ledgers(), now=hours)
def test_a_clock_is_overdue_exactly_from_its_due_instant_while_it_runs(clock: Clock, now: datetime):
    standing = state_at(clock, now, CALENDAR)
    if standing.state is ClockState.OVERDUE:
        assert now >= standing.due_at
    if standing.state is ClockState.RUNNING:
        assert now < standing.due_at
        assert standing.overdue == timedelta()


@given(clock=ledgers(), tenths=st.integers(0, 10))
def test_a_share_is_reached_at_its_instant_and_not_before(clock: Clock, tenths: int):
    share = Decimal(tenths) / 10
    reached = instant_of_share(clock, share, CALENDAR)
    assert clock.counts_from <= reached <= due(clock, CALENDAR).at
    assert share_elapsed(clock, reached, CALENDAR) >= share
    if share > 0:
        assert share_elapsed(clock, reached - timedelta(seconds=1), CALENDAR) < share


@given(clock=ledgers())
def test_the_lines_of_a_sum_are_in_order_and_end_at_the_due_instant(clock: Clock):
    found = due(clock, CALENDAR)
    edges = [edge for line in found.sum for edge in (line.start, line.end)]
    assert edges == sorted(edges)
    assert found.sum[-1].start < found.at <= found.sum[-1].end


@given(start=hours, amount=limits, extra=st.integers(1, 9), pause=st.tuples(hours, st.integers(1, 90)))
def test_limit_and_extension_of_one_kind_are_one_longer_limit(
    start: datetime, amount: Limit, extra: int, pause: tuple[datetime, int]
):
    assume(amount.unit is not D)  # moving on to a working day happens once per limit there
    clock = Clock(
        Stage.CLOSE,
        Grade.GENERAL,
        amount,
        "依据",
        "p-1",
        "test-1",
        (ClockEvent(K.STARTED, start, "值班员"),),
    )
    whole = replace(clock, allowance=Limit(amount.amount + extra, amount.unit))
    extension = ClockEvent(K.EXTENDED, start, "主任", "理由", limit=Limit(extra, amount.unit), asked_at=start)
    halt = ClockEvent(
        K.PAUSED, max(pause[0], start), "主任", "理由", until=max(pause[0], start) + pause[1] * HOUR
    )
    longer = replace(clock, events=(*clock.events, extension, halt))
    assert due(longer, CALENDAR).at == due(replace(whole, events=(*whole.events, halt)), CALENDAR).at


def test_hours_of_another_county_change_the_share_but_not_the_day():
    short = workdays_of(a_table(hours=((time(9), time(10)),)))
    clock = a_clock(1, WD)
    assert local(due(clock, short).at) == "2026-11-17 10:00"
    assert share_elapsed(clock, at("2026-11-17 09:30"), short) == Decimal("0.5")
