"""The clock-watcher: what is due is rung once an interval, and what was left behind is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest
import sqlalchemy as sa

from casework.access import Actor
from casework.desk.receive import receive_post
from casework.desk.triage import CLAIM_LEASE, claim_posts
from casework.intake import IncomingPost
from casework.store.tables import HeartbeatRow, OutboxRow, PostRow, SourceRow
from tests.builders import COUNTY, MONDAY, new_id, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, NotingBell, desk_on
from workers.office import Office, is_dead, owner_name
from workers.scheduler import Scheduler, Task, due_tasks


@dataclass
class TestOffice:
    """An office with the transactions of a test."""

    __test__ = False
    desk: Desk
    bell: NotingBell = field(init=False)

    def __post_init__(self) -> None:
        self.bell = self.desk.bell
        self.transactions = self.desk.transactions

    @property
    def actor(self) -> Actor:
        return the_machine()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as opened:
        yield opened


@pytest.fixture
def scheduler(desk: Desk) -> Scheduler:
    return Scheduler(cast("Office", TestOffice(desk)))


def _tick(desk: Desk, scheduler: Scheduler) -> list[str]:
    desk.bell.rung.clear()
    scheduler.tick()
    return desk.bell.rung


def _post(desk: Desk) -> None:
    with desk.transactions.write(the_machine()) as uow:
        receive_post(uow, IncomingPost(source_code="form", text="路灯坏了"))


@SQLITE_ONLY
def test_the_sweep_is_rung_each_minute_and_posts_only_where_some_wait(desk: Desk, scheduler: Scheduler):
    assert _tick(desk, scheduler) == ["sweep"]
    desk.clock.advance(seconds=30)
    assert _tick(desk, scheduler) == []
    desk.clock.advance(seconds=30)
    assert _tick(desk, scheduler) == ["sweep"]


@SQLITE_ONLY
def test_a_post_whose_ring_was_lost_is_rung_for_again(desk: Desk, scheduler: Scheduler):
    _tick(desk, scheduler)
    _post(desk)
    desk.clock.advance(seconds=5)

    assert _tick(desk, scheduler) == ["triage"]


@pytest.mark.parametrize("owner", ["dead", "old"])
def test_a_claim_of_a_dead_process_or_an_old_one_is_taken_back_and_rung_for(
    desk: Desk, scheduler: Scheduler, owner: str
):
    _tick(desk, scheduler)
    _post(desk)
    name = owner_name().rpartition("/")[0] + "/1" if owner == "dead" else "elsewhere/1/1"
    with desk.transactions.write(the_machine()) as uow:
        claim_posts(uow, 1, owner=name)
    desk.clock.at += timedelta(seconds=5) if owner == "dead" else CLAIM_LEASE + timedelta(seconds=1)

    assert "triage" in _tick(desk, scheduler)
    with desk.transactions.read(the_machine()) as uow:
        assert uow.session.scalars(sa.select(PostRow.triage_state)).all() == ["pending"]


@SQLITE_ONLY
def test_a_claim_of_a_living_process_is_left_alone(desk: Desk, scheduler: Scheduler):
    _tick(desk, scheduler)
    _post(desk)
    with desk.transactions.write(the_machine()) as uow:
        claim_posts(uow, 1, owner=owner_name())
    desk.clock.advance(seconds=5)

    assert _tick(desk, scheduler) == []


@SQLITE_ONLY
def test_an_errand_that_nobody_heard_is_rung_for_and_one_given_up_is_not(desk: Desk, scheduler: Scheduler):
    with desk.transactions.write(the_machine()) as uow:
        uow.ring("document", new_id())
    with desk.transactions.write(the_machine()) as uow:
        uow.ring("redecide", new_id())
    with desk.transactions.write(the_machine()) as uow:
        uow.session.execute(sa.update(OutboxRow).where(OutboxRow.kind == "redecide").values(attempts=5))
    _tick(desk, scheduler)
    desk.clock.advance(seconds=11)

    assert _tick(desk, scheduler) == ["document"]


@SQLITE_ONLY
def test_sources_are_rung_for_when_one_is_due(desk: Desk, scheduler: Scheduler):
    with desk.transactions.write(the_machine()) as uow:
        uow.session.add(
            SourceRow(
                id=new_id(),
                county_id=COUNTY,
                code="feed",
                name="示例网",
                kind="rss",
                platform="示例网",
                url="https://feed.example/rss",
                next_due_at=MONDAY + timedelta(minutes=3),
                created_at=MONDAY,
            )
        )

    assert "sources" not in _tick(desk, scheduler)
    desk.clock.advance(minutes=3)
    assert "sources" in _tick(desk, scheduler)


@SQLITE_ONLY
def test_it_shows_that_it_lives(desk: Desk, scheduler: Scheduler):
    _tick(desk, scheduler)
    desk.clock.advance(minutes=1)
    _tick(desk, scheduler)

    with desk.transactions.read(the_machine()) as uow:
        (beat,) = uow.session.scalars(sa.select(HeartbeatRow))
        assert (beat.process, beat.at) == ("scheduler", desk.clock.at)


@SQLITE_ONLY
def test_a_task_that_fails_does_not_end_the_loop(desk: Desk, scheduler: Scheduler):
    scheduler.tasks = (Task("bad", timedelta(seconds=1), lambda: 1 / 0), *scheduler.tasks)  # type: ignore[assignment, arg-type, return-value] # a task that fails

    assert "sweep" in _tick(desk, scheduler)


def test_a_clock_that_was_set_back_stops_nothing():
    task = Task("x", timedelta(minutes=1), lambda: None)

    assert due_tasks((task,), {"x": MONDAY}, MONDAY - timedelta(days=1)) == (task,)
    assert due_tasks((task,), {"x": MONDAY}, MONDAY + timedelta(seconds=59)) == ()


def test_a_process_knows_itself_and_who_is_gone():
    me = owner_name()
    host, pid, started = me.rsplit("/", 2)

    assert not is_dead(me)
    assert is_dead(f"{host}/{pid}/{int(started) + 1}")  # the number was given to another process
    assert is_dead(f"{host}/4194304/1")  # beyond the largest process id
    assert not is_dead(f"other-{host}/{pid}/1")  # nobody here can know
    assert not is_dead("nonsense")
