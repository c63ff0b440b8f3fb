"""The demo's home: its data directory, the lock on it, its own secrets, and the port it will listen on.

It starts nothing and knows nothing of what the data means.
"""

from __future__ import annotations

import base64
import errno
import fcntl
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.config import DEMO_FILE, read_demo_file
from app.config_values import DEMO_MARK, KEY_BYTES

LOCK_FILE = "launcher.lock"
_HEADING = (
    "# The demo's own settings, made by `make run` and for this directory only.\n"
    "# Commands typed on this machine find them here; a real installation has its own (docs/deploy.md).\n"
)


class HomeError(Exception):
    """The demo cannot live there; the message says what to do."""

    code = "home"


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Make `data_dir` (mode 700) where needed and keep other launchers out of it.

    Raises:
        HomeError: another launcher uses it, or it cannot be written.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = (data_dir / LOCK_FILE).open("a+", encoding="ascii")
    except OSError as error:
        raise HomeError(
            f"the data directory {data_dir} cannot be used ({error.strerror}). "
            "Choose another: JIANJIAN_DATA_DIR=/path make run"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise HomeError(
                f"Jianjian is already running on {data_dir} (process {handle.read().strip() or 'unknown'}). "
                "Stop it with Ctrl-C where it runs, or give this one data of its own: "
                "JIANJIAN_DATA_DIR=/path make run PORT=8001"
            ) from None
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def keep_demo_settings(data_dir: Path, addresses: Mapping[str, str]) -> Mapping[str, str]:
    """Return the demo's variables with `addresses` in them, and leave them in the demo's file (mode 600).

    Secrets are made at the first start and kept from then on.
    """
    known = read_demo_file(data_dir)
    key, seed = (base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii") for _ in range(2))
    settings = {
        "JIANJIAN_DEMO": "1",
        "JIANJIAN_SECRET_KEY": known.get("JIANJIAN_SECRET_KEY") or DEMO_MARK + secrets.token_urlsafe(48),
        "JIANJIAN_IDENTITY_KEYS": known.get("JIANJIAN_IDENTITY_KEYS") or f"{DEMO_MARK}1:{key}",
        "JIANJIAN_PACK_SIGNING_KEY": known.get("JIANJIAN_PACK_SIGNING_KEY") or f"{DEMO_MARK}pack:{seed}",
        **addresses,
    }
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    fresh = data_dir / f"{DEMO_FILE}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(_HEADING + lines)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(data_dir / DEMO_FILE)
    return settings


def check_port(host: str, port: int) -> None:
    """Return when `port` can be listened on.

    Raises:
        HomeError: it is taken, or `host` is no address of this machine.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            told = f"port {port} is taken by another program. Choose another: make run PORT={port + 1}"
        elif error.errno == errno.EACCES:
            told = f"port {port} is for root only. Choose one from 1024 on: make run PORT=8000"
        else:
            told = f"{host} port {port} cannot be listened on ({error.strerror}). Set JIANJIAN_HOST=127.0.0.1"
        raise HomeError(told) from error
