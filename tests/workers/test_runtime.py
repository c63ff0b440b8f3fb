"""The real worker on a real queue: what is committed is judged soon, whoever is killed, whatever is lost."""

from __future__ import annotations

import random
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.dispatch import JOBS, QUEUE
from casework.store.tables import (
    DecisionRow,
    HeartbeatRow,
    PostRow,
)
from casework.store.triage_rows import TriageState
from tests.builders import the_machine
from tests.desk_kit import SQLITE_ONLY
from tests.quietness import stretched
from tests.worker_kit import WAITING, County, county_on, until, verify_all

pytestmark = pytest.mark.no_cover  # processes, and many posts on the same lines

WORDS = ("翠湖小区路灯坏了", "工地拖欠工资", "感谢你们", "饭店油烟扰民", "村账不公开", "一人死亡", "吃了吗")


@pytest.fixture(scope="session")
def shared_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory for all workers of the run: the parsed dictionary in it takes seconds to make."""
    return tmp_path_factory.mktemp("worker")


@pytest.fixture
def county(shared_data_dir: Path, database_url: str, redis_url: str) -> Iterator[County]:
    with county_on(shared_data_dir, database_url, redis_url) as opened:
        yield opened


def _count(county: County, row: type, *where: sa.ColumnElement[bool]) -> int:
    with county.office.transactions.read(the_machine()) as uow:
        return uow.session.scalar(sa.select(sa.func.count()).select_from(row).where(*where)) or 0


def _waiting(county: County) -> int:
    return _count(county, PostRow, PostRow.triage_state.in_(WAITING))


def _none_waits(county: County) -> bool:
    return _waiting(county) == 0


def _is_judged(county: County, external_id: str) -> bool:
    return (
        _count(county, PostRow, PostRow.external_id == external_id, ~PostRow.triage_state.in_(WAITING)) == 1
    )


def _post_many(county: County, count: int, seed: int = 0) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        county.post(
            f"{chance.choice(WORDS)}，{uuid.UUID(int=chance.getrandbits(128))}", external_id=f"p{number}"
        )


def test_posts_are_judged_by_the_worker_and_by_both_evaluators(county: County):
    _post_many(county, 30)
    county.run("worker")

    until(lambda: _none_waits(county), "all posts judged", within=60)

    states = verify_all(county, 30)
    assert states["case"] > 0
    with county.office.transactions.read(the_machine()) as uow:
        engines = {row["state"] for row in uow.session.scalars(sa.select(DecisionRow.engine))}
    assert engines == {"equal"}
    assert "Traceback" not in county.said()


@SQLITE_ONLY
def test_a_post_is_judged_within_two_seconds_whenever_it_comes(county: County):
    worker = county.run("worker")
    county.post("感谢你们")
    until(lambda: _none_waits(county), "the worker is up", within=60)
    _post_many(county, 150)  # a drain that runs while the others come
    waits = []
    for number in range(15):  # while the drain runs, at its end, and when nothing runs any more
        county.post(f"感谢你们，第{number}次", external_id=f"w{number}")
        waits.append(until(lambda number=number: _is_judged(county, f"w{number}"), "judged", within=60))  # type: ignore[misc] # as above

    print(f"waits {[round(wait, 2) for wait in waits]}")  # noqa: T201 - a figure to publish
    # The first ones wait behind a backlog of 150 posts; those after it do not.
    assert max(waits[5:]) < stretched(2.0)
    assert worker.stop() == 0
    verify_all(county, 166)


@SQLITE_ONLY
def test_many_rings_bring_few_drains(county: County, redis_url: str):
    for _ in range(50):
        county.office.bell.ring("triage")

    queue = Queue(QUEUE, connection=Redis.from_url(redis_url), serializer=JSONSerializer)
    assert len(queue) == 1
    county.office.bell.clear(JOBS["triage"])
    county.office.bell.ring("redecide")  # another kind, the same drain
    assert len(queue) == 2


@SQLITE_ONLY
def test_two_workers_at_once_judge_every_post_once(county: County):
    _post_many(county, 120)
    county.run("worker")
    county.run("worker")
    for _ in range(4):  # both get drains to run
        county.office.bell.clear(JOBS["triage"])
        county.office.bell.ring("triage")

    until(lambda: _none_waits(county), "all posts judged", within=90)

    verify_all(county, 120)


def test_what_a_lost_queue_held_is_found_again_by_the_scheduler(county: County, redis_url: str):
    worker = county.run("worker")
    county.post("感谢你们")
    until(lambda: _none_waits(county), "the worker is up", within=60)
    worker.process.send_signal(signal.SIGSTOP)  # it hears nothing
    _post_many(county, 10)
    Redis.from_url(redis_url).flushall()
    worker.process.send_signal(signal.SIGCONT)
    county.run("scheduler")

    until(lambda: _none_waits(county), "found again", within=60)

    verify_all(county, 11)
    until(lambda: _count(county, HeartbeatRow) >= 2, "both processes beat", within=60)


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.long)])
def test_killing_worker_and_horse_loses_nothing_and_doubles_nothing(county: County, kills: int):
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")  # noqa: T201 - a failing seed is worth keeping
    chance = random.Random(seed)  # noqa: S311 - no secret
    worker, posted = county.run("worker"), 0
    county.run("scheduler")
    for _ in range(kills):
        batch = chance.randrange(5, 25)
        for _ in range(batch):
            posted += 1
            county.post(f"{chance.choice(WORDS)}，{posted}", external_id=f"k{posted}")
        # Strike at a random point of the work: before a horse runs, while it claims, judges or writes.
        left = chance.randrange(0, batch + 1)
        until(lambda left=left: _waiting(county) <= left or chance.random() < 0.02, "work goes on", within=90)  # type: ignore[misc] # a default freezes it
        if chance.random() < 0.5:
            worker.kill_horse()
        else:
            worker.kill()
            worker.start()

    until(lambda: _none_waits(county), "the backlog is judged", within=stretched(60))

    verify_all(county, posted)


@SQLITE_ONLY
def test_a_worker_asked_to_stop_ends_its_batch_and_leaves_no_claim(county: County):
    worker = county.run("worker")
    county.post("感谢你们")
    until(lambda: _none_waits(county), "the worker is up", within=60)
    _post_many(county, 200)
    until(lambda: bool(worker.children()), "a horse runs")

    assert worker.stop(within=15) == 0
    assert _count(county, PostRow, PostRow.triage_state == TriageState.CLAIMED.value) == 0
