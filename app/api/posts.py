"""Handing over a post, later figures of it, and what became of it. Each answer follows the commit."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Response, jsonify, url_for
from flask_openapi3 import APIBlueprint

from app.accounts.api_tokens import Scope
from app.api.door import (
    REFUSED_AT_ALL,
    REFUSED_RATE,
    Visit,
    entered_with,
    is_refused,
    rate,
    stranger,
    visitor,
)
from app.api.problems import PROBLEM_JSON, ApiRefused, answer_problems
from app.api.wire import (
    Metrics,
    NewPost,
    Observed,
    OnceHeader,
    PostPath,
    PostStatus,
    Taken,
)
from app.extensions import client_address, house, limiter
from casework.desk.once import answered_once
from casework.desk.receive import observe_metrics, receive_post
from casework.desk.unit import UnitOfWork
from casework.post_refusals import NoSuchPost
from casework.store.answers import Answer
from casework.store.handed_over import HandedOver, handed_over
from rules.model import Label

CREATED, OK = 201, 200
PROBLEMS = {
    status: {"content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status in (400, 401, 403, 404, 409, 413, 415, 422, 429)
}

api = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    abp_security=[{"token": []}],
    abp_responses=PROBLEMS,
)
answer_problems(api)
limiter.limit(rate, key_func=visitor)(api)
limiter.limit(REFUSED_RATE, key_func=stranger, deduct_when=is_refused)(api)
limiter.limit(REFUSED_AT_ALL, key_func=client_address, deduct_when=is_refused)(api)


@api.post(
    "/posts",
    operation_id="handOver",
    summary="Hand over a post",
    responses={CREATED: Taken, OK: Taken},
)
@entered_with(Scope.POSTS_WRITE)
def hand_over(visit: Visit, header: OnceHeader, body: NewPost) -> Response:
    """Keep a post. 201: it is new; 200: the same post was handed over before. Triage follows by itself."""
    if body.source is not None and body.source.strip() != visit.caller.source_code:
        raise ApiRefused(
            403,
            "foreign-source",
            Label("此令牌不能代其他来源提交。", "This token cannot hand over posts of another source."),
        )

    def work(uow: UnitOfWork) -> Answer:
        received = receive_post(uow, body.incoming(visit.caller.source_code))
        taken = Taken(
            id=received.post_id,
            is_new=received.is_new,
            is_revised=received.is_revised,
            href=_address(received.post_id),
        )
        return Answer(CREATED if received.is_new else OK, taken.plain())

    return _done(visit, header, work)


@api.post(
    "/posts/<uuid:post_id>/metrics",
    operation_id="observe",
    summary="Add figures of a post",
    responses={CREATED: Observed, OK: Observed},
)
@entered_with(Scope.METRICS_WRITE)
def observe(visit: Visit, header: OnceHeader, path: PostPath, body: Metrics) -> Response:
    """Add figures as seen at one instant. They may propose an upgrade; they never lower anything."""

    def work(uow: UnitOfWork) -> Answer:
        _own_post(uow, visit, path.post_id)
        is_new = observe_metrics(uow, path.post_id, body.figures())
        return Answer(CREATED if is_new else OK, Observed(id=path.post_id, is_new=is_new).plain())

    return _done(visit, header, work)


@api.get(
    "/posts/<uuid:post_id>",
    operation_id="status",
    summary="See what became of a post",
    responses={OK: PostStatus},
)
@entered_with(Scope.POSTS_READ)
def status(visit: Visit, path: PostPath) -> Response:
    """Return the status of a post of the token's own source; of any other it says 404."""
    with house().transactions.read(visit.actor) as uow:
        post = _own_post(uow, visit, path.post_id)
    return jsonify(PostStatus.of(post).model_dump(mode="json"))


def _done(visit: Visit, header: OnceHeader, work: Callable[[UnitOfWork], Answer]) -> Response:
    """Return the answer of `work`, committed; under an Idempotency-Key it is done once."""
    keyed = visit.under(header)
    with house().transactions.write(visit.actor) as uow:
        if keyed is None:
            answer, is_repeat = work(uow), False
        else:
            answer, is_repeat = answered_once(uow, keyed, lambda: work(uow))
    response = jsonify(answer.body)
    response.status_code = answer.status
    if is_repeat:
        response.headers["Idempotency-Replayed"] = "true"
    if href := answer.body.get("href"):
        response.headers["Location"] = str(href)
    return response


def _own_post(uow: UnitOfWork, visit: Visit, post_id: uuid.UUID) -> HandedOver:
    post = handed_over(uow.session, county=uow.county, source_id=visit.caller.source_id, post_id=post_id)
    if post is None:
        raise NoSuchPost(post_id)
    return post


def _address(post_id: uuid.UUID) -> str:
    return url_for("api.status", post_id=post_id)
