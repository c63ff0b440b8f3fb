"""Tokens of programs that hand over posts: issued for one source, shown once, revoked at any time.

Reading them from a request is `app.api`. Instants are of the wall clock, as for sessions.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.errors import NoSuchToken, UnsuitableToken
from app.accounts.events import AccountEvent
from app.accounts.sessions import hash_of, new_token
from casework.access import require
from casework.desk.unit import UnitOfWork
from casework.post_refusals import UnknownSource
from casework.roles import Permission
from casework.store.intake_rows import active_source
from casework.store.tables import ApiTokenRow, SourceRow

MARK = "jj_"
"""Begins every token, so that one that got into a log or a repository can be searched for."""
LONGEST_NAME = 60
LONGEST_DAYS = 3 * 365


class Scope(StrEnum):
    """What a token is good for."""

    POSTS_WRITE = "posts:write"
    METRICS_WRITE = "metrics:write"
    POSTS_READ = "posts:read"
    RULES_READ = "rules:read"


SCOPES_OF_A_SOURCE = (Scope.POSTS_WRITE, Scope.METRICS_WRITE, Scope.POSTS_READ)
"""What a program that hands over posts needs; whoever may read the rules is named."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The program behind a request.

    Attributes:
        token_id: of its token.
        name: of the token, as the timeline shows it.
        source_id, source_code: whose posts it hands over.
    """

    token_id: uuid.UUID
    name: str
    source_id: uuid.UUID
    source_code: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as the list shows it; the token itself is known to nobody but its owner."""

    id: uuid.UUID
    name: str
    source: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def issue_token(
    uow: UnitOfWork, *, source: str, name: str, scopes: Iterable[Scope], days: int, wall_time: datetime
) -> str:
    """Return a new token, which is kept nowhere: only its hash is.

    Args:
        uow: a writing one.
        source: code of an active source.
        name: of the program, for the timeline and the list.
        scopes: what it is good for.
        days: until it ends.
        wall_time: aware UTC.

    Raises:
        NotPermitted, UnknownSource, UnsuitableToken.
    """
    require(uow.actor, Permission.TOKEN_ISSUE)
    name, wanted = " ".join(name.split()), sorted({scope.value for scope in scopes})
    if not name or len(name) > LONGEST_NAME or not wanted or not 1 <= days <= LONGEST_DAYS:
        raise UnsuitableToken(LONGEST_NAME, LONGEST_DAYS)
    of_source = active_source(uow.session, uow.county, source)
    if of_source is None:
        raise UnknownSource(source)
    token, token_id = MARK + new_token(), uow.new_id()
    uow.session.add(
        ApiTokenRow(
            id=token_id,
            county_id=uow.county,
            name=name,
            token_hash=hash_of(token),
            scopes=wanted,
            source_id=of_source.id,
            created_by=uow.actor.user_id,
            created_at=wall_time,
            expires_at=wall_time + timedelta(days=days),
        )
    )
    uow.audit(
        AccountEvent.TOKEN_ISSUED,
        "token",
        str(token_id),
        data={"source": of_source.code, "scopes": list(wanted), "days": days},
    )
    return token


def revoke_token(uow: UnitOfWork, token_id: uuid.UUID, *, wall_time: datetime) -> bool:
    """End a token at once and return whether it was not ended before; doing it twice changes nothing.

    Raises:
        NotPermitted, NoSuchToken.
    """
    require(uow.actor, Permission.TOKEN_ISSUE)
    row = uow.session.get(ApiTokenRow, token_id)
    if row is None or row.county_id != uow.county:
        raise NoSuchToken
    if row.revoked_at is not None:
        return False
    row.revoked_at = wall_time
    uow.audit(AccountEvent.TOKEN_REVOKED, "token", str(token_id))
    return True


def tokens(uow: UnitOfWork) -> tuple[TokenLine, ...]:
    """Return every token of the county, the newest first.

    Raises:
        NotPermitted.
    """
    require(uow.actor, Permission.TOKEN_ISSUE)
    rows = uow.session.execute(
        sa.select(ApiTokenRow, SourceRow.code)
        .outerjoin(SourceRow, SourceRow.id == ApiTokenRow.source_id)
        .where(ApiTokenRow.county_id == uow.county)
        .order_by(ApiTokenRow.id.desc())
    )
    return tuple(
        TokenLine(
            row.id,
            row.name,
            code or "",
            tuple(row.scopes),
            row.created_at,
            row.expires_at,
            row.revoked_at,
        )
        for row, code in rows
    )


def caller_of(session: Session, county: str, token: str, *, wall_time: datetime) -> Caller | None:
    """Return who shows a token; None if it is unknown, ended, revoked or for no source."""
    row = session.execute(
        sa.select(ApiTokenRow.id, ApiTokenRow.name, ApiTokenRow.scopes, SourceRow.id, SourceRow.code)
        .join(SourceRow, SourceRow.id == ApiTokenRow.source_id)
        .where(
            ApiTokenRow.token_hash == hash_of(token),
            ApiTokenRow.county_id == county,
            ApiTokenRow.revoked_at.is_(None),
            sa.or_(ApiTokenRow.expires_at.is_(None), ApiTokenRow.expires_at > wall_time),
        )
    ).one_or_none()
    if row is None:
        return None
    token_id, name, scopes, source_id, source_code = row
    return Caller(token_id, name, source_id, source_code, frozenset(scopes))
