"""The launcher: what the demo consists of, what it refuses, and what it prints."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.config import Settings, load_settings
from app.data_home import HomeError, keep_demo_settings, locked
from app.launcher import (
    child_environment,
    demo_plan,
    launch,
    refuse_open_demo,
    refuse_real_secrets,
    welcome,
)
from app.plan import Service, Step, answers_http
from app.queue_server import QueuePlan, QueueServerError

OURS = QueuePlan(
    url="unix:///run/queue.sock", argv=("valkey-server",), socket_path=Path("/nowhere/queue.sock")
)
NAMED = QueuePlan(url="redis://queue.invalid:6379/0")


@pytest.fixture
def demo(tmp_path: Path) -> Settings:
    return load_settings(
        {**keep_demo_settings(tmp_path, {"REDIS_URL": OURS.url}), "JIANJIAN_DATA_DIR": str(tmp_path)}
    )


def test_the_demo_is_migrated_and_loaded_before_anything_serves(demo: Settings):
    plan = demo_plan(demo, OURS, {})

    assert [(item.name, type(item)) for item in plan] == [
        ("queue", Service),
        ("migrate", Step),
        ("demo", Step),
        ("web", Service),
        ("worker", Service),
        ("trials", Service),
        ("scheduler", Service),
    ]


def test_a_queue_server_of_somebody_else_is_not_started(demo: Settings):
    assert next(item.name for item in demo_plan(demo, NAMED, {})) == "migrate"


def test_every_program_runs_on_this_python_and_gets_the_whole_environment(demo: Settings):
    env = child_environment({"PATH": "/usr/bin", "JIANJIAN_DEMO": "0"}, {"JIANJIAN_DEMO": "1"}, demo.data_dir)

    assert env["JIANJIAN_DEMO"] == "1"
    assert env["PATH"] == "/usr/bin"
    assert env["TZ"] == "Asia/Shanghai"
    assert {item.argv[0] for item in demo_plan(demo, NAMED, env)} == {sys.executable}
    assert all(item.env is env for item in demo_plan(demo, NAMED, env))


@pytest.mark.parametrize("name", ["JIANJIAN_SECRET_KEY", "JIANJIAN_IDENTITY_KEYS"])
def test_the_environment_of_a_real_installation_is_refused(name: str):
    with pytest.raises(HomeError, match=f"{name} belong"):
        refuse_real_secrets({name: "anything"})

    refuse_real_secrets({name: ""})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "demo.example", "127.0.0.1.example"])  # noqa: S104
def test_a_demo_that_the_network_could_reach_is_refused_unless_it_is_meant(demo: Settings, host: str):
    reachable = replace(demo, host=host)
    for environ in ({}, {"JIANJIAN_DEMO_PUBLIC": "0"}, {"JIANJIAN_DEMO_PUBLIC": ""}):
        with pytest.raises(HomeError, match="JIANJIAN_DEMO_PUBLIC=1"):
            refuse_open_demo(reachable, environ)

    refuse_open_demo(reachable, {"JIANJIAN_DEMO_PUBLIC": "1"})
    said = welcome(reachable, "")
    assert "WARNING: this demo is open to the network" in said
    assert "警告" in said


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_a_demo_on_this_machine_needs_no_word(demo: Settings, host: str):
    near = replace(demo, host=host)
    refuse_open_demo(near, {})

    assert "WARNING" not in welcome(near, "")


def test_an_open_demo_is_refused_before_anything_is_started(tmp_path: Path):
    environ = {"JIANJIAN_DATA_DIR": str(tmp_path), "REDIS_URL": NAMED.url, "JIANJIAN_HOST": "0.0.0.0"}  # noqa: S104

    with pytest.raises(HomeError, match="would open the demo"):
        launch(environ)


def test_the_end_of_the_start_up_says_where_and_who(demo: Settings):
    said = welcome(demo, "值班员 duty  zhiban  …\n")

    assert "http://127.0.0.1:8000\n" in said
    assert "值班员 duty  zhiban" in said
    assert str(demo.data_dir) in said


def test_a_second_launcher_on_the_same_data_is_refused(tmp_path: Path):
    with locked(tmp_path), pytest.raises(HomeError, match="already running"):
        launch({"JIANJIAN_DATA_DIR": str(tmp_path)})


def test_a_taken_port_is_refused_before_anything_is_started(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with pytest.raises(HomeError, match=f"port {port} is taken"):
            launch({"JIANJIAN_DATA_DIR": str(tmp_path), "PORT": port, "REDIS_URL": NAMED.url})


def test_a_named_queue_server_that_does_not_answer_is_refused(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with pytest.raises(QueueServerError, match="REDIS_URL"):
        launch({"JIANJIAN_DATA_DIR": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:1", "PORT": port})


class Page(BaseHTTPRequestHandler):
    """Answers one path with 200."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def web() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_web_server_is_ready_when_its_health_page_answers(web: int):
    assert answers_http("127.0.0.1", web, "/healthz")("")
    assert not answers_http("127.0.0.1", web, "/elsewhere")("")


def test_a_web_server_that_is_not_there_yet_is_not_ready():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert not answers_http("127.0.0.1", port, "/healthz")("")
