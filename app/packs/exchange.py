"""Handing a stored pack out as a signed file, and taking one in as a draft that goes every step.

It puts nothing in force: an imported pack is checked, tried and approved like one that was written here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.config import Settings
from app.config_values import TrustedKey
from app.packs.bundle import Bundle, make_bundle, read_bundle
from app.packs.manifest import Manifest, own_public_key, sha256_of
from casework.access import Permission, require
from casework.desk.drafting import draft_of_files
from casework.desk.unit import UnitOfWork
from casework.pack_refusals import NoSuchPack
from casework.store.drafts import provenance_of
from casework.store.packs import PackLine, active_ref, find_ref, pack_files, pack_lines


@dataclass(frozen=True, slots=True)
class Exported:
    """A pack file on its way out; `name` is what it should be called."""

    name: str
    content: bytes
    ref: str
    is_signed: bool


def trusted_by(settings: Settings) -> tuple[TrustedKey, ...]:
    """Return the public keys that an installation trusts, its own among them."""
    own = settings.pack_signing_key
    return (*settings.pack_trusted_keys, *((own_public_key(own),) if own else ()))


def export_pack(uow: UnitOfWork, named: str, settings: Settings) -> Exported:
    """Return a stored pack as a file, the same bytes each time.

    Args:
        uow: a writing one: the export is audited.
        named: reference or `id@version`.
        settings: with the key that signs.

    Raises:
        NoSuchPack: nothing is stored under that name.
    """
    require(uow.actor, Permission.RULES_VIEW)
    ref = find_ref(uow.session, uow.county, named)
    files = pack_files(uow.session, uow.county, ref) if ref else None
    if ref is None or files is None:
        raise NoSuchPack(named)
    line = _line(uow, ref)
    who = provenance_of(uow.session, uow.county, ref)
    manifest = Manifest(
        pack=line.pack_id,
        version=line.version,
        digest=ref.partition("+")[2],
        county=uow.county,
        sha256=sha256_of(files),
        author=who.author,
        approver=who.approver,
        created=line.created_at,
    )
    content = make_bundle(manifest, files, settings.pack_signing_key)
    uow.audit("pack_exported", "pack", ref, data={"signed": settings.pack_signing_key is not None})
    name = f"{line.pack_id}-{line.version}.jianjian-pack.zip"
    return Exported(name, content, ref, settings.pack_signing_key is not None)


def open_bundle(content: bytes, settings: Settings) -> Bundle:
    """Return what a pack file holds; call it outside every transaction.

    Raises:
        BundleRefused: it is no pack file, too large, or was tampered with.
    """
    return read_bundle(content, trusted_by(settings))


def import_bundle(uow: UnitOfWork, bundle: Bundle, *, title: str = "", note: str = "") -> uuid.UUID:
    """Begin a draft with what a pack file holds; return its id. The draft says where it came from.

    Raises:
        NotPermitted, PersonNeeded: who acts.
        FileRefused: a file that cannot be part of a pack.
    """
    name = bundle.manifest.ref.partition("+")[0] if bundle.manifest else ""
    return draft_of_files(
        uow,
        bundle.files,
        title=title or f"导入 {name}".strip(),
        note=note,
        origin=bundle.origin,
        base_ref=active_ref(uow.session, uow.county, uow.now),
    )


def _line(uow: UnitOfWork, ref: str) -> PackLine:
    return next(line for line in pack_lines(uow.session, uow.county) if line.ref == ref)
