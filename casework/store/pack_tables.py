"""Records of drafts of rule packs: who wrote what, how they were tried, who approved them.

Published packs and their activations stand in `post_tables`, beside the decisions that name them.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.base import Base, InCounty, Versioned


class PackDraftRow(Base, InCounty, Versioned):
    """A draft with its files. Triggers keep the files once it is submitted, and its row for ever."""

    __tablename__ = "pack_drafts"
    __table_args__ = (
        sa.CheckConstraint("approver_id IS NULL OR approver_id <> author_id", name="two_people"),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'published') OR approver_id IS NOT NULL", name="approved_by_somebody"
        ),
        sa.Index("ix_pack_drafts_listed", "county_id", "updated_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pack_id: Mapped[str]
    pack_version: Mapped[int]  # as pack.yaml says; 0 where it cannot be read
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="")  # of one that came from outside: file, county, key
    files: Mapped[dict[str, Any]]  # file name -> text
    base_ref: Mapped[str | None]
    digest: Mapped[str]
    state: Mapped[str] = mapped_column(sa.String(12))
    author_id: Mapped[uuid.UUID]
    author: Mapped[str]
    checked_digest: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    problems: Mapped[list[Any]] = mapped_column(default=list)  # of the last check
    approver_id: Mapped[uuid.UUID | None]
    approver: Mapped[str | None]
    approval_note: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    effective_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PackDraftEditRow(Base, InCounty):
    """One step in the life of a draft. Append-only."""

    __tablename__ = "pack_draft_edits"
    __table_args__ = (sa.Index("ix_pack_draft_edits_draft", "draft_id", "id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pack_drafts.id"))
    step: Mapped[str] = mapped_column(sa.String(12))
    from_state: Mapped[str | None] = mapped_column(sa.String(12))
    to_state: Mapped[str] = mapped_column(sa.String(12))
    editor_id: Mapped[uuid.UUID | None]  # None only for the machine
    editor: Mapped[str]
    file: Mapped[str | None]  # that was edited
    digest: Mapped[str]  # of all files after the step
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class BacktestRow(Base, InCounty, Versioned):
    """One trial of a draft on stored posts, with how far it is and what came of it."""

    __tablename__ = "backtests"
    __table_args__ = (
        sa.Index("ix_backtests_draft", "draft_id", "id"),
        sa.Index("ix_backtests_waiting", "county_id", "state"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pack_drafts.id"))
    digest: Mapped[str]  # of the draft's files when it was asked for
    base_ref: Mapped[str]  # of the pack it is compared with
    period_from: Mapped[datetime]  # half-open, by when posts were received
    period_to: Mapped[datetime]
    state: Mapped[str] = mapped_column(sa.String(12))  # queued, running, done, failed, cancelled
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None]  # rules.backtest.Tally, partial while it runs
    after_at: Mapped[datetime | None]  # where to go on: the last post that is in `result`
    after_id: Mapped[uuid.UUID | None]
    problem: Mapped[str] = mapped_column(default="")
    owner: Mapped[str | None]  # process that works on it, so that a dead one is seen
    attempts: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime | None]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    milliseconds: Mapped[int] = mapped_column(default=0)  # of work, over all attempts


class ShadowRunRow(Base, InCounty, Versioned):
    """A draft that runs beside the pack in force for a while, and only notes what it would have done."""

    __tablename__ = "shadow_runs"
    __table_args__ = (sa.Index("ix_shadow_runs_running", "county_id", "state"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pack_drafts.id"), index=True)
    digest: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    watermark: Mapped[uuid.UUID]  # decisions up to this id are compared
    state: Mapped[str] = mapped_column(sa.String(12))  # running, ended, stopped
    problem: Mapped[str] = mapped_column(default="")
    result: Mapped[dict[str, Any]]  # rules.backtest.Tally
    started_by: Mapped[str]
    finished_at: Mapped[datetime | None]


class ShadowDifferenceRow(Base, InCounty):
    """A decision that the draft would have made differently. Append-only."""

    __tablename__ = "shadow_differences"
    __table_args__ = (sa.UniqueConstraint("county_id", "run_id", "decision_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("shadow_runs.id"))
    decision_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("decisions.id"))
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"))
    decided_at: Mapped[datetime]
    pack_ref: Mapped[str]  # of the decision
    before: Mapped[dict[str, Any]]  # rules.backtest.Verdict
    after: Mapped[dict[str, Any]]
