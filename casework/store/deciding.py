"""Who decided on a case, person by person, so that nobody re-audits his own work. It reads, nothing more."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.events import EventKind
from casework.roles import GRANTS, Permission, Role
from casework.store.tables import EventRow, UserRow

DECISIONS: frozenset[EventKind] = frozenset(
    {
        EventKind.CASE_CONFIRMED,
        EventKind.GRADE_CORRECTED,
        EventKind.TOPIC_CORRECTED,
        EventKind.ROUTE_CORRECTED,
        EventKind.REGRADED,
        EventKind.DISPATCHED,
        EventKind.REASSIGNED,
        EventKind.REPLY_ACCEPTED,
        EventKind.REPLY_SENT_BACK,
        EventKind.CLOSED,
        EventKind.POST_DISMISSED,
        EventKind.CASE_DISMISSED,
        EventKind.CASE_TAKEN_OVER,
    }
)
"""What a re-audit judges. Taking a case up again, or a second look at it, is the inspectors' own work."""


def deciders(
    session: Session, *, case_id: uuid.UUID | None = None, post_id: uuid.UUID | None = None
) -> frozenset[uuid.UUID]:
    """Return the people who decided on a case, or on a post that opened none."""
    about = EventRow.case_id == case_id if case_id else EventRow.post_id == post_id
    found = session.scalars(
        sa.select(EventRow.actor_id)
        .where(about, EventRow.kind.in_(sorted(kind.value for kind in DECISIONS)))
        .where(EventRow.actor_id.is_not(None))
        .distinct()
    )
    return frozenset(one for one in found if one is not None)


def has_another_inspector(
    session: Session, county: str, *, but: frozenset[uuid.UUID], is_secret: bool
) -> bool:
    """Return whether somebody with an account in use may re-audit who is not among `but`."""
    return bool(inspectors(session, county, is_secret=is_secret) - but)


def inspectors(session: Session, county: str, *, is_secret: bool) -> frozenset[uuid.UUID]:
    """Return whose account is in use and may re-audit, confidential cases or ordinary ones."""
    wanted = Permission.CASE_REAUDIT_SECRET if is_secret else Permission.CASE_REAUDIT
    able = {role.value for role in Role if wanted in GRANTS[role]}
    users = session.execute(
        sa.select(UserRow.id, UserRow.roles).where(UserRow.county_id == county, UserRow.disabled_at.is_(None))
    )
    return frozenset(user.id for user in users if able & set(user.roles))
