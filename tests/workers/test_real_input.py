"""Real messages through the real worker: each ends once, with a reason, soon; loading twice adds nothing.

The messages are read where they lie and never quoted: not in a name, not in an output, not in a fixture.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from app.transaction import LONG_WRITE_MS
from casework.desk.receive import receive_post
from casework.intake import Author, IncomingPost
from casework.store.tables import CaseRow, DecisionRow, DeskItemRow, DismissalRow, PostRow
from rules.pack import pack_files
from tests.builders import the_machine
from tests.quietness import stretched
from tests.worker_kit import ROOT, WAITING, County, county_on, until, verify_all

DATA = ROOT.parent / "shared" / "data"
LOCAL = timezone(timedelta(hours=8))
BATCH = 10  # posts of one write of the import

pytestmark = [pytest.mark.realdata, pytest.mark.no_cover]


@pytest.fixture(autouse=True)
def _data() -> None:
    if not (DATA / "message_stream.csv").is_file():
        pytest.skip(f"realdata: {DATA} is not there")


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, database_url: str, redis_url: str) -> Iterator[County]:
    files = pack_files(ROOT / "rules" / "packs" / "demo")
    with county_on(tmp_path_factory.mktemp("real"), database_url, redis_url, pack=files) as opened:
        yield opened


def _stream() -> Iterator[IncomingPost]:
    with (DATA / "message_stream.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield IncomingPost(
                source_code="import",
                external_id=f"stream-{row['id']}",
                title=row["title"],
                text=row["detail"],
                posted_at=datetime.fromisoformat(row["posted_at"]).replace(tzinfo=LOCAL),
                author=Author(handle=row["author_key"]) if row["author_key"] else None,
            )


def _petitions() -> Iterator[IncomingPost]:
    with (DATA / "petitions_with_agency.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield IncomingPost(
                source_code="import",
                external_id=f"petition-{number}",
                title=row["title"],
                text=row["letter"],
            )


def _real_posts(most: int | None) -> list[IncomingPost]:
    posts = [post for post in (*_stream(), *_petitions()) if post.text.strip() or post.title.strip()]
    if most is None:
        return posts
    step = len(posts) // most
    return posts[::step][:most]  # from the whole range of both files


def _load(county: County, posts: list[IncomingPost]) -> Counter[bool]:
    taken: Counter[bool] = Counter()
    for start in range(0, len(posts), BATCH):
        with county.office.transactions.write(the_machine()) as uow:
            taken.update(receive_post(uow, post).is_new for post in posts[start : start + BATCH])
    return taken


def _waiting(county: County, *where: sa.ColumnElement[bool]) -> int:
    with county.office.transactions.read(the_machine()) as uow:
        query = sa.select(sa.func.count()).select_from(PostRow)
        return uow.session.scalar(query.where(PostRow.triage_state.in_(WAITING), *where)) or 0


@pytest.mark.parametrize("most", [300, pytest.param(None, marks=pytest.mark.long)], ids=["300", "all"])
def test_every_real_post_ends_once_with_a_reason(county: County, most: int | None):
    posts = _real_posts(most)
    taken = _load(county, posts)
    county.run("worker")
    county.run("scheduler")
    county.office.bell.ring("triage")
    until(lambda: _waiting(county) < taken[True], "the drain runs", within=90)

    waits: list[float] = []
    while (_waiting(county) or not waits) and len(waits) < 60:  # at least one, however quick the drain was
        live = f"live-{len(waits)}"
        county.post("感谢你们，路口的灯修好了。", external_id=live)
        is_live = PostRow.external_id == live
        waits.append(until(lambda is_live=is_live: not _waiting(county, is_live), "judged", within=60))  # type: ignore[misc] # a default freezes it
    until(lambda: not _waiting(county), "everything is judged", within=stretched(600))

    states = verify_all(county, taken[True] + len(waits))
    _verify_reasons(county)
    _print_figures(county, states, waits)
    assert max(waits) < stretched(2.0)
    # Wall time of a write stretches without bound where other processes take the machine; its work does not.
    assert _most(county, "busiest_write_ms") < LONG_WRITE_MS
    assert _load(county, posts) == {False: len(posts)}
    verify_all(county, taken[True] + len(waits))


def _verify_reasons(county: County) -> None:
    with county.office.transactions.read(the_machine()) as uow:
        session = uow.session
        dismissals = session.execute(sa.select(DismissalRow.reason_zh, DismissalRow.reason_en)).all()
        items = session.execute(sa.select(DeskItemRow.reason_zh, DeskItemRow.reason_en)).all()
        engines = Counter(row["state"] for row in session.scalars(sa.select(DecisionRow.engine)))
        leaderless = set(session.scalars(sa.select(CaseRow.id).where(CaseRow.lead_unit.is_(None))))
        asked = set(session.scalars(sa.select(DeskItemRow.case_id).where(DeskItemRow.kind == "arbitration")))
    assert all(zh.strip() and en.strip() for zh, en in (*dismissals, *items))
    assert set(engines) <= {"equal"}
    assert leaderless == asked


def _most(county: County, figure: str) -> float:
    return max(float(str(drain[figure])) for drain in county.drains())


def _sum(drains: list[dict[str, object]], figure: str) -> int:
    return sum(int(str(drain[figure])) for drain in drains)


def _print_figures(county: County, states: Counter[str], waits: list[float]) -> None:
    drains = county.drains()
    posts = _sum(drains, "posts")
    seconds = sum(float(str(drain["seconds"])) for drain in drains)
    ordered = sorted(waits)
    print(  # noqa: T201 - figures to publish
        f"\nreal input: {dict(states)}; {posts / max(seconds, 0.001):.0f} posts/s in {len(drains)} drains; "
        f"live posts judged p50 {ordered[len(ordered) // 2]:.2f} s, "
        f"p95 {ordered[int(len(ordered) * 0.95)]:.2f} s, max {ordered[-1]:.2f} s; "
        f"writes: longest {_most(county, 'longest_write_ms'):.0f} ms, "
        f"busiest {_most(county, 'busiest_write_ms'):.0f} ms of work, "
        f"{_sum(drains, 'long_writes')} of {_sum(drains, 'writes')} over {LONG_WRITE_MS} ms"
    )
