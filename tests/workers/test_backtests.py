"""Back-tests as the worker runs them: the right counts, nothing else touched, and an end whatever happens."""

from __future__ import annotations

import ast
import os
import signal
import uuid
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import load_settings
from casework import tokens
from casework.desk.backtesting import (
    CHANGED,
    LOST,
    MOST_ATTEMPTS,
    SILENT,
    ask_backtest,
    cancel_backtest,
    release_dead_backtests,
    take_backtest,
)
from casework.desk.drafting import edit_file
from casework.desk.govern import install_first_pack, sound_pack
from casework.pack_refusals import DraftStepRefused, NothingToTry, RunAlreadyGoing
from casework.packs import DraftState
from casework.store.backtests import Backtest, BacktestState, backtests_of, find_backtest
from casework.store.drafts import find_draft
from casework.store.tables import BacktestRow, DecisionRow, PostRow
from casework.store.trial_posts import LEFT_OUT
from casework.understanding.retrial import Folded, Retrial
from rules.backtest import Aspect, Tally, Verdict
from rules.backtest_report import report_of
from tests.builders import COUNTY, add_county, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, NotingBell, StandingClock
from tests.draft_kit import (
    LAMPS,
    THANKS,
    WRITER,
    add_posts,
    ask,
    contents,
    draft_with,
    drafting_desk,
    post_ids,
)
from tests.small_pack import small_pack
from tests.worker_kit import ROOT, environment
from workers import jobs
from workers.backtests import HUNG, BacktestDrain
from workers.office import Office, open_office

OTHER_LEAD = {
    "routing.yaml": lambda text: text.replace("lead: housing_bureau", "lead: enforcement_bureau", 1)
}
NO_PRAISE = {
    "severity.yaml": lambda text: text.replace(
        "title: {zh: 仅为感谢, en: Thanks only}\n    status: active",
        "title: {zh: 仅为感谢, en: Thanks only}\n    status: retired",
    )
}


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with drafting_desk(database_url) as opened:
        yield opened


def _drain(desk: Desk, is_over: Callable[[], bool] = lambda: False, **changes: int) -> BacktestDrain:
    settings = {"page": 3} | changes
    return BacktestDrain(
        desk.transactions, the_machine(), "here/1/1", lambda owner: owner == "dead", is_over, **settings
    )


def _backtest(desk: Desk, backtest_id: uuid.UUID) -> Backtest:
    with desk.transactions.read(the_machine()) as uow:
        return find_backtest(uow.session, COUNTY, backtest_id)


def _posts_of(tally: Tally) -> dict[tuple[str, str, str], int]:
    return {move: one.count for move, one in tally.moves.items()}


def test_a_backtest_counts_what_changes_and_touches_nothing_but_its_own_row(desk: Desk):
    add_posts(desk, 7)
    add_posts(desk, 4, THANKS)
    draft_id = draft_with(desk, OTHER_LEAD | NO_PRAISE)
    backtest_id = ask(desk, draft_id)
    before = contents(desk, but=frozenset({"backtests"}))
    rung = list(desk.bell.rung)

    assert _drain(desk).run() == 1

    assert contents(desk, but=frozenset({"backtests"})) == before
    assert desk.bell.rung == rung
    done = _backtest(desk, backtest_id)
    assert (done.state, done.done, done.total, done.share) == (BacktestState.DONE, 11, 11, 1.0)
    assert done.finished_at is not None
    moves = _posts_of(done.tally)
    assert moves["lead", "housing_bureau", "enforcement_bureau"] == 7
    assert sum(
        count for (aspect, was, _), count in moves.items() if (aspect, was) == ("disposition", "dismissal")
    )
    with desk.transactions.read(the_machine()) as uow:
        assert find_draft(uow.session, COUNTY, draft_id).state is DraftState.BACKTESTED
    report = report_of(done.tally, None)
    (lead,) = [one for one in report.of(Aspect.LEAD) if one.before == "housing_bureau"]
    assert set(lead.posts) <= {post.hex for post in post_ids(desk)}
    assert {unit.unit: unit.more for unit in report.units}["enforcement_bureau"] == 7


def test_a_rule_whose_grade_was_raised_explains_the_grades_that_rise(desk: Desk):
    add_posts(desk, 3, "我们十户，路灯坏了")
    raised = {
        "severity.yaml": lambda text: text.replace(
            "joint: true}]}\n    grade: major", "joint: true}]}\n    grade: serious"
        )
    }
    backtest_id = ask(desk, draft_with(desk, raised))

    _drain(desk).run()

    (effect,) = report_of(_backtest(desk, backtest_id).tally, None).rules
    assert effect.rule == "maj_group"
    assert (effect.gained, effect.lost, effect.fired_before) == (0, 0, 3)
    assert [(one.aspect, one.before, one.after, one.count) for one in effect.changes] == [
        (Aspect.GRADE, "major", "serious", 3)
    ]


def test_a_draft_that_looks_for_the_words_of_an_accusation_finds_it_in_no_count(desk: Desk):
    add_posts(desk, 2)
    secret = post_ids(desk)[0]
    with desk.transactions.write(the_machine()) as uow:
        uow.session.execute(sa.update(PostRow).where(PostRow.id == secret).values(confidential=True))
    backtest_id = ask(desk, draft_with(desk, OTHER_LEAD))

    _drain(desk).run()

    done = _backtest(desk, backtest_id)
    assert (done.done, done.total, done.tally.changed) == (1, 1, 1)


def test_a_run_begun_when_accusations_were_counted_begins_again(desk: Desk):
    add_posts(desk, 2)
    backtest_id = ask(desk, draft_with(desk, OTHER_LEAD))
    asked = chain((0,), repeat(1))
    _drain(desk, lambda: bool(next(asked)), page=1).run()
    with desk.transactions.write(the_machine()) as uow:
        paused = uow.session.get_one(BacktestRow, backtest_id)
        assert (paused.state, paused.done, paused.after_at is None) == ("queued", 1, False)
        paused.result = {key: kept for key, kept in paused.result.items() if key != LEFT_OUT}
    assert (_backtest(desk, backtest_id).is_outdated, _backtest(desk, backtest_id).tally) == (True, Tally())

    _drain(desk).run()

    again = _backtest(desk, backtest_id)
    assert (again.is_outdated, again.done, again.tally.changed) == (False, 2, 2)


def test_an_empty_period_is_done_at_once(desk: Desk):
    backtest_id = ask(desk, draft_with(desk, OTHER_LEAD))

    _drain(desk).run()

    done = _backtest(desk, backtest_id)
    assert (done.state, done.done, done.share) == (BacktestState.DONE, 0, 1.0)


@SQLITE_ONLY
def test_a_run_that_is_cut_short_goes_on_where_it_was_and_ends_with_the_same_counts(desk: Desk):
    add_posts(desk, 20)
    draft_id = draft_with(desk, OTHER_LEAD)
    whole = ask(desk, draft_id)
    _drain(desk).run()
    cut = ask(desk, draft_id)
    answers = chain([False, False, False], repeat(object=True))

    assert _drain(desk, lambda: next(answers)).run() == 0

    paused = _backtest(desk, cut)
    assert paused.state is BacktestState.QUEUED
    assert 0 < paused.done < 20
    _drain(desk).run()
    ended = _backtest(desk, cut)
    assert (ended.state, ended.attempts) == (BacktestState.DONE, 1)  # a pause is no failure
    assert ended.tally == _backtest(desk, whole).tally


@SQLITE_ONLY
def test_a_cancelled_run_stays_cancelled(desk: Desk):
    add_posts(desk, 9)
    draft_id = draft_with(desk, OTHER_LEAD)
    backtest_id = ask(desk, draft_id)
    calls = iter(range(99))

    def cancelling() -> bool:
        if next(calls) == 2:
            with desk.transactions.write(WRITER) as uow:
                assert cancel_backtest(uow, draft_id) == 1
        return False

    assert _drain(desk, cancelling).run() == 0

    assert _backtest(desk, backtest_id).state is BacktestState.CANCELLED
    ask(desk, draft_id)  # nothing is in its way


def test_a_run_whose_process_died_waits_again_and_fails_after_several(desk: Desk):
    backtest_id = ask(desk, draft_with(desk, OTHER_LEAD))
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with desk.transactions.write(the_machine()) as uow:
            work = take_backtest(uow, owner="dead")
        assert work is not None
        assert _backtest(desk, backtest_id).attempts == attempt
        with desk.transactions.write(the_machine()) as uow:
            assert release_dead_backtests(uow, is_dead=lambda owner: owner == "dead") == 1

    failed = _backtest(desk, backtest_id)
    assert (failed.state, failed.problem) == (BacktestState.FAILED, LOST)


@SQLITE_ONLY
def test_a_run_that_fell_silent_is_taken_back_and_one_that_beats_is_not(desk: Desk):
    ask(desk, draft_with(desk, OTHER_LEAD))
    with desk.transactions.write(the_machine()) as uow:
        take_backtest(uow, owner="elsewhere")
        assert release_dead_backtests(uow, is_dead=lambda _: False) == 0
    desk.clock.at += SILENT * 2

    with desk.transactions.write(the_machine()) as uow:
        assert release_dead_backtests(uow, is_dead=lambda _: False) == 1


@SQLITE_ONLY
def test_a_post_that_kills_the_judging_process_fails_the_run_visibly(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    add_posts(desk, 4)
    add_posts(desk, 1, "要命")
    backtest_id = ask(desk, draft_with(desk, OTHER_LEAD))
    judge = Retrial.verdict

    def deadly(self: Retrial, post: Folded, *rest: object) -> Verdict:
        if "要命" in post.text.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(self, post, *rest)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(Retrial, "verdict", deadly)

    _drain(desk).run()

    failed = _backtest(desk, backtest_id)
    assert failed.state is BacktestState.FAILED
    assert failed.problem.startswith(HUNG)


@SQLITE_ONLY
def test_a_post_that_cannot_be_judged_is_counted_and_spares_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    add_posts(desk, 4)
    add_posts(desk, 1, "出错")
    backtest_id = ask(desk, draft_with(desk, OTHER_LEAD))
    judge = Retrial.verdict

    def raising(self: Retrial, post: Folded, *rest: object) -> Verdict:
        if "出错" in post.text.text:
            raise ValueError
        return judge(self, post, *rest)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(Retrial, "verdict", raising)

    _drain(desk).run()

    tally = _backtest(desk, backtest_id).tally
    assert (tally.posts, tally.failed, tally.changed) == (5, 1, 4)


@SQLITE_ONLY
def test_a_draft_that_was_changed_meanwhile_is_not_tried(desk: Desk):
    draft_id = draft_with(desk, OTHER_LEAD)
    backtest_id = ask(desk, draft_id)
    with desk.transactions.write(WRITER) as uow:
        draft = find_draft(uow.session, COUNTY, draft_id)
        edit_file(uow, draft_id, version=draft.version, name="topics.yaml", text="topics: []\n")

    _drain(desk).run()

    failed = _backtest(desk, backtest_id)
    assert (failed.state, failed.problem) == (BacktestState.FAILED, CHANGED)


@SQLITE_ONLY
def test_one_backtest_of_a_draft_at_a_time_and_only_of_a_checked_one(desk: Desk):
    draft_id = draft_with(desk, OTHER_LEAD)
    ask(desk, draft_id)
    with pytest.raises(RunAlreadyGoing):
        ask(desk, draft_id)
    broken = draft_with(desk, {"severity.yaml": lambda text: text.replace("grade: serious", "grade: so", 1)})
    with pytest.raises(DraftStepRefused):
        ask(desk, broken)
    with desk.transactions.write(WRITER) as uow:
        version = find_draft(uow.session, COUNTY, draft_id).version
        with pytest.raises(NothingToTry):
            ask_backtest(uow, draft_id, version=version, period_from=uow.now, period_to=uow.now)


@SQLITE_ONLY
def test_it_rings_the_bell_of_its_own_queue(desk: Desk):
    desk.bell.rung.clear()

    ask(desk, draft_with(desk, OTHER_LEAD))

    assert desk.bell.rung == ["backtest"]


@pytest.fixture
def office(
    tmp_path: Path, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    opened = open_office(load_settings(environment(tmp_path, database_url, redis_url)))
    tokens.load(tmp_path / "jieba")
    monkeypatch.setattr(jobs, "the_office", lambda: opened)
    yield opened
    opened.let_go()


@SQLITE_ONLY
def test_the_verdict_that_was_given_is_the_old_one_with_what_was_known_then(office: Office):
    clock = StandingClock()
    office.transactions.clock = clock
    desk = Desk(office.transactions, NotingBell(), clock)
    with Session(office.transactions.engine) as session:
        add_county(session)
        session.commit()
    _install(desk)
    add_posts(desk, 3, LAMPS)  # the third of one matter in a day is major: settings.burst is 3
    jobs.drain_triage()
    draft_id = draft_with(
        desk,
        {
            "pack.yaml": lambda text: text.replace("burst: 3", "burst: 2"),
            "severity.yaml": lambda text: text.replace("posts_24h: 2}, matches", "posts_24h: 1}, matches"),
        },
    )
    ask(desk, draft_id)

    jobs.drain_backtests()

    with desk.transactions.read(the_machine()) as uow:
        grades = list(uow.session.scalars(sa.select(DecisionRow.grade).order_by(DecisionRow.id)))
        (done,) = backtests_of(uow.session, COUNTY, draft_id)
    raised = done.tally.moves.get(("grade", "general", "major"))
    assert done.state is BacktestState.DONE
    assert done.tally.recomputed == 0
    assert sorted(grades) == ["general", "general", "major"]
    assert raised is not None
    assert raised.count == 1  # the second post, which had one other before it


def _install(desk: Desk) -> None:
    with desk.transactions.write(the_machine()) as uow:
        install_first_pack(uow, sound_pack(small_pack()))
    desk.clock.advance(minutes=1)


@SQLITE_ONLY
def test_a_stored_verdict_of_another_pack_is_worked_out_anew(desk: Desk):
    add_posts(desk, 2)
    draft_id = draft_with(desk, OTHER_LEAD)
    backtest_id = ask(desk, draft_id)

    _drain(desk).run()

    assert _backtest(desk, backtest_id).tally.recomputed == 2
    with desk.transactions.read(the_machine()) as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(BacktestRow)) == 1


@pytest.mark.parametrize(
    ("module", "desk_function_of"), [("backtests", "backtesting"), ("shadow", "shadowing")]
)
def test_the_worker_knows_no_use_case_but_its_own(module: str, desk_function_of: str):
    tree = ast.parse((ROOT / "workers" / f"{module}.py").read_text(encoding="utf-8"))

    asked = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}

    assert {name for name in asked if name.startswith("casework.desk")} == {
        f"casework.desk.{desk_function_of}"
    }
