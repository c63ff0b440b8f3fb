"""Published rule packs, from when each is in force, and the units they list.

A pack never changes once it is stored; activations are only ever added.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.inserting import insert_if_new
from casework.store.tables import PackActivationRow, PackRow, UnitRow
from rules.model import Contact, Pack, UnitEntry


@dataclass(frozen=True, slots=True)
class PackLine:
    """A stored pack as the rules page lists it.

    Attributes:
        effective_at: of its newest activation; None if it was never put in force.
    """

    ref: str
    pack_id: str
    version: int
    created_at: datetime
    effective_at: datetime | None


def active_ref(session: Session, county: str, now: datetime) -> str | None:
    """Return the reference of the pack in force at `now`: that of the newest activation not after it."""
    return session.scalar(
        sa.select(PackActivationRow.ref)
        .where(PackActivationRow.county_id == county, PackActivationRow.effective_at <= now)
        .order_by(PackActivationRow.effective_at.desc(), PackActivationRow.id.desc())
        .limit(1)
    )


def pack_files(session: Session, county: str, ref: str) -> dict[str, bytes] | None:
    """Return the files of a stored pack as they were published, None if there is no such pack."""
    files = session.scalar(sa.select(PackRow.files).where(PackRow.county_id == county, PackRow.ref == ref))
    return None if files is None else {name: text.encode() for name, text in files.items()}


def ref_of_version(session: Session, county: str, pack_id: str, version: int) -> str | None:
    """Return the reference of the stored pack with this id and version, None if there is none."""
    return session.scalar(
        sa.select(PackRow.ref).where(
            PackRow.county_id == county, PackRow.pack_id == pack_id, PackRow.version == version
        )
    )


def pack_lines(session: Session, county: str) -> tuple[PackLine, ...]:
    """Return all stored packs, the newest first."""
    newest = (
        sa.select(PackActivationRow.ref, sa.func.max(PackActivationRow.effective_at).label("effective_at"))
        .where(PackActivationRow.county_id == county)
        .group_by(PackActivationRow.ref)
        .subquery()
    )
    rows = session.execute(
        sa.select(PackRow.ref, PackRow.pack_id, PackRow.version, PackRow.created_at, newest.c.effective_at)
        .outerjoin(newest, newest.c.ref == PackRow.ref)
        .where(PackRow.county_id == county)
        .order_by(PackRow.created_at.desc(), PackRow.id.desc())
    )
    return tuple(PackLine(*row) for row in rows)


def insert_pack(
    session: Session,
    row_id: uuid.UUID,
    *,
    county: str,
    pack: Pack,
    files: Mapping[str, bytes],
    author_id: uuid.UUID | None,
    now: datetime,
) -> bool:
    """Store a pack; return False where a pack of this version or reference is there already."""
    return insert_if_new(
        session,
        PackRow,
        {
            "id": row_id,
            "county_id": county,
            "pack_id": pack.id,
            "version": pack.version,
            "digest": pack.digest,
            "ref": pack.ref,
            "files": {name: content.decode() for name, content in files.items()},
            "author_id": author_id,
            "approver_id": None,
            "created_at": now,
        },
    )


def sync_units(session: Session, county: str, units: tuple[UnitEntry, ...]) -> int:
    """Make the register of units that of the pack; return how many rows changed.

    A unit that the pack no longer lists stays, inactive: its cases and its record keep a name.
    """
    known = {row.code: row for row in session.scalars(sa.select(UnitRow).where(UnitRow.county_id == county))}
    changed = 0
    for unit in units:
        row = known.pop(unit.id, None)
        values = _unit_values(unit)
        if row is None:
            session.add(UnitRow(county_id=county, code=unit.id, **values))
            changed += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
            changed += 1
    for row in known.values():
        if row.active:
            row.active = False
            row.version += 1
            changed += 1
    session.flush()
    return changed


def superiors(session: Session, county: str) -> dict[str, str | None]:
    """Return every unit of the county with its superior."""
    rows = session.execute(sa.select(UnitRow.code, UnitRow.superior).where(UnitRow.county_id == county))
    return {row.code: row.superior for row in rows}


def _unit_values(unit: UnitEntry) -> dict[str, object]:
    return {
        "name_zh": unit.name.zh,
        "name_en": unit.name.en,
        "short": unit.short,
        "family": unit.family,
        "kind": unit.kind,
        "superior": unit.superior,
        "duties": list(unit.duties),
        "contacts": {
            "first_responsible": _contact(unit.first_responsible),
            "deputy": _contact(unit.deputy),
            "liaison": _contact(unit.liaison),
        },
        "active": True,
    }


def _contact(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "title": contact.title, "phone": contact.phone}
