from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.counting import LONGEST, START_DAY, Count, close_of, count, limit_words
from casework.errors import LimitTooLong, NaiveInstant, NoWorkingDays
from casework.stretches import Stretch, merged, pieces
from casework.workdays import CHINA, Workdays, workdays_of
from rules.model import CalendarYear, Label, Limit, LimitUnit
from tests.casework.calendars import HOURS, a_calendar, a_table, at, day, local, span

PAUSE = Label("中止", "Paused")
MINUTE = timedelta(minutes=1)


def limit(text: str) -> Limit:
    amount = text.rstrip("mhwd")
    return Limit(int(amount), LimitUnit(text[len(amount) :]))


def off(*edges: tuple[str, str]) -> tuple[Stretch, ...]:
    return tuple(Stretch(at(start), at(end), PAUSE) for start, end in edges)


# domain.md §8.3, every line; for the lines of days the hour of receipt does not matter.
VECTORS = [
    ("2026-09-18", "5wd", "2026-09-24 18:00"),
    ("2026-09-24", "3wd", "2026-09-30 18:00"),
    ("2026-09-30", "5wd", "2026-10-13 18:00"),
    ("2026-02-13", "3wd", "2026-02-25 18:00"),
    ("2026-04-30", "5wd", "2026-05-11 18:00"),
    ("2026-06-18", "7wd", "2026-06-30 18:00"),
    ("2026-09-19", "3wd", "2026-09-22 18:00"),
    ("2026-12-30", "3wd", "2027-01-05 18:00"),
    ("2026-09-16", "15d", "2026-10-08 18:00"),
    ("2026-08-05", "60d", "2026-10-08 18:00"),
    ("2026-02-05", "15d", "2026-02-24 18:00"),
]


@pytest.mark.parametrize("hour", ["00:00", "10:15", "18:00", "23:59"])
@pytest.mark.parametrize(("received", "text", "due"), VECTORS)
def test_the_vectors_of_the_domain_page_come_out(received: str, text: str, due: str, hour: str):
    assert due == local(count(at(f"{received} {hour}"), limit(text), a_calendar()).at)


@pytest.mark.parametrize("start", ["2026-09-30 23:10", "2026-10-10 08:30", "2024-02-28 12:00"])
def test_natural_hours_skip_nothing(start: str):
    assert timedelta(hours=24) == count(at(start), limit("24h"), a_calendar()).at - at(start)


@pytest.mark.parametrize(
    ("start", "text", "due"),
    [
        ("2026-09-18 23:59", "1wd", "2026-09-20 18:00"),  # before midnight: counts from the 19th
        ("2026-09-19 00:00", "1wd", "2026-09-20 18:00"),  # after midnight, a Saturday
        ("2026-09-20 00:00", "1wd", "2026-09-21 18:00"),  # the make-up Sunday is its own start day
        ("2026-10-03 12:00", "1wd", "2026-10-08 18:00"),  # received within the holiday
        ("2024-02-28 12:00", "1d", "2024-02-29 18:00"),  # leap day
        ("2024-02-28 12:00", "2d", "2024-03-01 18:00"),
        ("2026-09-18 17:00", "2wh", "2026-09-20 09:30"),  # over the night and the free Saturday
        ("2026-09-18 12:30", "1wh", "2026-09-18 15:30"),  # from the noon break
        ("2026-09-18 17:00", "1wh", "2026-09-18 18:00"),  # used up exactly at the close
        ("2026-09-18 11:00", "1wh", "2026-09-18 12:00"),  # used up exactly at noon
        ("2026-09-19 10:00", "7wh", "2026-09-20 18:00"),  # one whole working day
        ("2026-09-18 10:00", "90m", "2026-09-18 11:30"),
        ("2026-09-18 10:00", "0wd", "2026-09-18 10:00"),  # nothing ends at once
    ],
)
def test_limits_end_where_the_table_of_the_module_says(start: str, text: str, due: str):
    assert due == local(count(at(start), limit(text), a_calendar()).at)


@pytest.mark.parametrize(
    ("start", "text", "stretches", "due"),
    [
        # a pause over the end of business costs that day, however short it is
        ("2026-11-16 10:00", "3wd", [("2026-11-18 17:00", "2026-11-19 09:00")], "2026-11-20 18:00"),
        ("2026-11-16 10:00", "3wd", [("2026-11-18 09:00", "2026-11-18 17:59")], "2026-11-19 18:00"),
        ("2026-11-16 10:00", "3wd", [("2026-11-18 18:00", "2026-11-19 09:00")], "2026-11-19 18:00"),
        # resumed exactly at the close: the clock did not run on that day's end
        ("2026-11-16 10:00", "3wd", [("2026-11-18 09:00", "2026-11-18 18:00")], "2026-11-20 18:00"),
        # a pause over the start day costs nothing: it does not count anyway
        ("2026-11-16 10:00", "3wd", [("2026-11-16 11:00", "2026-11-17 08:00")], "2026-11-19 18:00"),
        # a pause after the end changes nothing
        ("2026-11-16 10:00", "3wd", [("2026-11-19 18:00", "2026-11-25 08:00")], "2026-11-19 18:00"),
        # two overlapping pauses are one
        (
            "2026-11-16 10:00",
            "24h",
            [("2026-11-16 12:00", "2026-11-16 14:00"), ("2026-11-16 13:00", "2026-11-16 15:00")],
            "2026-11-17 13:00",
        ),
        ("2026-11-16 10:00", "24h", [("2026-11-16 08:00", "2026-11-16 11:00")], "2026-11-17 11:00"),
        ("2026-11-16 10:00", "24h", [("2026-11-17 10:00", "2026-11-17 11:00")], "2026-11-17 10:00"),
        ("2026-11-16 10:00", "4wh", [("2026-11-16 11:00", "2026-11-16 15:00")], "2026-11-16 18:00"),
        ("2026-11-16 20:00", "4wh", [("2026-11-16 17:00", "2026-11-16 23:00")], "2026-11-17 15:00"),
        # the last calendar day falls into a pause: the next working day on which the clock runs
        ("2026-11-16 10:00", "2d", [("2026-11-18 09:00", "2026-11-19 09:00")], "2026-11-19 18:00"),
        ("2026-11-16 10:00", "4d", [("2026-11-23 09:00", "2026-11-24 09:00")], "2026-11-20 18:00"),
        ("2026-11-16 10:00", "5d", [("2026-11-23 09:00", "2026-11-24 09:00")], "2026-11-24 18:00"),
    ],
)
def test_pauses_move_the_end_by_what_they_cost(
    start: str, text: str, stretches: list[tuple[str, str]], due: str
):
    assert due == local(count(at(start), limit(text), a_calendar(), off(*stretches)).at)


def test_the_sum_names_every_day_and_why_it_counts_or_not():
    lines = count(at("2026-09-30 10:00"), limit("5wd"), a_calendar()).lines
    assert [
        (local(line.start)[:10], local(line.end)[:10], line.is_counted, line.tally, line.why.zh)
        for line in lines
    ] == [
        ("2026-09-30", "2026-10-01", False, "0", "开始当日不计入"),
        ("2026-10-01", "2026-10-08", False, "0", "节假日放假"),
        ("2026-10-08", "2026-10-09", True, "1", "工作日"),
        ("2026-10-09", "2026-10-10", True, "2", "工作日"),
        ("2026-10-10", "2026-10-11", True, "3", "调休上班"),
        ("2026-10-11", "2026-10-12", False, "3", "周末"),
        ("2026-10-12", "2026-10-13", True, "4", "工作日"),
        ("2026-10-13", "2026-10-14", True, "5", "工作日"),
    ]


def test_the_sum_of_calendar_days_shows_how_the_last_one_moves_on():
    lines = count(at("2026-09-28 10:00"), limit("3d"), a_calendar()).lines
    assert [(local(line.start)[:10], line.is_counted, line.why.zh) for line in lines[-3:]] == [
        ("2026-10-01", True, "自然日"),
        ("2026-10-02", False, "节假日放假，顺延"),
        ("2026-10-08", False, "顺延至该日截止"),
    ]


def test_the_sum_of_hours_shows_pauses_and_free_days():
    found = count(
        at("2026-09-18 17:00"), limit("2wh"), a_calendar(), off(("2026-09-20 08:30", "2026-09-20 09:00"))
    )
    assert [(local(one.start), local(one.end), one.is_counted, one.tally) for one in found.lines] == [
        ("2026-09-18 17:00", "2026-09-18 18:00", True, "1"),
        ("2026-09-19 00:00", "2026-09-20 00:00", False, "1"),
        ("2026-09-20 08:30", "2026-09-20 09:00", False, "1"),
        ("2026-09-20 09:00", "2026-09-20 10:00", True, "2"),
    ]


def test_hours_are_shown_without_needless_noughts():
    lines = count(at("2026-11-16 10:00"), limit("90m"), a_calendar()).lines
    assert [line.tally for line in lines] == ["1.5"]


@pytest.mark.parametrize(
    ("start", "text", "provisional"),
    [
        ("2026-12-30 10:00", "1wd", False),
        ("2026-12-30 10:00", "2wd", True),
        ("2026-12-31 17:00", "1wh", False),
        ("2026-12-31 17:00", "2wh", True),
        ("2026-12-30 10:00", "1d", False),
        ("2026-12-30 10:00", "2d", True),
        ("2026-12-31 23:00", "24h", False),  # no calendar is asked
    ],
)
def test_an_end_that_stands_on_an_unannounced_year_is_provisional(
    start: str, text: str, *, provisional: bool
):
    found = count(at(start), limit(text), a_calendar())
    assert provisional == found.is_provisional
    assert provisional == any(line.is_provisional for line in found.lines)


@pytest.mark.parametrize(
    ("promised", "due", "lines"),
    [("2026-11-20", "2026-11-20 18:00", 1), ("2026-11-21", "2026-11-23 18:00", 3)],
)
def test_a_promised_day_ends_with_business_and_moves_on_from_a_day_off(promised: str, due: str, lines: int):
    found = close_of(day(promised), a_calendar())
    assert (due, lines, False) == (local(found.at), len(found.lines), found.is_provisional)


def test_a_promise_in_an_unannounced_year_is_provisional():
    assert close_of(day("2027-03-01"), a_calendar()).is_provisional


def closed_for_ever() -> Workdays:
    return workdays_of(a_table(closures=span("2026-01-01", "2029-12-31")))


@pytest.mark.parametrize("text", ["1wd", "1wh", "1d"])
def test_a_calendar_without_working_days_is_an_error_and_not_an_endless_loop(text: str):
    with pytest.raises(NoWorkingDays) as refused:
        count(at("2026-11-16 10:00"), limit(text), closed_for_ever())
    assert (refused.value.code, refused.value.version) == ("no-working-days", "test-1")


@pytest.mark.parametrize("unit", LimitUnit)
def test_a_limit_beyond_all_reason_is_refused_and_the_longest_one_is_counted(unit: LimitUnit):
    start = at("2026-11-16 10:00")
    with pytest.raises(LimitTooLong) as refused:
        count(start, Limit(LONGEST[unit] + 1, unit), a_calendar())
    assert str(LONGEST[unit] + 1) in refused.value.limit
    assert count(start, Limit(LONGEST[unit], unit), a_calendar()).at > start


def test_an_instant_without_time_zone_is_refused():
    with pytest.raises(NaiveInstant) as refused:
        count(datetime(2026, 11, 16, 10), limit("1h"), a_calendar())  # noqa: DTZ001 — that is the test
    assert refused.value.name == "start"


def test_any_time_zone_will_do_and_the_answer_is_in_utc():
    start = at("2026-11-16 10:00")
    assert count(start, limit("3wd"), a_calendar()) == count(
        start.astimezone(CHINA), limit("3wd"), a_calendar()
    )
    assert UTC is count(start.astimezone(CHINA), limit("1h"), a_calendar()).at.tzinfo


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("30m", "30 分钟", "30 minutes"),
        ("1h", "1 小时", "1 hour"),
        ("24h", "24 小时", "24 hours"),
        ("4wh", "4 个工作小时", "4 working hours"),
        ("5wd", "5 个工作日", "5 working days"),
        ("15d", "15 日", "15 days"),
    ],
)
def test_limits_are_written_out_in_both_languages(text: str, zh: str, en: str):
    assert Label(zh, en) == limit_words(limit(text))


# --- against a walk from minute to minute ---------------------------------------------------------

FIRST = date(2026, 9, 14)
days = st.integers(0, 20).map(lambda step: FIRST + timedelta(days=step))


@st.composite
def calendars(draw: st.DrawFn) -> Workdays:
    """Draw a September full of holidays and make-up days, closed on some more."""
    resting = draw(st.frozensets(days, max_size=8))
    worked = draw(st.frozensets(days, max_size=4)) - resting
    year = CalendarYear(2026, "n", provisional=False, off=resting, work=worked)
    return workdays_of(a_table(years=(year,), closures=draw(st.frozensets(days, max_size=3))))


minutes = st.integers(0, 20 * 24 * 60).map(lambda step: datetime(2026, 9, 13, 16, tzinfo=UTC) + step * MINUTE)
stretches = st.lists(
    st.tuples(minutes, st.integers(0, 3000)).map(
        lambda drawn: Stretch(drawn[0], drawn[0] + drawn[1] * MINUTE, PAUSE)
    ),
    max_size=3,
)
limits = st.one_of(
    st.integers(1, 200).map(lambda amount: Limit(amount, LimitUnit.MINUTES)),
    st.integers(1, 72).map(lambda amount: Limit(amount, LimitUnit.HOURS)),
    st.integers(1, 20).map(lambda amount: Limit(amount, LimitUnit.WORKING_HOURS)),
    st.integers(1, 5).map(lambda amount: Limit(amount, LimitUnit.WORKING_DAYS)),
    st.integers(1, 9).map(lambda amount: Limit(amount, LimitUnit.DAYS)),
)


def is_worked(one: date, calendar: Workdays) -> bool:
    year = calendar.years[2026]
    if one in calendar.closures:
        return False
    return one in year.work or (one not in year.off and one.weekday() < 5)


def walk(start: datetime, wanted: Limit, calendar: Workdays, halted: list[Stretch]) -> datetime:
    """Walk from minute to minute and count the ones that the law counts."""

    def runs(moment: datetime) -> bool:
        return not any(one.start <= moment < one.end for one in halted)

    first, left, moment = start.astimezone(CHINA).date(), wanted.amount, start
    if wanted.unit in {LimitUnit.HOURS, LimitUnit.WORKING_HOURS}:
        left *= 60
    while True:
        here = moment.astimezone(CHINA)
        today, clock = here.date(), here.time()
        closes = (here + MINUTE).time() == HOURS[-1][1]
        if wanted.unit in {LimitUnit.MINUTES, LimitUnit.HOURS}:
            left -= runs(moment)
        elif wanted.unit is LimitUnit.WORKING_HOURS:
            open_now = any(opens <= clock < shuts for opens, shuts in HOURS)
            left -= open_now and is_worked(today, calendar) and runs(moment)
        elif closes and today > first and runs(moment):
            if wanted.unit is LimitUnit.WORKING_DAYS:
                left -= is_worked(today, calendar)
            else:
                left -= 1
                if left <= 0 and not is_worked(today, calendar):
                    left = 1  # moves on
        moment += MINUTE
        if left <= 0:
            return moment


@settings(max_examples=120)
@given(start=minutes, wanted=limits, calendar=calendars(), halted=stretches)
def test_every_limit_ends_where_a_walk_from_minute_to_minute_ends(
    start: datetime, wanted: Limit, calendar: Workdays, halted: list[Stretch]
):
    assert walk(start, wanted, calendar, halted) == count(start, wanted, calendar, halted).at


@given(start=minutes, wanted=limits, calendar=calendars(), halted=stretches, more=stretches)
def test_more_pauses_never_bring_the_end_forward(
    start: datetime, wanted: Limit, calendar: Workdays, halted: list[Stretch], more: list[Stretch]
):
    assert count(start, wanted, calendar, halted).at <= count(start, wanted, calendar, [*halted, *more]).at


@given(start=minutes, later=minutes, wanted=limits, calendar=calendars(), halted=stretches)
def test_a_later_start_never_ends_earlier(
    start: datetime, later: datetime, wanted: Limit, calendar: Workdays, halted: list[Stretch]
):
    first, second = sorted((start, later))
    assert count(first, wanted, calendar, halted).at <= count(second, wanted, calendar, halted).at


@given(start=minutes, wanted=limits, calendar=calendars(), halted=stretches)
def test_the_lines_of_the_sum_are_in_order_apart_and_add_up(
    start: datetime, wanted: Limit, calendar: Workdays, halted: list[Stretch]
):
    found: Count = count(start, wanted, calendar, halted)
    edges = [edge for line in found.lines for edge in (line.start, line.end)]
    assert edges == sorted(edges)
    assert all(line.start < line.end for line in found.lines)
    used = sum((line.end - line.start for line in found.lines if line.is_counted), timedelta())
    expected = {
        LimitUnit.MINUTES: timedelta(minutes=wanted.amount),
        LimitUnit.HOURS: timedelta(hours=wanted.amount),
        LimitUnit.WORKING_HOURS: timedelta(hours=wanted.amount),
        LimitUnit.WORKING_DAYS: timedelta(days=wanted.amount),
        LimitUnit.DAYS: timedelta(days=wanted.amount),
    }
    assert expected[wanted.unit] == used
    assert found.lines[-1].start < found.at <= found.lines[-1].end
    assert START_DAY not in [line.why for line in found.lines[1:]]


@given(halted=stretches, start=minutes, length=st.integers(0, 6000))
def test_pieces_cover_a_stretch_of_time_exactly_once(halted: list[Stretch], start: datetime, length: int):
    end = start + length * MINUTE
    parts = list(pieces(start, end, merged(halted)))
    assert [start, *(until for _, until, _ in parts)] == [*(begin for begin, _, _ in parts), end]
    for begin, until, why in parts:
        assert begin < until
        middle = begin + (until - begin) / 2
        assert (why is not None) == any(one.start <= middle < one.end for one in halted)
