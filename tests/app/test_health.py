"""How the installation says it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.health import Condition, Measured, is_serving, measure, verdicts
from casework.roles import Role
from casework.store.sources import RunLine, SourceLine
from casework.store.tables import HeartbeatRow, OutboxRow
from casework.store.wellbeing import beat
from tests.builders import new_id
from tests.web_kit import MONDAY, Web

GOOD, WARNING, BAD = Condition.GOOD, Condition.WARNING, Condition.BAD
ALL_WELL = Measured(
    now=MONDAY,
    database=True,
    queue=True,
    beats={"worker:1": MONDAY, "scheduler": MONDAY, "stall_check": MONDAY},
    oldest_unsent=None,
    stalled=0,
    announced_until=date(2027, 12, 31),
)


def conditions(found: Measured) -> dict[str, Condition]:
    return {check.name: check.condition for check in verdicts(found)}


def test_all_is_well():
    assert set(conditions(ALL_WELL).values()) == {GOOD}


@pytest.mark.parametrize(
    ("change", "name", "condition"),
    [
        ({"database": False}, "database", BAD),
        # without the queue nothing is lost, the sweep finds it
        ({"queue": False}, "queue", WARNING),
        ({"beats": {"scheduler": MONDAY}}, "worker", WARNING),
        ({"beats": {"worker:1": MONDAY - timedelta(seconds=90), "scheduler": MONDAY}}, "worker", GOOD),
        ({"beats": {"worker:1": MONDAY - timedelta(seconds=91), "scheduler": MONDAY}}, "worker", WARNING),
        # one of two workers is enough
        (
            {"beats": {"worker:1": MONDAY - timedelta(days=9), "worker:2": MONDAY, "scheduler": MONDAY}},
            "worker",
            GOOD,
        ),
        ({"beats": {"worker:1": MONDAY}}, "scheduler", WARNING),
        ({"oldest_unsent": MONDAY - timedelta(minutes=2)}, "outbox", GOOD),
        ({"oldest_unsent": MONDAY - timedelta(minutes=2, seconds=1)}, "outbox", WARNING),
        ({"stalled": 2}, "stalls", WARNING),
        ({"beats": {"worker:1": MONDAY, "scheduler": MONDAY}}, "stalls", WARNING),
        ({"beats": {"stall_check": MONDAY - timedelta(minutes=5)}}, "stalls", GOOD),
        ({"beats": {"stall_check": MONDAY - timedelta(minutes=5, seconds=1)}}, "stalls", WARNING),
        ({"announced_until": None}, "calendar", WARNING),
        ({"announced_until": MONDAY.date() + timedelta(days=60)}, "calendar", WARNING),
        ({"announced_until": MONDAY.date() + timedelta(days=61)}, "calendar", GOOD),
    ],
)
def test_a_check_comes_out(change: dict[str, object], name: str, condition: Condition):
    assert conditions(replace(ALL_WELL, **change))[name] is condition  # type: ignore[arg-type]


def test_only_a_bad_check_stops_the_service():
    assert is_serving(verdicts(replace(ALL_WELL, queue=False, beats={}, announced_until=None)))
    assert not is_serving(verdicts(replace(ALL_WELL, database=False)))


def test_every_check_that_is_not_good_says_what_to_do():
    bad = Measured(
        MONDAY, database=False, queue=False, beats={}, oldest_unsent=None, stalled=None, announced_until=None
    )

    for check in verdicts(bad):
        if check.condition is not GOOD:
            assert check.advice.zh, check.name
            assert check.advice.en, check.name


def test_the_stall_check_tells_its_instant_in_county_time_and_its_count():
    [check] = [one for one in verdicts(replace(ALL_WELL, stalled=2)) if one.name == "stalls"]

    assert "2026-11-16 10:00" in check.advice.zh
    assert "停滞舆情件 2 件" in check.advice.zh


def feed(**changes: object) -> SourceLine:
    run = RunLine(MONDAY, MONDAY, "failed", 0, 0, 0, "对方回应 503 answered 503")
    line = SourceLine(
        code="forum",
        name="示例论坛",
        kind="rss",
        platform="论坛",
        url="https://feed.example.org/rss",
        active=True,
        failures=2,
        next_due_at=MONDAY,
        every_minutes=15,
        last_good_at=MONDAY - timedelta(hours=3),
        failing_since=MONDAY - timedelta(hours=1),
        runs=(run,),
    )
    return replace(line, **changes)  # type: ignore[arg-type] # the fields that a test names


def test_a_failing_feed_is_named_with_since_when_and_why():
    [check] = [one for one in verdicts(replace(ALL_WELL, sources=(feed(),))) if one.name == "sources"]

    assert check.condition is WARNING
    for told in ("示例论坛", "2026-11-16 09:00", "2026-11-16 07:00", "2 次", "503"):
        assert told in check.advice.zh, told
        assert told.replace(" 次", " times") in check.advice.en or told == "示例论坛", told


@pytest.mark.parametrize("changes", [{"failures": 0}, {"active": False}, {"kind": "api"}])
def test_a_feed_that_works_or_is_not_pulled_is_no_warning(changes: dict[str, object]):
    assert conditions(replace(ALL_WELL, sources=(feed(**changes),)))["sources"] is GOOD


def test_what_is_measured_comes_from_the_database(web: Web):
    with sa.orm.Session(web.home.transactions.engine) as session:
        session.add(HeartbeatRow(process="scheduler", at=MONDAY, detail={}))
        beat(session, "stall_check", now=MONDAY, detail={"stalled": 1})
        beat(session, "stall_check", now=MONDAY, detail={"stalled": 3})
        session.add_all(
            OutboxRow(
                id=new_id(),
                county_id="demo",
                kind="document",
                object_id="x",
                created_at=MONDAY - timedelta(minutes=minutes),
                sent_at=MONDAY if minutes == 9 else None,
                attempts=0,
            )
            for minutes in (9, 3, 1)
        )
        session.commit()

    found = measure(web.home)

    assert found.beats == {"scheduler": MONDAY, "stall_check": MONDAY}
    assert found.stalled == 3
    assert found.oldest_unsent == MONDAY - timedelta(minutes=3)
    assert found.announced_until == web.outside.until


def test_the_probe_tells_a_load_balancer_without_figures(web: Web):
    answer = web.browser().get("/healthz")

    assert answer.status_code == 200
    assert answer.get_json()["status"] == "degraded", "nothing runs here but the pages"
    assert answer.get_json()["checks"]["worker"] == "warning"
    assert set(answer.get_json()) == {"status", "checks"}


def test_the_probe_fails_when_the_database_does_not_answer(web: Web):
    with web.home.transactions.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("ALTER TABLE counties RENAME TO gone")

    answer = web.browser().get("/healthz")

    assert answer.status_code == 503
    assert answer.get_json()["checks"]["database"] == "bad"


def test_the_page_is_for_the_system_administrator(web: Web):
    page = web.signed_in(Role.SYSTEM_ADMIN).get("/admin/health")

    assert page.status_code == 200
    assert "从未运行过" in page.text
    assert web.signed_in(Role.DIRECTOR).get("/admin/health").status_code == 403
