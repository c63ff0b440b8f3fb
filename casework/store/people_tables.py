"""Records of counties, units, accounts, sessions and tokens. No record of anybody who speaks is here."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.base import Base, InCounty, Versioned


class CountyRow(Base):
    """A county that this installation serves."""

    __tablename__ = "counties"
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    clock_offset_seconds: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # demo only
    created_at: Mapped[datetime]
    units_ref: Mapped[str | None]  # pack from which the register of units was last made


class UnitRow(Base, Versioned):
    """A responsible unit with its three contact roles and its superior."""

    __tablename__ = "units"
    county_id: Mapped[str] = mapped_column(sa.ForeignKey("counties.id"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), primary_key=True)  # id in the pack
    name_zh: Mapped[str]
    name_en: Mapped[str]
    short: Mapped[str]
    family: Mapped[str]
    kind: Mapped[str]
    superior: Mapped[str | None]
    duties: Mapped[list[Any]]
    contacts: Mapped[dict[str, Any]]  # first_responsible, deputy, liaison -> name, title, phone
    active: Mapped[bool] = mapped_column(default=True)


class UserRow(Base, InCounty, Versioned):
    """An account of an officer of the office or of a unit."""

    __tablename__ = "users"
    __table_args__ = (sa.UniqueConstraint("county_id", "login"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    login: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    unit_code: Mapped[str | None]
    roles: Mapped[list[Any]]
    language: Mapped[str] = mapped_column(default="zh")
    totp_alg: Mapped[str | None]
    totp_key_id: Mapped[str | None]
    totp_ciphertext: Mapped[bytes | None]
    totp_last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_changed_at: Mapped[datetime]
    password_history: Mapped[list[Any]]  # hashes of earlier passwords, newest first
    failed_logins: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]  # start of the window that failed_logins counts in
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class WebSessionRow(Base, InCounty):
    """A signed-in browser. Only the hash of its token is kept, so a stolen database opens nothing."""

    __tablename__ = "web_sessions"
    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class ApiTokenRow(Base, InCounty):
    """A machine's key to the API, for one source."""

    __tablename__ = "api_tokens"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scopes: Mapped[list[Any]]
    source_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("sources.id"))
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyRow(Base, InCounty):
    """The answer that was given to a request with an Idempotency-Key."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (sa.UniqueConstraint("county_id", "token_id", "key"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_id: Mapped[uuid.UUID]
    key: Mapped[str] = mapped_column(sa.String(255))
    body_sha256: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class AuditRow(Base, InCounty):
    """Who did or read what. Append-only by trigger."""

    __tablename__ = "audit_log"
    __table_args__ = (sa.Index("ix_audit_log_county_at", "county_id", "at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]
    actor: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="done")  # done, refused, failed
    data: Mapped[dict[str, Any]]
