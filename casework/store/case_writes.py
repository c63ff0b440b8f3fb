"""What use cases add to a case. Each function writes one row; none decides and none commits."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.case_parts import Assignment, Commitment, Correction, Reaudit, Reply, Report
from casework.store.tables import (
    AssignmentRow,
    CommitmentRow,
    CorrectionRow,
    DeskItemRow,
    ExclusionRow,
    ReauditRow,
    ReplyRow,
    ReportRow,
    UnitRow,
)

SAME_MATTER = "same_matter"
"""Kind and beginning of the key of an item that names two cases, see `asking.pair_key`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the supervising desk found about a reply.

    Attributes:
        word: accepted or sent_back.
        desk: the desk that found it, as `Desk` names it.
    """

    word: str
    reason: str
    by: str
    desk: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Writer:
    """Where rows go: the session of a writing transaction, and the county they belong to."""

    session: Session
    county: str

    def assign(self, case_id: uuid.UUID, part: Assignment) -> None:
        """Give a unit its part in a case."""
        self.session.add(
            AssignmentRow(
                id=part.id,
                county_id=self.county,
                case_id=case_id,
                unit_code=part.unit,
                role=part.role,
                basis=part.basis,
                assigned_at=part.assigned_at,
                signed_for_at=part.signed_for_at,
                ended_at=part.ended_at,
                by=part.by,
            )
        )
        self.session.flush()  # the index of one lead in force speaks now, not at commit

    def sign_for(self, assignment_id: uuid.UUID, *, at: datetime) -> None:
        """Note when the unit signed for its part."""
        self._change_assignments([assignment_id], signed_for_at=at)

    def end_assignments(self, assignment_ids: Iterable[uuid.UUID], *, at: datetime) -> None:
        """End parts that are in force."""
        self._change_assignments(assignment_ids, ended_at=at)

    def report(self, case_id: uuid.UUID, report: Report) -> None:
        """Add a report."""
        self.session.add(
            ReportRow(
                id=report.id,
                county_id=self.county,
                case_id=case_id,
                unit_code=report.unit,
                kind=report.kind,
                text=report.text,
                by=report.by,
                at=report.at,
            )
        )

    def reply(self, case_id: uuid.UUID, reply: Reply) -> None:
        """Add a reply that waits for its review."""
        self.session.add(
            ReplyRow(
                id=reply.id,
                county_id=self.county,
                case_id=case_id,
                unit_code=reply.unit,
                round=reply.round,
                outcome=reply.outcome.value,
                text=reply.text,
                basis=reply.basis,
                promised_on=reply.promised_on,
                by=reply.by,
                at=reply.at,
            )
        )
        self.session.flush()  # a commitment points to the reply

    def judge_reply(self, reply_id: uuid.UUID, verdict: Verdict) -> None:
        """Write the verdict of the supervising desk beside a reply."""
        self.session.execute(
            sa.update(ReplyRow)
            .where(ReplyRow.id == reply_id)
            .values(
                verdict=verdict.word,
                verdict_reason=verdict.reason,
                verdict_by=verdict.by,
                verdict_desk=verdict.desk,
                verdict_at=verdict.at,
                version=ReplyRow.version + 1,
            )
        )

    def commit_to(self, case_id: uuid.UUID, commitment: Commitment) -> None:
        """Add a commitment."""
        self.session.add(
            CommitmentRow(
                id=commitment.id,
                county_id=self.county,
                case_id=case_id,
                reply_id=commitment.reply_id,
                unit_code=commitment.unit,
                promised_on=commitment.promised_on,
                text=commitment.text,
                made_at=commitment.made_at,
            )
        )

    def meet(self, commitment_ids: Iterable[uuid.UUID], *, at: datetime, by: str) -> None:
        """Note that commitments were met."""
        self.session.execute(
            sa.update(CommitmentRow)
            .where(CommitmentRow.id.in_(tuple(commitment_ids)))
            .values(met_at=at, met_by=by, version=CommitmentRow.version + 1)
        )

    def unmeet(self, commitment_ids: Iterable[uuid.UUID]) -> None:
        """Note that commitments are open after all: the answer that met them was sent back."""
        self.session.execute(
            sa.update(CommitmentRow)
            .where(CommitmentRow.id.in_(tuple(commitment_ids)))
            .values(met_at=None, met_by=None, version=CommitmentRow.version + 1)
        )

    def correction(self, correction_id: uuid.UUID, case_id: uuid.UUID, correction: Correction) -> None:
        """Add a correction; both values are kept."""
        self.session.add(
            CorrectionRow(
                id=correction_id,
                county_id=self.county,
                case_id=case_id,
                field=correction.field,
                old=correction.old,
                new=correction.new,
                reason=correction.reason,
                by=correction.by,
                at=correction.at,
            )
        )

    def reaudit(self, reaudit: Reaudit, *, case_id: uuid.UUID | None, post_id: uuid.UUID | None) -> None:
        """Add a second look at a case or at the dismissal of a post."""
        self.session.add(
            ReauditRow(
                id=reaudit.id,
                county_id=self.county,
                case_id=case_id,
                post_id=post_id,
                verdict=reaudit.verdict,
                notes=reaudit.notes,
                by=reaudit.by,
                at=reaudit.at,
            )
        )

    def close_desk_items(self, effect_keys: Iterable[str], *, by: str, at: datetime) -> None:
        """Close what a person's desk holds open under these keys, because it has been decided."""
        self.session.execute(
            sa.update(DeskItemRow)
            .where(
                DeskItemRow.county_id == self.county,
                DeskItemRow.effect_key.in_(tuple(effect_keys)),
                DeskItemRow.closed_at.is_(None),
            )
            .values(closed_at=at, closed_by=by, resolution="decided", version=DeskItemRow.version + 1)
        )

    def close_items_of(self, case_id: uuid.UUID, *, by: str, at: datetime) -> None:
        """Close all that a person's desk holds open about a case, because the case is decided."""
        self.session.execute(
            sa.update(DeskItemRow)
            .where(
                DeskItemRow.county_id == self.county,
                DeskItemRow.closed_at.is_(None),
                sa.or_(
                    DeskItemRow.case_id == case_id,
                    DeskItemRow.effect_key.like(f"{SAME_MATTER}/%{case_id}%"),
                ),
            )
            .values(closed_at=at, closed_by=by, resolution="decided", version=DeskItemRow.version + 1),
            execution_options={"synchronize_session": False},
        )

    def close_reaudits_of(self, case_id: uuid.UUID, *, by: str, at: datetime) -> None:
        """Close what asks about a second look that did not hold, because the case is taken up again."""
        self.session.execute(
            sa.update(DeskItemRow)
            .where(
                DeskItemRow.county_id == self.county,
                DeskItemRow.closed_at.is_(None),
                DeskItemRow.case_id == case_id,
                DeskItemRow.effect_key.like("reaudit/%"),
            )
            .values(closed_at=at, closed_by=by, resolution="decided", version=DeskItemRow.version + 1),
            execution_options={"synchronize_session": False},
        )

    def close_pairs_of(self, case_ids: Collection[uuid.UUID], *, by: str, at: datetime) -> None:
        """Close what is asked about these cases and others like them: they are kept apart from now on."""
        pairs = [DeskItemRow.effect_key.like(f"{SAME_MATTER}/%{case_id}%") for case_id in case_ids]
        self.session.execute(
            sa.update(DeskItemRow)
            .where(DeskItemRow.county_id == self.county, DeskItemRow.closed_at.is_(None), sa.or_(*pairs))
            .values(closed_at=at, closed_by=by, resolution="decided", version=DeskItemRow.version + 1),
            execution_options={"synchronize_session": False},
        )

    def _change_assignments(self, assignment_ids: Iterable[uuid.UUID], **values: datetime) -> None:
        self.session.execute(
            sa.update(AssignmentRow)
            .where(AssignmentRow.id.in_(tuple(assignment_ids)))
            .values(version=AssignmentRow.version + 1, **values)
        )


def excluded_from(session: Session, case_id: uuid.UUID) -> frozenset[str]:
    """Return the units that must never see this case."""
    return frozenset(
        session.scalars(sa.select(ExclusionRow.unit_code).where(ExclusionRow.case_id == case_id))
    )


def active_units(session: Session, county: str, codes: Iterable[str]) -> frozenset[str]:
    """Return those of the codes that name an active unit of the county."""
    return frozenset(
        session.scalars(
            sa.select(UnitRow.code).where(
                UnitRow.county_id == county, UnitRow.code.in_(tuple(codes)), UnitRow.active.is_(True)
            )
        )
    )
