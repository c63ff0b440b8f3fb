from datetime import date, time, timedelta
from pathlib import Path

import pytest

from casework.errors import CalendarHasNoHours
from casework.statutory import LUNAR_UNTIL, statutory_days
from casework.workdays import DayKind, local_day, workdays_of
from rules.model import CalendarYear
from rules.pack import load_pack
from tests.casework.calendars import NOTICE_2026, a_calendar, a_table, at, day, local, span

DEMO = Path(__file__).parents[2] / "rules" / "packs" / "demo"


def shipped():
    loaded = load_pack(DEMO)
    pack = loaded.pack or loaded.draft
    assert pack is not None, [problem.message for problem in loaded.problems][:5]
    return pack.calendar


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-09-18", DayKind.WORKDAY),
        ("2026-09-19", DayKind.WEEKEND),
        ("2026-09-20", DayKind.MAKE_UP),  # a Sunday
        ("2026-09-25", DayKind.HOLIDAY),  # a Friday
        ("2026-09-26", DayKind.HOLIDAY),  # a Saturday within the holiday
        ("2026-10-10", DayKind.MAKE_UP),  # a Saturday
        ("2026-10-11", DayKind.WEEKEND),
        ("2024-02-29", DayKind.WORKDAY),  # leap day, from the data set
        ("2024-02-04", DayKind.MAKE_UP),
        ("2024-10-01", DayKind.HOLIDAY),
        ("2027-01-01", DayKind.HOLIDAY),  # by law alone
        ("2027-02-05", DayKind.HOLIDAY),  # New Year's Eve of the lunar year
        ("2027-02-08", DayKind.HOLIDAY),
        ("2027-02-09", DayKind.WORKDAY),  # only a notice could make it a rest day
        ("2028-02-29", DayKind.WORKDAY),
        ("2003-12-31", DayKind.WORKDAY),  # before the data set
    ],
)
def test_a_day_is_worked_or_not_for_the_reason_that_the_notice_gives(text: str, kind: DayKind):
    reason = a_calendar().why(day(text))
    assert kind is reason.kind
    assert (kind in {DayKind.WORKDAY, DayKind.MAKE_UP}) == reason.is_workday
    assert reason.is_workday == a_calendar().is_workday(day(text))
    assert reason.why.zh
    assert reason.why.en


@pytest.mark.parametrize(
    ("text", "source", "provisional"),
    [
        ("2026-10-01", NOTICE_2026, False),
        ("2026-10-12", NOTICE_2026, False),
        ("2024-10-01", "chinesecalendar", False),
        ("2024-10-12", "chinesecalendar", False),
        ("2024-10-05", "chinesecalendar", False),
        ("2027-01-01", "全国年节及纪念日放假办法", True),
        ("2027-01-04", "全国年节及纪念日放假办法", True),
    ],
)
def test_each_day_names_on_whose_word_it_stands(text: str, source: str, *, provisional: bool):
    reason = a_calendar().why(day(text))
    assert (source, provisional) == (reason.source, reason.is_provisional)
    assert provisional == a_calendar().is_provisional(day(text))


@pytest.mark.parametrize("year", [2025, 2026])
def test_table_and_published_data_set_agree_on_every_day(year: int):
    ours, theirs = a_calendar(), workdays_of(a_table(years=()))
    days = span(f"{year}-01-01", f"{year}-12-31")
    differences = [one for one in days if ours.why(one).kind is not theirs.why(one).kind]
    assert differences == []
    assert sum(ours.is_workday(one) for one in days) == 248


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_shipped_calendar_says_the_same_as_this_one(year: int):
    shipped_days = workdays_of(shipped())
    for one in span(f"{year}-01-01", f"{year}-12-31"):
        assert a_calendar().is_workday(one) == shipped_days.is_workday(one), one
        assert a_calendar().is_provisional(one) == shipped_days.is_provisional(one), one


def test_every_year_of_the_data_set_gives_a_plausible_number_of_working_days():
    theirs = workdays_of(a_table(years=()))
    for year in range(2004, 2027):
        count = sum(theirs.is_workday(one) for one in span(f"{year}-01-01", f"{year}-12-31"))
        assert 247 <= count <= 252, (year, count)


def test_the_horizon_is_the_end_of_the_last_announced_year():
    announced = CalendarYear(2027, "某号", provisional=False, off=frozenset(), work=frozenset())
    guessed = CalendarYear(2028, "", provisional=True, off=frozenset(), work=frozenset())
    assert date(2026, 12, 31) == a_calendar().horizon
    assert date(2027, 12, 31) == workdays_of(a_table(years=(announced, guessed))).horizon


def test_the_horizon_moves_back_where_the_county_doubts_a_year():
    doubted = CalendarYear(2026, "", provisional=True, off=frozenset(), work=frozenset())
    assert date(2025, 12, 31) == workdays_of(a_table(years=(doubted,))).horizon


def test_a_provisional_year_of_the_table_keeps_the_days_of_the_law():
    sketch = CalendarYear(
        2027, "", provisional=True, off=frozenset({day("2027-02-09")}), work=frozenset({day("2027-02-20")})
    )
    calendar = workdays_of(a_table(years=(sketch,)))
    kinds = [
        calendar.why(day(text)).kind for text in ("2027-01-01", "2027-02-09", "2027-02-20", "2027-02-21")
    ]
    assert kinds == [DayKind.HOLIDAY, DayKind.HOLIDAY, DayKind.MAKE_UP, DayKind.WEEKEND]
    assert all(calendar.is_provisional(day(text)) for text in ("2027-02-09", "2027-02-20"))


def test_a_local_closure_shuts_a_working_day_and_leaves_other_reasons_alone():
    calendar = a_calendar(
        closures=[day("2026-09-18"), day("2026-09-20"), day("2026-10-01"), day("2026-09-19")]
    )
    kinds = [
        calendar.why(day(text)).kind for text in ("2026-09-18", "2026-09-20", "2026-10-01", "2026-09-19")
    ]
    assert kinds == [DayKind.CLOSURE, DayKind.CLOSURE, DayKind.HOLIDAY, DayKind.WEEKEND]
    assert "test-1" in calendar.why(day("2026-09-18")).source


def test_a_working_day_has_its_split_windows_and_any_other_day_none():
    windows = a_calendar().windows(day("2026-09-20"))
    assert [(local(window.start), local(window.end)) for window in windows] == [
        ("2026-09-20 08:30", "2026-09-20 12:00"),
        ("2026-09-20 14:30", "2026-09-20 18:00"),
    ]
    assert a_calendar().windows(day("2026-09-19")) == ()


def test_windows_between_two_instants_are_those_of_all_their_days():
    found = a_calendar().windows_between(at("2026-09-18 23:00"), at("2026-09-20 01:00"))
    assert [local(window.start)[:10] for window in found] == [
        "2026-09-18",
        "2026-09-18",
        "2026-09-20",
        "2026-09-20",
    ]


def test_business_closes_at_the_end_of_the_last_window_even_on_a_day_off():
    assert local(a_calendar().closing(day("2026-09-19"))) == "2026-09-19 18:00"


def test_the_local_day_turns_at_midnight_of_the_county_and_not_of_utc():
    assert day("2026-09-18") == local_day(at("2026-09-18 23:59"))
    assert day("2026-09-19") == local_day(at("2026-09-19 00:00"))


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(12), time(8)),),
        ((time(8), time(8)),),
        ((time(8), time(12)), (time(11), time(18))),
        ((time(14), time(18)), (time(8), time(12))),
    ],
    ids=["none", "backwards", "empty", "overlapping", "out of order"],
)
def test_a_calendar_without_usable_hours_is_refused(hours: tuple[tuple[time, time], ...]):
    with pytest.raises(CalendarHasNoHours) as refused:
        workdays_of(a_table(hours=hours))
    assert (refused.value.code, refused.value.version) == ("calendar-has-no-hours", "test-1")


def test_windows_that_touch_are_fine():
    calendar = workdays_of(a_table(hours=((time(8), time(12)), (time(12), time(18)))))
    assert len(calendar.windows(day("2026-09-18"))) == 2


@pytest.mark.parametrize("year", range(2027, LUNAR_UNTIL + 1))
def test_the_law_names_thirteen_days_a_year(year: int):
    days = statutory_days(year)
    # Mid-Autumn on a day of the National Day holiday is the same day off (2028, 2031).
    coinciding = {2028: 1, 2031: 1}.get(year, 0)
    assert 13 - coinciding == len(days)


@pytest.mark.parametrize("year", range(2027, LUNAR_UNTIL + 1))
def test_the_lunar_days_lie_whole_moons_apart(year: int):
    month = 29.530588  # mean synodic month in days; the true one differs by less than a day
    days = {label.zh: one for one, label in reversed(statutory_days(year).items())}
    new_year = days["春节"] + timedelta(days=1)  # the first of its four days is New Year's Eve
    assert date(year, 1, 21) <= new_year <= date(year, 2, 20)
    assert days["清明节"] in {date(year, 4, 4), date(year, 4, 5)}
    for name, months, offset in (("端午节", (4, 5), 4), ("中秋节", (7, 8), 14)):
        if name in days:  # a leap month may lie in between
            apart = (days[name] - new_year).days - offset
            assert min(abs(apart - count * month) for count in months) < 1.5, name


def test_without_lunar_table_only_fixed_days_remain_and_weekdays_go_on():
    assert {date(2050, 1, 1), date(2050, 5, 1), date(2050, 5, 2), *span("2050-10-01", "2050-10-03")} == set(
        statutory_days(2050)
    )
