"""A post that a person is about to settle: what the forms start with, and how it ended."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.post import TriageState
from casework.store.tables import CasePostRow, CaseRow, DecisionRow, PostRow
from rules.model import Grade


@dataclass(frozen=True, slots=True)
class Proposal:
    """What triage proposed for a post; None and empty where it proposed nothing."""

    grade: Grade | None = None
    lead: str | None = None
    assist: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class PostAtHand:
    """A post on the person's desk.

    Attributes:
        confidential: an accusation, or a post that may be one and waits for a person.
        suspected: of these two the second: the person who decides may say that it is none.
        place, accused: as its last decision has them; empty where there was none.
        proposed: grade and units of the newest verdict, which its page shows.
    """

    id: uuid.UUID
    title: str
    text: str
    confidential: bool
    suspected: bool
    state: TriageState
    matter_id: uuid.UUID | None
    place: str | None
    accused: tuple[str, ...]
    proposed: Proposal


@dataclass(frozen=True, slots=True)
class CaseToJoin:
    """A case that a post is to be put into."""

    state: str
    grade: str
    confidential: bool
    matter_id: uuid.UUID | None
    lead_unit: str | None
    assist_units: list[str]
    redo_count: int
    dissatisfied_count: int


def post_at_hand(session: Session, county: str, post_id: uuid.UUID) -> PostAtHand | None:
    """Return a post, its row locked until the transaction ends (PostgreSQL); None if there is none."""
    row = session.execute(
        sa.select(
            PostRow.title,
            PostRow.text,
            PostRow.confidential,
            PostRow.triage_state,
            PostRow.matter_id,
            PostRow.decision_id,
        )
        .where(PostRow.county_id == county, PostRow.id == post_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    decision = session.get(DecisionRow, row.decision_id) if row.decision_id else None
    return PostAtHand(
        id=post_id,
        title=row.title,
        text=row.text,
        confidential=row.confidential,
        suspected=row.confidential
        and row.triage_state == TriageState.DESK.value
        and decision is not None
        and not decision.confidential,
        state=TriageState(row.triage_state),
        matter_id=row.matter_id,
        place=decision.place if decision else None,
        accused=tuple(decision.route["accused"]) if decision else (),
        proposed=_proposal(session, post_id),
    )


def _proposal(session: Session, post_id: uuid.UUID) -> Proposal:
    row = session.execute(
        sa.select(DecisionRow.grade, DecisionRow.route)
        .where(DecisionRow.post_id == post_id)
        .order_by(DecisionRow.decided_at.desc(), DecisionRow.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return Proposal()
    grade = Grade(row.grade) if row.grade else None
    return Proposal(grade, row.route["lead"], tuple(row.route["assist"]), row.route["basis"])


def case_of_post(session: Session, post_id: uuid.UUID) -> uuid.UUID | None:
    """Return the case that a post is in, None if it is in none."""
    return session.scalar(sa.select(CasePostRow.case_id).where(CasePostRow.post_id == post_id))


def case_to_join(session: Session, county: str, case_id: uuid.UUID) -> CaseToJoin | None:
    """Return a case, its row locked against being closed meanwhile (PostgreSQL); None if there is none."""
    row = session.execute(
        sa.select(
            CaseRow.state,
            CaseRow.grade,
            CaseRow.confidential,
            CaseRow.matter_id,
            CaseRow.lead_unit,
            CaseRow.assist_units,
            CaseRow.redo_count,
            CaseRow.dissatisfied_count,
        )
        .where(CaseRow.county_id == county, CaseRow.id == case_id)
        .with_for_update(read=True)
    ).one_or_none()
    return CaseToJoin(*row) if row else None


def settle_post(
    session: Session,
    post_id: uuid.UUID,
    state: TriageState,
    *,
    confidential: bool,
    matter_id: uuid.UUID | None,
) -> None:
    """Write how a person settled a post."""
    session.execute(
        sa.update(PostRow)
        .where(PostRow.id == post_id)
        .values(
            triage_state=state.value,
            confidential=confidential,
            matter_id=matter_id,
            version=PostRow.version + 1,
        ),
        execution_options={"synchronize_session": False},
    )
