"""Instants as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.web.times import county_date, county_time, distance, iso
from tests.web_kit import MakeWeb, Web

INSTANT = datetime(2026, 12, 31, 16, 5, 9, tzinfo=UTC)  # already 2027 in the county


def test_an_instant_is_shown_in_county_time_and_told_to_machines_in_utc():
    assert county_time(INSTANT) == "2027-01-01 00:05"
    assert county_date(INSTANT) == "2027-01-01"
    assert county_date(date(2026, 12, 31)) == "2026-12-31"
    assert iso(INSTANT) == "2026-12-31T16:05:09Z"
    assert county_time(None) == ""
    assert county_date(None) == ""


@pytest.mark.parametrize(
    ("gap", "chinese"),
    [
        (timedelta(0), "刚刚"),
        (timedelta(seconds=59), "刚刚"),
        (timedelta(seconds=60), "1 分钟后"),
        (-timedelta(minutes=59, seconds=59), "59 分钟前"),
        (-timedelta(hours=1), "1 小时前"),
        (timedelta(hours=23, minutes=59), "23 小时后"),
        (timedelta(days=1), "1 天后"),
        (-timedelta(days=40), "40 天前"),
    ],
)
def test_a_distance_is_told_in_its_largest_unit(web: Web, gap: timedelta, chinese: str):
    with web.app.test_request_context("/"):
        assert distance(gap) == chinese


def test_pages_show_the_demo_clock_that_was_advanced(web: Web):
    web.app.test_cli_runner().invoke(args=["demo", "advance", "3d"])

    assert "2026-11-19 10:00" in web.browser().get("/sign-in").text


@pytest.mark.parametrize(
    "spans", [["61d"], ["9999d"], ["60d"] * 6 + ["7d"]], ids=["far", "very far", "in steps"]
)
def test_the_demo_clock_stays_within_the_years_its_calendar_knows(web: Web, spans: list[str]):
    run = web.app.test_cli_runner()
    *before, last = (run.invoke(args=["demo", "advance", span]) for span in spans)

    assert [answer.exit_code for answer in before] == [0] * len(before)
    assert last.exit_code == 1
    assert "从头开始" in last.output
    assert str(web.home.settings.data_dir) in last.output


def test_outside_the_demo_no_page_speaks_of_a_demo(make: MakeWeb):
    page = make(demo=False).app.test_client().get("/sign-in", base_url="https://localhost").text

    assert "演示" not in page
    assert "非涉密系统 严禁录入国家秘密" in page
