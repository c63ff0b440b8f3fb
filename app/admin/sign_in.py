"""The pages of signing in and out. What counts as a right password is `app.accounts.sign_in`."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from wtforms import PasswordField, StringField

from app.accounts import sessions, sign_in
from app.accounts.account import Account
from app.accounts.current import current_account
from app.accounts.websession import web_session
from app.extensions import client_address, house, limiter
from app.guard import public, signed_in_pending
from app.web.forms import ProtectedForm, at_most, needed, safe_address
from app.web.language import chosen_language

blueprint = Blueprint("sign_in", __name__)

ATTEMPTS = "60 per minute"
"""From one address: many offices share one; the lock of the account holds the single guesser."""
CODE_TIME = timedelta(minutes=5)
_HALFWAY = "halfway"


class SignInForm(ProtectedForm):
    """Login and password."""

    login = StringField(_l("登录名"), [needed(), at_most(64)])
    password = PasswordField(_l("密码"), [needed(), at_most(256)])


class CodeForm(ProtectedForm):
    """The one-time code."""

    code = StringField(_l("动态口令"), [needed(), at_most(12)])


@blueprint.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """Show the form; who is signed in already goes to his work."""
    if current_account() is not None:
        return redirect(url_for("home.start"))
    return render_template("admin/sign_in.html", form=SignInForm())


@blueprint.post("/sign-in")
@public
@limiter.limit(ATTEMPTS)
def enter() -> ResponseReturnValue:
    """Check login and password; go on to the code, or to the work."""
    form = SignInForm()
    if not form.validate():
        return render_template("admin/sign_in.html", form=form), 400
    account = sign_in.check_password(house(), form.login.data, form.password.data, client=client_address())
    if account is None:
        flash(_("登录名或密码不正确；连续输错 5 次会锁定 15 分钟。忘记密码请联系系统管理员重置。"), "danger")
        return render_template("admin/sign_in.html", form=form), 401
    if account.has_factor:
        since = int(house().wall_time().timestamp())
        web_session()[_HALFWAY] = {"id": str(account.id), "since": since}
        return redirect(url_for("sign_in.code_form", next=request.args.get("next")))
    return _let_in(account)


@blueprint.get("/sign-in/code")
@public
def code_form() -> ResponseReturnValue:
    """Ask for the one-time code of whoever has just given his password."""
    if _halfway() is None:
        return redirect(url_for("sign_in.form"))
    return render_template("admin/code.html", form=CodeForm())


@blueprint.post("/sign-in/code")
@public
@limiter.limit(ATTEMPTS)
def enter_code() -> ResponseReturnValue:
    """Check the one-time code."""
    account_id = _halfway()
    if account_id is None:
        flash(_("登录已超时，请重新输入密码。"), "warning")
        return redirect(url_for("sign_in.form"))
    form = CodeForm()
    if not form.validate():
        return render_template("admin/code.html", form=form), 400
    account = sign_in.check_code(house(), account_id, form.code.data, client=client_address())
    if account is None:
        flash(_("动态口令不正确、已使用过，或账号暂时锁定。请等待下一组数字再试。"), "danger")
        return render_template("admin/code.html", form=form), 401
    return _let_in(account)


@blueprint.post("/sign-out")
@signed_in_pending
def leave() -> ResponseReturnValue:
    """End the session."""
    kept = web_session()
    if kept.account is not None and kept.token_hash is not None:
        sign_in.close_session(house(), kept.account, kept.token_hash)
    chosen = chosen_language()
    logout_user()
    kept.become_guest()
    kept["language"] = chosen
    flash(_("您已退出。"), "success")
    return redirect(url_for("sign_in.form"))


def _let_in(account: Account) -> ResponseReturnValue:
    """Open a new session under a new token and go where the person was heading."""
    token = sessions.new_token()
    data = {"_user_id": account.get_id(), "_fresh": True, "csrf_token": secrets.token_hex(20)}
    sign_in.open_session(house(), account, token, data, client=client_address())
    web_session().become(account, token, data)
    login_user(account)
    return redirect(safe_address(request.args.get("next"), url_for("home.start")))


def _halfway() -> uuid.UUID | None:
    """Return whose password was accepted in this browser less than five minutes ago."""
    kept = web_session().get(_HALFWAY)
    if not kept:
        return None
    since = datetime.fromtimestamp(kept["since"], UTC)
    return uuid.UUID(kept["id"]) if house().wall_time() - since < CODE_TIME else None
