"""Repeats that come all at once: one post, one answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.tables import EventRow, IdempotencyRow, PostRow
from tests.app.api.conftest import POSTS, Program
from tests.web_kit import Web

AT_ONCE = 50


def send_all(web: Web, hotline: Program, headers: dict[str, str]) -> list[tuple[int, dict[str, object]]]:
    """Return the answers to one post sent by many threads that start together."""
    barrier = threading.Barrier(AT_ONCE)

    def send(_number: int) -> tuple[int, dict[str, object]]:
        mine = Program(web.app.test_client(), hotline.token)
        barrier.wait(timeout=30)
        answer = mine.post(POSTS, {"text": "幸福路的路灯坏了半个月。", "author": {"handle": "x"}}, **headers)
        return answer.status_code, answer.json

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(send, range(AT_ONCE)))


def count(session: Session, row: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(row)) or 0


def test_fifty_repeats_of_one_key_at_once_give_one_post_and_one_answer(service: Web, hotline: Program):
    answers = send_all(service, hotline, {"Idempotency_Key": "same"})

    assert answers == [answers[0]] * AT_ONCE
    assert answers[0][0] == 201
    with Session(service.home.transactions.engine) as session:
        assert (count(session, PostRow), count(session, EventRow), count(session, IdempotencyRow)) == (
            1,
            1,
            1,
        )


def test_fifty_times_the_same_post_without_a_key_is_one_post(service: Web, hotline: Program):
    answers = send_all(service, hotline, {})

    assert sorted(status for status, _ in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({body["id"] for _, body in answers}) == 1
