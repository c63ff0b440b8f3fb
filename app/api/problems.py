"""Problems of a request to the interface, as problem+json (RFC 9457) in both languages.

No answer repeats a value that was sent: it might be somebody's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import HTTPException

from app.errors import TITLES, status_of
from app.web.language import either
from app.web.logs import request_id
from casework.errors import CaseworkError
from casework.post_refusals import BadPost
from rules.model import Label

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = "60"
STATUS_OF = {"bad-post": 422, "unknown-source": 403, "idempotency-key-reused": 409}
"""Where the interface answers otherwise than a page does."""

_OF_HTTP: Mapping[int, tuple[str, Label]] = {
    413: (
        "body-too-large",
        Label("请求体太大，请分开提交。", "The body is too large: send less at once."),
    ),
    429: (
        "too-many-requests",
        Label("请求太频繁，请按 Retry-After 稍后重试。", "Too many requests: wait as Retry-After says."),
    ),
}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field."""

    field: str
    what: Label


class ApiRefused(Exception):  # noqa: N818 — named for the situation (style.md §2.8)
    """A request that the interface cannot serve.

    Attributes:
        code: stable; docs/api.md lists them.
        headers: that go with the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        what: Label,
        *,
        problems: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.what = what
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    code: str
    what: Label
    problems: tuple[FieldProblem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_problems(api: Blueprint) -> None:
    """Answer every foreseen error of `api`; what nobody foresaw is left to `app.errors`."""
    api.register_error_handler(ApiRefused, _on_refused)
    api.register_error_handler(CaseworkError, _on_casework_error)
    api.register_error_handler(HTTPException, _on_http_error)


def _on_refused(error: ApiRefused) -> Response:
    return _answered(_Answer(error.status, error.code, error.what, error.problems, error.headers))


def _on_casework_error(error: CaseworkError) -> Response:
    status = STATUS_OF.get(error.code, status_of(error))
    problems = (
        tuple(FieldProblem(name, what) for name, what in error.problems.items())
        if isinstance(error, BadPost)
        else ()
    )
    return _answered(_Answer(status, error.code, Label(error.zh, error.en), problems))


def _on_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    phrase = HTTPStatus(status).phrase
    fallback = (
        phrase.lower().replace(" ", "-"),
        Label("请求有误，请对照接口文档检查。", f"{phrase}: compare the request with the documentation."),
    )
    code, what = _OF_HTTP.get(status, fallback)
    headers = {"Retry-After": RETRY_SECONDS} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
    return _answered(_Answer(status, code, what, headers=headers))


def _answered(answer: _Answer) -> Response:
    response = jsonify(
        type="about:blank",
        title=str(TITLES.get(answer.status, TITLES[400])),
        status=answer.status,
        code=answer.code,
        detail=either(answer.what.zh, answer.what.en),
        zh=answer.what.zh,
        en=answer.what.en,
        problems=[{"field": one.field, "zh": one.what.zh, "en": one.what.en} for one in answer.problems],
        request_id=request_id(),
    )
    response.status_code = answer.status
    response.content_type = PROBLEM_JSON
    response.headers.update(answer.headers)
    return response
