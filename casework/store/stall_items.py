"""Items of the person's desk about stalled cases: one row a case, opened, closed and opened again.

When a case is stalled, and when an item comes back, is `desk.stalls`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.desk_items import ItemKind
from casework.store.inserting import insert_if_new
from casework.store.tables import DeskItemRow
from casework.store.turns import turn_about
from rules.model import Label


@dataclass(frozen=True, slots=True)
class StallItem:
    """The item about one stalled case. Instants are aware UTC."""

    id: uuid.UUID
    case_id: uuid.UUID
    closed_at: datetime | None
    resolution: str | None


def stall_items(
    session: Session, county: str, stalled: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, StallItem]:
    """Return by case the items that are open, and those of `stalled` cases, open or closed."""
    table = DeskItemRow
    rows = session.execute(
        sa.select(table.id, table.case_id, table.closed_at, table.resolution).where(
            table.county_id == county,
            table.kind == ItemKind.STALLED.value,
            sa.or_(table.closed_at.is_(None), table.case_id.in_(stalled)),
        )
    )
    return {
        case_id: StallItem(item_id, case_id, closed_at, resolution)
        for item_id, case_id, closed_at, resolution in rows
        if case_id is not None
    }


def open_stall_item(
    session: Session, item_id: uuid.UUID, *, county: str, case_id: uuid.UUID, reason: Label, now: datetime
) -> bool:
    """Open the item about a case, again if it was closed; return False where it is open already.

    Args:
        session: writing.
        item_id: for a new row.
        county: of the case.
        case_id: one case has one item.
        reason: as the list shows it.
        now: aware UTC.
    """
    turn = turn_about(session, post_id=None, case_id=case_id).value
    values = {"reason_zh": reason.zh, "reason_en": reason.en, "turn": turn, "opened_at": now}
    fixed = {
        "id": item_id,
        "county_id": county,
        "kind": ItemKind.STALLED.value,
        "effect_key": stall_key(case_id),
        "case_id": case_id,
        "data": {},
    }
    if insert_if_new(session, DeskItemRow, fixed | values):
        return True
    again = session.execute(
        sa.update(DeskItemRow)
        .where(
            DeskItemRow.county_id == county,
            DeskItemRow.effect_key == stall_key(case_id),
            DeskItemRow.closed_at.is_not(None),
        )
        .values(**values, closed_at=None, closed_by=None, resolution=None, version=DeskItemRow.version + 1)
        .returning(DeskItemRow.id),
        execution_options={"synchronize_session": False},
    )
    return again.first() is not None


def stall_key(case_id: uuid.UUID) -> str:
    """Return the key under which a person hears of a stalled case."""
    return f"stalled/{case_id}"
