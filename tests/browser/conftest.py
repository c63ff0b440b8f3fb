"""The whole system as `make run` starts it, on a port and data of its own, and a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.people import People
from tests.servers import demand

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_CHROMIUM = "no chromium: `apt-get install chromium fonts-noto-cjk`"
READY = "is running"
START_SECONDS = 90.0
STOP_SECONDS = 30.0
_OURS = ("PATH", "HOME", "LANG", "TMPDIR")


@pytest.fixture(scope="session")
def running_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo with web, worker, scheduler and queue, stopped at the end of the run."""
    demand("browser", CHROMIUM, NO_CHROMIUM)
    home = tmp_path_factory.mktemp("demo")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {name: os.environ[name] for name in _OURS if name in os.environ}
    env |= {"JIANJIAN_DATA_DIR": str(home / "data"), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    with _launched(env, home / "log.txt"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine; skips by name where there is none."""
    demand("browser", CHROMIUM, NO_CHROMIUM)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
        )
        yield browser
        browser.close()


@pytest.fixture
def people(chromium: Browser, running_demo: str) -> Iterator[People]:
    everybody = People(chromium, running_demo)
    yield everybody
    for page in everybody.pages.values():
        page.context.close()


@contextmanager
def _launched(env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.launcher", "--stop-with-parent"],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, log)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while READY not in log.read_text(encoding="utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"the demo did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
