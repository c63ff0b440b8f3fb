"""Commands: what a person types, and the one line he reads when it cannot be done."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import Result

import wsgi
from app import create_app
from app.accounts.demo import demo_accounts
from app.cli import ReadableGroup
from app.commands.demo import account_table
from app.config import SettingsError
from app.counties import UnreadableSpan, parse_span
from app.extensions import read_rules
from casework.desk.outage import watch
from casework.roles import Role
from tests.builders import the_machine
from tests.web_kit import MakeWeb, Web, settings_for


def run(web: Web, *arguments: str) -> Result:
    return web.app.test_cli_runner().invoke(args=list(arguments))


def test_an_empty_database_is_brought_to_the_newest_schema(empty_database_url: str, tmp_path: Path):
    app = create_app(settings_for(empty_database_url, tmp_path))
    runner = app.test_cli_runner()

    first = runner.invoke(args=["migrate"])
    second = runner.invoke(args=["migrate"])

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "空 →" in first.output
    assert "已是最新版本" in second.output
    app.extensions["jianjian"].transactions.engine.dispose()


def test_the_first_administrator_is_created_and_must_change_the_password(web: Web):
    answer = run(
        web, "accounts", "create", "--login", "anquan", "--name", "安全员", "--role", "security_admin"
    )

    assert answer.exit_code == 0
    password = answer.output.strip().rsplit("：", 1)[1]
    browser = web.browser()
    assert browser.sign_in("anquan", password).status_code == 302
    assert browser.get("/admin/accounts").headers["Location"] == "/account/password"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--login", "x", "--name", "甲"], "A login is 3 to 32"),
        (["--login", "laowang", "--name", "甲", "--role", "unit_head"], "Roles of a unit"),
        (["--login", "laowang", "--name", "甲", "--role", "director", "--unit", "labour"], "Roles of a unit"),
        (
            ["--login", "laowang", "--name", "甲", "--role", "director", "--role", "inspector"],
            "different desks",
        ),
        (["--login", "laowang", "--name", "甲", "--unit", "nowhere", "--role", "unit_head"], "nowhere"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_one_line(web: Web, arguments: list[str], said: str):
    answer = run(web, "accounts", "create", *arguments)

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert len(answer.output.strip().splitlines()) == 1
    assert said in answer.output


def test_an_unforeseen_error_is_one_line_as_well():
    @click.group("broken", cls=ReadableGroup)
    def broken() -> None:
        """Break."""

    @broken.command("now", with_appcontext=False)
    def now() -> None:
        raise ZeroDivisionError("two\nlines")

    answer = click.testing.CliRunner().invoke(broken, ["now"])

    assert answer.exit_code == 1
    assert answer.output == "Error: ZeroDivisionError: two lines\n"


@pytest.mark.parametrize(
    ("text", "span"),
    [("3d", timedelta(days=3)), ("12h", timedelta(hours=12)), (" 30m ", timedelta(minutes=30))],
)
def test_a_span_is_read(text: str, span: timedelta):
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "3", "d", "-3d", "0d", "3w", "1.5h", "3d4h", "９d", "99999d"])
def test_a_span_that_is_none_is_refused(text: str):
    with pytest.raises(UnreadableSpan):
        parse_span(text)


def test_the_demo_clock_goes_forward_and_adds_up(web: Web):
    run(web, "demo", "advance", "3d")
    answer = run(web, "demo", "advance", "12h")

    assert "3 天 12 小时" in answer.output
    assert web.home.now() - web.home.wall_time() == timedelta(days=3, hours=12)


def test_a_leap_of_the_demos_clock_is_no_outage(web: Web):
    with web.home.transactions.write(the_machine("demo")) as uow:
        watch(uow)
    run(web, "demo", "advance", "3d")

    with web.home.transactions.write(the_machine("demo")) as uow:
        assert watch(uow) is None


@pytest.mark.parametrize("arguments", [["demo", "advance", "3d"], ["demo", "load"]])
def test_outside_the_demo_nothing_of_it_can_be_done(make: MakeWeb, arguments: list[str]):
    web = make(demo=False)

    answer = run(web, *arguments)

    assert answer.exit_code == 1
    assert "for the demo only" in answer.output
    assert "password" not in answer.output
    assert web.home.now() == web.home.wall_time()


def test_the_table_of_demo_accounts_names_the_password_once_and_every_role():
    table = "\n".join(account_table(demo_accounts()))

    assert table.count(demo_accounts()[0].password) == 1
    for one in demo_accounts():
        assert re.search(rf"^\s+{re.escape(one.login)}\s", table, re.MULTILINE)
        assert one.role_label.zh in table
    assert {one.role for one in demo_accounts()} == set(Role) - {Role.MACHINE}


def test_settings_that_may_not_serve_answer_nothing_but_why(tmp_path: Path):
    app = create_app(settings_for("sqlite://", tmp_path, demo=False, serves=False))

    answer = app.test_client().get("/sign-in")

    assert answer.status_code == 503
    assert "JIANJIAN_SECRET_KEY" in answer.text


def test_a_server_without_secrets_gives_up_for_good_and_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    environ = {"JIANJIAN_SECRET_KEY": "changeme", "DATABASE_URL": "sqlite:///x"}
    monkeypatch.setattr(wsgi, "process_environment", lambda: environ)
    monkeypatch.setattr(wsgi, "log_as_json", lambda: None)

    with pytest.raises(SystemExit) as stopped:
        wsgi.serve()

    said = capsys.readouterr().err
    assert stopped.value.code == wsgi.BOOT_FAILED == 3, "with another status gunicorn tries for ever"
    assert "JIANJIAN_SECRET_KEY" in said
    assert "JIANJIAN_IDENTITY_KEYS" in said
    assert isinstance(stopped.value.__context__, SettingsError)


def test_the_rules_are_read_before_the_first_request(web: Web):
    web.outside.prepared.clear()
    read_rules(web.app)

    assert web.outside.prepared == [web.clock()]


def test_a_server_whose_database_is_away_starts_all_the_same(tmp_path: Path):
    read_rules(create_app(settings_for(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3", tmp_path)))


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3"
    app = create_app(settings_for(url, tmp_path))

    answer = app.test_cli_runner().invoke(args=["migrate"])

    assert answer.exit_code == 1
    assert "DATABASE_URL" in answer.output
    assert "sqlalche.me" not in answer.output
