"""One running program of a plan: started tied to us, its lines marked with its name, asked to stop or killed.

It decides nothing about restarts or order; `app.supervisor` does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import IO

from app.plan import Item, Step
from app.tether import tethered

CHUNK = 65536  # bytes: read at once, longest line, and as much as ready checks are shown


class Program:
    """A running program.

    Attributes:
        item: what it was started from.
        started: monotonic seconds.
        printed: the last whole lines it printed, for ready checks.
        kept: its whole standard output, where the item asks for it.
    """

    def __init__(self, item: Item, write: Callable[[str, str], None]) -> None:
        self.item = item
        self.started = time.monotonic()
        self.printed = ""
        self.kept = ""
        self._write = write
        keeps = isinstance(item, Step) and item.keeps_output
        self._process = subprocess.Popen(  # noqa: S603 - the plan is ours
            tethered(item.argv),
            env=dict(item.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if keeps else subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal is for the launcher alone
        )
        self._kept_pipe = self._process.stdout if keeps else None
        self.pipes = tuple(pipe for pipe in (self._process.stdout, self._process.stderr) if pipe)
        self._rests = dict.fromkeys(self.pipes, b"")
        for pipe in self.pipes:
            os.set_blocking(pipe.fileno(), False)

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def exit_status(self) -> int | None:
        """Return how it ended (negative: by which signal), None while it runs."""
        return self._process.poll()

    def pump(self, pipe: IO[bytes]) -> bool:
        """Pass on what stands in `pipe` now; return whether more may come."""
        while True:
            try:
                data = os.read(pipe.fileno(), CHUNK)
            except BlockingIOError:
                return True
            if not data:
                return False
            self._take(pipe, data)

    def finish(self) -> None:
        """Pass on the last words and close the pipes; for a program that has ended."""
        for pipe in self.pipes:
            self.pump(pipe)
            if self._rests[pipe]:
                self._take(pipe, b"\n")
            pipe.close()

    def send(self, number: signal.Signals) -> None:
        """Send a signal; one that has ended gets none."""
        self._process.send_signal(number)

    def kill_group(self) -> None:
        """Kill it with everything that is still in its process group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _take(self, pipe: IO[bytes], data: bytes) -> None:
        if pipe is self._kept_pipe:
            self.kept += data.decode(errors="replace")
            return
        *lines, rest = (self._rests[pipe] + data).split(b"\n")
        if len(rest) > CHUNK:
            lines, rest = [*lines, rest], b""
        self._rests[pipe] = rest
        for line in lines:
            text = line.decode(errors="replace")
            self.printed = f"{self.printed}{text}\n"[-CHUNK:]
            self._write(self.item.name, text)
