"""The process for trials, as a real one on a real queue: killed in the middle, it is found and goes on."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from casework.access import Role
from casework.desk.backtesting import ask_backtest
from casework.desk.drafting import draft_from, examine, files_to_check, note_check
from casework.store.backtests import Backtest, BacktestState, find_backtest
from casework.store.packs import active_ref
from casework.store.tables import PostRow, SourceRow
from tests.builders import COUNTY, MONDAY, new_id, officer, the_machine
from tests.desk_kit import SQLITE_ONLY
from tests.worker_kit import County, county_on, until

pytestmark = pytest.mark.no_cover  # processes, and many posts on the same lines

POSTS = 3_000
WRITER = officer(Role.DUTY_OFFICER, name="示例起草人")


def _fill(county: County) -> None:
    with county.office.transactions.write(the_machine()) as uow:
        source = uow.session.scalars(sa.select(SourceRow.id).limit(1)).one()
        uow.session.execute(
            sa.insert(PostRow),
            [
                {
                    "id": new_id(),
                    "county_id": COUNTY,
                    "source_id": source,
                    "content_key": f"{number:064x}",
                    "title": "路灯",
                    "text": f"翠湖小区的路灯坏了，编号{number}，" + "晚上看不清台阶，请尽快修好。" * 20,
                    "platform": "论坛",
                    "media_level": "none",
                    "said_at": MONDAY,
                    "received_at": MONDAY,
                    "triage_state": "desk",
                    "attempts": 1,
                    "in_bulk": False,
                    "confidential": False,
                    "version": 1,
                }
                for number in range(POSTS)
            ],
        )


def _ask(county: County) -> uuid.UUID:
    transactions = county.office.transactions
    with transactions.write(WRITER) as uow:
        draft_id = draft_from(uow, str(active_ref(uow.session, COUNTY, uow.now)), title="试")
    with transactions.read(WRITER) as uow:
        files = files_to_check(uow, draft_id)
    found = examine(files)
    with transactions.write(WRITER) as uow:
        version = note_check(uow, draft_id, version=1, found=found)
    with transactions.write(WRITER) as uow:
        return ask_backtest(
            uow, draft_id, version=version, period_from=MONDAY.replace(year=2020), period_to=uow.now
        )


@SQLITE_ONLY
@pytest.mark.redis
def test_a_trial_whose_process_is_killed_is_found_and_ends_all_the_same(
    tmp_path: Path, database_url: str, redis_url: str
):
    with county_on(tmp_path / "data", database_url, redis_url) as county:
        _fill(county)
        trials = county.run("trials")
        backtest_id = _ask(county)

        def now() -> Backtest:
            with county.office.transactions.read(the_machine()) as uow:
                return find_backtest(uow.session, COUNTY, backtest_id)

        until(lambda: now().done > 0, "some posts are judged", within=60)
        trials.kill()
        left = now()
        assert left.state is BacktestState.RUNNING, "it ended before it could be killed"
        county.run("scheduler")
        county.run("trials")

        until(lambda: now().state is BacktestState.DONE, "the trial is done", within=90)

        done = now()
        assert (done.attempts, done.done, done.tally.posts, done.tally.failed) == (2, POSTS, POSTS, 0)
        assert done.tally.changed == 0  # the draft is the pack in force under a new number
