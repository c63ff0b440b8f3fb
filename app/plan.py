"""What a launcher has to bring up, as data: steps that end, services that stay, how each shows it is ready.

Nothing is started here; `app.supervisor` does that.
"""

from __future__ import annotations

import http.client
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

HEALTH_SECONDS = 2.0  # one question to a process on this machine
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""A service that stayed up this long is taken to be well again: its next restart is quick."""


class ReadyCheck(Protocol):
    """Asked again and again while a service starts."""

    def __call__(self, printed: str) -> bool:
        """Return whether the service is ready, given the last whole lines it printed."""


@dataclass(frozen=True, slots=True)
class Step:
    """A program that must end well before the next item of the plan is started.

    Attributes:
        name: stands before each line it prints.
        argv: program and arguments.
        env: its whole environment.
        keeps_output: what it prints to standard output is kept for the end of the start-up.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    keeps_output: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A program that stays up, and is started again when it ends.

    Attributes:
        name: stands before each line it prints.
        argv: program and arguments.
        env: its whole environment.
        ready: asked until True; the next item of the plan waits for it.
        ready_seconds: how long the first start may take.
        stop_seconds: how long it may take to stop when asked, before it is asked again and then killed.
        stop_signal: how it is asked.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    ready: ReadyCheck
    ready_seconds: float = 60.0
    stop_seconds: float = 10.0
    stop_signal: signal.Signals = signal.SIGTERM


Item = Step | Service
Plan = tuple[Item, ...]


def pause_before_restart(failures: int) -> float:
    """Return the seconds to wait before a service is started again.

    Args:
        failures: how often in a row it ended before it had been up for STEADY_SECONDS; at least 1.
    """
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10)))


def at_once(printed: str) -> bool:  # noqa: ARG001 - a ReadyCheck is given the output
    """Return True: ready as soon as it runs."""
    return True


def says(words: str) -> ReadyCheck:
    """Return a check for a service that prints `words` when it is ready."""
    return lambda printed: words in printed


def asks(question: Callable[[], bool]) -> ReadyCheck:
    """Return a check that asks `question` and looks at no output."""
    return lambda printed: question()  # noqa: ARG005 - as above


def answers_http(host: str, port: int, path: str) -> ReadyCheck:
    """Return a check for a web server that answers `path` with 200."""

    def question() -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=HEALTH_SECONDS)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return asks(question)
