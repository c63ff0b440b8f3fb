"""The figures that were observed of posts (reads, likes …), by post. It does not say what they come to."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.post import Figures, figures_of
from casework.store.listed import among
from casework.store.tables import PostMetricsRow

_KEPT = (
    PostMetricsRow.post_id,
    PostMetricsRow.observed_at,
    PostMetricsRow.reads,
    PostMetricsRow.likes,
    PostMetricsRow.comments,
    PostMetricsRow.shares,
    PostMetricsRow.on_hot_list,
    PostMetricsRow.unseen,
)


def figures_by_post(
    session: Session, post_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[Figures, ...]]:
    """Return what was observed of those of the posts of which anything was, the oldest first."""
    if not post_ids:
        return {}
    rows = session.execute(
        sa.select(*_KEPT)
        .where(among(session, PostMetricsRow.post_id, post_ids))
        .order_by(PostMetricsRow.observed_at)
    )
    seen: dict[uuid.UUID, tuple[Figures, ...]] = {}
    for post_id, at, *values, unseen in rows:
        seen[post_id] = (*seen.get(post_id, ()), figures_of(at, values, unseen))
    return seen
