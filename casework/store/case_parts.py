"""What belongs to one case, as the case page reads it: each part in one query.

These functions ask nobody whether the case may be seen: only `case_view`, which has asked, calls them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from casework.outcome import Outcome
from casework.scoring import Evidence
from casework.store.tables import (
    AssignmentRow,
    CommitmentRow,
    CorrectionRow,
    DocumentRow,
    ReauditRow,
    ReplyRow,
    ReportRow,
    ScoreEntryRow,
    StepRow,
)
from rules.model import Label, StepAction


@dataclass(frozen=True, slots=True)
class Assignment:
    """A unit's part in a case; in force as long as `ended_at` is None."""

    id: uuid.UUID
    unit: str
    role: str  # lead, assist
    basis: str
    assigned_at: datetime
    signed_for_at: datetime | None
    ended_at: datetime | None
    by: str

    @property
    def is_lead(self) -> bool:
        """Return whether the unit leads."""
        return self.role == "lead"


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a unit, or a contact or public reply on its behalf."""

    id: uuid.UUID
    unit: str
    kind: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """A unit's answer with what the supervising desk found; `verdict` is None while it is under review."""

    id: uuid.UUID
    unit: str
    round: int
    outcome: Outcome
    text: str
    basis: str
    promised_on: date | None
    by: str
    at: datetime
    verdict: str | None = None
    verdict_reason: str = ""
    verdict_by: str | None = None
    verdict_at: datetime | None = None

    @property
    def stops(self) -> str:
        """Return the mark on the clocks that this reply stopped."""
        return f"reply/{self.round}"


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise with its day (local)."""

    id: uuid.UUID
    reply_id: uuid.UUID
    unit: str
    promised_on: date
    text: str
    made_at: datetime
    met_at: datetime | None = None
    met_by: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction with both values and the reason."""

    field: str
    old: str
    new: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reaudit:
    """An inspector's second look."""

    id: uuid.UUID
    verdict: str
    notes: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of the supervision ladder that was taken against a unit."""

    id: uuid.UUID
    unit: str
    clock_id: uuid.UUID | None
    step: str
    action: StepAction
    card: str | None
    title: Label
    desk: str
    due_since: datetime
    taken_at: datetime
    number: str | None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """An entry of the score ledger; a reversal names the entry it takes back.

    It has no place in the ledger: a gap between two of them would tell of an entry that a reader may not see.
    """

    id: uuid.UUID
    unit: str
    case_id: uuid.UUID
    rule: str
    clause: str
    failing: str
    points: Decimal
    evidence: tuple[Evidence, ...]
    reason: str
    reverses_id: uuid.UUID | None
    by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """A document as issued, without its bytes."""

    id: uuid.UUID
    kind: str
    number: str
    sha256: str
    made_at: datetime


def assignments_of(session: Session, case_id: uuid.UUID) -> tuple[Assignment, ...]:
    """Return all parts that units have or had, oldest first."""
    rows = session.scalars(
        sa.select(AssignmentRow).where(AssignmentRow.case_id == case_id).order_by(AssignmentRow.id)
    )
    return tuple(
        Assignment(
            id=row.id,
            unit=row.unit_code,
            role=row.role,
            basis=row.basis,
            assigned_at=row.assigned_at,
            signed_for_at=row.signed_for_at,
            ended_at=row.ended_at,
            by=row.by,
        )
        for row in rows
    )


def reports_of(session: Session, case_id: uuid.UUID) -> tuple[Report, ...]:
    """Return the reports, oldest first."""
    rows = session.scalars(sa.select(ReportRow).where(ReportRow.case_id == case_id).order_by(ReportRow.id))
    return tuple(Report(row.id, row.unit_code, row.kind, row.text, row.by, row.at) for row in rows)


def replies_of(session: Session, case_id: uuid.UUID) -> tuple[Reply, ...]:
    """Return the replies, oldest first."""
    rows = session.scalars(sa.select(ReplyRow).where(ReplyRow.case_id == case_id).order_by(ReplyRow.round))
    return tuple(
        Reply(
            id=row.id,
            unit=row.unit_code,
            round=row.round,
            outcome=Outcome(row.outcome),
            text=row.text,
            basis=row.basis,
            promised_on=row.promised_on,
            by=row.by,
            at=row.at,
            verdict=row.verdict,
            verdict_reason=row.verdict_reason,
            verdict_by=row.verdict_by,
            verdict_at=row.verdict_at,
        )
        for row in rows
    )


def commitments_of(session: Session, case_id: uuid.UUID) -> tuple[Commitment, ...]:
    """Return the commitments, oldest first."""
    rows = session.scalars(
        sa.select(CommitmentRow).where(CommitmentRow.case_id == case_id).order_by(CommitmentRow.id)
    )
    return tuple(
        Commitment(
            id=row.id,
            reply_id=row.reply_id,
            unit=row.unit_code,
            promised_on=row.promised_on,
            text=row.text,
            made_at=row.made_at,
            met_at=row.met_at,
            met_by=row.met_by,
        )
        for row in rows
    )


def corrections_of(session: Session, case_id: uuid.UUID) -> tuple[Correction, ...]:
    """Return the corrections, oldest first."""
    rows = session.scalars(
        sa.select(CorrectionRow).where(CorrectionRow.case_id == case_id).order_by(CorrectionRow.id)
    )
    return tuple(Correction(row.field, row.old, row.new, row.reason, row.by, row.at) for row in rows)


def reaudits_of(session: Session, case_id: uuid.UUID) -> tuple[Reaudit, ...]:
    """Return the second looks, oldest first."""
    rows = session.scalars(sa.select(ReauditRow).where(ReauditRow.case_id == case_id).order_by(ReauditRow.id))
    return tuple(Reaudit(row.id, row.verdict, row.notes, row.by, row.at) for row in rows)


def steps_of(session: Session, case_id: uuid.UUID) -> tuple[StepTaken, ...]:
    """Return the supervision steps, oldest first."""
    rows = session.scalars(sa.select(StepRow).where(StepRow.case_id == case_id).order_by(StepRow.id))
    return tuple(
        StepTaken(
            id=row.id,
            unit=row.unit_code,
            clock_id=row.clock_id,
            step=row.step,
            action=StepAction(row.action),
            card=row.card,
            title=Label(row.title_zh, row.title_en),
            desk=row.desk,
            due_since=row.due_since,
            taken_at=row.taken_at,
            number=row.number,
        )
        for row in rows
    )


def scores_of(session: Session, case_id: uuid.UUID) -> tuple[ScoreLine, ...]:
    """Return the score entries of a case, oldest first."""
    rows = session.scalars(
        sa.select(ScoreEntryRow).where(ScoreEntryRow.case_id == case_id).order_by(ScoreEntryRow.seq)
    )
    return tuple(score_line(row) for row in rows)


def score_line(row: ScoreEntryRow) -> ScoreLine:
    """Return an entry without the columns of its chain."""
    return ScoreLine(
        id=row.id,
        unit=row.unit_code,
        case_id=row.case_id,
        rule=row.rule,
        clause=row.clause,
        failing=row.failing,
        points=row.points,
        evidence=evidence_of(row),
        reason=row.reason,
        reverses_id=row.reverses_id,
        by=row.by,
        entered_at=row.entered_at,
    )


def evidence_of(row: ScoreEntryRow) -> tuple[Evidence, ...]:
    """Return what an entry rests on, in the order in which it was found."""
    items = cast("list[tuple[str, str]]", row.evidence["items"])
    return tuple(Evidence(key, text) for key, text in items)


def documents_of(session: Session, case_id: uuid.UUID) -> tuple[Document, ...]:
    """Return the documents issued, oldest first, without their bytes."""
    rows = session.scalars(
        sa.select(DocumentRow)
        .options(defer(DocumentRow.content))
        .where(DocumentRow.case_id == case_id)
        .order_by(DocumentRow.id)
    )
    return tuple(Document(row.id, row.kind, row.number, row.sha256, row.made_at) for row in rows)
