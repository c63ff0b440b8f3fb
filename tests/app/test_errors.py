"""What is answered when something goes wrong: to people in their language, to programs as problem+json."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort

from app.errors import ADVICE, TITLES, status_of
from app.guard import public
from casework.errors import CaseworkError, NotPermitted
from casework.roles import Role
from tests.web_kit import Web

CODES = (400, 401, 403, 404, 409, 412, 413, 429, 500, 503)


class OfTheDomain(CaseworkError):  # noqa: N818 - named for the situation
    code = "no-such-thing"


@pytest.fixture
def broken(web: Web) -> Web:
    """An application with routes that fail."""
    add(web.app, "/fails/<int:code>", abort)
    add(web.app, "/api/v1/fails/<int:code>", abort)
    add(web.app, "/crashes", _crash)
    add(web.app, "/api/v1/crashes", _crash)
    add(web.app, "/refuses", _refuse)
    add(web.app, "/api/v1/refuses", _refuse)
    return web


def add(app: Flask, rule: str, view: Callable[..., object]) -> None:
    app.add_url_rule(rule, rule, public(view))


def _crash() -> None:
    secret = "the inner detail"
    raise RuntimeError(secret)


def _refuse() -> None:
    raise OfTheDomain("没有这样东西。", "There is no such thing.")


@pytest.mark.parametrize("code", CODES)
def test_a_person_gets_a_page_with_what_to_do_and_the_request_id(broken: Web, code: int):
    answer = broken.browser().get(f"/fails/{code}")

    assert answer.status_code == code
    assert str(TITLES[code]) in answer.text
    assert str(ADVICE[code]) in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


@pytest.mark.parametrize("code", CODES)
def test_a_program_gets_problem_json(broken: Web, code: int):
    answer = broken.browser().get(f"/api/v1/fails/{code}")

    assert answer.status_code == code
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == code
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert {"type", "title", "detail", "code", "zh", "en", "problems"} <= body.keys()
    assert "按钮" not in body["detail"]  # a program has no page


def test_the_page_is_in_the_readers_language(broken: Web):
    browser = broken.browser()
    browser.post("/language", {"to": "en"})

    assert "Not found" in browser.get("/no-such-page").text
    assert "There is no such thing." in browser.get("/refuses").text


@pytest.mark.parametrize("path", ["/crashes", "/api/v1/crashes"])
def test_a_crash_tells_no_inner_detail_but_logs_it(broken: Web, caplog: pytest.LogCaptureFixture, path: str):
    answer = broken.browser().get(path)

    assert answer.status_code == 500
    assert "inner detail" not in answer.text
    assert "RuntimeError" not in answer.text
    [record] = [record for record in caplog.records if record.message == "request failed"]
    assert record.request_id == answer.headers["X-Request-ID"]  # type: ignore[attr-defined]


def test_an_error_of_the_domain_keeps_its_code_and_sentence(broken: Web):
    body = broken.browser().get("/api/v1/refuses").get_json()

    assert body["code"] == "no-such-thing"
    assert body["status"] == 404
    assert body["detail"] == "没有这样东西。"


def test_a_fragment_gets_a_fragment(broken: Web):
    answer = broken.browser().get("/fails/409", HX_Request="true")

    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text


def test_the_statuses_of_domain_errors():
    assert status_of(NotPermitted("x")) == 403
    assert status_of(OfTheDomain("", "")) == 404


def test_a_body_that_is_too_large_is_refused_with_413(web: Web):
    web.app.config["MAX_CONTENT_LENGTH"] = 1000
    browser = web.signed_in(Role.SYSTEM_ADMIN)

    answer = browser.client.post("/admin/accounts/new", data={"name": "x" * 2000})

    assert answer.status_code == 413


def test_sixty_attempts_a_minute_from_one_address_are_enough(web: Web):
    client = web.app.test_client()
    web.app.config["WTF_CSRF_ENABLED"] = False
    statuses = {client.post("/sign-in", data={}).status_code for _ in range(60)}

    answer = client.post("/sign-in", data={})

    assert statuses == {400}
    assert answer.status_code == 429
    assert "操作太频繁" in answer.text


def test_while_the_database_does_not_answer_people_are_told_to_wait(web: Web):
    """Nobody is taken for a guest only because his session could not be read."""
    browser = web.signed_in(Role.DUTY_OFFICER)
    with web.home.transactions.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE web_sessions RENAME TO gone")
        connection.exec_driver_sql("ALTER TABLE counties RENAME TO gone_too")

    answer = browser.get("/account")

    assert answer.status_code == 503
    assert "暂时不能服务" in answer.text
    assert browser.cookie() is not None


def test_a_database_that_fails_in_the_middle_is_a_503_as_well(web: Web):
    browser = web.signed_in(Role.AUDIT_ADMIN)
    with web.home.transactions.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_log RENAME TO gone")

    assert browser.get("/admin/audit").status_code == 503


@pytest.mark.parametrize(
    ("accepted", "title"), [("en-GB,en", "Not found"), ("zh-CN", "没有找到"), ("fr", "没有找到")]
)
def test_programs_choose_the_language_by_header(web: Web, accepted: str, title: str):
    answer = web.browser().get("/api/v1/nothing", Accept_Language=accepted)

    assert answer.get_json()["title"] == title
