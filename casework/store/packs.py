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
from casework.store.tables import CountyRow, PackActivationRow, PackRow, UnitRow
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


@dataclass(frozen=True, slots=True)
class PackIdentity:
    """What tells one pack from every other."""

    id: str
    version: int
    digest: str

    @property
    def ref(self) -> str:
        """Return id@version+digest."""
        return f"{self.id}@{self.version}+{self.digest}"


@dataclass(frozen=True, slots=True)
class Activation:
    """From when a pack is in force; `reason` is why an earlier one was put back."""

    id: uuid.UUID
    ref: str
    effective_at: datetime
    by: str
    created_at: datetime
    reason: str | None


def active_ref(session: Session, county: str, now: datetime) -> str | None:
    """Return the reference of the pack in force at `now`: that of the newest activation not after it."""
    return session.scalar(
        sa.select(PackActivationRow.ref)
        .where(PackActivationRow.county_id == county, PackActivationRow.effective_at <= now)
        .order_by(PackActivationRow.effective_at.desc(), PackActivationRow.id.desc())
        .limit(1)
    )


def last_ref(session: Session, county: str) -> str | None:
    """Return the reference of the pack in force after all activations, those that lie ahead too."""
    return session.scalar(
        sa.select(PackActivationRow.ref)
        .where(PackActivationRow.county_id == county)
        .order_by(PackActivationRow.effective_at.desc(), PackActivationRow.id.desc())
        .limit(1)
    )


def hold_county(session: Session, county: str) -> None:
    """Let whoever else puts a pack in force wait until this transaction ends."""
    session.execute(
        sa.select(CountyRow.id).where(CountyRow.id == county).with_for_update(key_share=True)
    ).first()


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


def find_ref(session: Session, county: str, named: str) -> str | None:
    """Return the reference of a stored pack by reference, by `id@version`, or by an unambiguous beginning."""
    refs = session.scalars(
        sa.select(PackRow.ref)
        .where(PackRow.county_id == county, PackRow.ref.startswith(named, autoescape=True))
        .order_by(PackRow.ref)
    ).all()
    whole = [ref for ref in refs if ref == named or ref.startswith(f"{named}+")]
    found = whole or list(refs)
    return found[0] if len(found) == 1 and named else None


def activations(session: Session, county: str) -> tuple[Activation, ...]:
    """Return from when which pack was, is or will be in force, the latest first."""
    rows = session.execute(
        sa.select(
            PackActivationRow.id,
            PackActivationRow.ref,
            PackActivationRow.effective_at,
            PackActivationRow.by,
            PackActivationRow.created_at,
            PackActivationRow.reason,
        )
        .where(PackActivationRow.county_id == county)
        .order_by(PackActivationRow.effective_at.desc(), PackActivationRow.id.desc())
    )
    return tuple(Activation(*row) for row in rows)


def units_ref(session: Session, county: str) -> str | None:
    """Return the pack from which the register of units was last made."""
    return session.scalar(sa.select(CountyRow.units_ref).where(CountyRow.id == county))


def note_units_ref(session: Session, county: str, ref: str) -> None:
    """Note from which pack the register of units was made."""
    session.execute(sa.update(CountyRow).where(CountyRow.id == county).values(units_ref=ref))


def free_version(session: Session, county: str, pack_id: str) -> int:
    """Return the lowest version of a pack above all that are stored."""
    highest = session.scalar(
        sa.select(sa.func.max(PackRow.version)).where(PackRow.county_id == county, PackRow.pack_id == pack_id)
    )
    return (highest or 0) + 1


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
    identity = PackIdentity(pack.id, pack.version, pack.digest)
    texts = {name: content.decode() for name, content in files.items()}
    return store_pack(
        session, row_id, county=county, identity=identity, files=texts, people=(author_id, None), now=now
    )


def store_pack(
    session: Session,
    row_id: uuid.UUID,
    *,
    county: str,
    identity: PackIdentity,
    files: Mapping[str, str],
    people: tuple[uuid.UUID | None, uuid.UUID | None],
    now: datetime,
) -> bool:
    """Store a pack whose parts are known; return False where its version or reference is there already.

    Args:
        session: of a writing transaction.
        row_id: fresh.
        county: whose.
        identity: as its pack.yaml and its digest say.
        files: name -> text.
        people: who wrote it and who approved it.
        now: aware UTC.
    """
    return insert_if_new(
        session,
        PackRow,
        {
            "id": row_id,
            "county_id": county,
            "pack_id": identity.id,
            "version": identity.version,
            "digest": identity.digest,
            "ref": identity.ref,
            "files": dict(files),
            "author_id": people[0],
            "approver_id": people[1],
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
