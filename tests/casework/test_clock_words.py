"""How a deadline was counted, in one line: what was added to the limit and what did not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.clock_entries import commitment_clock
from casework.clock_words import how_counted
from casework.clocks import Clock, due
from rules.model import Grade, LimitUnit
from tests.casework.calendars import at
from tests.casework.test_clocks import CALENDAR, WD, H, K, a_clock, an_event, extended, noted, regraded


def told(clock: Clock) -> tuple[str, str]:
    words = how_counted(clock, due(clock, CALENDAR))
    return words.zh, words.en


def at_night(clock: Clock) -> Clock:
    return replace(clock, events=(replace(clock.events[0], until=at("2026-11-17 09:00")),))


@pytest.mark.parametrize(
    ("clock", "zh", "en"),
    [
        (a_clock(2, H), "交办后2小时", "2 hours after dispatch"),
        (a_clock(30, LimitUnit.MINUTES), "交办后30分钟", "30 minutes after dispatch"),
        (
            at_night(a_clock(2, H, "2026-11-16 20:00")),
            "交办后2小时；夜间顺延，11-17 09:00起算",
            "2 hours after dispatch; night: counting begins at 11-17 09:00",
        ),
        (
            a_clock(),
            "交办后5个工作日；周末2天不计",
            "5 working days after dispatch; Weekend (2 days) left out",
        ),
        (
            noted(a_clock(2, H), extended("2026-11-16 11:00", 1, H)),
            "交办后2小时；批准延期1小时",
            "2 hours after dispatch; extended by 1 hour",
        ),
        (
            a_clock(
                4, H, "2026-11-16 10:00", an_event(K.PAUSED, "2026-11-16 11:00", until=at("2026-11-16 12:30"))
            ),
            "交办后4小时；中止1.5小时不计",
            "4 hours after dispatch; Paused (1.5 hours) left out",
        ),
    ],
)
def test_the_line_says_the_limit_and_all_that_moved_it(clock: Clock, zh: str, en: str):
    assert told(clock) == (zh, en)


def test_a_new_grade_is_named_as_the_reason_for_another_limit():
    assert told(noted(a_clock(5, WD), regraded("2026-11-17 10:00", 2)))[0].endswith("等级调整后改为2个工作日")


def test_a_promise_ends_with_its_day():
    clock = commitment_clock(
        date(2026, 11, 20),
        at("2026-11-16 10:00"),
        grade=Grade.MAJOR,
        policy_version="p",
        calendar_version="c",
        by="督查员",
    )

    assert told(clock)[0] == "承诺日期当日截止"
