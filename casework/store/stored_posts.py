"""Stored posts as plain tuples, page by page in the order they came in, for trying rules on them.

Nothing is written, no record is built, and who wrote a post is not read. Accusations are left out, see
`trial_posts`.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.post import Figures
from casework.store.figures import figures_by_post
from casework.store.tables import DecisionRow, PostRow
from casework.store.trial_posts import is_tried_on
from casework.store.visible import visible_posts
from rules.backtest import Verdict

Place = tuple[datetime, uuid.UUID]
"""Where a post stands in the order: when it was received, and its id."""


class StoredDecision(NamedTuple):
    """The decision that ended triage of a post, as far as another pack is compared with it.

    `context` is JSON as it was kept: most posts share theirs with many others, so it is read once for all.
    """

    id: uuid.UUID
    decided_at: datetime
    pack_ref: str
    context: str
    verdict: Verdict


class StoredPost(NamedTuple):
    """A post to be judged again; `decision` is None where a person decided without the rules."""

    id: uuid.UUID
    title: str
    text: str
    normalised: str | None
    word_starts: list[int] | None
    media_level: str
    received_at: datetime
    confidential: bool
    decision: StoredDecision | None
    figures: tuple[Figures, ...]


def count_posts(session: Session, county: str, *, since: datetime, until: datetime) -> int:
    """Return how many posts were received in a half-open period."""
    return session.scalar(sa.select(sa.func.count()).where(*_in_period(county, since, until))) or 0


def end_of_page(
    session: Session, county: str, *, after: Place | None, since: datetime, until: datetime, size: int
) -> Place | None:
    """Return where the page after a place ends, None where no post follows.

    Args:
        session: reading is enough.
        county: whose posts.
        after: the last post of the page before; None for the first page.
        since: start of the period in which they were received.
        until: its end, half-open.
        size: posts on a page; the last may have fewer.
    """
    begin = after[0] if after else since  # one lower bound only: an index is entered at one place
    query = sa.select(PostRow.received_at, PostRow.id).where(
        *_in_period(county, begin, until), *_beyond(after)
    )
    query = query.order_by(PostRow.received_at, PostRow.id)
    found = session.execute(query.offset(size - 1).limit(1)).first()
    if found is None:  # fewer than a page are left
        backwards = query.order_by(None).order_by(PostRow.received_at.desc(), PostRow.id.desc())
        found = session.execute(backwards.limit(1)).first()
    return None if found is None else (found[0], found[1])


def posts_between(
    session: Session, county: str, after: Place | None, last: Place, since: datetime
) -> list[StoredPost]:
    """Return the posts after one place up to another, with the decision that ended their triage."""
    at, post_id = last
    query = (
        _posts()
        .where(
            PostRow.county_id == county,
            PostRow.received_at >= (after[0] if after else since),
            PostRow.received_at <= at,
            *_beyond(after),
            sa.or_(PostRow.received_at < at, PostRow.id <= post_id),
            is_tried_on(),
        )
        .order_by(PostRow.received_at, PostRow.id)
    )
    return _with_figures(session, session.execute(query).all())


def posts_decided_between(
    session: Session, county: str, after: uuid.UUID, last: uuid.UUID, limit: int
) -> list[StoredPost]:
    """Return the oldest posts whose triage was ended by a decision with an id in (after, last]."""
    query = (
        _posts(outer=False)
        .where(DecisionRow.county_id == county, DecisionRow.id > after, DecisionRow.id <= last, is_tried_on())
        .order_by(DecisionRow.id)
        .limit(limit)
    )
    return _with_figures(session, session.execute(query).all())


def seen_of(session: Session, sight: Visibility, posts: Sequence[uuid.UUID]) -> tuple[uuid.UUID, ...]:
    """Return those of some posts that may be seen, in their order: samples are filtered by this."""
    found = set(session.scalars(sa.select(PostRow.id).where(visible_posts(sight), PostRow.id.in_(posts))))
    return tuple(post for post in posts if post in found)


def still_tried_on(session: Session, posts: Sequence[uuid.UUID]) -> tuple[uuid.UUID, ...]:
    """Return those of some posts that have not become accusations since, in their order."""
    found = set(session.scalars(sa.select(PostRow.id).where(is_tried_on(), PostRow.id.in_(posts))))
    return tuple(post for post in posts if post in found)


def _in_period(county: str, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        PostRow.county_id == county,
        PostRow.received_at >= since,
        PostRow.received_at < until,
        is_tried_on(),
    )


def _beyond(after: Place | None) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds of posts behind a place, among those received at its instant or later."""
    if after is None:
        return ()
    at, post_id = after
    return (sa.or_(PostRow.received_at > at, PostRow.id > post_id),)


def _posts(*, outer: bool = True) -> sa.Select[Any]:
    rows = sa.select(
        PostRow.id,
        PostRow.title,
        PostRow.text,
        PostRow.normalised,
        PostRow.word_starts,
        PostRow.media_level,
        PostRow.received_at,
        PostRow.confidential,
        DecisionRow.id.label("decision"),
        DecisionRow.decided_at,
        DecisionRow.pack_ref,
        sa.cast(DecisionRow.context, sa.Text).label("context"),
        DecisionRow.disposition,
        DecisionRow.grade,
        DecisionRow.topic,
        sa.cast(DecisionRow.route, sa.Text).label("route"),
        sa.cast(DecisionRow.findings, sa.Text).label("findings"),
    )
    if outer:
        return rows.outerjoin_from(PostRow, DecisionRow, DecisionRow.id == PostRow.decision_id)
    return rows.join_from(DecisionRow, PostRow, DecisionRow.id == PostRow.decision_id)


def _with_figures(session: Session, rows: Sequence[sa.Row[Any]]) -> list[StoredPost]:
    figures = figures_by_post(session, [row.id for row in rows])
    return [
        StoredPost(
            row.id,
            row.title,
            row.text,
            row.normalised,
            row.word_starts,
            row.media_level,
            row.received_at,
            row.confidential,
            _decision(row),
            figures.get(row.id, ()),
        )
        for row in rows
    ]


def _decision(row: sa.Row[Any]) -> StoredDecision | None:
    if row.decision is None:
        return None
    lead, assist = _units(row.route)
    rules = _RULE.findall(row.findings)
    verdict = Verdict(
        row.disposition, row.grade or "", row.topic or "", lead, assist, tuple(sorted(dict.fromkeys(rules)))
    )
    return StoredDecision(row.decision, row.decided_at, row.pack_ref, row.context, verdict)


_RULE = re.compile(r'"rule": ?"([a-z0-9_]+)"')
"""The id of a finding in its JSON. A quote inside a text is escaped there, so no title can look like it."""


@lru_cache(maxsize=4096)
def _units(route: str) -> tuple[str, tuple[str, ...]]:
    kept = json.loads(route)
    return kept["lead"] or "", tuple(sorted(kept["assist"]))
