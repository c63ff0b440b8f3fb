"""The whole demo as `make run` starts it: it serves, goes on with its data, and leaves nothing behind."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.config import read_demo_file
from app.queue_server import find_program
from tests import servers

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0  # a busy machine; 10 s on an idle one
STOP_SECONDS = 60.0

pytestmark = pytest.mark.redis


class Demo:
    """A running demo."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.address = f"http://127.0.0.1:{port}"
        self.printed = ""

    def wait_for(self, words: str) -> None:
        """Read what it prints until `words`."""
        assert self.process.stdout is not None
        until = time.monotonic() + START_SECONDS
        while words not in self.printed:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                pytest.fail(f"no {words!r} within {START_SECONDS:.0f} s; printed:\n{self.printed}")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                pytest.fail(f"ended with {self.process.wait()}; printed:\n{self.printed}")
            self.printed += data.decode()

    def get(self, path: str) -> str:
        """Return the page at `path`."""
        with urllib.request.urlopen(self.address + path, timeout=20) as page:  # noqa: S310 - our own address
            return page.read().decode()

    def family(self) -> list[int]:
        """Return a pidfd for each process below the launcher; one that ends meanwhile is left out."""
        found: list[int] = []
        waiting = [self.process.pid]
        while waiting:
            with suppress(OSError):
                for thread in Path(f"/proc/{waiting.pop()}/task").iterdir():
                    for child in map(int, (thread / "children").read_text().split()):
                        waiting.append(child)
                        found.append(os.pidfd_open(child))
        return found


@contextmanager
def running(data_dir: Path) -> Iterator[Demo]:
    """Start the demo on `data_dir` and a free port; kill what a failed test leaves."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("JIANJIAN_", "DATABASE_"))
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app.launcher", "--stop-with-parent"],
        cwd=ROOT,
        env={**ours, "JIANJIAN_DATA_DIR": str(data_dir), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process:
        try:
            yield Demo(process, port)
        finally:
            process.kill()


def test_the_demo_serves_goes_on_with_its_data_and_leaves_nothing_behind(tmp_path: Path):
    servers.demand("redis", find_program() is not None, servers.NO_REDIS)
    data_dir = tmp_path / "var"

    with running(data_dir) as demo:
        demo.wait_for("Ctrl-C")
        assert demo.address in demo.printed
        assert "password" in demo.printed  # the table of demo accounts
        assert "件件" in demo.get("/sign-in")
        assert '"status":"failing"' not in demo.get("/healthz").replace(" ", "")
        family = demo.family()
        demo.process.send_signal(signal.SIGINT)
        demo.wait_for("stopped")
        assert demo.process.wait(STOP_SECONDS) == 0
        assert len(family) >= 4  # queue, web, worker, scheduler
        assert [process for process in family if not servers.ends(process, within=0)] == []
    secrets = read_demo_file(data_dir)

    with running(data_dir) as demo:
        demo.wait_for("Ctrl-C")
        assert {
            name: value for name, value in read_demo_file(data_dir).items() if name.startswith("JIANJIAN")
        } == {name: value for name, value in secrets.items() if name.startswith("JIANJIAN")}
        family = demo.family()
        demo.process.kill()
        assert [process for process in family if not servers.ends(process, within=STOP_SECONDS)] == []
