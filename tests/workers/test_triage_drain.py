"""The drain with evaluators of our own: order, poison, failing engines, what surrounds a post."""

from __future__ import annotations

import gc
import os
import signal
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.transaction import LONG_WRITE_MS
from casework.desk.receive import observe_metrics, receive_post
from casework.desk.triage import claim_posts
from casework.intake import Author, IncomingPost, Metrics
from casework.judgement import Agreement, Disposition, Judgement, Routing
from casework.matter import Telling, fingerprint
from casework.post import PostToJudge
from casework.store.tables import CaseRow, DecisionRow, DeskItemRow, OutboxRow, PostRow
from rules.errors import EngineFailed
from rules.model import DemandClass, DismissalReason, Finding, Grade, Label, RuleKind
from rules.vocabulary import Features
from tests.builders import the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from workers.bench import Bench, Question
from workers.triage import Drained, TriageDrain

LAMPS = "翠湖小区北门路灯坏了半个多月，晚上老人出门看不清台阶，请尽快修好。"
MAJOR_FROM = 3  # posts in 24 hours


def _finding(rule: str, grade: Grade) -> Finding:
    return Finding(rule, RuleKind.SEVERITY, "test@1", Label(rule, rule), "依据", f"grade={grade.value}", ())


BURST = _finding("burst", Grade.MAJOR)
READ = _finding("widely_read", Grade.SERIOUS)


def _told(post: PostToJudge, topic: str, place: str | None, *, confidential: bool) -> Telling:
    found = fingerprint(post.text)
    return Telling(
        topic=topic,
        place=place,
        place_kind="estate" if place else None,
        confidential=confidential,
        said_at=post.said_at,
        sketch=found.sketch,
        keys=found.keys,
    )


def judge(question: Question) -> Judgement:
    """Judge like a county with two rules: three posts in a day are major, 100,000 reads are serious."""
    post, around = question.post, question.surroundings
    for word, end in (("hang", signal.pause), ("die", lambda: os.kill(os.getpid(), signal.SIGKILL))):
        if word in post.text:
            end()
    if "raise" in post.text:
        raise ValueError(post.text)
    reads = post.figures[-1].reads if post.figures else 0
    findings = (BURST,) * (around.posts_24h >= MAJOR_FROM) + (READ,) * (reads >= 100_000)
    grade = Grade.SERIOUS if READ in findings else Grade.MAJOR if BURST in findings else Grade.GENERAL
    praised = "感谢" in post.text and not findings
    return Judgement(
        pack_ref="test@1",
        calendar_version="2026",
        disposition=Disposition.DISMISSAL if praised else Disposition.CASE,
        grade=None if praised else grade,
        demand=DemandClass.REQUEST,
        topic="lamps",
        place="e_cuihu",
        confidential=False,
        confidence=Decimal(1),
        routing=Routing("housing_bureau"),
        telling=_told(post, "lamps", "e_cuihu", confidential=False),
        dismissal=DismissalReason("praise", Label("感谢", "thanks")) if praised else None,
        features={"posts_24h": around.posts_24h, "voices": around.voices, "reads": reads},
        findings=findings,
    )


class FakeMind:
    """Judges by `judge`, whatever surrounds a post."""

    def judge(self, question: Question) -> Judgement:
        return judge(question)

    def regard(self, judgement: Judgement, question: Question) -> Judgement:
        del judgement
        return judge(question)


def same(features: Features) -> tuple[Finding, ...]:
    """Agree with the reference."""
    many, read = int(features["posts_24h"]) >= MAJOR_FROM, int(features["reads"]) >= 100_000
    return (BURST,) * many + (READ,) * read


@dataclass
class FakeEngine:
    """Answers what a test says; notes when it was closed."""

    answer: Callable[[Features], tuple[Finding, ...] | EngineFailed] = same
    closed: int = field(default=0)

    def begin(self, kind: RuleKind, items: Sequence[Features], on: date | None = None) -> None:
        """Nothing is gained by beginning: it answers at once."""

    def evaluate_many(
        self,
        kind: RuleKind,
        items: Sequence[Features],
        on: date | None = None,
        *,
        known: Sequence[tuple[Finding, ...]] = (),
    ) -> tuple[tuple[Finding, ...] | EngineFailed, ...]:
        del known
        assert kind is RuleKind.SEVERITY
        assert on == date(2026, 11, 16)
        return tuple(map(self.answer, items))

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as opened:
        yield opened


@contextmanager
def _drain(
    desk: Desk,
    engine: FakeEngine | None = None,
    *,
    is_over: Callable[[], bool] = lambda: False,
    is_dead: Callable[[str], bool] = lambda _: False,
) -> Iterator[TriageDrain]:
    bench = Bench(
        FakeMind(),
        engine or FakeEngine(),
        transactions=desk.transactions,
        actor=the_machine(),
        limit_seconds=0.3,
    )
    with bench:
        yield TriageDrain(desk.transactions, the_machine(), bench, "test", is_dead, is_over)


def _run(desk: Desk, engine: FakeEngine | None = None) -> Drained:
    with _drain(desk, engine) as drain:
        return drain.run()


def _post(desk: Desk, text: str, **fields: object) -> uuid.UUID:
    with desk.transactions.write(the_machine()) as uow:
        received = receive_post(uow, IncomingPost(source_code="form", text=text, **fields))  # type: ignore[arg-type] # a test's own fields
    desk.clock.advance(seconds=1)
    return received.post_id


def _rows(desk: Desk, row: type, *where: sa.ColumnElement[bool]) -> list:
    with desk.transactions.read(the_machine()) as uow:
        found = list(uow.session.scalars(sa.select(row).where(*where)))
        uow.session.expunge_all()
        return found


def _states(desk: Desk) -> list[str]:
    return [post.triage_state for post in sorted(_rows(desk, PostRow), key=lambda post: post.received_at)]


@pytest.fixture
def settled() -> Iterator[None]:
    """No collection of garbage falls into a write, as in a worker, whose memory is settled at its start."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("settled")
def test_everything_that_waits_is_ended_and_nothing_is_left_claimed(desk: Desk):
    for number in range(120):  # more than two batches
        _post(desk, f"感谢第{number}次")

    done = _run(desk)

    assert (done.posts, done.lost, done.ended) == (120, 0, {"dismissed": 120})
    assert not _rows(desk, PostRow, PostRow.claim_token.is_not(None))
    assert desk.transactions.figures.busiest_ms < LONG_WRITE_MS


@SQLITE_ONLY
def test_a_second_drain_finds_nothing_to_do(desk: Desk):
    _post(desk, LAMPS)
    _run(desk)

    assert _run(desk).posts == 0
    assert len(_rows(desk, DecisionRow)) == 1


@SQLITE_ONLY
def test_the_engine_is_closed_with_the_drain(desk: Desk):
    engine = FakeEngine()

    _run(desk, engine)

    assert engine.closed == 1


def test_the_third_post_of_a_day_is_judged_with_the_others_around_it(desk: Desk):
    for number in range(3):
        _post(desk, f"{LAMPS}{'请' * number}", author=Author(handle=f"网友{number}"))

    _run(desk)

    decisions = sorted(_rows(desk, DecisionRow), key=lambda row: row.features["posts_24h"])
    assert [(row.features["posts_24h"], row.features["voices"]) for row in decisions] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    assert [row.grade for row in decisions] == ["general", "general", "major"]
    assert _states(desk) == ["case", "merged", "merged"]
    (item,) = _rows(desk, DeskItemRow)
    assert (item.kind, item.data) == ("upgrade", {"from": "general", "to": "major"})


@SQLITE_ONLY
def test_posts_of_earlier_drains_count_with_those_of_this_one(desk: Desk):
    for number in range(4):
        _post(desk, f"{LAMPS}{'请' * number}")
        if number % 2:
            _run(desk)

    counts = sorted(row.features["posts_24h"] for row in _rows(desk, DecisionRow))
    assert counts == [1, 2, 3, 4]


# --- poison ----------------------------------------------------------------------------------------


@SQLITE_ONLY
@pytest.mark.parametrize("poison", ["hang", "die"])
def test_a_poison_post_lands_with_a_person_and_its_neighbours_are_judged(desk: Desk, poison: str):
    texts = ["感谢甲", f"{poison} 路灯", "感谢乙"]
    for text in texts:
        _post(desk, text)

    done = _run(desk)

    assert _states(desk) == ["dismissed", "desk", "dismissed"]
    (item,) = _rows(desk, DeskItemRow)
    assert (item.kind, "3 次" in item.reason_zh) == ("triage", True)
    assert [post.attempts for post in _rows(desk, PostRow, PostRow.triage_state == "desk")] == [3]
    assert done.posts == 3


@SQLITE_ONLY
def test_an_error_in_judging_costs_one_post_one_attempt_and_tells_nothing_of_its_text(desk: Desk):
    for text in ("感谢甲", "raise 某人的话", "感谢乙"):
        _post(desk, text)

    _run(desk)

    assert _states(desk) == ["dismissed", "desk", "dismissed"]
    (item,) = _rows(desk, DeskItemRow)
    assert item.data["where"].startswith("ValueError at ")
    assert "某人" not in str(item.data)


@SQLITE_ONLY
def test_a_post_whose_process_died_three_times_is_not_judged_again(desk: Desk):
    _post(desk, LAMPS)
    for _ in range(3):
        with desk.transactions.write(the_machine()) as uow:
            claim_posts(uow, 1, owner="gone")
        with _drain(desk, is_over=lambda: True, is_dead=lambda owner: owner == "gone") as drain:
            drain.run()  # takes the claim back, and nothing else

    _run(desk)

    assert _states(desk) == ["desk"]
    assert _rows(desk, DecisionRow) == []


@SQLITE_ONLY
def test_posts_that_were_tried_before_are_claimed_one_by_one_each_after_the_end_of_the_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    for text in ("感谢甲", "感谢乙"):
        _post(desk, text)
    with desk.transactions.write(the_machine()) as uow:
        claim_posts(uow, 2, owner="gone")
    held: list[int] = []
    with _drain(desk, is_dead=lambda owner: owner == "gone") as drain:
        begin = drain.bench.begin

        def noting(posts: Sequence[PostToJudge], *, on: date) -> None:
            held.append(_states(desk).count("claimed"))
            begin(posts, on=on)

        monkeypatch.setattr(drain.bench, "begin", noting)
        drain.run()

    assert held == [1, 1]
    assert _states(desk) == ["dismissed", "dismissed"]


# --- the second evaluator --------------------------------------------------------------------------


@SQLITE_ONLY
def test_where_the_engine_grades_higher_its_grade_stands_and_a_person_is_told(desk: Desk):
    _post(desk, LAMPS)

    _run(desk, FakeEngine(lambda _: (BURST,)))

    (case,) = _rows(desk, CaseRow)
    (item,) = _rows(desk, DeskItemRow)
    assert (case.grade, item.kind, item.data["only_engine"]) == ("major", "engine_different", ["burst"])


@SQLITE_ONLY
def test_where_the_engine_grades_what_would_be_dismissed_a_person_decides(desk: Desk):
    _post(desk, "感谢路灯修好")

    _run(desk, FakeEngine(lambda _: (READ,)))

    assert _states(desk) == ["desk"]
    assert {item.kind for item in _rows(desk, DeskItemRow)} == {"triage", "engine_different"}


@SQLITE_ONLY
def test_where_the_engine_fails_the_reference_stands_and_a_person_is_told(desk: Desk):
    _post(desk, LAMPS)

    _run(desk, FakeEngine(lambda _: EngineFailed("no answer")))

    (case,) = _rows(desk, CaseRow)
    (item,) = _rows(desk, DeskItemRow)
    (decision,) = _rows(desk, DecisionRow)
    assert (case.grade, item.kind) == ("general", "engine_failed")
    assert decision.engine["state"] == Agreement.ENGINE_FAILED.value


@SQLITE_ONLY
def test_what_breaks_the_second_evaluator_costs_one_post(desk: Desk):
    def answer(features: Features) -> tuple[Finding, ...]:
        if features["reads"] == 13:
            raise TypeError
        return ()

    for text, reads in (("感谢甲", 0), ("感谢乙", 13), ("感谢丙", 0)):
        _post(desk, text, metrics=Metrics(reads=reads))

    _run(desk, FakeEngine(answer))

    assert _states(desk) == ["dismissed", "desk", "dismissed"]


# --- figures that change ---------------------------------------------------------------------------


def _observe(desk: Desk, post_id: uuid.UUID, reads: int) -> None:
    with desk.transactions.write(the_machine()) as uow:
        observe_metrics(uow, post_id, Metrics(reads=reads))
    desk.clock.advance(seconds=1)


def test_new_figures_propose_an_upgrade_once_and_change_no_grade(desk: Desk):
    post_id = _post(desk, LAMPS)
    _run(desk)
    for reads in (100, 200_000, 300_000, 5):
        _observe(desk, post_id, reads)
        _run(desk)

    (case,) = _rows(desk, CaseRow)
    (item,) = _rows(desk, DeskItemRow)
    assert (case.grade, item.kind, item.data) == ("general", "upgrade", {"from": "general", "to": "serious"})
    assert [row.grade for row in sorted(_rows(desk, DecisionRow), key=lambda row: row.id)] == [
        "general",
        "general",
        "serious",
        "serious",
        "general",
    ]
    assert not _rows(desk, OutboxRow, OutboxRow.sent_at.is_(None))


def test_a_dismissed_post_that_spreads_is_put_before_a_person_once(desk: Desk):
    post_id = _post(desk, "感谢路灯修好")
    _run(desk)
    for reads in (200_000, 300_000):
        _observe(desk, post_id, reads)
        _run(desk)

    assert _states(desk) == ["dismissed"]
    (item,) = _rows(desk, DeskItemRow)
    assert (item.kind, item.post_id, item.data) == (
        "upgrade",
        post_id,
        {"from": "dismissed", "to": "serious"},
    )


@SQLITE_ONLY
def test_figures_that_come_before_triage_are_in_the_first_verdict(desk: Desk):
    post_id = _post(desk, LAMPS)
    _observe(desk, post_id, 200_000)

    _run(desk)

    assert [case.grade for case in _rows(desk, CaseRow)] == ["serious"]
    assert len(_rows(desk, DecisionRow)) == 1


@SQLITE_ONLY
def test_a_drain_that_is_over_leaves_the_rest_to_the_next(desk: Desk):
    for number in range(60):
        _post(desk, f"感谢{number}")
    asked = iter([False, False, True])

    with _drain(desk, is_over=lambda: next(asked, True)) as drain:
        first = drain.run()

    assert first.posts == 50
    assert _run(desk).posts == 10


@SQLITE_ONLY
def test_a_batch_that_cannot_be_written_costs_only_the_post_that_spoils_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    real = judge

    def spoiling(question: Question) -> Judgement:
        judgement = real(question)
        if "spoil" in question.post.text:
            return replace(judgement, features={"posts_24h": 1, "voices": 1, "reads": {1}})  # type: ignore[dict-item] # no database keeps a set
        return judgement

    monkeypatch.setitem(globals(), "judge", spoiling)
    for text in ("感谢甲", "spoil 感谢", "感谢乙"):
        _post(desk, text)

    _run(desk, FakeEngine(lambda _: ()))

    assert _states(desk) == ["dismissed", "desk", "dismissed"]
