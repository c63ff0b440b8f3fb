"""A child process that answers frames within a time, or is killed. It knows nothing of rules."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from rules.engine.wire import HEADER, BadFrame, Frame, Json, body_length, packed, unpacked
from rules.errors import EngineFailed, EngineTimeout

_ROOT = Path(__file__).resolve().parents[2]  # the folder in which the package `rules` lies
_CHUNK = 1 << 16  # bytes read or written at once


class ChildProcess:
    """A Python module running in a child, spoken to over its standard input and output.

    The child dies with us: it asks the kernel for that, and it ends when its input does.
    """

    def __init__(self, module: str) -> None:
        self.owner = os.getpid()  # after a fork the child belongs to the other process
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", module, str(self.owner)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise EngineFailed("no pipes to the child")
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    @property
    def pid(self) -> int:
        """Return the process id of the child."""
        return self._process.pid

    def ask(self, frame: Mapping[str, Json], seconds: float) -> Frame:
        """Return the child's answer to a frame; see `send` and `receive`."""
        self.send(frame, seconds)
        return self.receive(seconds)

    def send(self, frame: Mapping[str, Json], seconds: float) -> None:
        """Ask without waiting for the answer, which `receive` returns.

        Raises:
            EngineTimeout: the child took no more within `seconds` of wall clock; it has been killed.
            EngineFailed: the child is gone; it has been killed.
        """
        deadline = time.monotonic() + seconds
        try:
            self._write(packed(frame), deadline)
        except TimeoutError:
            self.kill()
            raise EngineTimeout(seconds) from None
        except OSError as error:
            self._fail(error)

    def receive(self, seconds: float) -> Frame:
        """Return the child's answer to the frame that was sent.

        Raises:
            EngineTimeout: no answer within `seconds` of wall clock; the child has been killed.
            EngineFailed: the child is gone or answered nonsense; it has been killed.
        """
        deadline = time.monotonic() + seconds
        try:
            header = self._read(HEADER.size, deadline)
            return unpacked(self._read(body_length(header), deadline))
        except TimeoutError:
            self.kill()
            raise EngineTimeout(seconds) from None
        except (OSError, EOFError, BadFrame) as error:
            self._fail(error)

    def kill(self) -> None:
        """End the child at once and wait until it is gone; does nothing where it has ended."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self.forget()

    def forget(self) -> None:
        """Close our ends of the pipes; a child that is still there ends by itself."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _fail(self, error: Exception) -> NoReturn:
        self.kill()
        code = self._process.returncode
        raise EngineFailed(f"its process ended ({type(error).__name__}, exit status {code})") from error

    def _write(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        while left:
            _wait(self._in, select.POLLOUT, deadline)
            left = left[os.write(self._in, left[:_CHUNK]) :]

    def _read(self, count: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < count:
            _wait(self._out, select.POLLIN, deadline)
            part = os.read(self._out, min(_CHUNK, count - len(data)))
            if not part:
                raise EOFError
            data += part
        return bytes(data)


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError
