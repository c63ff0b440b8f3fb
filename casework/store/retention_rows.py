"""Identities whose time is over: found and emptied. The row stays and says when; the post is not touched."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.post import TriageState
from casework.store.tables import CasePostRow, CaseRow, DismissalRow, IdentityRow, PostRow


def due_identities(
    session: Session, county: str, *, ended_before: datetime, limit: int
) -> tuple[uuid.UUID, ...]:
    """Return posts whose identity is still kept though their case or dismissal ended before an instant.

    A post in an open or reopened case, with a person, or waiting for triage is never among them.

    Args:
        session: of the transaction.
        county: whose.
        ended_before: aware UTC.
        limit: how many at most, the oldest first.
    """
    of_case = sa.select(CasePostRow.id).join(CaseRow, CaseRow.id == CasePostRow.case_id)
    of_case = of_case.where(CasePostRow.post_id == PostRow.id).correlate(PostRow)
    going_on = of_case.where(sa.or_(CaseRow.closed_at.is_(None), CaseRow.closed_at >= ended_before))
    dismissed = sa.exists(
        sa.select(DismissalRow.id)
        .where(DismissalRow.post_id == PostRow.id, DismissalRow.decided_at < ended_before)
        .correlate(PostRow)
    )
    ended = sa.or_(
        sa.and_(sa.exists(of_case), ~sa.exists(going_on)),
        sa.and_(~sa.exists(of_case), PostRow.triage_state == TriageState.DISMISSED.value, dismissed),
    )
    return tuple(
        session.scalars(
            sa.select(PostRow.id)
            .join(IdentityRow, IdentityRow.post_id == PostRow.id)
            .where(PostRow.county_id == county, IdentityRow.ciphertext.is_not(None), ended)
            .order_by(PostRow.id)
            .limit(limit)
        )
    )


def empty_identities(session: Session, post_ids: tuple[uuid.UUID, ...], *, now: datetime) -> None:
    """Remove the ciphertexts of these posts' authors."""
    session.execute(
        sa.update(IdentityRow)
        .where(IdentityRow.post_id.in_(post_ids))
        .values(ciphertext=None, destroyed_at=now)
    )
