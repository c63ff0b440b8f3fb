"""Sealed authors of posts, and the keys of pseudonyms, as rows. What is in them is opened by `desk.identity`.

Nothing here lists, filters or compares authors; voices are counted in `store.voices`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.inserting import insert_if_new
from casework.store.tables import IdentityRow, PseudonymKeyRow, PseudonymRow


@dataclass(frozen=True, slots=True)
class SealedBytes:
    """A ciphertext as it is kept; None once it was destroyed."""

    alg: str
    key_id: str
    ciphertext: bytes | None


@dataclass(frozen=True, slots=True)
class MonthKey:
    """The key of one month's pseudonyms, sealed."""

    id: uuid.UUID
    sealed: SealedBytes


def insert_identity(
    session: Session, county: str, post_id: uuid.UUID, sealed: SealedBytes, *, now: datetime
) -> None:
    """Keep the sealed author of a new post."""
    session.add(
        IdentityRow(
            post_id=post_id,
            county_id=county,
            alg=sealed.alg,
            key_id=sealed.key_id,
            ciphertext=sealed.ciphertext,
            created_at=now,
        )
    )


def identity_of(session: Session, post_id: uuid.UUID) -> SealedBytes | None:
    """Return the sealed author of a post, None if none was ever known."""
    row = session.get(IdentityRow, post_id)
    return None if row is None else SealedBytes(row.alg, row.key_id, row.ciphertext)


def insert_pseudonym(
    session: Session, county: str, post_id: uuid.UUID, *, key_id: uuid.UUID, digest: str
) -> None:
    """Keep the pseudonym of a new post."""
    session.add(PseudonymRow(post_id=post_id, county_id=county, pseudonym_key_id=key_id, digest=digest))


def month_key(session: Session, county: str, month: str) -> MonthKey | None:
    """Return the key of a month such as 2026-11, None if there is none yet."""
    row = session.scalar(
        sa.select(PseudonymKeyRow).where(PseudonymKeyRow.county_id == county, PseudonymKeyRow.month == month)
    )
    return None if row is None else MonthKey(row.id, SealedBytes(row.alg, row.key_id, row.ciphertext))


def insert_month_key(
    session: Session, row_id: uuid.UUID, county: str, month: str, sealed: SealedBytes
) -> bool:
    """Keep the key of a month; return False where somebody else has just made one."""
    return insert_if_new(
        session,
        PseudonymKeyRow,
        {
            "id": row_id,
            "county_id": county,
            "month": month,
            "key_id": sealed.key_id,
            "alg": sealed.alg,
            "ciphertext": sealed.ciphertext,
        },
    )


def destroy_month_keys(session: Session, county: str, *, before: str, now: datetime) -> tuple[str, ...]:
    """Destroy the keys of all months before one; return those months."""
    rows = session.scalars(
        sa.select(PseudonymKeyRow).where(
            PseudonymKeyRow.county_id == county,
            PseudonymKeyRow.month < before,
            PseudonymKeyRow.destroyed_at.is_(None),
        )
    ).all()
    for row in rows:
        row.ciphertext = None
        row.destroyed_at = now
    return tuple(row.month for row in rows)
