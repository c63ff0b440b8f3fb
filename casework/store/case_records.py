"""A case as use cases change it: loaded with its version, saved only if nobody was faster.

It leaves out what belongs to a case (`case_parts`, `case_writes`) and lists of cases (`cases`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from casework.access import Visibility
from casework.refusals import NoSuchCase, StaleVersion
from casework.states import CaseState
from casework.store.as_read import as_read
from casework.store.tables import CaseRow
from casework.store.turns import turn_by_case
from casework.store.visible import visible_cases
from rules.model import DemandClass, Grade


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The case itself. Proposed values stand beside those that were decided. Instants are aware UTC.

    Attributes:
        assist_units: named to assist; from dispatch on the assignments say who does.
        next_due_at: the earliest due instant of a running clock, None if none runs.
    """

    id: uuid.UUID
    version: int
    number: str | None
    title: str
    gist: str
    state: CaseState
    state_since: datetime
    grade: Grade
    proposed_grade: Grade | None
    demand: DemandClass
    topic: str | None
    place: str | None
    lead_unit: str | None
    proposed_lead: str | None
    assist_units: tuple[str, ...]
    route_basis: str
    is_confidential: bool
    matter_id: uuid.UUID | None
    pack_ref: str
    calendar_version: str
    redo_count: int
    dissatisfied_count: int
    opened_at: datetime
    dispatched_at: datetime | None
    closed_at: datetime | None
    next_due_at: datetime | None


def case_for_change(session: Session, sight: Visibility, case_id: uuid.UUID, *, version: int) -> CaseHead:
    """Return a case that is about to be changed, its row locked until the transaction ends (PostgreSQL).

    The lock lets rows that merely point to the case be added: a sweep that holds a clock of it adds steps,
    and would else wait for this transaction while this one waits for the clock.

    Args:
        session: of a writing transaction.
        sight: of the actor.
        case_id: as the page named it.
        version: as the page showed it.

    Raises:
        NoSuchCase: there is none, or the actor may not see it.
        StaleVersion: somebody changed it since the page was made.
    """
    row = session.scalar(
        sa.select(CaseRow)
        .options(defer(CaseRow.policy))
        .where(CaseRow.id == case_id, visible_cases(sight))
        .with_for_update(of=CaseRow, key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NoSuchCase(case_id)
    if row.version != version:
        raise StaleVersion(case_id, seen=version, now=row.version)
    return head_of(row, sight)


def case_seen(session: Session, sight: Visibility, case_id: uuid.UUID) -> CaseHead:
    """Return a case to be looked at.

    Raises:
        NoSuchCase: there is none, or the actor may not see it.
    """
    row = session.scalar(
        sa.select(CaseRow).options(defer(CaseRow.policy)).where(CaseRow.id == case_id, visible_cases(sight))
    )
    if row is None:
        raise NoSuchCase(case_id)
    return head_of(row, sight)


def heads_of(
    session: Session, case_ids: Iterable[uuid.UUID], sight: Visibility | None = None
) -> Mapping[uuid.UUID, CaseHead]:
    """Return cases by id as a reader may read them; which of them may be seen is asked elsewhere.

    Without `sight` they are for the machine, which acts on every case of its county.
    """
    rows = session.scalars(
        sa.select(CaseRow).options(defer(CaseRow.policy)).where(CaseRow.id.in_(tuple(case_ids)))
    )
    return {row.id: head_of(row, sight) for row in rows}


def save_case(session: Session, *, before: CaseHead, after: CaseHead, now: datetime) -> CaseHead:
    """Write a changed case and return it with its new version.

    Raises:
        StaleVersion: somebody changed it since `before` was loaded.
    """
    done = session.execute(
        sa.update(CaseRow)
        .where(CaseRow.id == before.id, CaseRow.version == before.version)
        .values(
            number=after.number,
            state=after.state.value,
            state_since=after.state_since,
            grade=after.grade.value,
            demand=after.demand.value,
            topic=after.topic,
            confidential=after.is_confidential,
            lead_unit=after.lead_unit,
            assist_units=list(after.assist_units),
            route_basis=after.route_basis,
            calendar_version=after.calendar_version,
            redo_count=after.redo_count,
            dissatisfied_count=after.dissatisfied_count,
            dispatched_at=after.dispatched_at,
            closed_at=after.closed_at,
            next_due_at=after.next_due_at,
            updated_at=now,
            version=before.version + 1,
        )
        .execution_options(synchronize_session=False)
        .returning(CaseRow.version)
    ).scalar_one_or_none()
    if done is None:
        raise StaleVersion(before.id, seen=before.version, now=None)
    if after.grade is not before.grade:
        turn_by_case(session, before.id, after.grade)
    return replace(after, version=done)


def head_of(row: CaseRow, sight: Visibility | None = None) -> CaseHead:
    """Return a case's own values as this reader may read them; None for the machine."""
    return CaseHead(
        id=row.id,
        version=row.version,
        number=row.number,
        title=as_read(sight, row.title) if sight else row.title,
        gist=as_read(sight, row.gist) if sight else row.gist,
        state=CaseState(row.state),
        state_since=row.state_since or row.opened_at,
        grade=Grade(row.grade),
        proposed_grade=Grade(row.proposed_grade) if row.proposed_grade else None,
        demand=DemandClass(row.demand),
        topic=row.topic,
        place=row.place,
        lead_unit=row.lead_unit,
        proposed_lead=row.proposed_lead,
        assist_units=tuple(row.assist_units),
        route_basis=row.route_basis,
        is_confidential=row.confidential,
        matter_id=row.matter_id,
        pack_ref=row.pack_ref,
        calendar_version=row.calendar_version,
        redo_count=row.redo_count,
        dissatisfied_count=row.dissatisfied_count,
        opened_at=row.opened_at,
        dispatched_at=row.dispatched_at,
        closed_at=row.closed_at,
        next_due_at=row.next_due_at,
    )
