"""What starts a clock and what its ledger takes or refuses."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from casework.clock_entries import (
    LONGEST_PAUSE,
    allowance_text,
    commitment_clock,
    limit_for,
    morning_after,
    opening_clocks,
    read_allowance,
    recorded,
)
from casework.clocks import Clock, ClockEvent, ClockEventKind, due
from casework.errors import ClockRefused, NaiveInstant
from casework.workdays import CHINA
from rules.model import (
    ClockPolicy,
    DeadlinePolicy,
    DemandClass,
    Grade,
    Limit,
    LimitUnit,
    Location,
    Stage,
)
from rules.pack import load_pack
from tests.casework.calendars import a_calendar, at, local

K = ClockEventKind
CALENDAR = a_calendar()
NOWHERE = Location("t", 1, 1)
DEMO = Path(__file__).parents[2] / "rules" / "packs" / "demo"


def a_line(stage: Stage, grade: Grade, limit: Limit, demand: DemandClass | None = None) -> ClockPolicy:
    return ClockPolicy(stage, grade, demand, limit, night_defer=False, source="依据", at=NOWHERE)


TWO_HOURS, THREE_DAYS, FIFTEEN_DAYS = (
    Limit(2, LimitUnit.HOURS),
    Limit(3, LimitUnit.WORKING_DAYS),
    Limit(15, LimitUnit.WORKING_DAYS),
)
POLICY = DeadlinePolicy(
    version="p-1",
    day_start=time(8, 30),
    day_end=time(18),
    night_resume=time(9),
    clocks=(
        a_line(Stage.CLOSE, Grade.GENERAL, FIFTEEN_DAYS),
        a_line(Stage.CLOSE, Grade.GENERAL, THREE_DAYS, DemandClass.CONSULTATION),
        replace(a_line(Stage.SIGN_FOR, Grade.GENERAL, TWO_HOURS), night_defer=True),
        a_line(Stage.SIGN_FOR, Grade.SERIOUS, Limit(30, LimitUnit.MINUTES)),
        a_line(Stage.COMMITMENT, Grade.GENERAL, THREE_DAYS),
    ),
)


def opened(grade: Grade, demand: DemandClass, when: str) -> tuple[Clock, ...]:
    return opening_clocks(POLICY, grade, demand, at(when), calendar_version="test-1", by="值班员")


def shown(clocks: tuple[Clock, ...]) -> list[tuple[str, str, str]]:
    return [(clock.stage.value, str(clock.allowance), local(due(clock, CALENDAR).at)[5:]) for clock in clocks]


# --- opening -------------------------------------------------------------------------------------


def test_dispatch_starts_a_clock_for_each_stage_that_the_policy_limits():
    found = opened(Grade.GENERAL, DemandClass.COMPLAINT, "2026-11-16 10:00")
    assert shown(found) == [("sign_for", "2h", "11-16 12:00"), ("close", "15wd", "12-07 18:00")]
    assert {(clock.policy_version, clock.calendar_version, clock.source) for clock in found} == {
        ("p-1", "test-1", "依据")
    }
    assert {clock.started_at for clock in found} == {at("2026-11-16 10:00")}
    assert {clock.events[0].by for clock in found} == {"值班员"}


def test_the_limit_of_a_class_of_demand_goes_before_the_general_one():
    found = opened(Grade.GENERAL, DemandClass.CONSULTATION, "2026-11-16 10:00")
    assert shown(found)[1] == ("close", "3wd", "11-19 18:00")


def test_a_grade_without_a_line_for_a_stage_has_no_such_clock():
    assert shown(opened(Grade.SERIOUS, DemandClass.REQUEST, "2026-11-16 23:00")) == [
        ("sign_for", "30m", "11-16 23:30")
    ]
    assert limit_for(POLICY, Stage.CLOSE, Grade.MAJOR, DemandClass.REQUEST) is None
    assert opened(Grade.MAJOR, DemandClass.REQUEST, "2026-11-16 10:00") == ()


@pytest.mark.parametrize(
    ("dispatched", "morning"),
    [
        ("2026-11-16 00:30", "2026-11-16 09:00"),
        ("2026-11-16 08:29", "2026-11-16 09:00"),
        ("2026-11-16 08:30", None),
        ("2026-11-16 17:59", None),
        ("2026-11-16 18:00", "2026-11-17 09:00"),
        ("2026-11-16 23:59", "2026-11-17 09:00"),
        ("2026-11-20 20:00", "2026-11-21 09:00"),  # a Saturday: nights are deferred, days off are not
    ],
)
def test_a_start_at_night_is_deferred_to_the_coming_morning(dispatched: str, morning: str | None):
    found = morning_after(POLICY, at(dispatched))
    assert (found and local(found)) == morning


def test_only_a_clock_that_the_policy_defers_is_deferred():
    sign_for, close = opened(Grade.GENERAL, DemandClass.COMPLAINT, "2026-11-16 20:00")
    assert local(due(sign_for, CALENDAR).at) == "2026-11-17 11:00"
    assert sign_for.counts_from == at("2026-11-17 09:00")
    assert close.counts_from == at("2026-11-16 20:00")


def test_the_demo_policy_opens_the_clocks_of_the_domain_page():
    loaded = load_pack(DEMO)
    pack = loaded.pack or loaded.draft
    assert pack is not None
    found = {
        grade: shown(
            opening_clocks(
                pack.deadlines,
                grade,
                DemandClass.COMPLAINT,
                at("2026-11-16 10:00"),
                calendar_version="test-1",
                by="值班员",
            )
        )
        for grade in Grade
    }
    assert found == {
        Grade.GENERAL: [
            ("sign_for", "2h", "11-16 12:00"),
            ("objection", "4wh", "11-16 16:30"),
            ("first_contact", "24h", "11-17 10:00"),
            ("first_report", "24h", "11-17 10:00"),
            ("public_reply", "48h", "11-18 10:00"),
            ("close", "15wd", "12-07 18:00"),
        ],
        Grade.MAJOR: [
            ("sign_for", "1h", "11-16 11:00"),
            ("objection", "2h", "11-16 12:00"),
            ("first_contact", "4h", "11-16 14:00"),
            ("first_report", "4h", "11-16 14:00"),
            ("public_reply", "24h", "11-17 10:00"),
            ("close", "5wd", "11-23 18:00"),
        ],
        Grade.SERIOUS: [
            ("sign_for", "30m", "11-16 10:30"),
            ("first_contact", "2h", "11-16 12:00"),
            ("first_report", "1h", "11-16 11:00"),
            ("public_reply", "5h", "11-16 15:00"),
            ("close", "3wd", "11-19 18:00"),
        ],
    }


def test_a_promise_is_due_at_the_close_of_the_promised_day():
    clock = commitment_clock(
        date(2026, 11, 21),
        at("2026-11-16 10:00"),
        grade=Grade.GENERAL,
        policy_version="p-1",
        calendar_version="test-1",
        by="值班员",
    )
    assert (clock.stage, local(due(clock, CALENDAR).at)) == (Stage.COMMITMENT, "2026-11-23 18:00")


def test_an_instant_without_time_zone_never_gets_into_a_ledger():
    naive = datetime(2026, 11, 16, 10)  # noqa: DTZ001 — that is the test
    with pytest.raises(NaiveInstant):
        opening_clocks(POLICY, Grade.GENERAL, DemandClass.REQUEST, naive, calendar_version="test-1", by="x")
    with pytest.raises(NaiveInstant):
        recorded(a_clock(), an_event(K.PAUSED, until=naive), CALENDAR)


@pytest.mark.parametrize("text", ["30m", "24h", "4wh", "15wd", "60d", "2026-12-01"])
def test_an_allowance_comes_back_from_its_text(text: str):
    clock = replace(a_clock(), allowance=read_allowance(text))
    assert allowance_text(clock) == text


@pytest.mark.parametrize("text", ["", "h", "15", "-3h", "tomorrow", "3 wd"])
def test_a_text_that_is_no_allowance_is_refused(text: str):
    with pytest.raises(ValueError, match="isoformat"):
        read_allowance(text)


# --- entries -------------------------------------------------------------------------------------


def a_clock(*events: ClockEvent) -> Clock:
    (clock,) = (
        one
        for one in opened(Grade.GENERAL, DemandClass.CONSULTATION, "2026-11-16 10:00")
        if one.stage is Stage.CLOSE
    )  # due 2026-11-19 18:00
    for event in events:
        clock = recorded(clock, event, CALENDAR)
    return clock


def an_event(kind: ClockEventKind, when: str = "2026-11-17 10:00", **changes: object) -> ClockEvent:
    event = ClockEvent(kind, at(when), "主任", reason="理由")
    if kind is K.PAUSED:
        event = replace(event, until=at(when) + timedelta(days=1))
    if kind in {K.EXTENDED, K.REGRADED}:
        event = replace(event, limit=THREE_DAYS)
    if kind is K.EXTENDED:
        event = replace(event, asked_at=at(when))
    return replace(event, **changes)


PAUSED = an_event(K.PAUSED, "2026-11-16 12:00")
STOPPED = an_event(K.STOPPED, "2026-11-16 12:00")
VOIDED = an_event(K.VOIDED, "2026-11-16 12:00")
LATE = "2026-11-19 18:00"

REFUSALS = [
    ((), an_event(K.STARTED), "second-start"),
    ((STOPPED,), an_event(K.REOPENED, "2026-11-16 11:59"), "earlier-than-last"),
    ((VOIDED,), an_event(K.STOPPED), "ended"),
    ((VOIDED,), an_event(K.REOPENED), "ended"),
    ((STOPPED,), an_event(K.STOPPED), "ended"),
    ((STOPPED,), an_event(K.PAUSED), "ended"),
    ((STOPPED,), an_event(K.EXTENDED), "ended"),
    ((), an_event(K.REOPENED), "not-stopped"),
    ((), an_event(K.RESUMED), "not-paused"),
    ((PAUSED,), an_event(K.RESUMED, "2026-11-17 12:00"), "not-paused"),  # it ran out just then
    ((PAUSED,), an_event(K.PAUSED, "2026-11-17 11:59"), "already-paused"),
    ((), an_event(K.PAUSED, LATE), "already-due"),
    ((), an_event(K.EXTENDED, LATE), "asked-too-late"),
    ((), an_event(K.EXTENDED, asked_at=None), "asked-too-late"),
    ((), an_event(K.EXTENDED, asked_at=at("2026-11-17 10:01")), "asked-too-late"),  # asked after granted
    ((), an_event(K.PAUSED, until=None), "pause-length"),
    ((), an_event(K.PAUSED, until=at("2026-11-17 10:00")), "pause-length"),
    ((), an_event(K.PAUSED, until=at("2026-11-17 10:01") + LONGEST_PAUSE), "pause-length"),
    ((), an_event(K.PAUSED, reason=" "), "no-reason"),
    ((), an_event(K.PAUSED, by=""), "no-reason"),
    ((), an_event(K.EXTENDED, reason=""), "no-reason"),
    ((), an_event(K.REGRADED, reason=""), "no-reason"),
    ((STOPPED,), an_event(K.REOPENED, reason=""), "no-reason"),
    ((), an_event(K.VOIDED, reason=""), "no-reason"),
    ((), an_event(K.EXTENDED, limit=None), "no-limit"),
    ((), an_event(K.EXTENDED, limit=Limit(0, LimitUnit.HOURS)), "no-limit"),
    ((), an_event(K.REGRADED, limit=None), "no-limit"),
]


@pytest.mark.parametrize(("before", "event", "why"), REFUSALS)
def test_a_ledger_refuses_what_it_cannot_take_and_says_why(
    before: tuple[ClockEvent, ...], event: ClockEvent, why: str
):
    with pytest.raises(ClockRefused) as refused:
        recorded(a_clock(*before), event, CALENDAR)
    assert (refused.value.code, refused.value.why) == ("clock-refused", why)
    assert refused.value.zh
    assert refused.value.en


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ((), an_event(K.PAUSED, "2026-11-19 17:59")),
        ((), an_event(K.PAUSED, until=at("2026-11-17 10:00") + LONGEST_PAUSE)),
        ((PAUSED,), an_event(K.RESUMED, "2026-11-17 11:59")),
        ((PAUSED,), an_event(K.PAUSED, "2026-11-17 12:00")),
        ((PAUSED,), an_event(K.STOPPED, "2026-11-16 13:00", reason="", by="")),  # work ends a pause
        ((), an_event(K.EXTENDED, LATE, asked_at=at("2026-11-19 17:59"))),
        ((STOPPED,), an_event(K.REOPENED)),
        ((STOPPED,), an_event(K.VOIDED)),
        ((), an_event(K.REGRADED, LATE)),
        ((), an_event(K.STOPPED, "2026-11-16 10:00")),  # at the same instant as the entry above
    ],
)
def test_a_ledger_takes_what_the_rules_admit_and_keeps_everything_above_it(
    before: tuple[ClockEvent, ...], event: ClockEvent
):
    clock = a_clock(*before)
    assert recorded(clock, event, CALENDAR).events == (*clock.events, event)


def test_entries_are_kept_in_utc_whatever_zone_they_come_in():
    event = an_event(K.PAUSED)
    elsewhere = replace(
        event, at=event.at.astimezone(CHINA), until=event.until and event.until.astimezone(CHINA)
    )
    assert a_clock(elsewhere) == a_clock(event)
    assert a_clock(elsewhere).events[-1].at.utcoffset() == timedelta()
