"""The body of a request as a checked model: bytes, then JSON that means one thing only, then types."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TypeVar

from flask import Request
from pydantic import ValidationError

from app.api.problems import ApiRefused
from app.api.wire import Wire, problems_of
from rules.model import Label

M = TypeVar("M", bound=Wire)

LARGEST_BODY = 512 * 1024
"""Bytes: 64 KB of text take up to six times that where every character is written as \\uXXXX."""
DEEPEST = 8
"""Levels of nesting; a post has three."""


class AmbiguousJson(ValueError):  # noqa: N818 — named for the situation (style.md §2.8)
    """JSON that two readers could understand in two ways."""


def read_json(request: Request) -> object:
    """Return the JSON value of a request's body.

    Raises:
        ApiRefused: 413 too large, 415 not JSON by its type, 400 not JSON by its content, twice the same name
            in an object, a number that is none, nested too deep.
    """
    if request.mimetype != "application/json":
        raise ApiRefused(
            415,
            "not-json",
            Label("请以 Content-Type: application/json 提交。", "Send Content-Type: application/json."),
        )
    request.max_content_length = LARGEST_BODY
    body = request.get_data(cache=False)  # raises 413 by itself
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise ApiRefused(
            400, "not-utf8", Label("请求体不是 UTF-8 编码。", "The body is not UTF-8.")
        ) from None
    except AmbiguousJson as refused:
        raise ApiRefused(
            400,
            "ambiguous-json",
            Label(
                "JSON 中有重名字段或非数值（NaN、Infinity）。",
                "The JSON has a name twice in one object, or NaN or Infinity.",
            ),
        ) from refused
    except (ValueError, RecursionError):
        raise ApiRefused(
            400, "bad-json", Label("请求体不是有效的 JSON。", "The body is not valid JSON.")
        ) from None
    if _is_deeper(value, DEEPEST):
        raise ApiRefused(
            400,
            "too-deep",
            Label(f"JSON 嵌套超过 {DEEPEST} 层。", f"The JSON is nested deeper than {DEEPEST}."),
        )
    return value


def read_model(model: type[M], value: object) -> M:
    """Return the value as a model.

    Raises:
        ApiRefused: 422 with every field that is wrong.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = problems_of(error)
    raise ApiRefused(
        422,
        "bad-fields",
        Label(
            "请求内容有误：" + "；".join(one.what.zh for one in problems),
            "The request has wrong fields: " + "; ".join(one.what.en for one in problems),
        ),
        problems=problems,
    )


def fingerprint(value: object, *, endpoint: str, secret: str) -> str:
    """Return 64 hex digits that are equal for equal requests.

    It is keyed: the value may name an author, and whoever reads the database must not be able to try names.

    Args:
        value: JSON as read; the order of names in an object does not matter.
        endpoint: method and path.
        secret: of the installation.
    """
    told = json.dumps([endpoint, value], sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(b"idempotency/" + secret.encode(), told, hashlib.sha256).hexdigest()


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise AmbiguousJson
    return read


def _no_constant(_name: str) -> object:
    raise AmbiguousJson


def _is_deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels == 0 or any(_is_deeper(one, levels - 1) for one in value.values())
    if isinstance(value, list):
        return levels == 0 or any(_is_deeper(one, levels - 1) for one in value)
    return False
