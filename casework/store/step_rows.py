"""Steps of the supervision ladder as rows: what was taken for a clock, what a unit has got in a case.

Whether a step has been earned is `casework.supervision`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.events import EventKind
from casework.store.case_parts import StepTaken
from casework.store.tables import ClockRow, EventRow, StepRow
from casework.supervision import own_key
from rules.model import StepAction


def steps_taken(session: Session, clock_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, frozenset[str]]:
    """Return the ids of the steps that were taken for each of the clocks, or noted for it on another's."""
    found: dict[uuid.UUID, set[str]] = {clock_id: set() for clock_id in clock_ids}
    if not found:
        return {}
    for clock_id, step in session.execute(
        sa.select(StepRow.clock_id, StepRow.step).where(StepRow.clock_id.in_(found))
    ):
        if clock_id is not None:
            found[clock_id].add(step)
    cases = sa.select(ClockRow.case_id).where(ClockRow.id.in_(found))
    for data in session.scalars(
        sa.select(EventRow.data).where(
            EventRow.case_id.in_(cases), EventRow.kind == EventKind.STEP_NOTED.value
        )
    ):
        found.get(uuid.UUID(data["clock"]), set()).add(data["step"])
    return {clock_id: frozenset(steps) for clock_id, steps in found.items()}


def own_steps(
    session: Session, case_ids: Collection[uuid.UUID]
) -> Mapping[tuple[uuid.UUID, str | None], str | None]:
    """Return by case and `own_key` the number of each card and paper that a unit has got; None for a card."""
    if not case_ids:
        return {}
    rows = session.execute(
        sa.select(
            StepRow.case_id, StepRow.unit_code, StepRow.step, StepRow.action, StepRow.card, StepRow.number
        )
        .where(StepRow.case_id.in_(tuple(case_ids)), StepRow.action != StepAction.REMINDER.value)
        .order_by(StepRow.id.desc())
    )
    return {
        (case_id, own_key(unit, step=step, action=StepAction(action), card=card)): number
        for case_id, unit, step, action, card, number in rows
    }


def add_steps(
    session: Session, county: str, steps: Sequence[tuple[uuid.UUID, str, StepTaken]]
) -> frozenset[str]:
    """Add steps in this order and return the effect keys of those that nobody had added before.

    A concurrent transaction that holds one of the keys is waited for.

    Args:
        session: writing.
        county: of the cases.
        steps: case, effect key, step.
    """
    if not steps:
        return frozenset()
    session.flush()
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [_values(county, case_id, key, step) for case_id, key, step in steps]
    statement = make(StepRow).values(rows).on_conflict_do_nothing().returning(StepRow.effect_key)
    return frozenset(session.connection().scalars(statement))


def number_steps(session: Session, numbers: Mapping[uuid.UUID, str]) -> None:
    """Write the printed numbers of steps that were just added."""
    if numbers:
        session.connection().execute(
            sa.update(StepRow)
            .where(StepRow.id == sa.bindparam("step_id"))
            .values(number=sa.bindparam("given")),
            [{"step_id": step_id, "given": number} for step_id, number in numbers.items()],
        )


def _values(county: str, case_id: uuid.UUID, effect_key: str, step: StepTaken) -> dict[str, object]:
    return {
        "id": step.id,
        "county_id": county,
        "effect_key": effect_key,
        "case_id": case_id,
        "unit_code": step.unit,
        "clock_id": step.clock_id,
        "step": step.step,
        "action": step.action.value,
        "card": step.card,
        "title_zh": step.title.zh,
        "title_en": step.title.en,
        "desk": step.desk,
        "due_since": step.due_since,
        "taken_at": step.taken_at,
        "number": step.number,
    }
