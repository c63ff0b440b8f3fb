"""Who wrote a post is in the ciphertext and nowhere else: not in a table, an answer, a log or a job."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.web.logs import JsonLines
from casework.store.tables import Base
from tests.app.api.conftest import POSTS, Program
from tests.web_kit import Web

CANARY = {"name": "canary-name-0001", "handle": "canary-handle-0002", "contact": "canary-contact-0003"}
POST = {"text": "幸福路的路灯坏了半个月。", "author": CANARY, "external_id": "A-1"}
SEALED = {("post_identities", "ciphertext"), ("pseudonym_keys", "ciphertext")}


def everything_kept(engine: sa.Engine) -> Iterator[tuple[str, str, str]]:
    """Yield table, column and value, as text, of the whole database but its ciphertexts."""
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(sa.text(f"SELECT * FROM {table.name}")).mappings():  # noqa: S608 - names of our tables
                for column, value in row.items():
                    if (table.name, column) not in SEALED:
                        yield table.name, column, repr(value)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, by anybody, down to the statements of the database."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def requests_of_every_kind(hotline: Program) -> list[str]:
    """Return the answers to requests that carry an author: taken, repeated, in conflict, refused."""
    sent = [
        hotline.post(POSTS, POST, Idempotency_Key="k"),
        hotline.post(POSTS, POST, Idempotency_Key="k"),
        hotline.post(POSTS, POST | {"title": "别的"}, Idempotency_Key="k"),
        hotline.post(POSTS, POST),
        hotline.post(POSTS, POST | {"txet": 1}),
        hotline.post(POSTS, POST | {"text": "灯" * 30_000}),
        hotline.post(POSTS, POST | {"author": CANARY | {"name": [CANARY["name"]]}}),
        hotline.post(POSTS, POST | {"author": CANARY | {"name": CANARY["name"] * 50}}),
        hotline.post(POSTS, POST | {"author": CANARY["name"]}),
        hotline.raw(POSTS, json.dumps(POST).encode() + b"}"),
    ]
    assert [answer.status_code for answer in sent] == [201, 201, 409, 200, 422, 422, 422, 422, 422, 400]
    post = sent[0].json
    sent += [hotline.get(post["href"]), hotline.post(f"{post['href']}/metrics", {"reads": 1})]
    return [answer.text + str(answer.headers) for answer in sent]


def test_an_author_is_found_in_no_answer_no_log_and_no_column(
    service: Web, hotline: Program, logged: io.StringIO
):
    answers = requests_of_every_kind(hotline)
    kept = list(everything_kept(service.home.transactions.engine))

    assert "canary" not in "".join(answers)
    assert "canary" not in logged.getvalue()
    assert [where for where in kept if "canary" in where[2]] == []
    assert any(table == "post_identities" for table, _, _ in kept), "the author was kept, sealed"
    assert any(table == "pseudonyms" for table, _, _ in kept)
    assert "canary" not in "".join(service.outside.rung)


def test_the_dump_would_show_an_author_that_was_kept_in_the_open(service: Web, hotline: Program):
    hotline.post(POSTS, {"text": "canary-in-the-text"})

    assert {
        (table, column)
        for table, column, value in everything_kept(service.home.transactions.engine)
        if "canary" in value
    } == {("posts", "text")}


def test_a_database_that_fails_tells_the_log_no_value(service: Web, hotline: Program, logged: io.StringIO):
    """An error of the database carries the statement's values, unless it is told to hide them."""

    def fail(conn, cursor, statement, parameters, context, executemany) -> None:  # noqa: ANN001, ARG001 - SQLAlchemy's signature
        if "INSERT INTO posts" in statement:
            raise OperationalError(
                statement, parameters, Exception("disk"), hide_parameters=conn.engine.hide_parameters
            )

    sa.event.listen(service.home.transactions.engine, "before_cursor_execute", fail)

    answer = hotline.post(POSTS, {"text": "canary-in-the-text", "author": CANARY})

    assert answer.status_code == 503
    assert "request failed" in logged.getvalue()
    assert "canary" not in logged.getvalue() + answer.text
