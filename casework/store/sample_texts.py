"""Texts of stored posts for checks that count words: newest first, without author, link or case.

For counting only: what comes of it names terms of a pack and shares, never a post. Accusations are left out,
see `trial_posts`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.tables import PostRow
from casework.store.trial_posts import is_tried_on

MOST_TEXTS = 2_000  # as many as `rules.check_posts` reads


def sample_texts(session: Session, county: str, most: int = MOST_TEXTS) -> tuple[str, ...]:
    """Return folded title and text of the county's newest posts that have been judged.

    Args:
        session: reading is enough.
        county: whose posts.
        most: how many at most.
    """
    query = (
        sa.select(PostRow.normalised)
        .where(PostRow.county_id == county, PostRow.normalised.is_not(None), is_tried_on())
        .order_by(PostRow.received_at.desc())
        .limit(most)
    )
    return tuple(text for text in session.scalars(query) if text)
