"""Pages of one's own account: who I am, my password, my second factor."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, Optional

from app.accounts import administration, own_factor, records, second_factor
from app.accounts.current import current_account, current_actor
from app.accounts.errors import WeakPassword, WrongCode, WrongOldCode, WrongPassword
from app.accounts.websession import web_session
from app.documents.qr import qr_path
from app.extensions import client_address, house
from app.guard import signed_in_pending
from app.web.forms import ProtectedForm, at_most, needed, put_error

blueprint = Blueprint("own_account", __name__)

_KEY = re.compile(r"[A-Z2-7]{32}")


class PasswordForm(ProtectedForm):
    """Present and new password."""

    present = PasswordField(_l("当前密码"), [needed(), at_most(256)])
    wanted = PasswordField(_l("新密码"), [needed(), at_most(256)])
    again = PasswordField(
        _l("再输入一次新密码"), [needed(), EqualTo("wanted", _l("两次输入的新密码不一致。"))]
    )


class FactorForm(ProtectedForm):
    """The first code of a new second factor. The key travels with the form and is kept only once proved."""

    key = HiddenField()
    present = PasswordField(_l("当前密码"), [needed(), at_most(256)])
    old_code = StringField(_l("现用的动态口令"), [Optional(), at_most(12)])
    code = StringField(_l("动态口令"), [needed(), at_most(12)])


@blueprint.get("/account")
@signed_in_pending
def page() -> ResponseReturnValue:
    """Show the person's own account."""
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        line = records.line(uow.session, uow.county, actor.user_id) if actor.user_id else None
    return render_template("admin/own_account.html", line=line)


@blueprint.get("/account/password")
@signed_in_pending
def password() -> ResponseReturnValue:
    """Show the form for a new password."""
    return render_template("admin/password.html", form=PasswordForm(), is_forced=_is_forced())


@blueprint.post("/account/password")
@signed_in_pending
def change_password() -> ResponseReturnValue:
    """Replace the password; the person signs in again with the new one."""
    form = PasswordForm()
    account = current_account()
    if account is not None and form.validate():
        home = house()
        try:
            changed = administration.change_own_password(
                home,
                account,
                present=form.present.data,
                wanted=form.wanted.data,
                hasher=home.parts.hasher,
            )
            if changed:
                web_session().become_guest()
                flash(_("密码已修改，请用新密码登录。"), "success")
                return redirect(url_for("sign_in.form"))
            put_error(form.present, WrongPassword())
        except WeakPassword as error:
            put_error(form.wanted, error)
    return render_template("admin/password.html", form=form, is_forced=_is_forced()), 400


@blueprint.get("/account/factor")
@signed_in_pending
def factor() -> ResponseReturnValue:
    """Show a fresh key to type into an authenticator app."""
    return _factor_page(FactorForm())


@blueprint.post("/account/factor")
@signed_in_pending
def set_factor() -> ResponseReturnValue:
    """Switch the second factor on if the first code is right."""
    form = FactorForm()
    account = current_account()
    if account is None or not form.validate() or not _KEY.fullmatch(form.key.data or ""):
        return _factor_page(form), 400
    try:
        proof = own_factor.Proof(form.present.data, form.old_code.data or "", client_address())
        own_factor.set_up(house(), account, key=form.key.data, code=form.code.data, proof=proof)
    except WrongPassword as error:
        put_error(form.present, error)
        return _factor_page(form), 400
    except WrongOldCode as error:
        put_error(form.old_code, error)
        return _factor_page(form), 400
    except WrongCode as error:
        put_error(form.code, error)
        return _factor_page(form), 400
    flash(_("动态口令已启用，下次登录时需要输入。"), "success")
    return redirect(url_for("own_account.page"))


def _factor_page(form: FactorForm) -> str:
    account = current_account()
    if not _KEY.fullmatch(form.key.data or ""):
        form.key.data = second_factor.new_key()
    key = form.key.data
    address = second_factor.address_of(key, account.login if account else "")
    squares, side = qr_path(address)
    return render_template(
        "admin/factor.html",
        form=form,
        key=" ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        address=address,
        squares=squares,
        side=side,
        is_set=account is not None and account.has_factor,
    )


def _is_forced() -> bool:
    account = current_account()
    return account is not None and account.needs_new_password(house().wall_time())
