"""Settings: what may start, what is refused, and that every problem is told at once."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from app.config import (
    DEMO_FILE,
    DEMO_PACK,
    SettingsError,
    load_command_settings,
    load_settings,
    process_environment,
)

SECRET = "hV2-9sQxT_4mKpZc7LwRb8NfYd3JgUe0"
KEY = base64.b64encode(bytes(range(7, 39))).decode()
GOOD = {
    "DATABASE_URL": "postgresql://app:pw@db.invalid/jianjian",
    "REDIS_URL": "unix:///run/queue.sock",
    "JIANJIAN_SECRET_KEY": SECRET,
    "JIANJIAN_IDENTITY_KEYS": f"k2:{KEY},k1:{KEY}",
    "JIANJIAN_COUNTY": "qingshui",
    "JIANJIAN_PACK": str(DEMO_PACK.parent),
}


def problems(**changes: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings({**GOOD, **changes})
    assert len(refused.value.problems) == 1
    return refused.value.problems[0]


def test_a_complete_environment_becomes_settings():
    settings = load_settings(
        {**GOOD, "PORT": "8080", "DATABASE_OWNER_URL": "postgres://owner@db.invalid/jianjian"}
    )

    assert settings.database_url == "postgresql+psycopg://app:pw@db.invalid/jianjian"
    assert settings.owner_database_url == "postgresql+psycopg://owner@db.invalid/jianjian"
    assert [key.key_id for key in settings.identity_keys] == ["k2", "k1"]
    assert settings.identity_keys[0].secret == bytes(range(7, 39))
    assert (settings.host, settings.port, settings.trusted_proxies) == ("127.0.0.1", 8080, 0)
    assert (settings.demo, settings.serves, settings.secure_cookies, settings.is_sqlite) == (
        False,
        True,
        True,
        False,
    )
    assert settings.session_idle < settings.session_absolute <= timedelta(hours=12)


def test_migrations_use_the_same_role_when_no_owner_is_named():
    settings = load_settings(GOOD)

    assert settings.owner_database_url == settings.database_url


def test_the_database_is_a_file_in_the_data_directory_unless_named(tmp_path: Path):
    settings = load_settings({**GOOD, "DATABASE_URL": "", "JIANJIAN_DATA_DIR": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path}/jianjian.sqlite3"
    assert settings.is_sqlite


def test_an_empty_environment_is_told_everything_that_is_missing():
    with pytest.raises(SettingsError) as refused:
        load_settings({})

    missing = [problem.split(" is missing: set it to")[0] for problem in refused.value.problems]
    assert missing == [
        "REDIS_URL",
        "JIANJIAN_SECRET_KEY",
        "JIANJIAN_IDENTITY_KEYS",
        "JIANJIAN_COUNTY",
        "JIANJIAN_PACK",
    ]
    assert all(name in str(refused.value) for name in missing)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("JIANJIAN_SECRET_KEY", "short", "has 5 characters"),
        ("JIANJIAN_SECRET_KEY", "a" * 40, "looks like an example"),
        ("JIANJIAN_SECRET_KEY", "please-ChangeMe-before-going-live-0123456789", "looks like an example"),
        ("JIANJIAN_SECRET_KEY", "demo-" + SECRET, "is the demo's"),
        ("JIANJIAN_IDENTITY_KEYS", KEY, "is not a list of `id:key`"),
        ("JIANJIAN_IDENTITY_KEYS", "k1:***", "no base64"),
        (
            "JIANJIAN_IDENTITY_KEYS",
            "k1:" + base64.b64encode(b"16 bytes of key!").decode(),
            "16 bytes, not 32",
        ),
        ("JIANJIAN_IDENTITY_KEYS", "k1:" + base64.b64encode(bytes(32)).decode(), "looks like an example"),
        ("JIANJIAN_IDENTITY_KEYS", f"k1:{KEY},k1:{KEY}", "one key id twice"),
        ("JIANJIAN_IDENTITY_KEYS", f"demo-1:{KEY}", "the demo's key"),
        ("JIANJIAN_COUNTY", "清水县", "small letters"),
        ("JIANJIAN_PACK", "/nowhere/at/all", "no directory"),
        ("JIANJIAN_DEMO", "yes", "set it to 1 or 0"),
        ("JIANJIAN_TRUSTED_PROXIES", "-1", "whole number"),
        ("PORT", "70000", "from 1 to 65535"),
        ("PORT", "８０００", "from 1 to 65535"),  # full-width digits
        ("DATABASE_URL", "mysql://root:hunter2@db/jianjian", "no address this system can use"),
        ("DATABASE_OWNER_URL", "jianjian.db", "no address this system can use"),
        ("REDIS_URL", "localhost:6379", "no address of a Redis-protocol server"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_what_to_do(name: str, value: str, told: str):
    problem = problems(**{name: value})

    assert problem.startswith(name + " ")
    assert told in problem
    assert "hunter2" not in problem  # an address may hold a password


def test_the_demo_may_use_the_demos_secrets_and_has_its_own_county_and_pack():
    settings = load_settings(
        {
            "JIANJIAN_DEMO": "1",
            "REDIS_URL": "unix:///run/queue.sock",
            "JIANJIAN_SECRET_KEY": "demo-" + SECRET,
            "JIANJIAN_IDENTITY_KEYS": f"demo-1:{KEY}",
        }
    )

    assert (settings.demo, settings.secure_cookies) == (True, False)
    assert (settings.county, settings.pack_dir) == ("demo", DEMO_PACK)


def test_even_the_demo_refuses_to_start_without_secrets():
    with pytest.raises(SettingsError, match="JIANJIAN_SECRET_KEY is missing"):
        load_settings({"JIANJIAN_DEMO": "1", "REDIS_URL": "unix:///run/queue.sock"})


def test_nothing_printed_of_the_settings_holds_a_secret():
    shown = repr(load_settings(GOOD))

    assert SECRET not in shown
    assert KEY not in shown
    assert "pw" not in shown
    assert repr(bytes(range(7, 39))) not in shown


def test_a_command_on_a_machine_with_nothing_configured_may_not_serve(tmp_path: Path):
    settings = load_command_settings({"JIANJIAN_DATA_DIR": str(tmp_path)})

    assert (settings.serves, settings.demo, settings.database_url) == (False, False, "sqlite://")
    assert list(tmp_path.iterdir()) == []


def test_a_command_finds_the_demo_that_the_launcher_made_but_may_not_serve_it(tmp_path: Path):
    (tmp_path / DEMO_FILE).write_text(
        "# made by make run\nJIANJIAN_DEMO=1\nREDIS_URL=unix:///run/queue.sock\n"
        f"JIANJIAN_SECRET_KEY=demo-{SECRET}\nJIANJIAN_IDENTITY_KEYS=demo-1:{KEY}\n",
        encoding="utf-8",
    )

    settings = load_command_settings({"JIANJIAN_DATA_DIR": str(tmp_path), "PATH": "/usr/bin"})

    assert (settings.demo, settings.serves) == (True, False)
    assert settings.database_url == f"sqlite:///{tmp_path}/jianjian.sqlite3"


DEMO = (
    f"JIANJIAN_DEMO=1\nREDIS_URL=unix:///run/queue.sock\nJIANJIAN_SECRET_KEY=demo-{SECRET}\n"
    f"JIANJIAN_IDENTITY_KEYS=demo-1:{KEY}\n"
)


@pytest.mark.parametrize(
    ("kept", "exported"),
    [
        ("DATABASE_URL=postgresql://me:pw@db.invalid/demo\n", "postgres://me:pw@db.invalid/demo"),
        ("", "sqlite:///{here}/jianjian.sqlite3"),
    ],
)
def test_a_command_finds_the_demo_though_its_own_address_is_still_exported(
    tmp_path: Path, kept: str, exported: str
):
    (tmp_path / DEMO_FILE).write_text(DEMO + kept, encoding="utf-8")

    settings = load_command_settings(
        {"JIANJIAN_DATA_DIR": str(tmp_path), "DATABASE_URL": exported.format(here=tmp_path)}
    )

    assert (settings.demo, settings.serves) == (True, False)


@pytest.mark.parametrize(
    "exported", ["sqlite:///county.sqlite3", "postgresql://me:pw@db.invalid/x", "mysql://x"]
)
def test_the_address_of_another_database_beside_a_demo_is_refused_in_one_line(tmp_path: Path, exported: str):
    (tmp_path / DEMO_FILE).write_text(DEMO, encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        load_command_settings({"JIANJIAN_DATA_DIR": str(tmp_path), "DATABASE_URL": exported})

    (said,) = refused.value.problems
    assert "`unset DATABASE_URL` for the demo" in said
    assert "\n" not in said
    assert "pw" not in said


def test_a_command_does_not_fall_back_to_the_demo_when_more_is_configured(tmp_path: Path):
    (tmp_path / DEMO_FILE).write_text(DEMO, encoding="utf-8")

    with pytest.raises(SettingsError, match="JIANJIAN_IDENTITY_KEYS is missing"):
        load_command_settings({"JIANJIAN_DATA_DIR": str(tmp_path), "JIANJIAN_SECRET_KEY": SECRET})


def test_a_command_without_a_demo_says_what_an_address_alone_lacks(tmp_path: Path):
    with pytest.raises(SettingsError, match="JIANJIAN_SECRET_KEY is missing"):
        load_command_settings(
            {"JIANJIAN_DATA_DIR": str(tmp_path), "DATABASE_URL": "sqlite:///county.sqlite3"}
        )


def test_the_process_environment_is_a_copy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JIANJIAN_COUNTY", "qingshui")
    seen = process_environment()
    monkeypatch.setenv("JIANJIAN_COUNTY", "elsewhere")

    assert seen["JIANJIAN_COUNTY"] == "qingshui"


def test_packs_are_signed_where_a_key_is_named_and_others_are_trusted_by_name():
    named = {
        **GOOD,
        "JIANJIAN_PACK_SIGNING_KEY": f"pack1:{KEY}",
        "JIANJIAN_PACK_TRUSTED_KEYS": f"a:{KEY},b:{KEY}",
    }

    settings = load_settings(named)

    assert settings.pack_signing_key is not None
    assert settings.pack_signing_key.key_id == "pack1"
    assert [key.key_id for key in settings.pack_trusted_keys] == ["a", "b"]
    assert KEY not in repr(settings)
    assert load_settings(GOOD).pack_signing_key is None


@pytest.mark.parametrize("raw", ["nonsense", "a:***", "a:QUJD", "A B:QUJD"])
def test_a_trusted_key_that_is_none_is_named(raw: str):
    with pytest.raises(SettingsError) as refused:
        load_settings({**GOOD, "JIANJIAN_PACK_TRUSTED_KEYS": raw})

    assert refused.value.problems[0].startswith("JIANJIAN_PACK_TRUSTED_KEYS ")
