"""Records of cases: their posts, assignments, clocks, answers, supervision, timeline and ledger."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.base import Base, InCounty, Versioned


class CaseRow(Base, InCounty, Versioned):
    """A case (舆情件). What it was proposed to be stands beside what was decided."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.UniqueConstraint("county_id", "number"),
        sa.Index("ix_cases_list", "county_id", "state", "opened_at"),
        sa.Index("ix_cases_newest", "county_id", "opened_at", "id"),
        sa.Index("ix_cases_due", "county_id", "next_due_at"),
        sa.Index("ix_cases_place", "county_id", "place"),
        # Holds all that worklists and their figures sort and count by, so that neither reads a case for it.
        sa.Index(
            "ix_cases_counts",
            "county_id",
            "state",
            "grade",
            "confidential",
            "lead_unit",
            "next_due_at",
            "opened_at",
            "id",
        ),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str | None]  # printed number, given at dispatch
    title: Mapped[str]
    gist: Mapped[str]
    state: Mapped[str] = mapped_column(sa.String(20))
    state_since: Mapped[datetime | None]  # None: since it was opened
    grade: Mapped[str] = mapped_column(sa.String(10))
    proposed_grade: Mapped[str | None]
    demand: Mapped[str]
    topic: Mapped[str | None]
    place: Mapped[str | None]
    lead_unit: Mapped[str | None] = mapped_column(index=True)
    proposed_lead: Mapped[str | None]
    route_basis: Mapped[str] = mapped_column(default="")
    assist_units: Mapped[list[Any]] = mapped_column(default=list)  # named; they see it from dispatch on
    confidential: Mapped[bool] = mapped_column(default=False)
    matter_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("matters.id"), index=True)
    pack_ref: Mapped[str]
    calendar_version: Mapped[str]
    redo_count: Mapped[int] = mapped_column(default=0)
    dissatisfied_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    # Last, because it is wide: SQLite then finds every other column without reading it.
    policy: Mapped[dict[str, Any]]  # limits and ladder frozen at dispatch


class CasePostRow(Base, InCounty):
    """A post of a case. A post is in at most one case; each citizen keeps an answer."""

    __tablename__ = "case_posts"
    __table_args__ = (sa.UniqueConstraint("county_id", "post_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"))
    joined: Mapped[str]  # opened, attached
    reason: Mapped[str]
    attached_at: Mapped[datetime]


class ExclusionRow(Base, InCounty):
    """A unit that must never see this confidential case: the accused and its subordinates."""

    __tablename__ = "case_exclusions"
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(primary_key=True)


class AssignmentRow(Base, InCounty, Versioned):
    """A unit's part in a case. At most one lead in force (unique partial index)."""

    __tablename__ = "assignments"
    __table_args__ = (
        sa.Index(
            "uq_assignments_one_lead",
            "county_id",
            "case_id",
            unique=True,
            sqlite_where=sa.text("role = 'lead' AND ended_at IS NULL"),
            postgresql_where=sa.text("role = 'lead' AND ended_at IS NULL"),
        ),
        sa.Index("ix_assignments_unit", "county_id", "unit_code", "ended_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str]
    role: Mapped[str]  # lead, assist
    basis: Mapped[str]
    assigned_at: Mapped[datetime]
    signed_for_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    by: Mapped[str]


class ClockRow(Base, InCounty, Versioned):
    """A time limit of a case and unit. `due_at` is what the ledger of its events computes to."""

    __tablename__ = "clocks"
    __table_args__ = (
        sa.UniqueConstraint("county_id", "case_id", "unit_code", "stage", "round"),
        sa.Index("ix_clocks_sweep", "county_id", "stopped_at", "next_step_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str]
    stage: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    grade: Mapped[str]
    limit: Mapped[str]
    night_defer: Mapped[bool]
    source: Mapped[str]
    policy_version: Mapped[str]
    calendar_version: Mapped[str]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    provisional: Mapped[bool]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None]
    next_step_at: Mapped[datetime | None]


class ClockEventRow(Base, InCounty):
    """An entry of a clock's ledger. Append-only."""

    __tablename__ = "clock_events"
    __table_args__ = (sa.UniqueConstraint("county_id", "clock_id", "seq"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("clocks.id"), index=True)
    seq: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    data: Mapped[dict[str, Any]]


class StepRow(Base, InCounty):
    """A supervision step that was taken, once per case, unit, clock and step."""

    __tablename__ = "supervision_steps"
    __table_args__ = (sa.UniqueConstraint("county_id", "effect_key"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    effect_key: Mapped[str]
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str] = mapped_column(index=True)
    clock_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("clocks.id"))
    step: Mapped[str]
    action: Mapped[str]
    card: Mapped[str | None]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    desk: Mapped[str]  # cyberspace, supervision
    due_since: Mapped[datetime]
    taken_at: Mapped[datetime]
    number: Mapped[str | None]


class ReportRow(Base, InCounty):
    """A first, progress or final report of a unit."""

    __tablename__ = "reports"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class ReplyRow(Base, InCounty, Versioned):
    """A unit's answer to the citizen with one of three outcomes."""

    __tablename__ = "replies"
    __table_args__ = (sa.UniqueConstraint("county_id", "case_id", "round"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str]
    round: Mapped[int]
    outcome: Mapped[str]  # resolved, promised, explained
    text: Mapped[str]
    basis: Mapped[str]
    promised_on: Mapped[date | None]
    by: Mapped[str]
    at: Mapped[datetime]
    verdict: Mapped[str | None]  # accepted, sent_back
    verdict_reason: Mapped[str] = mapped_column(default="")
    verdict_by: Mapped[str | None]
    verdict_desk: Mapped[str | None]
    verdict_at: Mapped[datetime | None]


class CommitmentRow(Base, InCounty, Versioned):
    """A promise with a date, tracked until it is met."""

    __tablename__ = "commitments"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    reply_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("replies.id"), unique=True)
    unit_code: Mapped[str]
    promised_on: Mapped[date]
    text: Mapped[str]
    made_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    met_by: Mapped[str | None]


class CorrectionRow(Base, InCounty):
    """A correction of grade or routing; both values and the reason are kept. Append-only."""

    __tablename__ = "corrections"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    field: Mapped[str]  # grade, route, demand
    old: Mapped[str]
    new: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class ReauditRow(Base, InCounty):
    """An inspector's second look at a closed case or a dismissal. Append-only."""

    __tablename__ = "reaudits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    post_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("posts.id"))
    verdict: Mapped[str]  # confirmed, not_confirmed
    notes: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class ScoreEntryRow(Base, InCounty):
    """An entry of the score ledger: chained from entry 1, append-only, reversed only by an opposite."""

    __tablename__ = "score_entries"
    __table_args__ = (
        sa.UniqueConstraint("county_id", "seq"),
        sa.UniqueConstraint("county_id", "effect_key"),
        sa.Index("ix_score_entries_unit", "county_id", "unit_code", "entered_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    effect_key: Mapped[str]
    unit_code: Mapped[str]
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    rule: Mapped[str]
    pack_ref: Mapped[str]
    clause: Mapped[str]
    failing: Mapped[str]
    points: Mapped[Decimal]
    evidence: Mapped[dict[str, Any]]
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("score_entries.id"), unique=True)
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    entered_at: Mapped[datetime]
    alg: Mapped[str]
    canonical: Mapped[bytes]
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class EventRow(Base, InCounty):
    """A line of the timeline of a case or a post. Append-only by trigger."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_case", "case_id", "id"),
        sa.Index("ix_events_post", "post_id", "id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("cases.id"))
    post_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("posts.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]
    actor: Mapped[str]
    data: Mapped[dict[str, Any]]


class OutboxRow(Base, InCounty):
    """Something to ring for after commit. Rows, not messages, are the record."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_pending", "sent_at", "id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    object_id: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


class NumberSeriesRow(Base):
    """The next printed number of an issuer and year, taken inside the transaction."""

    __tablename__ = "number_series"
    county_id: Mapped[str] = mapped_column(sa.ForeignKey("counties.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class DocumentRow(Base, InCounty):
    """A document as it was issued: its bytes and their hash. Append-only."""

    __tablename__ = "documents"
    __table_args__ = (sa.UniqueConstraint("county_id", "kind", "number"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    number: Mapped[str]
    content: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    by: Mapped[str]


class OutageRow(Base, InCounty):
    """A stretch in which the supervision of a county was down: what fell due in it is not charged."""

    __tablename__ = "outages"
    __table_args__ = (sa.UniqueConstraint("county_id", "began_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class HeartbeatRow(Base):
    """When a process last showed that it lives, for the health page."""

    __tablename__ = "heartbeats"
    process: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]
