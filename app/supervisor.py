"""Brings up a plan of programs, keeps its services up, and takes everything down in order.

One thread, because a child is tied to the thread that started it. It decides nothing about what is in the
plan and reads no environment.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from app.plan import STEADY_SECONDS, Item, Plan, Service, pause_before_restart
from app.supervised import Program

ASK_SECONDS = 0.1
"""Between two questions whether a service is ready."""
AGAIN_SECONDS = 3.0
"""After the second request to stop, before a program is killed (a worker's second request ends its job)."""
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LONG = 3600.0


class StartError(Exception):
    """The plan could not be brought up; the message names the program and how it ended."""

    code = "start"


class _AskedToStopError(Exception):
    """A stop signal came while the plan was being brought or kept up."""


class Supervisor:
    """Runs one plan, once, in a process that has no other children: a child it did not start is killed.

    Args:
        plan: brought up in this order, each item when the one before is ready or has ended well.
        write: takes a program's name and one line that it printed.
        on_ready: called once when everything is up, with the output of the steps that keep it.
    """

    def __init__(
        self, plan: Plan, *, write: Callable[[str, str], None], on_ready: Callable[[str], None]
    ) -> None:
        self._plan = plan
        self._write = write
        self._on_ready = on_ready
        self._running: list[Program] = []
        self._failures: dict[str, int] = {}
        self._restarts: list[tuple[float, Service]] = []
        self._stops_asked = 0
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Bring the plan up, keep it up until a stop signal comes, take it down.

        Raises:
            StartError: an item failed while it was brought up; all that had been started is down again.
        """
        with self._selector, self._signals():
            try:
                self._on_ready("".join(self._bring_up(item) for item in self._plan))
                while True:
                    self._turn(_LONG)
            except _AskedToStopError:
                self._say("stopping …")
            finally:
                self._take_down()

    def _say(self, line: str) -> None:
        self._write("launcher", line)

    # --- up -------------------------------------------------------------------------------------

    def _bring_up(self, item: Item) -> str:
        """Start `item`, wait until it is ready or has ended well, and return the output it keeps."""
        program = self._start(item)
        while program in self._running:
            if isinstance(item, Service):
                if item.ready(program.printed):
                    return ""
                if time.monotonic() - program.started > item.ready_seconds:
                    raise StartError(f"{item.name} was not ready within {item.ready_seconds:.0f} s.")
            self._turn(ASK_SECONDS, starting=program)
        status = program.exit_status()
        if isinstance(item, Service) or status != 0:
            for line in program.kept.splitlines():
                self._write(item.name, line)
            raise StartError(f"{item.name} failed: it ended {_how(status)}. Its last lines are above.")
        return program.kept

    def _start(self, item: Item) -> Program:
        try:
            program = Program(item, self._write)
        except OSError as error:
            raise StartError(f"{item.name} could not be started: {error}") from error
        self._running.append(program)
        for pipe in program.pipes:
            self._selector.register(pipe, selectors.EVENT_READ, program)
        return program

    def _turn(self, seconds: float, *, starting: Program | None = None) -> None:
        """Wait at most so long for something to happen, and deal with it."""
        self._wait(min([seconds, *(due - time.monotonic() for due, _ in self._restarts)]))
        if self._stops_asked:
            raise _AskedToStopError
        for program in self._ended():
            if program is not starting and isinstance(program.item, Service):
                self._plan_restart(program, program.item)
        for restart in [restart for restart in self._restarts if restart[0] <= time.monotonic()]:
            self._restarts.remove(restart)
            self._start(restart[1])

    def _plan_restart(self, program: Program, service: Service) -> None:
        up = time.monotonic() - program.started
        failures = 1 if up >= STEADY_SECONDS else self._failures.get(service.name, 0) + 1
        self._failures[service.name] = failures
        pause = pause_before_restart(failures)
        self._restarts.append((time.monotonic() + pause, service))
        self._say(
            f"{service.name} ended {_how(program.exit_status())} after {up:.0f} s; "
            f"it is started again in {pause:.0f} s"
        )

    # --- down -----------------------------------------------------------------------------------

    def _take_down(self) -> None:
        """Stop every program, the one started last first; what does not stop is killed."""
        self._restarts.clear()
        for program in reversed(tuple(self._running)):
            self._stop(program)
        while _orphans(()):
            self._kill_orphans()

    def _stop(self, program: Program) -> None:
        item = program.item
        patience = item.stop_seconds if isinstance(item, Service) else AGAIN_SECONDS
        asked = self._stops_asked
        for seconds in (patience, min(patience, AGAIN_SECONDS)):
            if program not in self._running:
                return
            program.send(item.stop_signal if isinstance(item, Service) else signal.SIGTERM)
            until = time.monotonic() + seconds
            while program in self._running and time.monotonic() < until and self._stops_asked == asked:
                self._wait(until - time.monotonic())
                self._ended()
        if program in self._running:
            self._say(f"{item.name} does not stop; it is killed")
            program.kill_group()
            while program in self._running:
                self._wait(ASK_SECONDS)
                self._ended()

    # --- what happens ---------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        """Wait for output, an end or a signal, and pass the output on."""
        for key, _ in self._selector.select(max(0.0, seconds)):
            if isinstance(key.data, Program):
                pipe = next(pipe for pipe in key.data.pipes if pipe is key.fileobj)
                if not key.data.pump(pipe):
                    self._selector.unregister(pipe)
            else:
                key.data.recv(4096)

    def _ended(self) -> list[Program]:
        """Return the programs that have ended since the last call; nothing is left of them."""
        ended = [program for program in self._running if program.exit_status() is not None]
        for program in ended:
            self._running.remove(program)
            registered = self._selector.get_map()
            for pipe in program.pipes:
                if pipe in registered:
                    self._selector.unregister(pipe)
            program.finish()
            program.kill_group()
        self._kill_orphans()
        return ended

    def _kill_orphans(self) -> None:
        for process in _orphans(program.pid for program in self._running):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Wake the selector on every signal that matters; put the old handlers back at the end."""
        awake, waker = socket.socketpair()
        with awake, waker:
            for end in (awake, waker):
                end.settimeout(0)
            self._selector.register(awake, selectors.EVENT_READ, awake)
            handlers = {number: signal.signal(number, self._stop_asked) for number in STOP_SIGNALS}
            handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
            wakeup = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
            try:
                yield
            finally:
                signal.set_wakeup_fd(wakeup)
                for number, handler in handlers.items():
                    signal.signal(number, handler)

    def _stop_asked(self, _number: int, _frame: FrameType | None) -> None:
        self._stops_asked += 1


def _how(status: int | None) -> str:
    if status is not None and status < 0:
        return f"by {signal.Signals(-status).name}"
    return f"with exit status {status}"


def _orphans(known: Iterable[int]) -> set[int]:
    """Return our children that we did not start: what a program left behind when it ended.

    They come to us because the launcher adopts orphans; empty where the kernel does not list children.
    """
    children: set[int] = set()
    for thread in Path("/proc/self/task").iterdir():
        try:
            children.update(map(int, (thread / "children").read_text().split()))
        except OSError:
            continue
    return children - set(known)
