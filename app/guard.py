"""Every route says who may enter; this module holds the declarations and stands at the door.

What a person sees of an object behind the door is not decided here: every query of `casework.store`
starts from the actor's visibility.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.account import Account
from app.accounts.current import current_account
from app.accounts.events import AccountEvent
from app.accounts.websession import web_session
from app.extensions import house
from casework.access import permissions_of
from casework.errors import NotPermitted
from casework.permission_words import in_words
from casework.roles import Permission

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "jianjian_door"
_UNSHOWN = frozenset({"csrf_token", "password", "present", "wanted", "again", "code"})
_CHOSEN = re.compile(r"[!-~]*")  # keys, ids, numbers and dates: one word of ASCII


class Door(StrEnum):
    """Who may pass."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PERMITTED = "permitted"
    TOKEN = "token"  # noqa: S105 — machines with an API token; checked by app.api


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route declares.

    Attributes:
        permissions: any one of them opens a PERMITTED door.
        while_pending: open to people who must first change their password or set up a second factor.
    """

    door: Door
    permissions: frozenset[Permission] = frozenset()
    while_pending: bool = False


def public(view: View) -> View:
    """Declare a route open to everybody, signed in or not."""
    return _declare(view, Declaration(Door.PUBLIC, while_pending=True))


def signed_in(view: View) -> View:
    """Declare a route open to every signed-in person, whatever the roles."""
    return _declare(view, Declaration(Door.SIGNED_IN))


def signed_in_pending(view: View) -> View:
    """Declare a route open to signed-in people even while a new password or second factor is due."""
    return _declare(view, Declaration(Door.SIGNED_IN, while_pending=True))


def permitted(*permissions: Permission) -> Callable[[View], View]:
    """Declare a route open to people who have any one of `permissions`."""

    def declare(view: View) -> View:
        return _declare(view, Declaration(Door.PERMITTED, frozenset(permissions)))

    return declare


def by_token(view: View) -> View:
    """Declare a route of the API that checks a machine's token itself, and takes no cookie."""
    return _declare(view, Declaration(Door.TOKEN, while_pending=True))


def declaration_of(view: object) -> Declaration | None:
    """Return what a view function declares, None if it declares nothing."""
    return getattr(view, _MARK, None)


def stand_guard(app: Flask) -> None:
    """Check every request of `app` before its view runs; a route without declaration lets nobody in."""
    app.before_request(_check)
    _declare(app.view_functions["static"], Declaration(Door.PUBLIC, while_pending=True))


def _declare(view: View, declaration: Declaration) -> View:
    setattr(view, _MARK, declaration)
    return view


def _check() -> BaseResponse | None:
    if request.endpoint is None:
        return None  # no such route: the error page says so
    if web_session().is_lost:
        abort(503)
    declared = declaration_of(current_app.view_functions[request.endpoint])
    if declared is None:
        abort(403)
    if declared.door in {Door.PUBLIC, Door.TOKEN}:
        return None
    account = current_account()
    if account is None:
        return _ask_to_sign_in()
    if not declared.while_pending:
        pending = _pending(account)
        if pending is not None:
            return _go(pending)
    if declared.door is Door.PERMITTED and not declared.permissions & permissions_of(account.actor()):
        _refuse(account, declared)
    return None


def _pending(account: Account) -> str | None:
    """Return the page that this person must visit before any other, None if there is none."""
    home = house()
    if account.needs_new_password(home.wall_time()):
        return url_for("own_account.password")
    if account.needs_factor(demo=home.settings.demo):
        return url_for("own_account.factor")
    return None


def _ask_to_sign_in() -> BaseResponse:
    if request.path.startswith("/api/"):
        abort(401)
    if request.method in {"GET", "HEAD"} and request.path != "/":
        back = request.full_path.rstrip("?")
        return _go(url_for("sign_in.form", next=back))
    came_from = urlsplit(request.referrer or "")
    typed = _typed() if came_from.netloc == request.host else ()
    if not typed or "HX-Request" in request.headers:
        return _go(url_for("sign_in.form"))
    page = render_template("admin/signed_out.html", typed=typed, back=came_from.path)
    return Response(page, status=401)


def _typed() -> tuple[str, ...]:
    """Return what a person wrote into the form that came too late, without choices and secrets."""
    return tuple(
        value for name, value in request.form.items() if name not in _UNSHOWN and not _CHOSEN.fullmatch(value)
    )


def _go(address: str) -> BaseResponse:
    """Send the browser to a page; a fragment asked for by htmx makes the whole page go."""
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _refuse(account: Account, declared: Declaration) -> None:
    with house().transactions.write(account.actor()) as uow:
        uow.audit(
            AccountEvent.REFUSED,
            "route",
            request.endpoint or "",
            outcome="refused",
            data={"method": request.method},
        )
    wanted = in_words(declared.permissions)
    raise NotPermitted(wanted.zh, wanted.en)
