"""The turn of desk items: what a new one gets, and what open ones get when a grade or a verdict changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.desk_items import ItemKind
from casework.store.tables import CaseRow, DecisionRow, DeskItemRow
from casework.urgency import Turn, turn_of
from rules.model import Grade, Scalar


def turn_about(session: Session, *, post_id: uuid.UUID | None, case_id: uuid.UUID | None) -> Turn:
    """Return the turn of an item by the grade of its case, else by the newest verdict on its post.

    A post in which a life may be in danger comes first whatever its case is.
    """
    said = _said_of(session, post_id) if post_id is not None else None
    case = session.scalar(sa.select(CaseRow.grade).where(CaseRow.id == case_id)) if case_id else None
    if case is not None:
        return turn_of(Grade(case), said[1] if said else None)
    return turn_of(*said) if said else Turn.UNGRADED


def turn_by_case(session: Session, case_id: uuid.UUID, grade: Grade) -> None:
    """Let the open items about a case take the turn of its new grade; a threat to life stays the first.

    What asks for a higher grade keeps the turn of the grade that it asks for.
    """
    asked = sa.and_(DeskItemRow.case_id == case_id, DeskItemRow.kind != ItemKind.UPGRADE.value)
    _let_take(session, asked, turn_of(grade))


def turn_by_post(session: Session, post_id: uuid.UUID, turn: Turn) -> None:
    """Let the open items about a post that is in no case take the turn of a new verdict, if it is earlier."""
    waits = sa.and_(DeskItemRow.post_id == post_id, DeskItemRow.case_id.is_(None))
    _let_take(session, sa.and_(waits, DeskItemRow.turn > turn), turn)


def _said_of(session: Session, post_id: uuid.UUID) -> tuple[Grade | None, Mapping[str, Scalar]] | None:
    found = session.execute(
        sa.select(DecisionRow.grade, DecisionRow.features)
        .where(DecisionRow.post_id == post_id)
        .order_by(DecisionRow.decided_at.desc(), DecisionRow.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    return Grade(found.grade) if found.grade else None, cast("Mapping[str, Scalar]", found.features)


def _let_take(session: Session, which: sa.ColumnElement[bool], turn: Turn) -> None:
    session.execute(
        sa.update(DeskItemRow)
        .where(which, DeskItemRow.closed_at.is_(None), DeskItemRow.turn != Turn.LIFE)
        .values(turn=turn),
        execution_options={"synchronize_session": False},
    )
