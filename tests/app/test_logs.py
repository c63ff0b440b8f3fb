"""Logs: one line of JSON each, ids in it, nothing of what people wrote."""

from __future__ import annotations

import json
import logging

import pytest

from app.web.logs import JsonLines
from casework.roles import Role
from tests.web_kit import Web


def test_a_line_is_json_with_its_extra_fields():
    record = logging.makeLogRecord({"name": "a", "levelname": "INFO", "msg": "案件 %s", "args": ("x",)})
    record.case_id = "42"

    line = JsonLines().format(record)

    assert "\n" not in line
    assert json.loads(line) | {"at": ""} == {
        "at": "",
        "level": "info",
        "logger": "a",
        "message": "案件 x",
        "case_id": "42",
    }


def test_an_error_keeps_its_traceback_on_the_same_line():
    error = ValueError("wrong\nfor two lines")
    record = logging.makeLogRecord({"exc_info": (type(error), error, None)})

    assert "\n" not in JsonLines().format(record)


def test_a_request_is_logged_by_route_and_id_without_query_body_or_name(
    web: Web, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "app.requests")
    browser = web.signed_in(Role.AUDIT_ADMIN)
    caplog.clear()

    answer = browser.get("/admin/audit?actor=张三&token=secret")

    [record] = [record for record in caplog.records if record.name == "app.requests"]
    line = json.loads(JsonLines().format(record))
    assert line["route"] == "/admin/audit"
    assert line["status"] == 200
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["user_id"]
    assert "张三" not in str(line)
    assert "secret" not in str(line)
    assert "Tester" not in str(line)


def test_every_request_has_an_id_of_our_own(web: Web):
    """One that a caller sends is not taken over: it could forge lines of the log."""
    answer = web.browser().get("/healthz", X_Request_ID="forged")

    assert answer.headers["X-Request-ID"] != "forged"
