"""A child that waits for files of packs, so that reading them costs no start of an interpreter.

Each set of files is read in a fork of that child with the limits of `guarded`, so that one set can do no harm
to the next. What goes wrong here is no answer: the caller then takes a new child.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

CPU_SECONDS = 2
MEMORY = 256 * 1024 * 1024  # bytes of address space, the interpreter included
"""**Source:** issue 3, "Language": 2 s / 256 MB. The demo pack takes 0.2 s and 42 MB."""
WALL_SECONDS = 15.0  # a busy machine may take its time; the processor's is what counts
ROOT = Path(__file__).resolve().parents[1]  # the folder in which the package `rules` lies
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
_MORE_TIME = 5.0  # seconds for the waiting child to tell that a fork took too long
_AT_ONCE = 1 << 16  # bytes
_LONGEST_HEAD = 64  # bytes of the line that begins an answer


class WarmReader:
    """Asks one waiting child, from one thread at a time. It starts the child when needed, and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the child unless it waits already; returns at once."""
        if self._lock.acquire(blocking=False):
            try:
                self._waiting()
            finally:
                self._lock.release()

    def ask(self, payload: bytes) -> bytes | None:
        """Return what the child says about these files, None where it was stopped or did not answer.

        It is a line of JSON, then the pickled readings of those files that were new to the child.

        Args:
            payload: as `guarded` writes it.
        """
        with self._lock:
            child = self._waiting()
            if child is None:
                return None
            try:
                status, answer = _talk(child, payload)
            except (OSError, ValueError):
                self._end()
                return None
            return answer if status == 0 else None

    def close(self) -> None:
        """End the child; the next question starts another."""
        with self._lock:
            self._end()

    def _waiting(self) -> subprocess.Popen[bytes] | None:
        if self._child is not None and self._child.poll() is not None:
            self._end()
        if self._child is None:
            command = [sys.executable, "-m", "rules.guarded_child", str(CPU_SECONDS), str(MEMORY)]
            try:
                self._child = subprocess.Popen(  # noqa: S603 - our own module, no shell
                    [*command, "--warm", str(WALL_SECONDS)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    cwd=ROOT,
                    env=ENVIRONMENT,
                )
            except OSError:
                return None
            # A process that goes away lets no child wait, and leaves none behind.
            self._finalizer = weakref.finalize(self, _stop, self._child)
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child = None
            self._finalizer()


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _talk(child: subprocess.Popen[bytes], payload: bytes) -> tuple[int, bytes]:
    """Return status and answer.

    Raises:
        OSError, ValueError: the child is gone, too slow, or says something else.
    """
    if child.stdin is None or child.stdout is None:
        raise ValueError
    rest = memoryview(payload)
    while rest:
        rest = rest[os.write(child.stdin.fileno(), rest) :]
    end, said = time.monotonic() + WALL_SECONDS + _MORE_TIME, b""
    while True:
        head, has_head, body = said.partition(b"\n")
        if has_head:
            status, size = map(int, head.split())
            if len(body) >= size:
                return status, body
        elif len(said) > _LONGEST_HEAD:
            raise ValueError
        if not select.select([child.stdout], [], [], max(end - time.monotonic(), 0))[0]:
            raise TimeoutError
        piece = os.read(child.stdout.fileno(), _AT_ONCE)
        if not piece:
            raise BrokenPipeError
        said += piece
