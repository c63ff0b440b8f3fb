"""Which cases and posts that the audit log names are, or were, confidential, and till when.

What a line of the log shows of them is for its reader (`app.accounts.audit_log`).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.events import EventKind
from casework.store.listed import among
from casework.store.tables import CasePostRow, CaseRow, DecisionRow, EventRow, PostRow

FOR_EVER = datetime.max.replace(tzinfo=UTC)


def secret_until(session: Session, county: str, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """Return till when those of these cases and posts are secret that are, or that ever were.

    `FOR_EVER` of a case that is confidential now; of a post that is, that lies in such a case, or that was
    ever judged to be an accusation. Of a case whose secrecy was lifted, and of its posts, the instant of it.

    Args:
        session: open.
        county: of the log.
        ids: of cases and posts alike.
    """
    if not ids:
        return {}
    until = _lifted(session, ids)
    of_posts = _cases_of(session, ids)
    until |= _later(of_posts, _lifted(session, set(of_posts.values())))
    secret = set(
        session.scalars(
            sa.select(CaseRow.id).where(
                CaseRow.county_id == county,
                CaseRow.confidential.is_(True),
                among(session, CaseRow.id, {*ids, *of_posts.values()}),
            )
        )
    )
    judged = session.scalars(
        sa.select(DecisionRow.post_id).where(
            among(session, DecisionRow.post_id, ids), DecisionRow.confidential.is_(True)
        )
    )
    marked = session.scalars(
        sa.select(PostRow.id).where(among(session, PostRow.id, ids), PostRow.confidential.is_(True))
    )
    for one in (*secret, *judged, *marked, *(post for post, case in of_posts.items() if case in secret)):
        until[one] = FOR_EVER
    return until


def _cases_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return the cases that those of the ids are in which are posts."""
    rows = session.execute(
        sa.select(CasePostRow.post_id, CasePostRow.case_id).where(among(session, CasePostRow.post_id, ids))
    )
    return {post: case for post, case in rows}  # noqa: C416 - a row is no pair for mypy


def _lifted(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    rows = session.execute(
        sa.select(EventRow.case_id, sa.func.max(EventRow.at, type_=EventRow.at.type))
        .where(among(session, EventRow.case_id, ids), EventRow.kind == EventKind.SECRECY_LIFTED.value)
        .group_by(EventRow.case_id)
    )
    return {case_id: at for case_id, at in rows if case_id is not None}


def _later(
    of_posts: Mapping[uuid.UUID, uuid.UUID], lifted: Mapping[uuid.UUID, datetime]
) -> dict[uuid.UUID, datetime]:
    return {post: lifted[case] for post, case in of_posts.items() if case in lifted}
