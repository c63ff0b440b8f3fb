"""Use cases of administering accounts, divided over three administrators who exclude one another.

The system administrator creates and disables, the security administrator grants roles and removes lost
second factors, the audit administrator reads the log. Nobody changes his own account here.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher

from app.accounts import passwords, records, sessions
from app.accounts.account import Account
from app.accounts.errors import (
    LoginTaken,
    NotOneself,
    UnitNeeded,
    UnsuitableLogin,
)
from app.accounts.events import AccountEvent
from app.parts import House
from casework.access import desk_of, require
from casework.desk.unit import UnitOfWork
from casework.refusals import NoSuchUnit
from casework.roles import GRANTABLE_ROLES, Desk, Permission, Role
from casework.store.tables import UnitRow, UserRow

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be created.

    Attributes:
        unit_code: for people of a responsible unit, None for everybody else.
        password_hash: of a password that must be changed at the first sign-in, unless `keeps_password`.
        keeps_password: for the demo's accounts.
    """

    login: str
    name: str
    unit_code: str | None
    password_hash: str
    roles: frozenset[Role] = frozenset()
    keeps_password: bool = False


def create_account(uow: UnitOfWork, new: NewAccount, *, wall_time: datetime) -> uuid.UUID:
    """Add an account without roles and return its id; roles are the security administrator's to give.

    Raises:
        NotPermitted, UnsuitableLogin, LoginTaken, NoSuchUnit.
    """
    require(uow.actor, Permission.ACCOUNT_CREATE)
    return _add(uow, new, wall_time=wall_time)


def bootstrap_account(uow: UnitOfWork, new: NewAccount, *, wall_time: datetime) -> uuid.UUID:
    """Add an account with roles from the command line, where no administrator exists yet.

    Raises:
        UnsuitableLogin, LoginTaken, NoSuchUnit, IncompatibleRoles, UnitNeeded.
    """
    require_fitting_roles(new.roles, new.unit_code)
    return _add(uow, new, wall_time=wall_time)


def grant_roles(uow: UnitOfWork, account_id: uuid.UUID, *, version: int, roles: Iterable[Role]) -> None:
    """Give an account exactly these roles; they take effect with its next request.

    Raises:
        NotPermitted, NotOneself, NoSuchAccount, StaleAccount, IncompatibleRoles, UnitNeeded.
    """
    require(uow.actor, Permission.ROLE_GRANT)
    wanted = frozenset(roles)
    row = _other_account(uow, account_id, version)
    require_fitting_roles(wanted, row.unit_code)
    before = list(row.roles)
    row.roles = records.role_values(wanted)
    uow.audit(
        AccountEvent.ROLES_CHANGED,
        "account",
        str(account_id),
        data={"before": before, "after": list(row.roles)},
    )


def move_account(
    uow: UnitOfWork, account_id: uuid.UUID, *, version: int, unit_code: str | None, wall_time: datetime
) -> None:
    """Put an account into another unit, or into none; its roles end, and so do its sessions.

    What it may do in its new place is the security administrator's to say.

    Raises:
        NotPermitted, NotOneself, NoSuchAccount, StaleAccount, NoSuchUnit.
    """
    require(uow.actor, Permission.ACCOUNT_CREATE)
    row = _other_account(uow, account_id, version)
    _require_unit(uow, unit_code)
    if row.unit_code == unit_code:
        return
    data = {"unit_before": row.unit_code, "unit_after": unit_code, "roles_ended": list(row.roles)}
    row.unit_code, row.roles = unit_code, []
    sessions.end_all(uow.session, account_id, now=wall_time)
    uow.audit(AccountEvent.ACCOUNT_MOVED, "account", str(account_id), data=data)


def disable_account(uow: UnitOfWork, account_id: uuid.UUID, *, version: int, wall_time: datetime) -> None:
    """Shut an account out at once; nothing it did is touched.

    Raises:
        NotPermitted, NotOneself, NoSuchAccount, StaleAccount.
    """
    require(uow.actor, Permission.ACCOUNT_DISABLE)
    row = _other_account(uow, account_id, version)
    row.disabled_at = row.disabled_at or wall_time
    sessions.end_all(uow.session, account_id, now=wall_time)
    uow.audit(AccountEvent.ACCOUNT_DISABLED, "account", str(account_id))


def enable_account(uow: UnitOfWork, account_id: uuid.UUID, *, version: int) -> None:
    """Let a disabled account in again.

    Raises:
        NotPermitted, NotOneself, NoSuchAccount, StaleAccount.
    """
    require(uow.actor, Permission.ACCOUNT_DISABLE)
    row = _other_account(uow, account_id, version)
    row.disabled_at = None
    uow.audit(AccountEvent.ACCOUNT_ENABLED, "account", str(account_id))


def reset_password(
    uow: UnitOfWork, account_id: uuid.UUID, *, version: int, password_hash: str, wall_time: datetime
) -> None:
    """Give an account a temporary password, end its sessions and its lock.

    Raises:
        NotPermitted, NotOneself, NoSuchAccount, StaleAccount.
    """
    require(uow.actor, Permission.ACCOUNT_CREATE)
    row = _other_account(uow, account_id, version)
    _replace_password(row, password_hash, wall_time)
    row.must_change_password = True
    row.failed_logins, row.failing_since, row.locked_until = 0, None, None
    sessions.end_all(uow.session, account_id, now=wall_time)
    uow.audit(AccountEvent.PASSWORD_RESET, "account", str(account_id))


def remove_factor(uow: UnitOfWork, account_id: uuid.UUID, *, version: int, wall_time: datetime) -> None:
    """Take a lost second factor away; an administrator must set up a new one at the next sign-in.

    Raises:
        NotPermitted, NotOneself, NoSuchAccount, StaleAccount.
    """
    require(uow.actor, Permission.ROLE_GRANT)
    row = _other_account(uow, account_id, version)
    row.totp_alg = row.totp_key_id = row.totp_ciphertext = row.totp_last_step = None
    sessions.end_all(uow.session, account_id, now=wall_time)
    uow.audit(AccountEvent.FACTOR_REMOVED, "account", str(account_id))


def choose_language(home: House, account: Account, language: str) -> None:
    """Keep the language an officer has chosen for himself."""
    with home.transactions.write(account.actor()) as uow:
        records.row_of(uow.session, home.county, account.id).language = language


def change_own_password(
    home: House, account: Account, *, present: str, wanted: str, hasher: PasswordHasher
) -> bool:
    """Replace one's own password; every session of the account ends. Return False if `present` is wrong.

    Raises:
        WeakPassword: with every rule that `wanted` breaks.
    """
    with home.transactions.read(account.actor()) as uow:
        row = records.row_of(uow.session, home.county, account.id)
        kept, earlier = row.password_hash, (row.password_hash, *row.password_history)
    if not passwords.fits(hasher, kept, present):
        return False
    passwords.require_good_password(wanted, login=account.login)
    passwords.require_new_password(wanted, earlier, hasher)
    hashed = hasher.hash(wanted)
    now = home.wall_time()
    with home.transactions.write(account.actor()) as uow:
        row = records.row_of(uow.session, home.county, account.id)
        if row.password_hash != kept:
            return False
        _replace_password(row, hashed, now)
        row.must_change_password = False
        sessions.end_all(uow.session, account.id, now=now)
        uow.audit(AccountEvent.PASSWORD_CHANGED, "account", str(account.id))
    return True


def require_fitting_roles(roles: frozenset[Role], unit_code: str | None) -> None:
    """Do nothing if one account may hold `roles`.

    Raises:
        IncompatibleRoles: they belong to different desks, or one cannot be given to a person.
        UnitNeeded: roles of a unit without a unit, or a unit without such roles.
    """
    if not roles <= frozenset(GRANTABLE_ROLES):
        raise UnitNeeded
    desk = desk_of(roles)
    if desk is not None and (desk is Desk.UNIT) != (unit_code is not None):
        raise UnitNeeded


def _add(uow: UnitOfWork, new: NewAccount, *, wall_time: datetime) -> uuid.UUID:
    login = new.login.strip().casefold()
    if not _LOGIN.fullmatch(login):
        raise UnsuitableLogin
    if records.row_of_login(uow.session, uow.county, login) is not None:
        raise LoginTaken(login)
    _require_unit(uow, new.unit_code)
    account_id = uow.new_id()
    uow.session.add(
        UserRow(
            id=account_id,
            county_id=uow.county,
            login=login,
            name=new.name.strip()[:LONGEST_NAME],
            password_hash=new.password_hash,
            unit_code=new.unit_code,
            roles=records.role_values(new.roles),
            language="zh",
            must_change_password=not new.keeps_password,
            password_changed_at=wall_time,
            password_history=[],
            failed_logins=0,
            created_at=wall_time,
        )
    )
    uow.audit(
        AccountEvent.ACCOUNT_CREATED,
        "account",
        str(account_id),
        data={"unit": new.unit_code, "roles": records.role_values(new.roles)},
    )
    return account_id


def _require_unit(uow: UnitOfWork, unit_code: str | None) -> None:
    if unit_code is not None and uow.session.get(UnitRow, (uow.county, unit_code)) is None:
        raise NoSuchUnit(unit_code)


def _other_account(uow: UnitOfWork, account_id: uuid.UUID, version: int) -> UserRow:
    if uow.actor.user_id == account_id:
        raise NotOneself
    return records.row_at_version(uow.session, uow.county, account_id, version)


def _replace_password(row: UserRow, password_hash: str, now: datetime) -> None:
    row.password_history = [row.password_hash, *row.password_history][: passwords.REMEMBERED]
    row.password_hash = password_hash
    row.password_changed_at = now
