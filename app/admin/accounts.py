"""Pages of administering accounts. Who may do what is decided in `app.accounts.administration`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired

from app.accounts import administration, passwords, records
from app.accounts.current import current_actor
from app.accounts.errors import LoginTaken, UnsuitableLogin
from app.extensions import house
from app.guard import permitted
from app.recusal_health import recusal_counts, recusal_notices
from app.web.forms import ProtectedForm, at_most, flash_error, needed, put_error
from app.web.language import either
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.roles import GRANTABLE_ROLES, ROLE_LABELS, Permission, Role

blueprint = Blueprint("accounts", __name__, url_prefix="/admin/accounts")


class NewAccountForm(ProtectedForm):
    """An account to be created."""

    login = StringField(_l("登录名"), [needed(), at_most(32)])
    name = StringField(_l("姓名"), [needed(), at_most(administration.LONGEST_NAME)])
    unit_code = SelectField(_l("所属责任单位"))


class UnitForm(ProtectedForm):
    """The unit that an account belongs to."""

    unit_code = SelectField(_l("所属责任单位"))


class VersionForm(ProtectedForm):
    """A button that changes an account as it was shown."""

    version = IntegerField(validators=[InputRequired()])


F = TypeVar("F", NewAccountForm, UnitForm)


@blueprint.get("")
@permitted(Permission.ACCOUNT_VIEW)
def table() -> ResponseReturnValue:
    """Show every account."""
    with house().transactions.read(current_actor()) as uow:
        lines = records.lines(uow.session, uow.county)
        notices = recusal_notices(*recusal_counts(uow))
    return render_template("admin/accounts.html", lines=lines, notices=notices, now=house().wall_time())


@blueprint.get("/new")
@permitted(Permission.ACCOUNT_CREATE)
def form() -> ResponseReturnValue:
    """Show the form for a new account."""
    return render_template("admin/account_new.html", form=_new_account_form())


@blueprint.post("/new")
@permitted(Permission.ACCOUNT_CREATE)
def create() -> ResponseReturnValue:
    """Create an account and show its temporary password, this once."""
    form = _new_account_form()
    if not form.validate():
        return render_template("admin/account_new.html", form=form), 400
    home = house()
    password = passwords.temporary_password()
    new = administration.NewAccount(
        login=form.login.data,
        name=form.name.data,
        unit_code=form.unit_code.data or None,
        password_hash=home.parts.hasher.hash(password),
    )
    try:
        with home.transactions.write(current_actor()) as uow:
            account_id = administration.create_account(uow, new, wall_time=home.wall_time())
    except (LoginTaken, UnsuitableLogin) as error:
        put_error(form.login, error)
        return render_template("admin/account_new.html", form=form), 400
    return _page(account_id, password=password), 201


@blueprint.get("/<uuid:account_id>")
@permitted(Permission.ACCOUNT_VIEW)
def page(account_id: uuid.UUID) -> ResponseReturnValue:
    """Show one account and what this administrator may do to it."""
    return _page(account_id)


@blueprint.post("/<uuid:account_id>/disable")
@permitted(Permission.ACCOUNT_DISABLE)
def disable(account_id: uuid.UUID) -> ResponseReturnValue:
    """Shut the account out."""
    now = house().wall_time()
    return _changed(
        account_id,
        lambda uow, version: administration.disable_account(uow, account_id, version=version, wall_time=now),
    )


@blueprint.post("/<uuid:account_id>/enable")
@permitted(Permission.ACCOUNT_DISABLE)
def enable(account_id: uuid.UUID) -> ResponseReturnValue:
    """Let the account in again."""
    return _changed(
        account_id, lambda uow, version: administration.enable_account(uow, account_id, version=version)
    )


@blueprint.post("/<uuid:account_id>/unit")
@permitted(Permission.ACCOUNT_CREATE)
def move(account_id: uuid.UUID) -> ResponseReturnValue:
    """Put the account into another unit; its roles end."""
    form = _with_units(UnitForm())
    if not form.validate():
        raise BadRequest
    unit, now = form.unit_code.data or None, house().wall_time()
    return _changed(
        account_id,
        lambda uow, version: administration.move_account(
            uow, account_id, version=version, unit_code=unit, wall_time=now
        ),
    )


@blueprint.post("/<uuid:account_id>/password")
@permitted(Permission.ACCOUNT_CREATE)
def reset_password(account_id: uuid.UUID) -> ResponseReturnValue:
    """Give the account a temporary password and show it, this once."""
    home = house()
    password = passwords.temporary_password()
    hashed = home.parts.hasher.hash(password)
    now = home.wall_time()
    with home.transactions.write(current_actor()) as uow:
        administration.reset_password(
            uow, account_id, version=_version(), password_hash=hashed, wall_time=now
        )
    return _page(account_id, password=password)


@blueprint.post("/<uuid:account_id>/factor")
@permitted(Permission.ROLE_GRANT)
def remove_factor(account_id: uuid.UUID) -> ResponseReturnValue:
    """Take a lost second factor away."""
    now = house().wall_time()
    return _changed(
        account_id,
        lambda uow, version: administration.remove_factor(uow, account_id, version=version, wall_time=now),
    )


@blueprint.post("/<uuid:account_id>/roles")
@permitted(Permission.ROLE_GRANT)
def grant(account_id: uuid.UUID) -> ResponseReturnValue:
    """Give the account exactly the roles that are ticked."""
    known = {role.value for role in GRANTABLE_ROLES}
    ticked = request.form.getlist("roles")
    if not known.issuperset(ticked):
        raise BadRequest
    return _changed(
        account_id,
        lambda uow, version: administration.grant_roles(
            uow, account_id, version=version, roles=[Role(value) for value in ticked]
        ),
    )


def _changed(account_id: uuid.UUID, change: Callable[[UnitOfWork, int], None]) -> ResponseReturnValue:
    """Carry a change out and show the account again, with what went wrong if something did."""
    version = _version()
    try:
        with house().transactions.write(current_actor()) as uow:
            change(uow, version)
    except CaseworkError as error:
        flash_error(error)
    else:
        flash(_("已保存。"), "success")
    return redirect(url_for("accounts.page", account_id=account_id))


def _version() -> int:
    form = VersionForm()
    if not form.validate():
        raise BadRequest
    return int(form.version.data)


def _page(account_id: uuid.UUID, *, password: str | None = None) -> str:
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        line = records.line(uow.session, uow.county, account_id)
    unit_form = _with_units(UnitForm(formdata=None))
    unit_form.unit_code.data = line.account.unit_code or ""
    return render_template(
        "admin/account.html",
        line=line,
        form=ProtectedForm(),
        unit_form=unit_form,
        password=password,
        is_own=actor.user_id == account_id,
        roles=[(role.value, ROLE_LABELS[role], role in line.account.roles) for role in GRANTABLE_ROLES],
        now=house().wall_time(),
    )


def _new_account_form() -> NewAccountForm:
    return _with_units(NewAccountForm())


def _with_units(form: F) -> F:
    """Return the form with every unit to choose from."""
    with house().transactions.read(current_actor()) as uow:
        units = records.units(uow.session, uow.county)
    none = _("（网信办、督查室、目督办等机关人员不选）")
    form.unit_code.choices = [("", none), *((code, either(zh, en)) for code, zh, en in units)]
    return form
