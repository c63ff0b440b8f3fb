"""Handing over posts by program: taken once, answered after the commit, refused with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.api_tokens import Scope, revoke_token, tokens
from app.api.door import RATE_SETTING, REFUSED_RATE
from app.console import at_console
from casework.roles import Role
from casework.store.tables import (
    CasePostRow,
    CaseRow,
    DismissalRow,
    EventRow,
    IdentityRow,
    PostMetricsRow,
    PostRow,
    SourceRow,
)
from tests.app.api.conftest import LAMP, POSTS, Program, program, rows
from tests.builders import MONDAY, add_case, new_id
from tests.web_kit import Web


def change(web: Web, act: Callable[[Session], None]) -> None:
    with Session(web.home.transactions.engine) as session:
        act(session)
        session.commit()


def test_a_post_is_taken_kept_and_waits_for_triage(service: Web, hotline: Program):
    answer = hotline.post(POSTS, LAMP | {"external_id": "A-1", "posted_at": "2026-11-16T09:00:00+08:00"})

    assert answer.status_code == 201
    assert answer.json["is_new"] is True
    assert answer.headers["Location"] == answer.json["href"] == f"{POSTS}/{answer.json['id']}"
    assert service.outside.rung == ["triage"]
    status = hotline.get(answer.json["href"]).json
    assert (status["status"], status["external_id"], status["reason"]) == ("waiting", "A-1", None)


def test_the_timeline_names_the_program(service: Web, hotline: Program):
    hotline.post(POSTS, LAMP)

    with Session(service.home.transactions.engine) as session:
        assert session.scalars(sa.select(EventRow.actor)).all() == ["接口 热线平台"]


def test_the_same_post_again_is_known_without_any_key(service: Web, hotline: Program):
    first = hotline.post(POSTS, LAMP | {"external_id": "A-1"})
    again = hotline.post(POSTS, LAMP | {"external_id": "A-1", "text": "改写过的文字"})

    assert (again.status_code, again.json["is_new"], again.json["id"]) == (200, False, first.json["id"])
    assert (first.json["is_revised"], again.json["is_revised"]) == (False, True)
    assert rows(service, PostRow) == 1


def test_the_same_key_with_the_same_body_gets_the_same_answer(service: Web, hotline: Program):
    first = hotline.post(POSTS, LAMP, Idempotency_Key="k-1")
    again = hotline.raw(
        POSTS,
        '{"title": "路灯", "text": "幸福路的路灯坏了半个月，晚上看不见路。"}'.encode(),
        Idempotency_Key="k-1",
    )

    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert rows(service, PostRow) == 1


def test_the_same_key_with_another_body_is_a_conflict_and_does_nothing(service: Web, hotline: Program):
    hotline.post(POSTS, LAMP, Idempotency_Key="k-1")
    answer = hotline.post(POSTS, LAMP | {"title": "别的"}, Idempotency_Key="k-1")

    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "idempotency-key-reused"
    assert rows(service, PostRow) == 1


def test_a_refused_request_leaves_its_key_free(hotline: Program):
    refused = hotline.post(POSTS, LAMP | {"text": "", "title": ""}, Idempotency_Key="k-1")
    taken = hotline.post(POSTS, LAMP, Idempotency_Key="k-1")

    assert (refused.status_code, taken.status_code) == (422, 201)


def test_keys_of_two_programs_are_two_keys(service: Web, hotline: Program):
    other = program(service, source="import")

    assert hotline.post(POSTS, LAMP, Idempotency_Key="k-1").status_code == 201
    assert other.post(POSTS, LAMP | {"title": "别的"}, Idempotency_Key="k-1").status_code == 201


def test_a_key_belongs_to_one_address(hotline: Program):
    post = hotline.post(POSTS, LAMP).json
    figures = {"reads": 5}
    other = hotline.post(POSTS, LAMP | {"title": "别的"}).json

    first = hotline.post(f"{post['href']}/metrics", figures, Idempotency_Key="m")
    second = hotline.post(f"{other['href']}/metrics", figures, Idempotency_Key="m")

    assert (first.status_code, second.status_code) == (201, 409)


def test_figures_are_added_once_per_instant(service: Web, hotline: Program):
    post = hotline.post(POSTS, LAMP | {"metrics": {"reads": 10, "observed_at": "2026-11-16T01:00:00Z"}}).json
    later = {"reads": 9000, "shares": 40, "observed_at": "2026-11-16T01:30:00Z"}

    first = hotline.post(f"{post['href']}/metrics", later)
    again = hotline.post(f"{post['href']}/metrics", later)

    assert (first.status_code, again.status_code) == (201, 200)
    assert rows(service, PostMetricsRow) == 2


def test_another_programs_post_is_neither_shown_nor_touched(service: Web, hotline: Program):
    post = hotline.post(POSTS, LAMP).json
    other = program(service, source="import")

    assert other.get(post["href"]).status_code == 404
    assert other.post(f"{post['href']}/metrics", {"reads": 1}).status_code == 404
    assert rows(service, PostMetricsRow) == 0


def test_a_dismissal_comes_with_its_reason_in_both_languages(service: Web, hotline: Program):
    post = hotline.post(POSTS, LAMP).json
    post_id = uuid.UUID(post["id"])

    def dismiss(session: Session) -> None:
        session.execute(sa.update(PostRow).values(triage_state="dismissed"))
        session.add(
            DismissalRow(
                id=new_id(),
                county_id="demo",
                post_id=post_id,
                reason="praise",
                reason_zh="只表示感谢",
                reason_en="Thanks only",
                by="系统",
                decided_at=MONDAY,
            )
        )

    change(service, dismiss)

    status = hotline.get(post["href"]).json
    assert status["status"] == "dismissed"
    assert status["reason"] == {"zh": "只表示感谢", "en": "Thanks only"}


@pytest.mark.parametrize(("confidential", "number"), [(False, "云网督〔2026〕1号"), (True, None)])
def test_a_case_shows_its_number_unless_it_is_confidential(
    service: Web, hotline: Program, *, confidential: bool, number: str | None
):
    post = hotline.post(POSTS, LAMP).json

    def open_case(session: Session) -> None:
        case_id = add_case(session, confidential=confidential)
        session.execute(sa.update(CaseRow).values(number="云网督〔2026〕1号"))
        session.execute(sa.update(PostRow).values(triage_state="case"))
        session.add(
            CasePostRow(
                id=new_id(),
                county_id="demo",
                case_id=case_id,
                post_id=uuid.UUID(post["id"]),
                joined="opened",
                reason="",
                attached_at=MONDAY,
            )
        )

    change(service, open_case)

    status = hotline.get(post["href"]).json
    assert (status["status"], status["case_number"]) == ("case", number)
    fields = {"id", "external_id", "received_at", "status", "case_number", "reason", "decision_id"}
    assert set(status) == fields


def test_half_a_surrogate_pair_is_refused_by_its_place_and_a_nul_is_kept_visible(
    service: Web, hotline: Program
):
    refused = hotline.raw(POSTS, b'{"text": "lamp \\ud800", "author": {"handle": "\\udfff"}}')
    taken = hotline.raw(POSTS, b'{"text": "\\u0000 \\ud83d\\ude00 lamp"}')

    assert (refused.status_code, taken.status_code) == (422, 201)
    said = str(refused.json["problems"])
    assert "U+D800" in said
    assert "character 6" in said
    assert "author.handle" in said
    with Session(service.home.transactions.engine) as session:
        assert session.scalars(sa.select(PostRow.text)).one() == "\u2400 \U0001f600 lamp"


def test_an_expired_or_revoked_token_opens_nothing(service: Web, hotline: Program):
    assert hotline.post(POSTS, LAMP).status_code == 201
    security = at_console("demo", Role.SECURITY_ADMIN)
    with service.home.transactions.write(security) as uow:
        [line] = tokens(uow)
        revoke_token(uow, line.id, wall_time=service.clock())
    other = program(service)
    service.clock.advance(days=31)

    assert hotline.post(POSTS, LAMP).status_code == 401
    assert other.post(POSTS, LAMP).status_code == 401


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_is_good_for_its_scopes_only(service: Web, scope: Scope):
    post = program(service).post(POSTS, LAMP).json
    narrow = program(service, scope)
    answers = {
        Scope.POSTS_WRITE: narrow.post(POSTS, LAMP).status_code,
        Scope.METRICS_WRITE: narrow.post(f"{post['href']}/metrics", {"reads": 1}).status_code,
        Scope.POSTS_READ: narrow.get(post["href"]).status_code,
        Scope.RULES_READ: narrow.post("/api/v1/explain", {"text": "路灯坏了。"}).status_code,
    }

    assert {name for name, status in answers.items() if status == 403} == set(Scope) - {scope}
    assert answers[scope] < 300


def test_a_source_that_was_switched_off_takes_nothing_more(service: Web, hotline: Program):
    change(service, lambda session: session.execute(sa.update(SourceRow).values(active=False)))

    answer = hotline.post(POSTS, LAMP)

    assert (answer.status_code, answer.json["code"]) == (403, "unknown-source")


def test_a_program_that_comes_too_often_is_told_to_wait(service: Web, hotline: Program):
    service.app.config[RATE_SETTING] = "3 per minute"
    answers = [hotline.get(f"{POSTS}/{uuid.UUID(int=0)}") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert answers[-1].json["code"] == "too-many-requests"
    assert answers[-1].headers["Retry-After"] == "60"


def test_a_wrong_token_is_held_back_and_a_good_one_from_the_same_address_is_not(
    service: Web, hotline: Program
):
    wrong = Program(service.app.test_client(), "jj_wrong")
    allowed = int(REFUSED_RATE.split()[0])
    answers = [wrong.post(POSTS, LAMP).status_code for _ in range(allowed + 1)]

    assert set(answers[:allowed]) == {401}
    assert answers[-1] == 429
    assert hotline.post(POSTS, LAMP).status_code == 201


def test_an_author_is_sealed_and_the_answer_says_nothing_of_it(service: Web, hotline: Program):
    answer = hotline.post(POSTS, LAMP | {"author": {"name": "某某某", "contact": "000-canary"}})

    assert answer.status_code == 201
    assert "canary" not in answer.text
    assert rows(service, IdentityRow) == 1


@pytest.mark.parametrize(
    "at",
    [
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2030-01-01T00:00:00Z",
        "0002-01-01T00:00:00Z",
    ],
)
def test_figures_of_an_instant_that_cannot_be_are_refused(hotline: Program, at: str):
    metrics = {"reads": 10, "observed_at": at}
    post = hotline.post(POSTS, LAMP).json

    later = hotline.post(f"{POSTS}/{post['id']}/metrics", metrics)
    with_a_post = hotline.post(POSTS, LAMP | {"text": "另一条", "metrics": metrics})

    for answer in (later, with_a_post):
        assert answer.status_code == 422
        assert "observed_at" in str(answer.json)


@pytest.mark.parametrize("body", [{}, {"observed_at": "2026-11-16T01:00:00Z"}, {"reads": None}])
def test_figures_that_say_nothing_are_refused_and_keep_nothing(hotline: Program, body: dict[str, object]):
    post = hotline.post(POSTS, LAMP | {"metrics": {"reads": 10, "comments": 7}}).json

    refused = hotline.post(f"{post['href']}/metrics", body)

    assert refused.status_code == 422
    assert "metrics" in str(refused.json["problems"])
    later = {"comments": 0, "observed_at": "2026-11-16T01:30:00Z"}
    assert hotline.post(f"{post['href']}/metrics", later).status_code == 201
