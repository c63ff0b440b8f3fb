"""Turns whatever goes wrong in a request into an answer a person or a program can act on.

One of the three places that catch broadly. Pages get a page in their language; `/api` gets
problem+json (RFC 9457). Every answer names the request id; none shows an inner detail.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.extensions import is_database_failure
from app.web.language import either
from app.web.logs import request_id
from casework.errors import CaseworkError
from rules.model import Label

log = logging.getLogger(__name__)

STATUS_OF: Mapping[str, int] = {
    "not-permitted": 403,
    "not-the-higher-desk": 403,
    "not-one-alone": 403,
    "opened-lower": 403,
    "ended-alone": 403,
    "joined-lower": 403,
    "upgrade-undecided": 403,
    "upgrade-not-noted": 403,
    "not-oneself": 403,
    "illegal-transition": 409,
    "stale-version": 409,
    "tried-on-other-rules": 409,
    "draft-altered": 409,
    "nothing-compared": 409,
    "pack-altered": 409,
    "stale-account": 409,
    "login-taken": 409,
    "nothing-to-correct": 409,
    "scored-before": 409,
    "nothing-pending": 409,
    "already-confidential": 409,
    "not-confidential": 409,
    "marked-by-yourself": 403,
    "asked-by-yourself": 403,
    "lift-asked-by-yourself": 403,
    "decided-by-yourself": 403,
    "already-reversed": 409,
    "already-scored": 409,
    "item-closed": 409,
    "approver-is-editor": 403,
    "stale-draft": 409,
    "draft-step-refused": 409,
    "clock-went-back": 409,
    "pack-version-taken": 409,
    "run-already-going": 409,
    "no-pack-in-force": 503,
}
"""Answers to the errors of the domain. What begins with `no-such-` is a 404, everything else a 400."""

TITLES = {
    400: _l("请求有误"),
    401: _l("请先登录"),
    403: _l("没有权限"),
    404: _l("没有找到"),
    405: _l("此处不能这样操作"),
    409: _l("与当前状态冲突"),
    412: _l("内容已被他人修改"),
    413: _l("提交的内容太大"),
    415: _l("内容类型不受支持"),
    429: _l("操作太频繁"),
    500: _l("系统出错"),
    503: _l("暂时不能服务"),
}

ADVICE = {
    400: _l("请返回上一页，检查填写的内容后重新提交。"),
    401: _l("请登录后重试。"),
    403: _l("您没有此项权限。如工作需要，请联系安全管理员授权。"),
    404: _l("您要找的内容不存在，或不在您的查看范围内。请从工作台重新进入。"),
    405: _l("请从页面上的按钮操作，不要直接输入网址。"),
    409: _l("请刷新页面，按最新状态办理。"),
    412: _l("请刷新页面，查看最新内容后再提交。"),
    413: _l("请缩短文字或分次提交。"),
    415: _l("请按接口文档规定的类型提交。"),
    429: _l("请稍等一分钟再试。"),
    500: _l("您的操作没有生效。请稍后重试；仍不行时，把下面的请求编号告诉系统管理员。"),
    503: _l("请稍后重试；仍不行时，请联系系统管理员。"),
}


FOR_PROGRAMS = {
    400: Label("请求有误，请对照接口文档检查。", "Bad request: compare it with the documentation."),
    401: Label("请先登录，或提供有效的令牌。", "Sign in, or send a valid token."),
    403: Label("没有此项权限。", "Not permitted."),
    404: Label("没有这个地址，请对照接口文档检查。", "No such address: compare it with the documentation."),
    405: Label("该地址不接受这种方法，见 Allow。", "This address does not take that method: see Allow."),
    413: Label("请求体太大，请分开提交。", "The body is too large: send less at once."),
    429: Label("请求太频繁，请稍后重试。", "Too many requests: wait a little."),
    500: Label("系统出错，请求没有生效。", "The system failed; nothing was done. Quote the request id."),
    503: Label("暂时不能服务，请稍后重试。", "Not available just now: try again later."),
}
"""What programs are told, who have no page and no button."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is shown.

    Attributes:
        detail: what happened and what to do, in the reader's language.
        both: the same for programs, in both languages.
    """

    status: int
    code: str
    title: str
    detail: str
    both: Label | None = None


def answer_errors(app: Flask) -> None:
    """Answer every error of `app`."""
    app.register_error_handler(CaseworkError, _on_casework_error)
    app.register_error_handler(CSRFError, _on_stale_form)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_anything_else)


def answer(problem: Problem) -> Response:
    """Return the answer for `problem`: a page, a fragment for htmx, or problem+json."""
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        same = Label(problem.detail, problem.detail)
        both = problem.both or FOR_PROGRAMS.get(problem.status, same)
        response = jsonify(
            type="about:blank",
            title=problem.title,
            status=problem.status,
            detail=either(both.zh, both.en),
            code=problem.code,
            zh=both.zh,
            en=both.en,
            problems=[],
            request_id=request_id(),
        )
        response.content_type = "application/problem+json"
    else:
        template = "errors/fragment.html" if "HX-Request" in request.headers else "errors/page.html"
        response = make_response(render_template(template, problem=problem, request_id=request_id()))
    response.status_code = problem.status
    return response


def status_of(error: CaseworkError) -> int:
    """Return the HTTP status that answers an error of the domain."""
    return STATUS_OF.get(error.code, 404 if error.code.startswith("no-such-") else 400)


def _on_casework_error(error: CaseworkError) -> Response:
    status = status_of(error)
    both = Label(error.zh, error.en)
    return answer(Problem(status, error.code, _title(status), either(both.zh, both.en), both))


def _on_stale_form(_error: CSRFError) -> Response:
    detail = _("页面停留过久或已重新登录，表单已失效。请返回上一页并刷新，再重新提交。")
    return answer(Problem(400, "stale-form", _("表单已失效"), detail))


def _on_http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    code = HTTPStatus(error.code).phrase.lower().replace(" ", "-")
    response = answer(Problem(error.code, code, _title(error.code), str(ADVICE.get(error.code, ADVICE[400]))))
    for name, value in error.get_headers():
        if name in {"Retry-After", "Allow", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _on_anything_else(error: Exception) -> Response:
    log.error("request failed", exc_info=error, extra={"request_id": request_id()})
    if is_database_failure(error):
        return answer(Problem(503, "service-unavailable", _title(503), str(ADVICE[503])))
    return answer(Problem(500, "internal-server-error", _title(500), str(ADVICE[500])))


def _title(status: int) -> str:
    return str(TITLES.get(status, TITLES[400]))
