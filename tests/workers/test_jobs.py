"""The drains as the queue calls them, in this process: flags first, no failure where nothing can be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis
from sqlalchemy.orm import Session

from app.config import load_settings
from app.dispatch import JOBS, QUEUE
from casework import tokens
from casework.access import Role
from casework.desk.govern import sound_pack
from casework.desk.receive import receive_post
from casework.intake import IncomingPost
from casework.store.outage_rows import keep_watch
from casework.store.tables import CaseRow, DecisionRow, DeskItemRow, OutageRow, PostRow
from casework.store.wellbeing import STALL_CHECK, last_beats, last_stalled
from tests.builders import MONDAY, add_county, officer, the_machine
from tests.desk_kit import SQLITE_ONLY
from tests.small_pack import small_pack
from tests.two_people import put_in_force
from tests.worker_kit import environment
from workers import jobs
from workers.office import Office, open_office

pytestmark = SQLITE_ONLY


@pytest.fixture
def office(
    tmp_path: Path, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    opened = open_office(load_settings(environment(tmp_path, database_url, redis_url)))
    with Session(opened.transactions.engine) as session:
        add_county(session)
        session.commit()
    tokens.load(tmp_path / "jieba")
    monkeypatch.setattr(jobs, "the_office", lambda: opened)
    yield opened
    opened.let_go()


def _publish(office: Office, version: int = 1) -> None:
    with office.transactions.write(officer(Role.DIRECTOR)) as uow:
        put_in_force(uow, sound_pack(small_pack(version)))


def _post(office: Office, text: str = "翠湖小区的路灯坏了") -> None:
    with office.transactions.write(the_machine()) as uow:
        receive_post(uow, IncomingPost(source_code="form", text=text))


def _states(office: Office) -> list[str]:
    with office.transactions.read(the_machine()) as uow:
        return list(uow.session.scalars(sa.select(PostRow.triage_state)))


def _flags(redis_url: str) -> list[bytes]:
    return Redis.from_url(redis_url).keys(f"{QUEUE}:rung:*")


def test_a_drain_takes_its_flag_down_before_it_looks(office: Office, redis_url: str):
    _publish(office)
    _post(office)  # rings
    assert len(_flags(redis_url)) == 1

    jobs.drain_triage()

    assert _flags(redis_url) == []
    assert _states(office) == ["case"]


def test_posts_wait_for_the_first_rule_pack_without_a_failure(office: Office):
    _post(office)

    jobs.drain_triage()
    assert _states(office) == ["pending"]

    _publish(office)
    jobs.drain_triage()
    assert _states(office) == ["case"]


def test_the_minute_brings_a_stalled_case_to_a_person_and_says_when_it_looked(office: Office):
    jobs.sweep_minute()  # before the first pack: no failure, nothing to do
    assert _stall_check(office) == (None, [])
    _publish(office)
    _post(office)
    jobs.drain_triage()
    with office.transactions.write(the_machine()) as uow:
        uow.session.execute(sa.update(CaseRow).values(opened_at=MONDAY, state_since=MONDAY))

    for _ in range(2):
        jobs.sweep_minute()

    assert _stall_check(office) == (1, ["stalled"])


def test_the_minute_finds_out_that_there_was_none_for_a_while(office: Office):
    _publish(office)
    jobs.sweep_minute()
    with office.transactions.write(the_machine()) as uow:
        keep_watch(uow.session, uow.county, now=uow.now - timedelta(hours=2))

    for _ in range(2):
        jobs.sweep_minute()

    with office.transactions.read(the_machine()) as uow:
        [(began_at, ended_at)] = uow.session.execute(sa.select(OutageRow.began_at, OutageRow.ended_at))
    assert timedelta(hours=2) <= ended_at - began_at < timedelta(hours=3)


def _stall_check(office: Office) -> tuple[int | None, list[str]]:
    with office.transactions.read(the_machine()) as uow:
        kinds = list(uow.session.scalars(sa.select(DeskItemRow.kind)))
        assert (STALL_CHECK in last_beats(uow.session)) is (last_stalled(uow.session) is not None)
        return last_stalled(uow.session), kinds


def test_a_new_pack_judges_from_the_next_drain_on(office: Office):
    for version in (1, 2):
        _publish(office, version)
        _post(office, f"翠湖小区的路灯坏了，第{version}天")
        jobs.drain_triage()

    with office.transactions.read(the_machine()) as uow:
        refs = list(uow.session.scalars(sa.select(DecisionRow.pack_ref).order_by(DecisionRow.id)))
    assert [ref.split("+")[0] for ref in refs] == ["small@1", "small@2"]


def test_a_drain_that_was_asked_to_stop_rings_for_the_next(
    office: Office, redis_url: str, monkeypatch: pytest.MonkeyPatch
):
    _publish(office)
    _post(office)
    monkeypatch.setattr(jobs, "LONGEST_DRAIN", -1.0)

    jobs.drain_triage()

    assert _states(office) == ["pending"]
    assert len(_flags(redis_url)) == 1


@pytest.mark.parametrize("name", sorted(set(JOBS.values())))
def test_every_drain_ends_where_nothing_waits(office: Office, name: str):
    _publish(office)

    getattr(jobs, name.rpartition(".")[2])()

    assert _states(office) == []
