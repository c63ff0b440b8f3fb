"""Which verdicts about a post a reader is told: none that speaks against somebody, once the post is ordinary.

Whether the post may be seen at all is not asked here, nor what is masked in a verdict that is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from casework.access import Reach, Visibility
from casework.recusal import is_shut_out
from casework.store.decisions import Decision
from casework.store.recused import recused_from_posts
from casework.store.tables import PostRow
from casework.understanding.demand import LEAD_MAY_BE_MEANT


def told_verdicts(
    session: Session,
    sight: Visibility,
    post: PostRow,
    verdicts: Iterable[Decision],
    since: datetime | None,
) -> tuple[Decision, ...]:
    """Return those verdicts that the reader is told, in the order given.

    A verdict names who is accused and who stays out for it. Where a person found that it was no accusation,
    or lifted the secrecy, the case goes to units, among them perhaps the very one; they handle the matter
    and do not learn that they were, or seemed to be, accused. Who handles accusations reads it, but for the
    desk that it speaks of.

    Args:
        session: open.
        sight: of the reader, who sees the post.
        post: that they are about.
        verdicts: about it.
        since: nothing from before is told; None tells everything.

    **Source:** 信访工作条例 §30 ¶3.
    """
    later = tuple(one for one in verdicts if since is None or one.decided_at >= since)
    if post.confidential or not any(map(speaks_against, later)) or _handles_accusations(session, sight, post):
        return later
    return tuple(one for one in later if not speaks_against(one))


def speaks_against(verdict: Decision) -> bool:
    """Return whether a verdict says, or lets guess, that somebody in office is accused."""
    return verdict.confidential or bool(verdict.accused) or LEAD_MAY_BE_MEANT in verdict.reasons


def _handles_accusations(session: Session, sight: Visibility, post: PostRow) -> bool:
    if sight.confidential is not Reach.ALL:
        return False
    if sight.seat is None:
        return True
    concerned = recused_from_posts(session, PostRow.id == post.id)
    return not any(is_shut_out(sight.seat, recused) for recused in concerned)
