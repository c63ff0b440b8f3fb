"""Reads the audit log. There is no function that changes it, and a trigger refuses one.

Of a line about an accusation it shows what was done, when, in which role and to which object; whoever audits
the system reads no case.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa

from casework.access import require
from casework.desk.unit import UnitOfWork
from casework.roles import Permission, Role
from casework.store.audited_secrets import secret_until
from casework.store.tables import AuditRow, UserRow

PAGE_LINES = 50
OF_CASES = frozenset({"case", "post"})
"""Kinds of objects that can be confidential."""
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
        actor: name; empty where the line is about an accusation.
        roles: of the actor's account now, where the line is about an accusation; none for the system.
        outcome: empty where the line is about an accusation.
        data: ids and figures by name, each as text; a list as its parts; none about an accusation.
        is_secret: whether the object is or was confidential when this was done.
    """

    id: uuid.UUID
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    outcome: str
    data: tuple[tuple[str, Value], ...]
    roles: tuple[str, ...] = ()
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the log, newest first; `older` is the cursor of the next page, None on the last."""

    lines: tuple[AuditLine, ...]
    older: str | None


def page(uow: UnitOfWork, wanted: AuditFilter, *, before: str | None) -> AuditPage:
    """Return a page of the log.

    Asked for what one person did, lines about accusations are left out: else the name would be told by it.

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
    found: list[AuditLine] = []
    newest_first = query.order_by(AuditRow.id.desc()).limit(PAGE_LINES + 1)
    while len(found) <= PAGE_LINES:
        rows = uow.session.scalars(
            newest_first if cursor is None else newest_first.where(AuditRow.id < cursor)
        ).all()
        lines = _lines(uow, rows)
        found += [line for line in lines if not (wanted.actor and line.is_secret)]
        if len(rows) <= PAGE_LINES:
            break
        cursor = rows[-1].id
    shown = tuple(found[:PAGE_LINES])
    return AuditPage(shown, str(shown[-1].id) if len(found) > PAGE_LINES else None)


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


def _lines(uow: UnitOfWork, rows: Sequence[AuditRow]) -> list[AuditLine]:
    named = {one for row in rows if row.object_kind in OF_CASES and (one := _cursor(row.object_id))}
    until = secret_until(uow.session, uow.county, named)
    secret = {
        row.id
        for row in rows
        if row.object_kind in OF_CASES
        and (one := _cursor(row.object_id))
        and one in until
        and row.at <= until[one]
    }
    roles = _roles(uow, {row.actor_id for row in rows if row.id in secret and row.actor_id})
    return [
        _veiled(row, roles.get(row.actor_id, ()) if row.actor_id else ()) if row.id in secret else _line(row)
        for row in rows
    ]


def _roles(uow: UnitOfWork, actors: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[str, ...]]:
    rows = uow.session.execute(sa.select(UserRow.id, UserRow.roles).where(UserRow.id.in_(actors)))
    return {actor: tuple(held) for actor, held in rows}


def _veiled(row: AuditRow, roles: tuple[str, ...]) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=row.at,
        actor="",
        action=row.action,
        object_kind=row.object_kind,
        object_id=row.object_id,
        outcome="",
        data=(),
        roles=roles or (() if row.actor_id else (Role.MACHINE.value,)),
        is_secret=True,
    )


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
