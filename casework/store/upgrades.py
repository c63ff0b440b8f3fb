"""Questions whether a case is graver than its grade says: what an open one asks for, and asking it again.

They are asked by `desk.asking`; what may not be done while one is open is `desk.lowering`.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.desk_items import ItemKind
from casework.store.tables import DeskItemRow
from rules.model import Grade

DECIDED = "decided"
"""How an item ended whose case was decided, see `case_writes.Writer`."""


def asked_for(session: Session, case_id: uuid.UUID) -> Grade | None:
    """Return the highest grade that an open item proposes for a case; None where none is open."""
    wanted = session.scalars(
        sa.select(DeskItemRow.data).where(
            DeskItemRow.case_id == case_id,
            DeskItemRow.kind == ItemKind.UPGRADE.value,
            DeskItemRow.closed_at.is_(None),
        )
    )
    grades = (Grade(data["to"]) for data in wanted if data.get("to") in set(Grade))
    return max(grades, key=lambda grade: grade.rank, default=None)


def ask_again(session: Session, case_id: uuid.UUID, *, ended_at: datetime) -> None:
    """Open those items anew that only ended because the case did, at that instant."""
    session.execute(
        sa.update(DeskItemRow)
        .where(
            DeskItemRow.case_id == case_id,
            DeskItemRow.kind == ItemKind.UPGRADE.value,
            DeskItemRow.closed_at == ended_at,
            DeskItemRow.resolution == DECIDED,
        )
        .values(closed_at=None, closed_by=None, resolution=None, version=DeskItemRow.version + 1),
        execution_options={"synchronize_session": False},
    )
