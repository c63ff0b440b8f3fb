"""Records of who is to have a case: what units objected, and how the office ruled. Both are append-only."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.base import Base, InCounty


class ObjectionRow(Base, InCounty):
    """What a lead unit said against having a case, once."""

    __tablename__ = "objections"
    __table_args__ = (sa.UniqueConstraint("county_id", "case_id", "unit_code"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str]
    clause: Mapped[str]
    reason: Mapped[str]
    proposed_unit: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]


class RulingRow(Base, InCounty):
    """Who leads a case, as the office ruled in writing. Topic and place make it a precedent."""

    __tablename__ = "rulings"
    __table_args__ = (sa.Index("ix_rulings_topic", "county_id", "topic", "id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    objection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("objections.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))  # designated, upheld, reassigned
    former_unit: Mapped[str | None]
    lead_unit: Mapped[str]
    basis: Mapped[str]
    reason: Mapped[str]
    review: Mapped[str]  # what a duty review or a joint meeting found, where one was held
    topic: Mapped[str | None]
    place: Mapped[str | None]
    zone: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]
