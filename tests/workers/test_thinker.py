"""The child that thinks: one bad question costs itself, never its neighbours."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.servers import ends
from workers.failures import Done, Failure, FailureKind
from workers.thinker import Thinker


def _think(question: str) -> str:
    if question == "hang":
        signal.pause()
    if question == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if question == "eat":
        return "x" * (3 << 30)
    if question == "files":
        return ",".join(path.name for path in Path("/proc/self/fd").iterdir())
    if question == "lock":
        return threading.Lock()  # type: ignore[return-value] # what no pipe can carry
    if question == "raise":
        message = "a citizen's words"
        raise ValueError(message)
    return question.upper()


def _tell(path: str) -> None:
    Path(path).write_text("thinking")


def _ask(thinker: Thinker[str, str], questions: list[str]) -> list[Done[str] | Failure]:
    thinker.begin(questions)
    return thinker.answers()


@pytest.fixture
def thinker():
    with Thinker(_think, limit_seconds=1.5) as opened:
        yield opened


def test_answers_come_in_the_order_of_the_questions(thinker: Thinker[str, str]):
    assert _ask(thinker, ["a", "b", "c"]) == [Done("A"), Done("B"), Done("C")]


def test_an_exception_fails_one_question_and_its_message_stays_in_the_child(thinker: Thinker[str, str]):
    first, failed, last = _ask(thinker, ["a", "raise", "c"])

    assert (first, last) == (Done("A"), Done("C"))
    assert isinstance(failed, Failure)
    assert failed.kind is FailureKind.RAISED
    assert failed.where.startswith("ValueError at ")
    assert "words" not in failed.where


def test_an_answer_that_cannot_travel_fails_like_an_exception(thinker: Thinker[str, str]):
    first, failed, last = _ask(thinker, ["a", "lock", "c"])

    assert (first, last) == (Done("A"), Done("C"))
    assert isinstance(failed, Failure)
    assert failed.kind is FailureKind.RAISED


@pytest.mark.parametrize(
    ("poison", "kind"), [("hang", FailureKind.HUNG), ("die", FailureKind.DIED)], ids=["hangs", "dies"]
)
def test_what_hangs_or_dies_ends_the_list_and_the_rest_can_be_asked_again(
    thinker: Thinker[str, str], poison: str, kind: FailureKind
):
    outcomes = _ask(thinker, ["a", poison, "c"])

    assert outcomes == [Done("A"), Failure(kind)]
    assert _ask(thinker, ["c"]) == [Done("C")]


def test_a_hanging_question_is_given_up_within_the_limit(thinker: Thinker[str, str]):
    started = time.monotonic()
    _ask(thinker, ["hang"])

    assert time.monotonic() - started < 2.0


def test_a_question_that_eats_memory_fails_instead_of_taking_the_machine_with_it(
    thinker: Thinker[str, str],
):
    (outcome,) = _ask(thinker, ["eat"])

    assert isinstance(outcome, Failure)


def test_the_child_holds_none_of_the_files_and_connections_of_its_parent(tmp_path: Path):
    with (tmp_path / "ours").open("w") as ours, Thinker(_think, limit_seconds=5.0) as thinker:
        (answer,) = _ask(thinker, ["files"])

        assert isinstance(answer, Done)
        open_there = {int(number) for number in answer.value.split(",")}
        assert ours.fileno() not in open_there
        assert len(open_there) <= 6  # standard streams, two pipes, the listing itself


def test_large_batches_do_not_lock_parent_and_child_up():
    with Thinker(_think, limit_seconds=5.0) as thinker:
        questions = ["长" * 20_000] * 60

        assert _ask(thinker, questions) == [Done(question) for question in questions]


def test_batches_that_were_begun_together_are_answered_one_after_the_other(thinker: Thinker[str, str]):
    for batch in (["a", "b"], [], ["c"]):
        thinker.begin(batch)

    assert thinker.answers() == [Done("A"), Done("B")]
    thinker.begin(["d"])
    assert [thinker.answers() for _ in range(3)] == [[], [Done("C")], [Done("D")]]


def test_the_child_goes_on_with_the_next_batch_before_anybody_asks(tmp_path: Path):
    queue = tmp_path / "told"
    os.mkfifo(queue)
    with Thinker(_tell, limit_seconds=5.0) as thinker:
        thinker.begin([])
        thinker.begin([str(queue)])

        assert queue.read_text() == "thinking"  # waits until the child writes it

        assert [thinker.answers() for _ in range(2)] == [[], [Done(None)]]


@pytest.mark.parametrize("poison", ["hang", "die"])
def test_a_batch_behind_one_that_ended_the_child_is_answered_all_the_same(poison: str):
    with Thinker(_think, limit_seconds=0.5) as thinker:
        for batch in (["a", poison, "never asked"], ["b"], ["c", poison], ["d"]):
            thinker.begin(batch)

        answers = [thinker.answers() for _ in range(4)]

    assert [len(batch) for batch in answers] == [2, 1, 2, 1]
    assert [batch[0] for batch in answers] == [Done("A"), Done("B"), Done("C"), Done("D")]


def test_large_batches_begun_together_do_not_lock_parent_and_child_up():
    with Thinker(_think, limit_seconds=5.0) as thinker:
        questions = ["长" * 20_000] * 60
        for _ in range(3):
            thinker.begin(questions)

        for _ in range(3):
            assert thinker.answers() == [Done(question) for question in questions]


def test_the_child_dies_with_a_killed_parent():
    seen, told = os.pipe()
    parent = os.fork()
    if parent == 0:
        thinker = Thinker(_child_id, limit_seconds=5.0)
        thinker.begin([""])
        (answer,) = thinker.answers()
        assert isinstance(answer, Done)
        os.write(told, str(answer.value).encode() + b"\n")
        signal.pause()
    os.close(told)
    with os.fdopen(seen, "rb") as reader:
        child = int(reader.readline())
    watched = os.pidfd_open(child)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)

    assert ends(watched, within=5.0)


def _child_id(_: str) -> int:
    return os.getpid()
