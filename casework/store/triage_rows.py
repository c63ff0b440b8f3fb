"""Posts on their way through triage: claimed by one process, fenced by its token, or given back.

What is decided about them is not here: `casework.desk.triage` writes that in the same transaction.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from casework.post import PostToJudge, TriageState
from casework.store.figures import figures_by_post
from casework.store.listed import among
from casework.store.tables import CountyRow, PostRow

_WANTED = (
    PostRow.id,
    PostRow.version,
    PostRow.attempts,
    PostRow.title,
    PostRow.text,
    PostRow.platform,
    PostRow.media_level,
    PostRow.said_at,
    PostRow.received_at,
)


def claim(
    session: Session, county: str, *, token: uuid.UUID, owner: str, now: datetime, limit: int, retried: bool
) -> tuple[PostToJudge, ...]:
    """Claim the oldest waiting posts for one process and return them; those of imports come after the others.

    Args:
        session: of a writing transaction.
        county: whose posts.
        token: fresh; proves at the end that the claim still stands.
        owner: names the process.
        now: aware UTC.
        limit: how many at most.
        retried: posts that were claimed before, or those that never were.
    """
    before = PostRow.attempts > 0 if retried else PostRow.attempts == 0
    oldest = (
        sa.select(PostRow.id)
        .where(PostRow.county_id == county, PostRow.triage_state == TriageState.PENDING.value, before)
        .order_by(PostRow.in_bulk, PostRow.received_at, PostRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.update(PostRow)
        .where(PostRow.id.in_(oldest))
        .values(
            triage_state=TriageState.CLAIMED.value,
            claim_token=token,
            claimed_at=now,
            claimed_by=owner,
            attempts=PostRow.attempts + 1,
            version=PostRow.version + 1,
        )
        .returning(*_WANTED),
        execution_options={"synchronize_session": False},
    ).all()
    posts = (PostToJudge(*row) for row in rows)
    return with_figures(session, sorted(posts, key=lambda post: (post.received_at, post.id)))


def posts_to_judge(session: Session, county: str, ids: Collection[uuid.UUID]) -> tuple[PostToJudge, ...]:
    """Return posts that were decided before, to be judged again."""
    rows = session.execute(sa.select(*_WANTED).where(PostRow.county_id == county, PostRow.id.in_(ids)))
    return with_figures(session, [PostToJudge(*row) for row in rows])


def with_figures(session: Session, posts: Sequence[PostToJudge]) -> tuple[PostToJudge, ...]:
    """Return the posts with their metrics, in the same order."""
    seen = figures_by_post(session, [post.id for post in posts])
    if not seen:
        return tuple(posts)
    return tuple(replace(post, figures=seen.get(post.id, ())) for post in posts)


def still_held(
    session: Session, county: str, *, token: uuid.UUID, versions: dict[uuid.UUID, int]
) -> frozenset[uuid.UUID]:
    """Return which of the posts are still claimed under `token` in the version that was claimed.

    On PostgreSQL their rows are locked until the transaction ends; on SQLite a write is alone anyway.
    """
    rows = session.execute(
        sa.select(PostRow.id, PostRow.version)
        .where(
            PostRow.county_id == county,
            among(session, PostRow.id, versions),
            PostRow.claim_token == token,
            PostRow.triage_state == TriageState.CLAIMED.value,
        )
        .order_by(PostRow.id)
        .with_for_update(),
    )
    return frozenset(row.id for row in rows if row.version == versions[row.id])


@dataclass(frozen=True, slots=True)
class Ending:
    """How triage of one post ended."""

    post_id: uuid.UUID
    state: TriageState
    confidential: bool = False
    decision_id: uuid.UUID | None = None
    matter_id: uuid.UUID | None = None
    normalised: str | None = None
    words: tuple[int, ...] | None = None


def end_triage(session: Session, endings: Sequence[Ending]) -> None:
    """Write how triage of posts ended and drop the claims; the caller holds them."""
    if not endings:
        return
    rows = [
        {
            "the_id": ending.post_id,
            "state": ending.state.value,
            "is_confidential": ending.confidential,
            "decision": ending.decision_id,
            "matter": ending.matter_id,
            "folded": ending.normalised,
            "words": ending.words,
        }
        for ending in endings
    ]
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_END_TOGETHER, {"rows": json.dumps(rows, default=str, ensure_ascii=False)})
    else:
        connection.execute(_END_EACH, rows)


def _end(given: Callable[[str], sa.ColumnElement[Any]]) -> sa.Update:
    return (
        sa.update(PostRow)
        .where(PostRow.id == given("the_id"))
        .values(
            triage_state=given("state"),
            confidential=given("is_confidential"),
            decision_id=given("decision"),
            matter_id=given("matter"),
            normalised=given("folded"),
            word_starts=given("words"),
            claim_token=None,
            claimed_at=None,
            claimed_by=None,
            version=PostRow.version + 1,
        )
    )


_GIVEN = (
    sa.func.jsonb_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text()), JSONB))
    .table_valued(
        sa.column("the_id", sa.Uuid()),
        sa.column("state", sa.Text()),
        sa.column("is_confidential", sa.Boolean()),
        sa.column("decision", sa.Uuid()),
        sa.column("matter", sa.Uuid()),
        sa.column("folded", sa.Text()),
        sa.column("words", JSONB()),
    )
    .render_derived(name="given", with_types=True)
)
_END_EACH = _end(sa.bindparam)
_END_TOGETHER = _end(lambda name: _GIVEN.c[name])
"""PostgreSQL takes all of them in one statement: a round of messages for each costs more than the update."""


def give_back(
    session: Session, county: str, *, token: uuid.UUID, post_ids: Sequence[uuid.UUID], spent: bool
) -> int:
    """Let posts claimed under a token wait again; return how many.

    Args:
        session: of a writing transaction.
        county: whose posts.
        token: of the claim.
        post_ids: which of its posts.
        spent: the attempt counts; False where the post was not even looked at.
    """
    mine = sa.and_(PostRow.claim_token == token, PostRow.id.in_(post_ids))
    return _waiting_again(session, county, mine, spent=spent)


def give_back_stale(session: Session, county: str, *, before: datetime, owners: Sequence[str]) -> int:
    """Let posts wait again that were claimed too early or by one of these processes; return how many."""
    stale = sa.or_(PostRow.claimed_at < before, PostRow.claimed_by.in_(owners))
    return _waiting_again(session, county, stale, spent=True)


def _waiting_again(session: Session, county: str, condition: sa.ColumnElement[bool], *, spent: bool) -> int:
    rows = session.execute(
        sa.update(PostRow)
        .where(PostRow.county_id == county, PostRow.triage_state == TriageState.CLAIMED.value, condition)
        .values(
            triage_state=TriageState.PENDING.value,
            claim_token=None,
            claimed_at=None,
            claimed_by=None,
            attempts=PostRow.attempts - (0 if spent else 1),
            version=PostRow.version + 1,
        )
        .returning(PostRow.id),
        execution_options={"synchronize_session": False},
    )
    return len(rows.all())


def one_batch_at_a_time(session: Session, county: str) -> None:
    """Wait for other batches of the county (PostgreSQL; on SQLite a write is alone anyway)."""
    session.execute(sa.select(CountyRow.id).where(CountyRow.id == county).with_for_update(key_share=True))


def claim_owners(session: Session, county: str) -> frozenset[str]:
    """Return the processes that hold claims."""
    rows = session.scalars(
        sa.select(PostRow.claimed_by)
        .where(PostRow.county_id == county, PostRow.triage_state == TriageState.CLAIMED.value)
        .distinct()
    )
    return frozenset(owner for owner in rows if owner is not None)


def is_waiting(session: Session, county: str) -> bool:
    """Return whether a post waits for triage."""
    waiting = sa.select(PostRow.id).where(
        PostRow.county_id == county, PostRow.triage_state == TriageState.PENDING.value
    )
    return session.scalar(waiting.limit(1)) is not None
