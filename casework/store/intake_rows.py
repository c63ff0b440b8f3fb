"""Writing a post, its figures and who wrote it; finding the one that is there already.

Reading posts for the screen is `posts`; what triage does with them is `triage_rows`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.intake import IncomingPost, Metrics
from casework.post import FIGURES
from casework.store.inserting import insert_if_new, insert_independent
from casework.store.tables import PostMetricsRow, PostRow, SourceRow
from casework.store.visible import visible_posts

BULK = "import"
"""Kind of source whose posts come by the thousand: a live post does not wait behind them."""


@dataclass(frozen=True, slots=True)
class Source:
    """What intake needs to know of a source."""

    id: uuid.UUID
    code: str
    kind: str
    platform: str
    media_level: str


@dataclass(frozen=True, slots=True)
class NewPost:
    """A checked post with everything that its row needs."""

    id: uuid.UUID
    county: str
    source: Source
    post: IncomingPost
    content_key: str
    said_at: datetime
    received_at: datetime


def state_of_seen(session: Session, sight: Visibility, post_id: uuid.UUID) -> str | None:
    """Return the state of triage of a post, None if there is none or it may not be seen."""
    return session.scalar(sa.select(PostRow.triage_state).where(PostRow.id == post_id, visible_posts(sight)))


def mark_gone(session: Session, post_id: uuid.UUID, *, now: datetime) -> bool:
    """Note on a post that it was taken down where it stood; return False if that was noted before."""
    noted = session.execute(
        sa.update(PostRow)
        .where(PostRow.id == post_id, PostRow.gone_at_source_at.is_(None))
        .values(gone_at_source_at=now, version=PostRow.version + 1)
        .returning(PostRow.id)
    )
    return noted.one_or_none() is not None


def active_source(session: Session, county: str, code: str) -> Source | None:
    """Return the source of that code, None if there is none or it is switched off.

    Asked once a transaction: an import hands over hundreds of posts in one.
    """
    known: dict[tuple[str, str], Source | None] = session.info.setdefault("active_sources", {})
    if (county, code) not in known:
        known[county, code] = _active_source(session, county, code)
    return known[county, code]


def _active_source(session: Session, county: str, code: str) -> Source | None:
    row = session.execute(
        sa.select(
            SourceRow.id, SourceRow.code, SourceRow.kind, SourceRow.platform, SourceRow.media_level
        ).where(SourceRow.county_id == county, SourceRow.code == code, SourceRow.active.is_(True))
    ).one_or_none()
    return Source(*row) if row else None


def insert_post(session: Session, new: NewPost) -> bool:
    """Insert a post; return False where the source has handed over the same post before."""
    post, source = new.post, new.source
    return insert_independent(
        session,
        PostRow,
        {
            "id": new.id,
            "county_id": new.county,
            "source_id": source.id,
            "external_id": post.external_id,
            "content_key": new.content_key,
            "title": post.title,
            "text": post.text,
            "url": post.url,
            "platform": post.platform or source.platform,
            "media_level": post.media_level or source.media_level,
            "posted_at": post.posted_at,
            "said_at": new.said_at,
            "received_at": new.received_at,
            "in_bulk": source.kind == BULK,
        },
    )


def known_post(session: Session, new: NewPost) -> uuid.UUID:
    """Return the id of the post that was there before `new`: by the source's own id, else by content.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none, though an insert was refused; a fault of ours.
    """
    if new.post.external_id is not None:
        by_id = session.scalar(
            sa.select(PostRow.id).where(
                PostRow.county_id == new.county,
                PostRow.source_id == new.source.id,
                PostRow.external_id == new.post.external_id,
            )
        )
        if by_id is not None:
            return by_id
    return session.scalars(
        sa.select(PostRow.id).where(PostRow.county_id == new.county, PostRow.content_key == new.content_key)
    ).one()


def insert_metrics(
    session: Session, row_id: uuid.UUID, *, county: str, post_id: uuid.UUID, metrics: Metrics, now: datetime
) -> bool:
    """Insert figures of a post; return False where those of the same instant are there already."""
    return insert_if_new(
        session,
        PostMetricsRow,
        {
            "id": row_id,
            "county_id": county,
            "post_id": post_id,
            "observed_at": metrics.observed_at or now,
            "reads": metrics.reads or 0,
            "likes": metrics.likes or 0,
            "comments": metrics.comments or 0,
            "shares": metrics.shares or 0,
            "on_hot_list": bool(metrics.on_hot_list),
            "unseen": ",".join(name for name in FIGURES if getattr(metrics, name) is None) or None,
        },
    )
