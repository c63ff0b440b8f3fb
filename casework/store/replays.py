"""A case's posts with their newest decision, for deciding them again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.post import PostToJudge
from casework.store.decisions import Decision, decisions_of
from casework.store.tables import CasePostRow, CaseRow, DocumentRow
from casework.store.triage_rows import posts_to_judge
from casework.store.visible import visible_cases


@dataclass(frozen=True, slots=True)
class DecidedPost:
    """A post with the newest decision about it, None where it was never judged by rules."""

    post: PostToJudge
    decision: Decision | None


def decided_posts(session: Session, sight: Visibility, named: str) -> tuple[DecidedPost, ...] | None:
    """Return the posts of a case, the oldest first; None if there is no such case to be seen.

    Args:
        session: reading is enough.
        sight: of the reader.
        named: printed number or id of the case, or what stands before 号 alone: then the newest slip of that
            number is meant, for every year begins with 1.
    """
    query = sa.select(CaseRow.id).where(visible_cases(sight))
    try:
        query = query.where(CaseRow.id == uuid.UUID(named))
    except ValueError:
        printed = sa.select(DocumentRow.case_id).where(DocumentRow.number == named)
        is_it = CaseRow.number.like(f"%〕{named}号") if named.isdecimal() else CaseRow.number == named
        query = query.where(sa.or_(is_it, CaseRow.id.in_(printed)))
        query = query.order_by(CaseRow.dispatched_at.desc(), CaseRow.id).limit(1)
    case_id = session.scalar(query)
    if case_id is None:
        return None
    ids = session.scalars(sa.select(CasePostRow.post_id).where(CasePostRow.case_id == case_id)).all()
    posts = sorted(posts_to_judge(session, sight.county_id, ids), key=lambda post: post.id)
    return tuple(DecidedPost(post, next(iter(decisions_of(session, post.id)), None)) for post in posts)
