"""The supervisor with real programs: order, restarts, stopping, and that nothing is ever left behind."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.plan import pause_before_restart
from tests import servers

LAUNCHER = Path(__file__).with_name("fake_launcher.py")
ROOT = LAUNCHER.parents[2]
PATIENCE = 20.0  # seconds; far more than anything here takes

STEADY = """
import os, signal, sys
def bye(*_):
    print("bye"); sys.exit(0)
signal.signal(signal.SIGTERM, bye)
print("up as", os.getpid())
while True: signal.pause()
"""
STUBBORN = STEADY.replace("def bye(*_):", "def bye(*_):\n    print('no'); return")
HALF_A_LINE = STEADY.replace(
    'print("up as", os.getpid())', 'sys.stdout.write(f"up as {os.getpid()}\\nhalf a line")'
)
PARENT_OF_A_STRAY = """
import os, signal, time
stray = os.fork()
if stray == 0:
    os.setpgrp()
    while True: signal.pause()
print("stray", stray)
while True: signal.pause()
"""


def service(name: str, code: str = STEADY, **more: object) -> dict[str, object]:
    return {"kind": "service", "name": name, "code": code, "says": "up as", **more}


def step(name: str, code: str, **more: object) -> dict[str, object]:
    return {"kind": "step", "name": name, "code": code, **more}


class Launcher:
    """A fake launcher and the lines it prints."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._unread: list[str] = []
        self._rest = b""

    def line_with(self, words: str) -> str:
        """Return the next line that contains `words`."""
        until = time.monotonic() + PATIENCE
        while (line := self._next(until)) is not None:
            if words in line:
                return line
        return pytest.fail(f"{words!r} was not printed; only:\n" + "\n".join(self.lines))

    def end(self) -> int:
        """Return the exit status, with everything printed in `lines`."""
        while self._next(time.monotonic() + PATIENCE) is not None:
            pass
        return self.process.wait(PATIENCE)

    def _next(self, until: float) -> str | None:
        assert self.process.stdout is not None
        while not self._unread:
            if not select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                return None
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                return None
            *complete, self._rest = (self._rest + data).split(b"\n")
            self._unread += [line.decode() for line in complete]
        self.lines.append(self._unread.pop(0))
        return self.lines[-1]


@pytest.fixture
def launch() -> Iterator[Callable[..., Launcher]]:
    """Start a fake launcher with these items; it is gone after the test."""
    with ExitStack() as stack:

        def start(*items: dict[str, object]) -> Launcher:
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, str(LAUNCHER), json.dumps(items)],
                    stdout=subprocess.PIPE,
                    env={**os.environ, "PYTHONPATH": str(ROOT)},
                )
            )
            stack.callback(process.kill)
            return Launcher(process)

        yield start


def pidfd_in(line: str) -> int:
    found = re.search(r"(\d+)$", line)
    assert found
    return os.pidfd_open(int(found[1]))


def test_a_plan_comes_up_in_order_and_goes_down_in_reverse(launch: Callable[..., Launcher]):
    launcher = launch(service("first"), step("between", "print('done')"), service("second"))

    launcher.line_with("all ready")
    launcher.process.send_signal(signal.SIGTERM)

    assert launcher.end() == 0
    said = [re.sub(r" as \d+", "", line) for line in launcher.lines]
    assert said == [
        "first: up",
        "between: done",
        "second: up",
        "all ready []",
        "launcher: stopping …",
        "second: bye",
        "first: bye",
    ]


def test_ctrl_c_stops_like_a_request_to_end(launch: Callable[..., Launcher]):
    launcher = launch(service("only"))

    launcher.line_with("all ready")
    launcher.process.send_signal(signal.SIGINT)

    assert launcher.end() == 0
    assert launcher.lines[-1] == "only: bye"


def test_a_step_may_keep_what_it_prints_for_the_end_of_the_start(launch: Callable[..., Launcher]):
    code = "import sys\nprint('table')\nprint('working', file=sys.stderr)"

    launcher = launch(step("load", code, keeps_output=True), service("web"))

    assert launcher.line_with("all ready") == "all ready [table]"
    assert launcher.lines[0] == "load: working"


def test_a_step_that_fails_ends_the_start_with_its_name_and_stops_the_rest(launch: Callable[..., Launcher]):
    launcher = launch(service("first"), step("migrate", "raise SystemExit(3)"), service("never"))

    assert launcher.end() == 1
    assert launcher.lines[-2:] == [
        "first: bye",
        "refused: migrate failed: it ended with exit status 3. Its last lines are above.",
    ]
    assert not [line for line in launcher.lines if line.startswith("never")]


def test_a_service_that_ends_before_it_is_ready_is_not_tried_for_ever(launch: Callable[..., Launcher]):
    launcher = launch(service("web", "print('port taken')"))

    assert launcher.end() == 1
    assert launcher.lines[0] == "web: port taken"
    assert launcher.lines[1].startswith("refused: web failed: it ended with exit status 0.")


def test_a_service_that_is_not_ready_in_time_ends_the_start(launch: Callable[..., Launcher]):
    launcher = launch(service("web", ready_seconds=0.2, says="never said"))

    assert launcher.end() == 1
    assert launcher.lines[-1] == "refused: web was not ready within 0 s."


def test_a_service_that_crashes_is_started_again_and_that_is_said(launch: Callable[..., Launcher]):
    launcher = launch(service("worker", HALF_A_LINE), service("web"))
    crashing = int(launcher.line_with("worker: up as").rsplit(" ", 1)[1])
    launcher.line_with("all ready")
    os.kill(crashing, signal.SIGKILL)

    launcher.line_with("worker: half a line")
    assert launcher.line_with("launcher: worker ended by SIGKILL").endswith("it is started again in 1 s")
    launcher.line_with("worker: up as")
    launcher.process.send_signal(signal.SIGTERM)

    assert launcher.end() == 0
    assert {"web: bye", "worker: half a linebye"} <= set(launcher.lines)


def test_a_program_that_does_not_stop_is_asked_twice_and_killed(launch: Callable[..., Launcher]):
    launcher = launch(service("stubborn", STUBBORN, stop_seconds=0.3))
    process = pidfd_in(launcher.line_with("up as"))
    launcher.line_with("all ready")
    launcher.process.send_signal(signal.SIGTERM)

    assert launcher.end() == 0
    assert servers.ends(process, within=0)
    assert launcher.lines.count("stubborn: no") == 2
    assert launcher.lines[-1] == "launcher: stubborn does not stop; it is killed"


def test_a_second_ctrl_c_does_not_wait_any_longer(launch: Callable[..., Launcher]):
    launcher = launch(service("stubborn", STUBBORN, stop_seconds=10 * PATIENCE))
    launcher.line_with("all ready")
    launcher.process.send_signal(signal.SIGINT)
    launcher.line_with("stubborn: no")
    launcher.process.send_signal(signal.SIGINT)

    assert launcher.end() == 0


def test_killing_the_launcher_leaves_no_program_behind(launch: Callable[..., Launcher]):
    launcher = launch(service("first", STUBBORN), service("second"))
    processes = [pidfd_in(launcher.line_with("up as")) for _ in range(2)]
    launcher.line_with("all ready")
    launcher.process.kill()

    assert [servers.ends(process, within=PATIENCE) for process in processes] == [True, True]


def test_what_a_crashed_program_left_running_is_killed(launch: Callable[..., Launcher]):
    """A work horse has a process group of its own and outlives a worker that is killed."""
    launcher = launch(service("worker", PARENT_OF_A_STRAY, says="stray"))
    stray = int(launcher.line_with("worker: stray").rsplit(" ", 1)[1])
    process = os.pidfd_open(stray)
    launcher.line_with("all ready")
    worker = int(Path(f"/proc/{stray}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(worker, signal.SIGKILL)

    assert servers.ends(process, within=PATIENCE)
    launcher.line_with("worker: stray")
    launcher.process.send_signal(signal.SIGTERM)
    assert launcher.end() == 0


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (7, 30), (5000, 30)]
)
def test_the_pause_before_a_restart_doubles_up_to_half_a_minute(failures: int, seconds: int):
    assert pause_before_restart(failures) == seconds
