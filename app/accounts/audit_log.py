"""Reads the audit log. There is no function that changes it, and a trigger refuses one."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa

from casework.access import require
from casework.desk.unit import UnitOfWork
from casework.roles import Permission
from casework.store.tables import AuditRow

PAGE_LINES = 50
Value: TypeAlias = str | tuple[str, ...]
"""What stands under a name: empty where there is nothing."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; empty fields do not filter."""

    action: str = ""
    actor: str = ""
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log.

    Attributes:
        data: ids and figures by name, each as text; a list as its parts.
    """

    id: uuid.UUID
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    outcome: str
    data: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the log, newest first; `older` is the cursor of the next page, None on the last."""

    lines: tuple[AuditLine, ...]
    older: str | None


def page(uow: UnitOfWork, wanted: AuditFilter, *, before: str | None) -> AuditPage:
    """Return a page of the log.

    Args:
        uow: of the audit administrator.
        wanted: what to look for.
        before: cursor from the page before; anything that is no cursor starts at the newest.

    Raises:
        NotPermitted.
    """
    require(uow.actor, Permission.AUDIT_READ)
    query = sa.select(AuditRow).where(AuditRow.county_id == uow.county)
    if wanted.action:
        query = query.where(AuditRow.action == wanted.action)
    if wanted.actor:
        query = query.where(AuditRow.actor.contains(wanted.actor, autoescape=True))
    if wanted.object_id:
        query = query.where(AuditRow.object_id == wanted.object_id)
    cursor = _cursor(before)
    if cursor is not None:
        query = query.where(AuditRow.id < cursor)
    rows = uow.session.scalars(query.order_by(AuditRow.id.desc()).limit(PAGE_LINES + 1)).all()
    shown = tuple(_line(row) for row in rows[:PAGE_LINES])
    return AuditPage(shown, str(shown[-1].id) if len(rows) > PAGE_LINES else None)


def actions(uow: UnitOfWork) -> tuple[str, ...]:
    """Return the actions that occur in the log, for a list to choose from."""
    require(uow.actor, Permission.AUDIT_READ)
    found = uow.session.scalars(
        sa.select(AuditRow.action)
        .where(AuditRow.county_id == uow.county)
        .distinct()
        .order_by(AuditRow.action)
    )
    return tuple(found)


def _line(row: AuditRow) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=row.at,
        actor=row.actor,
        action=row.action,
        object_kind=row.object_kind,
        object_id=row.object_id,
        outcome=row.outcome,
        data=tuple((name, _shown(value)) for name, value in sorted(row.data.items())),
    )


def _cursor(before: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(before) if before else None
    except ValueError:
        return None


def _shown(value: object) -> Value:
    if value is None:
        return ""
    if isinstance(value, list):
        return tuple(_text(part) for part in value)
    return _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
