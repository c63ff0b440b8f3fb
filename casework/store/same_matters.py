"""Open cases at small places, and the pairs of which a person is asked whether they are one matter."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.likeness import CaseSpot
from casework.states import OPEN_STATES
from casework.store.as_read import label_as_read
from casework.store.case_records import CaseHead, head_of
from casework.store.case_writes import SAME_MATTER
from casework.store.desk_items import visible_items
from casework.store.tables import CaseRow, DeskItemRow, MatterRow
from casework.store.visible import visible_cases
from rules.model import Label


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases that are possibly one matter. `newer` was opened when the other was there already."""

    item_id: uuid.UUID
    newer: CaseHead
    older: CaseHead
    reason: Label


def pair_key(one: uuid.UUID, other: uuid.UUID) -> str:
    """Return the key under which a person is asked about two cases: the same either way round, so once."""
    low, high = sorted((one, other))
    return f"{SAME_MATTER}/{low}/{high}"


def open_cases_at(session: Session, county: str, places: Collection[str]) -> tuple[CaseSpot, ...]:
    """Return the open cases at these places, with when their matters were spoken of."""
    # Columns, not records: at busy places a batch looks at hundreds of cases inside a write.
    rows = session.execute(
        sa.select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.title,
            CaseRow.topic,
            CaseRow.place,
            CaseRow.lead_unit,
            CaseRow.confidential,
            sa.func.coalesce(MatterRow.first_seen_at, CaseRow.opened_at, type_=CaseRow.opened_at.type),
            sa.func.coalesce(MatterRow.last_seen_at, CaseRow.opened_at, type_=CaseRow.opened_at.type),
        )
        .outerjoin(MatterRow, MatterRow.id == CaseRow.matter_id)
        .where(
            CaseRow.county_id == county,
            CaseRow.place.in_(places),
            CaseRow.state.in_([state.value for state in OPEN_STATES]),
        )
    )
    return tuple(
        CaseSpot(
            id=case_id,
            name=number or title,
            topic=topic,
            place=place or "",
            lead=lead,
            is_confidential=is_confidential,
            first_at=first_at,
            last_at=last_at,
        )
        for case_id, number, title, topic, place, lead, is_confidential, first_at, last_at in rows
    )


def open_pairs(session: Session, sight: Visibility, case_id: uuid.UUID) -> tuple[Pair, ...]:
    """Return the pairs that a case is in and of which nobody has said yet what they are, the oldest first."""
    rows = session.scalars(
        sa.select(DeskItemRow)
        .where(
            visible_items(sight),
            DeskItemRow.kind == SAME_MATTER,
            DeskItemRow.closed_at.is_(None),
            DeskItemRow.effect_key.like(f"{SAME_MATTER}/%{case_id}%"),
        )
        .order_by(DeskItemRow.id)
    ).all()
    return tuple(pair for row in rows if (pair := _pair(session, sight, row)) is not None)


def pair_of(session: Session, sight: Visibility, item_id: uuid.UUID) -> Pair | None:
    """Return the pair that an item asks about; None if it asks about none, or one may not be seen."""
    row = session.scalar(
        sa.select(DeskItemRow).where(
            DeskItemRow.id == item_id, DeskItemRow.kind == SAME_MATTER, visible_items(sight)
        )
    )
    return _pair(session, sight, row) if row else None


def _pair(session: Session, sight: Visibility, row: DeskItemRow) -> Pair | None:
    newer, older = row.case_id, uuid.UUID(str(row.data["other"]))
    heads = {
        case.id: head_of(case, sight)
        for case in session.scalars(
            sa.select(CaseRow)
            .options(sa.orm.defer(CaseRow.policy))
            .where(CaseRow.id.in_([newer, older]), visible_cases(sight))
        )
    }
    if newer is None or newer not in heads or older not in heads:
        return None
    return Pair(row.id, heads[newer], heads[older], label_as_read(sight, Label(row.reason_zh, row.reason_en)))
