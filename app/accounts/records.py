"""Reads and writes the rows of accounts. It decides nothing and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.account import Account
from app.accounts.errors import NoSuchAccount, StaleAccount
from casework.roles import Role
from casework.store.tables import UnitRow, UserRow


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in a list.

    Attributes:
        unit_zh, unit_en: names of the unit, empty for accounts of none.
    """

    account: Account
    unit_zh: str
    unit_en: str


def as_account(row: UserRow) -> Account:
    """Return the account of a row, without its secrets."""
    return Account(
        id=row.id,
        county_id=row.county_id,
        login=row.login,
        name=row.name,
        unit_code=row.unit_code,
        roles=frozenset(Role(role) for role in row.roles),
        language=row.language,
        must_change_password=row.must_change_password,
        password_changed_at=row.password_changed_at,
        has_factor=row.totp_ciphertext is not None,
        locked_until=row.locked_until,
        disabled_at=row.disabled_at,
        created_at=row.created_at,
        version=row.version,
    )


def row_of_login(session: Session, county_id: str, login: str) -> UserRow | None:
    """Return the row of a login, None if there is none; case and outer blanks do not matter."""
    return session.scalar(
        sa.select(UserRow).where(UserRow.county_id == county_id, UserRow.login == login.strip().casefold())
    )


def row_of(session: Session, county_id: str, account_id: uuid.UUID) -> UserRow:
    """Return the row of an account.

    Raises:
        NoSuchAccount: nobody in this county has the id.
    """
    row = session.scalar(sa.select(UserRow).where(UserRow.county_id == county_id, UserRow.id == account_id))
    if row is None:
        raise NoSuchAccount
    return row


def row_at_version(session: Session, county_id: str, account_id: uuid.UUID, version: int) -> UserRow:
    """Return the row of an account that the page showed at `version`, with the version moved on.

    Raises:
        NoSuchAccount: nobody in this county has the id.
        StaleAccount: it was changed since.
    """
    row = row_of(session, county_id, account_id)
    if row.version != version:
        raise StaleAccount
    row.version = version + 1
    return row


def lines(session: Session, county_id: str) -> tuple[AccountLine, ...]:
    """Return every account of the county by login; a county has some hundreds."""
    rows = session.execute(
        sa.select(UserRow, UnitRow)
        .outerjoin(
            UnitRow,
            sa.and_(UnitRow.county_id == UserRow.county_id, UnitRow.code == UserRow.unit_code),
        )
        .where(UserRow.county_id == county_id)
        .order_by(UserRow.login)
    )
    return tuple(
        AccountLine(as_account(user), unit.name_zh if unit else "", unit.name_en if unit else "")
        for user, unit in rows
    )


def line(session: Session, county_id: str, account_id: uuid.UUID) -> AccountLine:
    """Return one account with the names of its unit.

    Raises:
        NoSuchAccount: nobody in this county has the id.
    """
    row = row_of(session, county_id, account_id)
    unit = session.get(UnitRow, (county_id, row.unit_code)) if row.unit_code else None
    return AccountLine(as_account(row), unit.name_zh if unit else "", unit.name_en if unit else "")


def units(session: Session, county_id: str) -> tuple[tuple[str, str, str], ...]:
    """Return (code, Chinese name, English name) of the active units, for a list to choose from."""
    found = session.execute(
        sa.select(UnitRow.code, UnitRow.name_zh, UnitRow.name_en)
        .where(UnitRow.county_id == county_id, UnitRow.active)
        .order_by(UnitRow.kind, UnitRow.name_zh)
    )
    return tuple((code, zh, en) for code, zh, en in found)


def role_values(roles: Iterable[Role]) -> list[str]:
    """Return roles as the row keeps them, in the order of the role table."""
    held = frozenset(roles)
    return [role.value for role in Role if role in held]
