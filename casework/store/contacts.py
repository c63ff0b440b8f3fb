"""Of which posts whoever stands in for the recused duty desk may ask who wrote them. It opens nothing."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.store.listed import among
from casework.store.tables import CasePostRow, IdentityRow
from casework.store.visible import in_hand


def in_cases_in_hand(
    session: Session, sight: Visibility, post_ids: Collection[uuid.UUID]
) -> frozenset[uuid.UUID]:
    """Return those of the posts that are in an accusation which this reader has in hand.

    That is one of which the cyberspace office is recused: `visible.in_hand`.
    """
    if not post_ids:
        return frozenset()
    found = session.scalars(
        sa.select(CasePostRow.post_id).where(
            among(session, CasePostRow.post_id, post_ids), CasePostRow.case_id.in_(in_hand(sight))
        )
    )
    return frozenset(found)


def with_identity(session: Session, post_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return those of the posts whose author is kept, sealed."""
    if not post_ids:
        return frozenset()
    found = session.scalars(
        sa.select(IdentityRow.post_id).where(
            among(session, IdentityRow.post_id, post_ids), IdentityRow.ciphertext.is_not(None)
        )
    )
    return frozenset(found)
