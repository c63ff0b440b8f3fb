"""Flask's session: a row in the database for who is signed in, a signed cookie for everybody else.

A guest's cookie holds the language, the form token and a half-finished sign-in, nothing more. Signing
in makes a new token; the old cookie never becomes a signed-in one. It decides nothing about passwords.
"""

from __future__ import annotations

from typing import cast

from flask import Flask, Request, Response
from flask import session as flask_session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import sessions
from app.accounts.account import Account
from app.extensions import house, login_manager
from casework.access import CountyId, machine

BACKGROUND_HEADER = "X-Background"
"""Sent by scripts that refresh by themselves: such a request does not keep an idle session alive."""
_SESSIONLESS = ("/static/", "/healthz", "/api/")
"""No cookie is read or set there: files are everybody's, machines show a token."""


class WebSession(SecureCookieSession):
    """The session of one browser.

    Attributes:
        account: who is signed in, None for a guest.
        token_hash: of the row, None for a guest.
        issued: a token to be set as cookie with this answer.
        stale: the browser sent a cookie that opens nothing any more.
        touch: the row's last sight is due to be written.
        is_lost: the database did not answer, so nobody knows who this is; the guard answers 503.
    """

    account: Account | None = None
    token_hash: str | None = None
    issued: str | None = None
    stale: bool = False
    touch: bool = False
    is_lost: bool = False

    def become(self, account: Account, token: str, data: sessions.Kept) -> None:
        """Turn into the session of somebody who has just signed in; whatever the guest had is dropped."""
        self.clear()
        self.update(data)
        self.account = account
        self.token_hash = sessions.hash_of(token)
        self.issued = token
        self.modified = False  # the row holds the data already

    def become_guest(self) -> None:
        """Turn into a guest's session after signing out."""
        self.clear()
        self.account = None
        self.token_hash = None
        self.issued = None
        self.stale = True


def keep_sessions(app: Flask) -> None:
    """Make `app` keep its sessions in rows and tell Flask-Login who is signed in."""
    app.session_interface = RowSessionInterface()
    login_manager.session_protection = None  # the session is a row of ours and has its own ends
    login_manager.user_loader(_account_of)
    login_manager.init_app(app)


def web_session() -> WebSession:
    """Return the session of this request, with what Flask's own type does not know."""
    return cast("WebSession", flask_session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - werkzeug's documented way


class RowSessionInterface(SecureCookieSessionInterface):
    """Opens and saves sessions. Guests are served by the parent class."""

    session_class = WebSession

    def open_session(self, app: Flask, request: Request) -> WebSession | None:
        """Return the session in force, or a guest's."""
        if request.path.startswith(_SESSIONLESS):
            return WebSession()
        token = request.cookies.get(app.config["JIANJIAN_TOKEN_COOKIE"])
        try:
            found = self._find(token) if token else None
        except SQLAlchemyError:
            lost = WebSession()
            lost.is_lost = True
            return lost
        if found is None:
            guest = cast("WebSession | None", super().open_session(app, request))
            if guest is not None:
                guest.stale = token is not None
            return guest
        opened = WebSession(dict(found.data))
        opened.account = found.account
        opened.token_hash = found.token_hash
        overdue = house().wall_time() - found.seen_at >= sessions.TOUCH_EVERY
        opened.touch = overdue and BACKGROUND_HEADER not in request.headers
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed, and set or remove cookies."""
        kept = cast("WebSession", session)
        if kept.is_lost:
            return
        if kept.token_hash is None:
            super().save_session(app, kept, response)
            if kept.stale:
                self._delete(app, response, app.config["JIANJIAN_TOKEN_COOKIE"])
            return
        if kept.modified or kept.touch:
            self._keep(kept)
        if kept.issued is not None:
            response.set_cookie(
                app.config["JIANJIAN_TOKEN_COOKIE"],
                kept.issued,
                httponly=True,
                secure=app.config["SESSION_COOKIE_SECURE"],
                samesite="Lax",
                path="/",
            )
            self._delete(app, response, self.get_cookie_name(app))
        response.vary.add("Cookie")

    def _find(self, token: str) -> sessions.FoundSession | None:
        home = house()
        with home.transactions.read(machine(CountyId(home.county))) as uow:
            return sessions.find(
                uow.session,
                home.county,
                token,
                now=home.wall_time(),
                idle=home.settings.session_idle,
            )

    def _keep(self, kept: WebSession) -> None:
        home = house()
        data = dict(kept) if kept.modified else None
        with home.transactions.write(machine(CountyId(home.county))) as uow:
            sessions.keep(uow.session, kept.token_hash or "", data=data, seen_at=home.wall_time())

    def _delete(self, app: Flask, response: Response, name: str) -> None:
        response.delete_cookie(
            name, path="/", secure=app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
        )


def _account_of(account_id: str) -> Account | None:
    """Return the account of this request's row, if Flask-Login means the same person."""
    account = web_session().account
    return account if account is not None and account.get_id() == account_id else None
