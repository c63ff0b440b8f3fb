"""Who calls: the Bearer token of a request, what it is good for, and how often it may come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TypeVar, get_type_hints

from flask import Response, current_app, g, request

from app.accounts.api_tokens import Caller, Scope, caller_of
from app.accounts.sessions import hash_of
from app.api.problems import ApiRefused
from app.api.reading import fingerprint, read_json, read_model
from app.api.wire import OnceHeader
from app.extensions import client_address, house
from app.guard import by_token
from casework.access import Actor, CountyId, machine
from casework.desk.once import Keyed
from rules.model import Label

RATE = "3000 per minute"
"""Requests of one token: fifty a second, far above what a county's sources hand over in their worst hour."""
RATE_SETTING = "JIANJIAN_API_RATE"
REFUSED_RATE = "60 per minute"
"""Requests with one wrong token from one address. Good tokens from there are not held back by it: a county's
programs often share an address."""
REFUSED_AT_ALL = "600 per minute"
"""Requests with wrong tokens, however many of them, from one address."""
_DELAYED = "__delay_validate_request__"
"""flask-openapi3's mark for a view that checks its request itself (its `validate_request` sets it)."""

View = TypeVar("View", bound=Callable[..., Response])


@dataclass(frozen=True, slots=True)
class Visit:
    """A request whose token is good.

    Attributes:
        asked: 64 hex digits over what is asked; empty for a request without body.
    """

    caller: Caller
    asked: str = ""

    @property
    def actor(self) -> Actor:
        """Return who acts: the machine of the county, under the name of the program."""
        return replace(machine(CountyId(house().county)), name=f"接口 {self.caller.name}")

    def under(self, header: OnceHeader) -> Keyed | None:
        """Return the request under its Idempotency-Key, None without one."""
        key = header.idempotency_key
        return Keyed(self.caller.token_id, key, self.asked) if key is not None else None


def entered_with(scope: Scope) -> Callable[[View], View]:
    """Declare a route of the interface: a token with `scope` opens it; then path and body are read.

    The view gets `visit`, and `header`, `path` and `body` where its annotations ask for them. The token is
    looked at before a single byte of the body.
    """

    def declare(view: View) -> View:
        wanted = get_type_hints(view)

        @wraps(view)
        def enter(**path: object) -> Response:
            visit = Visit(_caller(scope))
            given: dict[str, object] = {}
            if "path" in wanted:
                given["path"] = wanted["path"](**path)
            if "header" in wanted:
                given["header"] = read_model(wanted["header"], _headers())
            if "body" in wanted:
                value = read_json(request)
                given["body"] = read_model(wanted["body"], value)
                visit = replace(visit, asked=_fingerprint(value))
            return view(visit=visit, **given)

        setattr(enter, _DELAYED, True)
        return by_token(enter)  # type: ignore[return-value]  # same call as far as Flask can tell

    return declare


def rate() -> str:
    """Return how often one token may come."""
    return str(current_app.config.get(RATE_SETTING, RATE))


def visitor() -> str:
    """Return under which name requests are counted: the token's hash, else the address."""
    token = _bearer()
    return f"token/{hash_of(token)}" if token else f"address/{client_address()}"


def stranger() -> str:
    """Return under which name refused requests are counted: the address with the token that it sent."""
    return f"{client_address()}/{hash_of(_bearer())}"


def is_refused(response: Response) -> bool:
    """Return whether an answer counts against the address it went to."""
    return response.status_code == 401  # noqa: PLR2004 - HTTP


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _caller(scope: Scope) -> Caller:
    home, token = house(), _bearer()
    caller = None
    if token:
        with home.transactions.read(machine(CountyId(home.county))) as uow:
            caller = caller_of(uow.session, home.county, token, wall_time=home.wall_time())
    if caller is None:
        raise ApiRefused(
            401,
            "bad-token",
            Label(
                "请在 Authorization 头中提供有效的令牌：Bearer jj_…。令牌由安全管理员发放。",
                "Send a valid token: 'Authorization: Bearer jj_…'. The security administrator issues them.",
            ),
            headers={"WWW-Authenticate": 'Bearer realm="jianjian"'},
        )
    g.token_id = str(caller.token_id)
    if scope.value not in caller.scopes:
        raise ApiRefused(
            403,
            "scope-missing",
            Label(f"此令牌没有 {scope} 权限。", f"This token lacks the scope {scope}."),
        )
    return caller


def _headers() -> dict[str, str]:
    key = request.headers.get("Idempotency-Key")
    return {} if key is None else {"Idempotency-Key": key.strip()}


def _fingerprint(value: object) -> str:
    endpoint = f"{request.method} {request.path}"
    return fingerprint(value, endpoint=endpoint, secret=house().settings.secret_key)
