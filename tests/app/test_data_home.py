"""The demo's home: one launcher at a time, secrets of its own, and a port that can be had."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from app.config import DEMO_FILE, SettingsError, load_settings
from app.data_home import HomeError, check_port, keep_demo_settings, locked

QUEUE = {"REDIS_URL": "unix:///run/queue.sock"}


def test_a_data_directory_is_made_for_us_alone(tmp_path: Path):
    with locked(tmp_path / "new" / "var"):
        assert stat.S_IMODE((tmp_path / "new" / "var").stat().st_mode) == 0o700


def test_two_launchers_on_the_same_data_are_refused(tmp_path: Path):
    with (
        locked(tmp_path),
        pytest.raises(HomeError, match=r"already running on .* \(process \d+\)"),
        locked(tmp_path),
    ):
        pytest.fail("two launchers on the same data")

    with locked(tmp_path):
        pass  # the first has gone


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(HomeError, match="JIANJIAN_DATA_DIR="), locked(tmp_path / "file" / "var"):
        pytest.fail("a directory inside a file")


def test_the_demos_secrets_are_made_once_and_seen_by_nobody_else(tmp_path: Path):
    first = keep_demo_settings(tmp_path, QUEUE)
    second = keep_demo_settings(tmp_path, {"REDIS_URL": "unix:///elsewhere.sock", "PORT": "8001"})

    assert stat.S_IMODE((tmp_path / DEMO_FILE).stat().st_mode) == 0o600
    assert second == {**first, "REDIS_URL": "unix:///elsewhere.sock", "PORT": "8001"}
    assert [path.name for path in tmp_path.iterdir()] == [DEMO_FILE]


def test_the_demos_secrets_differ_from_demo_to_demo(tmp_path: Path):
    secrets = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        settings = load_settings(keep_demo_settings(tmp_path / name, QUEUE))
        secrets |= {settings.secret_key, settings.identity_keys[0].secret}

    assert len(secrets) == 4


def test_the_demos_secrets_are_refused_by_any_other_start(tmp_path: Path):
    demo = keep_demo_settings(tmp_path, QUEUE)
    real = {"JIANJIAN_DEMO": "0", "JIANJIAN_COUNTY": "qingshui", "JIANJIAN_PACK": str(tmp_path)}

    with pytest.raises(SettingsError) as refused:
        load_settings({**demo, **real})

    assert [problem.split(" ")[0] for problem in refused.value.problems] == [
        "JIANJIAN_SECRET_KEY",
        "JIANJIAN_IDENTITY_KEYS",
        "JIANJIAN_PACK_SIGNING_KEY",
    ]


def test_a_taken_port_is_told_with_the_next_one():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(HomeError, match=rf"port {port} is taken .* make run PORT={port + 1}"):
            check_port("127.0.0.1", port)

    check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_told():
    with pytest.raises(HomeError, match="cannot be listened on"):
        check_port("192.0.2.1", 8000)
