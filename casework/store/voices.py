"""How many distinct voices speak of a matter: all that pseudonyms are read for. Only counts leave here."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.store.listed import among
from casework.store.tables import PostRow, PseudonymRow

_NAMELESS = ""  # all posts of nobody known are one voice


@dataclass(frozen=True, slots=True)
class Choir:
    """A matter whose voices are counted, with the posts that are about to join it."""

    matter_id: uuid.UUID
    joining: tuple[uuid.UUID, ...] = ()


def voices(session: Session, county: str, choirs: Sequence[Choir]) -> tuple[int, ...]:
    """Return how many distinct voices speak of each matter, two queries for all of them.

    Posts of nobody known count as one voice together: without a name nobody can say how many they are.
    Somebody who writes in two months counts twice, because pseudonyms of two months cannot be compared.

    Args:
        session: reading is enough.
        county: of the matters.
        choirs: whose voices are counted; the posts of a matter and those that join it count together.
    """
    spoken = _digests(session, county, PostRow.matter_id, {choir.matter_id for choir in choirs})
    joined = _digests(session, county, PostRow.id, {post for choir in choirs for post in choir.joining})
    return tuple(
        len(spoken.get(choir.matter_id, set()).union(*(joined.get(post, ()) for post in choir.joining)))
        for choir in choirs
    )


def _digests(
    session: Session,
    county: str,
    column: InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None],
    ids: Collection[uuid.UUID],
) -> dict[uuid.UUID | None, set[str]]:
    """Return the pseudonyms by matter or by post, as the column says."""
    found: dict[uuid.UUID | None, set[str]] = {}
    if not ids:
        return found
    rows = session.execute(
        sa.select(column, PseudonymRow.digest)
        .distinct()
        .select_from(PostRow)
        .outerjoin(PseudonymRow, PseudonymRow.post_id == PostRow.id)
        .where(PostRow.county_id == county, among(session, column, ids))
    )
    for owner, digest in rows:
        found.setdefault(owner, set()).add(_NAMELESS if digest is None else digest)
    return found
