"""Other wordings of a post that its source handed over later. The first one stands in the post itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.store.as_read import as_read
from casework.store.inserting import insert_if_new
from casework.store.tables import PostRevisionRow, PostRow


@dataclass(frozen=True, slots=True)
class Revision:
    """A later wording; `received_at` is aware UTC."""

    title: str
    text: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class FirstWords:
    """The words of a post as it came first, and where its triage stands."""

    title: str
    text: str
    triage_state: str


def first_words(session: Session, post_id: uuid.UUID) -> FirstWords:
    """Return the words of a post as it came first."""
    row = session.execute(
        sa.select(PostRow.title, PostRow.text, PostRow.triage_state).where(PostRow.id == post_id)
    ).one()
    return FirstWords(row.title, row.text, row.triage_state)


def insert_revision(
    session: Session,
    row_id: uuid.UUID,
    *,
    county: str,
    post_id: uuid.UUID,
    words_key: str,
    title: str,
    text: str,
    now: datetime,
) -> bool:
    """Keep a wording of a post; return False where it is kept already."""
    return insert_if_new(
        session,
        PostRevisionRow,
        {
            "id": row_id,
            "county_id": county,
            "post_id": post_id,
            "words_key": words_key,
            "title": title,
            "text": text,
            "received_at": now,
        },
    )


def revisions_of(
    session: Session, sight: Visibility, post_ids: Iterable[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[Revision, ...]]:
    """Return the later wordings of posts as this reader may read them, oldest first, in one query.

    Whether the posts may be seen is asked elsewhere.
    """
    found: dict[uuid.UUID, tuple[Revision, ...]] = {}
    for row in session.scalars(
        sa.select(PostRevisionRow)
        .where(PostRevisionRow.post_id.in_(tuple(post_ids)))
        .order_by(PostRevisionRow.id)
    ):
        one = Revision(as_read(sight, row.title), as_read(sight, row.text), row.received_at)
        found[row.post_id] = (*found.get(row.post_id, ()), one)
    return found
