"""What the interface refuses, and how it says so. Nothing of it reaches the database, so one is enough."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.access import CountyId, machine
from casework.desk.govern import ensure_sources
from casework.store.tables import PostRow
from tests.app.api.conftest import LAMP, POSTS, Program, program, rows
from tests.web_kit import Web, make_web, settings_for


@pytest.fixture(scope="module")
def service(_migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One application for all tests of this module: what is refused leaves nothing behind."""
    home = tmp_path_factory.mktemp("refusals")
    shutil.copyfile(_migrated, home / "web.sqlite3")
    web = make_web(settings_for(home / "web.sqlite3", home))
    with web.home.transactions.write(machine(CountyId(web.home.county))) as uow:
        ensure_sources(uow)
    yield web
    web.home.transactions.engine.dispose()


@pytest.fixture(scope="module")
def hotline(service: Web) -> Program:
    return program(service)


@pytest.mark.parametrize("post_id", [uuid.UUID(int=0), "not-an-id", "%00"])
def test_a_post_that_is_not_there_is_not_found(hotline: Program, post_id: object):
    answer = hotline.get(f"{POSTS}/{post_id}")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "bad-json"),
        (b"{", 400, "bad-json"),
        (b'{"text": "a", "text": "b"}', 400, "ambiguous-json"),
        (b'{"text": "a", "metrics": {"reads": NaN}}', 400, "ambiguous-json"),
        (b'{"text": "\xff"}', 400, "not-utf8"),
        (b"[" * 200_000, 400, "bad-json"),
        (b"[" * 20 + b"]" * 20, 400, "too-deep"),
        (b'{"text": ' + b"9" * 5000 + b"}", 400, "bad-json"),
        (b" " * (512 * 1024 + 1), 413, "body-too-large"),
        (b"[]", 422, "bad-fields"),
        (b"null", 422, "bad-fields"),
        (b'{"text": 5}', 422, "bad-fields"),
        (b'{"text": "a", "txet": "b"}', 422, "bad-fields"),
        (b'{"text": "a", "metrics": {"reads": "5"}}', 422, "bad-fields"),
        (b'{"text": "a", "metrics": {"reads": 5.0}}', 422, "bad-fields"),
        (b'{"text": "a", "metrics": {"reads": true}}', 422, "bad-fields"),
        (b'{"text": "a", "posted_at": 1700000000}', 422, "bad-fields"),
        (b'{"text": "a", "posted_at": "2026-11-16T09:00:00"}', 422, "bad-fields"),
        (b'{"text": "a", "posted_at": "yesterday"}', 422, "bad-fields"),
        (b'{"text": "a", "posted_at": "2036-11-16T09:00:00Z"}', 422, "bad-post"),
        (b'{"text": "a", "metrics": {"reads": -1}}', 422, "bad-post"),
        (b'{"text": "a", "metrics": {"reads": 99999999999999999999}}', 422, "bad-post"),
        (b'{"text": "a", "url": "javascript:alert(1)"}', 422, "bad-post"),
        (b'{"text": " ", "title": ""}', 422, "bad-post"),
        (b'{"text": "a", "source": "form"}', 403, "foreign-source"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_both_languages(
    service: Web, hotline: Program, body: bytes, status: int, code: str
):
    before = rows(service, PostRow)

    answer = hotline.raw(POSTS, body)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert all(answer.json[language] for language in ("zh", "en"))
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert rows(service, PostRow) == before


def test_64_kb_of_text_are_taken_and_one_byte_more_is_not(hotline: Program):
    fits = hotline.post(POSTS, {"text": "灯" * 21845 + "a"})
    over = hotline.post(POSTS, {"text": "灯" * 21845 + "ab"})

    assert (fits.status_code, over.status_code) == (201, 422)
    assert [one["field"] for one in over.json["problems"]] == ["text"]


def test_escaped_text_of_the_full_length_fits_the_body(hotline: Program):
    assert hotline.raw(POSTS, b'{"text": "' + b"\\u706f" * 21845 + b'"}').status_code == 201


def test_a_form_is_no_json(hotline: Program):
    answer = hotline.raw(POSTS, b"text=a", Content_Type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json["code"]) == (415, "not-json")


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(hotline: Program, key: str):
    assert hotline.post(POSTS, LAMP, Idempotency_Key=key).status_code == 422


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer jj_wrong", "Basic abc", "Bearer " + "x" * 5000])
def test_without_a_good_token_nothing_is_read(hotline: Program, header: str):
    answer = hotline.client.post(POSTS, data=b"{", headers={"Authorization": header})

    assert (answer.status_code, answer.json["code"]) == (401, "bad-token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_unknown_field_of_an_author_is_not_repeated(hotline: Program):
    answer = hotline.post(POSTS, LAMP | {"author": {"canary-name": "canary-value"}})

    assert answer.status_code == 422
    assert "canary" not in answer.text


def test_the_language_of_the_detail_is_asked_for(hotline: Program):
    english = hotline.raw(POSTS, b"{", Accept_Language="en").json
    chinese = hotline.raw(POSTS, b"{").json

    assert english["detail"] == english["en"]
    assert chinese["detail"] == chinese["zh"]
