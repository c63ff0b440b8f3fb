"""Which slips (交办单) a case has had: number, instant and the units each was made out to.

They are read from the lines of the timeline, which nobody changes; the paper itself is in `documents`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Reach, Visibility
from casework.events import EventKind
from casework.store.listed import among
from casework.store.tables import EventRow

DISPATCH_SLIP = "dispatch_slip"
"""Kind of the paper."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip, whether or not its paper is made yet.

    Attributes:
        number: as printed.
        at: when the case was given to these units.
        lead: unit code.
        units: codes of the lead and of those assisting.
        superseded_at: when the next slip took its place; None of the slip in force.
        superseded_by: number of that next slip.
    """

    number: str
    at: datetime
    lead: str
    units: frozenset[str]
    superseded_at: datetime | None = None
    superseded_by: str | None = None

    def is_for(self, sight: Visibility) -> bool:
        """Return whether a reader of the case reads this slip: a unit only one made out to it."""
        return sight.cases is Reach.ALL or not self.units.isdisjoint(sight.unit_ids)


def slips_of(session: Session, case_id: uuid.UUID) -> tuple[Slip, ...]:
    """Return the slips of a case, oldest first.

    **Source:** a slip goes to lead and assisting units (domain.md §6.2 (4)); other units read none of it.
    """
    return slips_by_case(session, [case_id]).get(case_id, ())


def slips_by_case(session: Session, case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Slip, ...]]:
    """Return the slips of those of the cases that had any, oldest first."""
    if not case_ids:
        return {}
    rows = session.execute(
        sa.select(EventRow.case_id, EventRow.at, EventRow.data)
        .where(
            among(session, EventRow.case_id, case_ids),
            EventRow.kind.in_([EventKind.DISPATCHED.value, EventKind.REASSIGNED.value]),
        )
        .order_by(EventRow.id)
    )
    told: dict[uuid.UUID, list[tuple[datetime, Mapping[str, Any]]]] = {}
    for case_id, at, data in rows:
        if data.get("number"):
            told.setdefault(case_id, []).append((at, data))
    return {case_id: _slips(lines) for case_id, lines in told.items()}


def _slips(told: Sequence[tuple[datetime, Mapping[str, Any]]]) -> tuple[Slip, ...]:
    after = [*((data["number"], at) for at, data in told[1:]), (None, None)]
    return tuple(
        Slip(data["number"], at, data["lead"], frozenset({data["lead"], *data["assist"]}), till, number)
        for (at, data), (number, till) in zip(told, after, strict=False)
    )
