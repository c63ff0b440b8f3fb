"""Whatever was charged in accusations that a reader may not read: what the reader gets is the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.pages.unit_paper import paper_of
from casework.access import Actor, UnitId, visibility
from casework.roles import Role
from casework.scoring import FailingKind, ScoreDraft, opposite
from casework.store.recent import recent_entries, recent_orders
from casework.store.score_ledger import add_entries
from casework.store.scores import unit_lines, unit_sheet
from casework.store.tables import CaseRow, ExclusionRow
from rules.model import Grade
from tests.builders import COUNTY, MONDAY, add_case, add_county, add_unit, new_id, officer, unit_person

NET, WATCH, AIM = "cyberspace_office", "supervision_office", "target_office"
UNITS = ("housing", "town")
READERS: tuple[tuple[Actor, str], ...] = (
    # Each with the unit whose accusation shuts this reader out.
    (officer(Role.DIRECTOR), NET),
    (officer(Role.DUTY_OFFICER), NET),
    (officer(Role.SUPERVISOR), WATCH),
    (officer(Role.SECRET_INSPECTOR), AIM),
    (officer(Role.INSPECTOR), NET),
    (unit_person("housing"), "housing"),
)


@dataclass(frozen=True)
class Charged:
    """An entry as it was drawn: of a hidden or an ordinary case, whom it charges, and when."""

    is_hidden: bool
    unit: str
    points: Decimal
    failing: FailingKind
    minutes: int
    is_taken_back: bool


CHARGED = st.builds(
    Charged,
    is_hidden=st.booleans(),
    unit=st.sampled_from(UNITS),
    points=st.decimals("0.01", "3", places=2),
    failing=st.sampled_from(FailingKind),
    minutes=st.integers(0, 600),
    is_taken_back=st.booleans(),
)


def charge(session: Session, one: Charged, case_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> None:
    made = ScoreDraft(
        key=str(ids[0]),
        unit_id=UnitId(one.unit),
        case_id=case_id,
        failing=one.failing,
        rule="score_rule",
        pack="demo@1+x",
        clause="考核细则",
        points=one.points,
        evidence=(),
    )
    taken_back = [opposite(made, reason="误记")] if one.is_taken_back else []
    now = MONDAY + timedelta(minutes=one.minutes)
    for entry, entry_id in zip([made, *taken_back], ids, strict=False):
        add_entries(session, COUNTY, [entry], by="示例目督员", now=now, new_id=lambda known=entry_id: known)


def told(session: Session, reader: Actor) -> tuple[object, ...]:
    """Return all that a reader gets of scores, with the sheets as printed (same data, same bytes)."""
    sight, now = visibility(reader), MONDAY + timedelta(hours=12)
    mine = [unit for unit in UNITS if reader.unit_id in {None, unit}]
    printed = [unit_sheet(session, sight, unit, year=2026, now=now, is_paper=True) for unit in mine]
    return (
        [unit_sheet(session, sight, unit, year=2026, now=now) for unit in mine],
        [paper_of(sheet, "云岭县", now) for sheet in printed],
        unit_lines(session, sight, now=now),
        recent_entries(session, sight, limit=5),
        recent_orders(session, sight, limit=5),
    )


@pytest.mark.parametrize(("reader", "accused"), READERS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(charges=st.lists(CHARGED, max_size=6))
def test_hidden_entries_change_nothing_that_a_reader_gets(
    session: Session, reader: Actor, accused: str, charges: list[Charged]
):
    kept = [(one, new_id(), [new_id(), new_id()]) for one in charges]

    def written(entered: Iterable[tuple[Charged, uuid.UUID, list[uuid.UUID]]]) -> tuple[object, ...]:
        with session.begin_nested() as attempt:
            county_of(session)
            for one, case_id, ids in entered:
                case_of(session, case_id, accused if one.is_hidden else None)
                charge(session, one, case_id, ids)
            result = told(session, reader)
            attempt.rollback()
        session.expunge_all()
        return result

    assert written(kept) == written([line for line in kept if not line[0].is_hidden])


def county_of(session: Session) -> None:
    add_county(session)
    for unit in UNITS:
        add_unit(session, unit)
    for unit, duty in ((NET, "cyberspace"), (WATCH, "supervision"), (AIM, "target")):
        add_unit(session, unit, duties=[duty])


def case_of(session: Session, case_id: uuid.UUID, accused: str | None) -> None:
    """Add a case with a given id, led by a unit; an accusation where somebody is accused."""
    made = add_case(session, state="handling", grade=Grade.MAJOR, lead="town")
    session.execute(
        sa.update(CaseRow)
        .where(CaseRow.id == made)
        .values(id=case_id, confidential=accused is not None, next_due_at=MONDAY)
    )
    session.expire_all()
    if accused is not None:
        session.add(ExclusionRow(county_id=COUNTY, case_id=case_id, unit_code=accused))
    session.flush()
