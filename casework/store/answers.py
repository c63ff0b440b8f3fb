"""Answers that were given to requests with an Idempotency-Key, so that a repeat gets the same one.

A row is written in the transaction that does the work: there is no answer without its effect.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.inserting import insert_if_new
from casework.store.tables import IdempotencyRow

Plain = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the API gave it: HTTP status and the flat object of its body."""

    status: int
    body: Plain


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer with the fingerprint of the request that it was given to."""

    fingerprint: str
    answer: Answer


def claim_key(
    session: Session,
    row_id: uuid.UUID,
    *,
    county: str,
    token_id: uuid.UUID,
    key: str,
    fingerprint: str,
    now: datetime,
) -> bool:
    """Take a key for this transaction; return False where it was used, after waiting for who uses it now.

    Args:
        session: of the transaction that will do the work.
        row_id: of the row.
        county: of the token.
        token_id: keys of two tokens are two keys.
        key: as the client sent it.
        fingerprint: 64 hex digits over what was asked.
        now: aware UTC.
    """
    return insert_if_new(
        session,
        IdempotencyRow,
        {
            "id": row_id,
            "county_id": county,
            "token_id": token_id,
            "key": key,
            "body_sha256": fingerprint,
            "status": 0,
            "answer": {},
            "created_at": now,
        },
    )


def keep_answer(session: Session, row_id: uuid.UUID, answer: Answer) -> None:
    """Write the answer into the row of a claimed key."""
    session.execute(
        sa.update(IdempotencyRow)
        .where(IdempotencyRow.id == row_id)
        .values(status=answer.status, answer=dict(answer.body))
    )


def kept_answer(session: Session, county: str, token_id: uuid.UUID, key: str) -> KeptAnswer:
    """Return the answer that was given under a key.

    Raises:
        sqlalchemy.exc.NoResultFound: none was; a fault of ours after `claim_key` said False.
    """
    row = session.scalars(
        sa.select(IdempotencyRow).where(
            IdempotencyRow.county_id == county,
            IdempotencyRow.token_id == token_id,
            IdempotencyRow.key == key,
        )
    ).one()
    return KeptAnswer(row.body_sha256, Answer(row.status, row.answer))


def drop_answers(session: Session, county: str, *, before: datetime) -> int:
    """Remove answers given before an instant (aware UTC); return how many."""
    removed = session.scalars(
        sa.delete(IdempotencyRow)
        .where(IdempotencyRow.county_id == county, IdempotencyRow.created_at < before)
        .returning(IdempotencyRow.id)
    )
    return len(removed.all())
