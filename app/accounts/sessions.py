"""The rows of signed-in browsers: opened, found, kept alive, ended. Cookies are `websession`.

All instants are of the wall clock: advancing the demo by three days signs nobody out.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.account import Account
from app.accounts.records import as_account
from casework.store.tables import UserRow, WebSessionRow

TOUCH_EVERY = timedelta(minutes=1)
"""A session's last sight is written at most once a minute, not with every picture and script."""

KEPT = timedelta(days=7)
"""Rows of ended sessions are kept so long, for questions; who signed in when stays in the audit log."""

Kept = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A session in force and whose it is."""

    token_hash: str
    account: Account
    data: Kept
    seen_at: datetime


def new_token() -> str:
    """Return the secret that a browser keeps in its cookie: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what the database keeps of a token. It is random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(
    session: Session, county_id: str, token: str, *, now: datetime, idle: timedelta
) -> FoundSession | None:
    """Return the session of `token` if it is in force and its account is not disabled."""
    row = session.execute(
        sa.select(WebSessionRow, UserRow)
        .join(UserRow, UserRow.id == WebSessionRow.user_id)
        .where(
            WebSessionRow.token_hash == hash_of(token),
            WebSessionRow.county_id == county_id,
            WebSessionRow.ended_at.is_(None),
            WebSessionRow.expires_at > now,
            WebSessionRow.seen_at > now - idle,
            UserRow.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    kept, user = row
    return FoundSession(kept.token_hash, as_account(user), kept.data, kept.seen_at)


def open_row(
    session: Session,
    county_id: str,
    *,
    token: str,
    account_id: uuid.UUID,
    data: Kept,
    now: datetime,
    absolute: timedelta,
) -> None:
    """Add the row of a browser that has just signed in."""
    session.add(
        WebSessionRow(
            token_hash=hash_of(token),
            county_id=county_id,
            user_id=account_id,
            data=dict(data),
            created_at=now,
            seen_at=now,
            expires_at=now + absolute,
            ended_at=None,
        )
    )


def keep(session: Session, token_hash: str, *, data: Kept | None, seen_at: datetime) -> None:
    """Note that the browser was seen, and its data if they changed."""
    values: dict[str, object] = {"seen_at": seen_at}
    if data is not None:
        values["data"] = dict(data)
    session.execute(
        sa.update(WebSessionRow)
        .where(WebSessionRow.token_hash == token_hash, WebSessionRow.ended_at.is_(None))
        .values(values)
    )


def end(session: Session, token_hash: str, *, now: datetime) -> None:
    """End one session; its cookie opens nothing from then on."""
    session.execute(
        sa.update(WebSessionRow)
        .where(WebSessionRow.token_hash == token_hash, WebSessionRow.ended_at.is_(None))
        .values(ended_at=now, data={})
    )


def end_all(session: Session, account_id: uuid.UUID, *, now: datetime) -> None:
    """End every session of an account: at a change of password or roles, or when it is disabled."""
    session.execute(
        sa.update(WebSessionRow)
        .where(WebSessionRow.user_id == account_id, WebSessionRow.ended_at.is_(None))
        .values(ended_at=now, data={})
    )


def forget_old(session: Session, *, before: datetime) -> int:
    """Remove rows that ended or expired before an instant; return how many."""
    outcome = session.execute(
        sa.delete(WebSessionRow).where(
            sa.or_(WebSessionRow.expires_at < before, WebSessionRow.ended_at < before)
        )
    )
    return int(outcome.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
