"""The queue's server: found, started on a private socket, reached, stopped, and never left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from app import queue_server
from app.queue_server import LONGEST_SOCKET_PATH, QueueServerError, plan_queue_server, running
from tests import servers

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
import light_app
from pathlib import Path
from app.queue_server import plan_queue_server, running
with running(plan_queue_server(Path(sys.argv[1]))) as plan:
    print(plan.url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    servers.demand("redis", queue_server.find_program() is not None, servers.NO_REDIS)
    return tmp_path


def test_a_named_server_is_used_as_it_is(tmp_path: Path):
    plan = plan_queue_server(tmp_path, "redis://queue.invalid:6379/0")

    assert (plan.url, plan.argv) == ("redis://queue.invalid:6379/0", ())
    assert list(tmp_path.iterdir()) == []
    with running(plan) as same:
        assert same is plan


def test_our_server_listens_on_a_socket_for_us_alone_and_on_no_port(data_dir: Path):
    with running(plan_queue_server(data_dir)) as plan:
        with Redis.from_url(plan.url) as client:
            assert client.ping()
            assert client.config_get("port") == {"port": "0"}
            assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert plan.url == f"unix://{data_dir}/queue.sock"
        assert stat.S_IMODE((data_dir / "queue.sock").stat().st_mode) == 0o700

    assert not plan.answers()


def test_what_was_queued_is_still_there_after_a_restart(data_dir: Path):
    for expected in (None, b"rung"):
        with running(plan_queue_server(data_dir)) as plan, Redis.from_url(plan.url) as client:
            assert client.get("bell") == expected
            client.set("bell", "rung")


def test_killing_the_process_that_started_it_ends_the_server(data_dir: Path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'app'}"},
    ) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        with Redis.from_url(url) as client:
            server = int(client.info("server")["process_id"])
        server_end = os.pidfd_open(server)
        os.kill(holder.pid, signal.SIGKILL)

    assert servers.ends(server_end, within=10)


def test_a_data_directory_with_a_long_name_gets_a_short_private_socket(data_dir: Path):
    deep = data_dir / ("a" * LONGEST_SOCKET_PATH)

    with running(plan_queue_server(deep)) as plan:
        assert plan.socket_path is not None
        assert len(os.fsencode(plan.socket_path)) <= LONGEST_SOCKET_PATH
        assert stat.S_IMODE(plan.socket_path.parent.stat().st_mode) == 0o700
        assert plan.answers()
        assert plan_queue_server(deep).url == plan.url
    plan.socket_path.parent.rmdir()


def test_a_short_directory_that_others_can_enter_is_refused(data_dir: Path):
    deep = data_dir / ("b" * LONGEST_SOCKET_PATH)
    planned = plan_queue_server(deep).socket_path
    assert planned is not None
    planned.parent.chmod(0o755)
    try:
        with pytest.raises(QueueServerError, match="not a directory of ours alone"):
            plan_queue_server(deep)
    finally:
        planned.parent.rmdir()


def test_a_server_that_cannot_start_is_quoted(data_dir: Path):
    plan = plan_queue_server(data_dir)
    (data_dir / "queue").rmdir()

    with (
        pytest.raises(QueueServerError, match=r"ended at once: (?s:.*)No such file or directory"),
        running(plan),
    ):
        pytest.fail("a server without a directory answered")


def test_a_machine_without_any_server_is_told_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(queue_server, "_WHEEL", "no_such_wheel")

    with pytest.raises(QueueServerError, match="apt-get install redis-server"):
        plan_queue_server(tmp_path)
