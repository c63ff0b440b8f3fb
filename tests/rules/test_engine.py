"""The engine's child: exact while it lives, replaced when it fails, gone when we are."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rules.conditions import Values
from rules.engine import Engine
from rules.errors import BadFeatures, EngineFailed, EngineTimeout
from rules.model import RuleKind
from rules.rulebook import Rulebook
from tests.rules.tiny import severity, tiny_book

ROOT = Path(__file__).resolve().parents[2]
SEVERITY = RuleKind.SEVERITY
RULES = severity(
    "id: start, when: {people: {at_least: 5}}, concludes: crowd",
    "id: dead, when: {all: [{death: true}, {crowd: true}]}, grade: serious",
    "id: calm, when: {not: {crowd: true}}, grade: general",
    "id: new, when: {death: true}, grade: major, effective: {from: 2027-01-01}",
)


def until_gone(pid: int, seconds: float = 10) -> bool:
    """Return whether a process ends within that time; one that is no more has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


@pytest.fixture
def book() -> Rulebook:
    return tiny_book(severity=RULES)


@pytest.fixture
def engine(book: Rulebook) -> Iterator[Engine]:
    with Engine(book, timeout=5) as engine:
        yield engine


def pid_of(engine: Engine) -> int:
    """Return the process id of the engine's child, which is running."""
    engine.evaluate(SEVERITY, {})
    assert engine._child is not None
    return engine._child.pid


def test_findings_equal_those_of_the_reference(engine: Engine, book: Rulebook):
    for features in ({}, {"people": 5}, {"people": 5, "death": True}, {"people": 4, "death": True}):
        assert engine.evaluate(SEVERITY, features) == book.evaluate(SEVERITY, features)


def test_a_date_rules_out_what_is_not_in_effect(engine: Engine):
    def fired(day: date) -> list[str]:
        return [finding.rule for finding in engine.evaluate(SEVERITY, {"death": True}, day)]

    assert fired(date(2026, 12, 31)) == ["calm"]
    assert fired(date(2027, 1, 1)) == ["calm", "new"]


def test_a_batch_is_answered_in_order(engine: Engine):
    items = [{"people": number} for number in range(100)]
    found = engine.fired_many(SEVERITY, items)

    assert found == tuple(("calm",) if number < 5 else ("start",) for number in range(100))


def test_wrong_features_are_refused_before_the_engine_sees_them(engine: Engine):
    with pytest.raises(BadFeatures):
        engine.evaluate(SEVERITY, {"people": "many"})
    assert engine._child is None


def test_an_engine_that_hangs_is_killed_in_time_and_replaced(book: Rulebook):
    with Engine(book, timeout=0.3) as engine:
        pid = pid_of(engine)
        os.kill(pid, signal.SIGSTOP)  # hears no SIGTERM, like a loop in C
        with pytest.raises(EngineTimeout):
            engine.evaluate(SEVERITY, {"people": 5})

        assert until_gone(pid)
        assert [f.rule for f in engine.evaluate(SEVERITY, {"people": 5})] == ["start"]
        assert pid_of(engine) != pid


def test_an_engine_that_dies_is_replaced(engine: Engine):
    pid = pid_of(engine)
    os.kill(pid, signal.SIGKILL)
    assert until_gone(pid)
    # A batch of one fails; a longer one is tried again item by item.
    found = engine.fired_many(SEVERITY, [{"people": 5}, {}])

    assert found == (("start",), ("calm",))


ITEMS = [{"people": number} for number in range(120)]


@pytest.mark.parametrize(
    "begun", [ITEMS, ITEMS[:1], [{"death": True}], []], ids=["the same", "fewer", "others", "nothing"]
)
def test_whatever_was_begun_the_answer_is_that_of_what_is_asked(engine: Engine, begun: list[Values]):
    engine.begin(SEVERITY, begun)

    assert engine.fired_many(SEVERITY, ITEMS) == tuple(
        ("calm",) if number < 5 else ("start",) for number in range(120)
    )


def test_a_day_that_was_not_begun_with_is_asked_anew(engine: Engine):
    engine.begin(SEVERITY, [{"death": True}], date(2026, 12, 31))

    assert engine.fired_many(SEVERITY, [{"death": True}], date(2027, 1, 1)) == (("calm", "new"),)


def test_what_was_begun_by_a_child_that_dies_is_asked_again(engine: Engine):
    pid = pid_of(engine)
    os.kill(pid, signal.SIGSTOP)  # before it can answer
    engine.begin(SEVERITY, [{"people": 5}, {}])
    os.kill(pid, signal.SIGKILL)

    assert engine.fired_many(SEVERITY, [{"people": 5}, {}]) == (("start",), ("calm",))


def test_beginning_with_an_engine_that_is_gone_harms_nothing(engine: Engine):
    pid = pid_of(engine)
    os.kill(pid, signal.SIGKILL)
    assert until_gone(pid)
    engine.begin(SEVERITY, [{"people": 5}, {}])

    assert engine.fired_many(SEVERITY, [{"people": 5}, {}]) == (("start",), ("calm",))


def test_wrong_features_are_refused_when_they_are_begun_with(engine: Engine):
    with pytest.raises(BadFeatures):
        engine.begin(SEVERITY, [{"people": "many"}])


def test_a_single_item_that_fails_is_reported_not_tried_twice(engine: Engine):
    os.kill(pid_of(engine), signal.SIGKILL)
    (verdict,) = engine.evaluate_many(SEVERITY, [{"people": 5}])

    assert isinstance(verdict, EngineFailed)
    assert engine.evaluate_many(SEVERITY, [{}])[0] != ()


def test_an_engine_that_cannot_answer_gives_up_and_says_so(book: Rulebook):
    with Engine(book, timeout=5, module="tests.rules.no_such_module") as engine:
        found = engine.evaluate_many(SEVERITY, [{}] * 40)

    assert len(found) == 40
    assert all(isinstance(verdict, EngineFailed) for verdict in found)
    assert "given up" in str(found[-20])


def test_an_answer_to_another_question_is_not_taken(book: Rulebook):
    with (
        Engine(book, timeout=5, module="tests.rules.echo_child") as engine,
        pytest.raises(EngineFailed, match="another question"),
    ):
        engine.evaluate(SEVERITY, {})


def test_the_library_is_loaded_in_the_child_only():
    code = "import sys, rules.engine; print('durable' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert out.stdout == "False\n"


def test_the_child_has_one_thread(engine: Engine):
    assert len(list(Path(f"/proc/{pid_of(engine)}/task").iterdir())) == 1


def test_closing_ends_the_child(book: Rulebook):
    engine = Engine(book)
    pid = pid_of(engine)
    engine.close()

    assert until_gone(pid)


OWNER = """
import os, sys
from rules.conditions import Values
from rules.engine import Engine
from rules.model import RuleKind
from tests.rules.tiny import tiny_book
engine = Engine(tiny_book())
engine.evaluate(RuleKind.SEVERITY, {})
print(engine._child.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("stopped", [False, True], ids=["idle", "stuck"])
def test_the_child_dies_with_its_owner(stopped: bool):  # noqa: FBT001 - a column of the table
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        if stopped:
            os.kill(child, signal.SIGSTOP)  # reads no end of input; only the kernel can end it
        owner.kill()

    assert until_gone(child)


FORKING = """
import os
from rules.conditions import Values
from rules.engine import Engine
from rules.model import RuleKind
from tests.rules.tiny import tiny_book
with Engine(tiny_book()) as engine:
    engine.evaluate(RuleKind.SEVERITY, {})
    first = engine._child.pid
    if (fork := os.fork()) == 0:
        engine.evaluate(RuleKind.SEVERITY, {})
        engine.close()
        os._exit(engine._child is not None or first == 0)
    _, status = os.waitpid(fork, 0)
    engine.evaluate(RuleKind.SEVERITY, {})
    print(status, engine._child.pid == first)
"""


def test_after_a_fork_each_process_has_a_child_of_its_own():
    out = subprocess.run(
        [sys.executable, "-c", FORKING], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert out.stdout == "0 True\n"
