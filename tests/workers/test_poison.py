"""Posts written to choke the machine: each ends, none is dropped, and those beside them hardly wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.config import DEMO_PACK
from casework.desk.triage import MOST_ATTEMPTS
from casework.store.tables import PostRow
from rules.pack import pack_files
from tests.builders import the_machine
from tests.desk_kit import SQLITE_ONLY
from tests.quietness import stretched
from tests.worker_kit import WAITING, County, county_on, until, verify_all
from workers.thinker import LIMIT_SECONDS

pytestmark = pytest.mark.no_cover  # processes, and many posts on the same lines

LONGEST = 21_000  # characters: 64 KB of Chinese, as much as intake takes
POISON = {
    "one word without end": "死亡" * (LONGEST // 2),
    "digits without end": "1" * 60_000,
    "number words without end": "一千" * (LONGEST // 2),
    "one letter between marks": "拆*" * (LONGEST // 2),
    "one letter a line": "上\n" * (LONGEST // 2),
    "characters that grow eighteenfold": "\ufdfa" * LONGEST,
    "marks upon marks": "死" + "\u0301" * 30_000,
    "letters that draw nothing": "拖\u3164\u200b欠" * 5_000,
    "suppositions without end": "如果没有" * (LONGEST // 4),
    "openings without end": "（" * LONGEST,
    "every kind of hit": "我们三百户业主联名举报村主任贪污，工地拖欠工资，孩子受伤，河水发黑，" * 600,
}


@pytest.fixture
def county(tmp_path: Path, database_url: str, redis_url: str) -> Iterator[County]:
    with county_on(tmp_path, database_url, redis_url, pack=pack_files(DEMO_PACK)) as opened:
        yield opened


def _is_judged(county: County, external_id: str) -> bool:
    with county.office.transactions.read(the_machine()) as uow:
        state = uow.session.scalar(sa.select(PostRow.triage_state).where(PostRow.external_id == external_id))
    return state is not None and state not in WAITING


@SQLITE_ONLY
def test_every_poison_ends_within_ten_seconds_and_its_neighbours_within_two(county: County):
    county.run("worker")
    county.run("scheduler")
    county.post("感谢你们，灯修好了。", external_id="first")
    county.office.bell.ring("triage")
    until(lambda: _is_judged(county, "first"), "the worker is up", within=90)

    waits: dict[str, tuple[float, float]] = {}
    for number, (name, text) in enumerate(POISON.items()):
        county.post(text, external_id=f"poison-{number}")
        county.post("路口的红绿灯坏了，请派人修一下。", external_id=f"beside-{number}")
        county.office.bell.ring("triage")
        beside = until(lambda n=number: _is_judged(county, f"beside-{n}"), f"judged beside {name}", within=60)  # type: ignore[misc] # a default freezes it
        ended = until(lambda n=number: _is_judged(county, f"poison-{n}"), f"{name} has ended", within=60)  # type: ignore[misc] # a default freezes it
        waits[name] = (beside, beside + ended)

    verify_all(county, 1 + 2 * len(POISON))
    for name, (beside, ended) in waits.items():
        print(f"{name}: ended after {ended:.2f} s, its neighbour after {beside:.2f} s")  # noqa: T201 - the figures of the proof
    assert max(ended for _, ended in waits.values()) < stretched(10.0)
    assert max(beside for beside, _ in waits.values()) < stretched(2.0)


def test_a_post_that_hangs_reaches_a_person_within_ten_seconds():
    assert LIMIT_SECONDS * MOST_ATTEMPTS < 10.0
    assert LIMIT_SECONDS < 2.0  # and delays its neighbours no longer: it is tried again alone
