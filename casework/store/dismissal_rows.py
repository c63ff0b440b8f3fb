"""Dismissals as a second look needs them: found if they may be seen, marked, put on a desk again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.post import TriageState
from casework.refusals import NoSuchDismissal
from casework.store.inserting import insert_if_new
from casework.store.tables import DeskItemRow, DismissalRow, PostRow
from casework.store.turns import turn_about
from casework.store.visible import visible_posts
from rules.model import DismissalReason, Label


def require_dismissal(session: Session, sight: Visibility, post_id: uuid.UUID) -> None:
    """Do nothing if the post was dismissed and may be seen; its dismissal is locked for a change.

    Raises:
        NoSuchDismissal: otherwise.
    """
    found = session.scalar(
        sa.select(DismissalRow.id)
        .join(PostRow, PostRow.id == DismissalRow.post_id)
        .where(
            DismissalRow.post_id == post_id,
            PostRow.triage_state == TriageState.DISMISSED.value,
            visible_posts(sight),
        )
        .with_for_update(of=DismissalRow, key_share=True)
    )
    if found is None:
        raise NoSuchDismissal(post_id)


@dataclass(frozen=True, slots=True)
class NewDismissal:
    """The dismissal of one post. `at` is aware UTC."""

    id: uuid.UUID
    post_id: uuid.UUID
    reason: DismissalReason
    by: str
    at: datetime


def write_dismissals(session: Session, county: str, dismissals: Sequence[NewDismissal]) -> None:
    """Write dismissals; one that a post had before gives way, its line in the timeline stays."""
    if not dismissals:
        return
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = make(DismissalRow).values(
        [
            {
                "id": one.id,
                "county_id": county,
                "post_id": one.post_id,
                "reason": one.reason.id,
                "reason_zh": one.reason.title.zh,
                "reason_en": one.reason.title.en,
                "by": one.by,
                "decided_at": one.at,
                "reaudited_at": None,
                "reaudit_verdict": None,
            }
            for one in dismissals
        ]
    )
    changed = ("reason", "reason_zh", "reason_en", "by", "decided_at", "reaudited_at", "reaudit_verdict")
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["county_id", "post_id"],
            set_={name: statement.excluded[name] for name in changed},
        )
    )


def mark_reaudited(session: Session, post_id: uuid.UUID, *, verdict: str, at: datetime) -> None:
    """Write beside a dismissal what the last second look found."""
    session.execute(
        sa.update(DismissalRow)
        .where(DismissalRow.post_id == post_id)
        .values(reaudited_at=at, reaudit_verdict=verdict)
    )


def put_on_desk(
    session: Session,
    item_id: uuid.UUID,
    *,
    county: str,
    post_id: uuid.UUID,
    reason: Label,
    effect_key: str,
    at: datetime,
) -> None:
    """Put a post on the office's desk, for a person to decide again."""
    insert_if_new(
        session,
        DeskItemRow,
        {
            "id": item_id,
            "county_id": county,
            "kind": "triage",
            "effect_key": effect_key,
            "post_id": post_id,
            "case_id": None,
            "reason_zh": reason.zh,
            "reason_en": reason.en,
            "data": {},
            "turn": turn_about(session, post_id=post_id, case_id=None).value,
            "opened_at": at,
        },
    )
    session.execute(
        sa.update(PostRow)
        .where(PostRow.id == post_id)
        .values(triage_state="desk", version=PostRow.version + 1)
    )
