"""Putting the first rules in force: a pack is stored whole, kept for ever and never edited.

Later ones are `publishing`. It judges no rule itself: a pack with an error (`rules.check`) is not installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casework.desk.unit import UnitOfWork
from casework.post_refusals import PackRefused
from casework.store.inserting import insert_if_new
from casework.store.packs import insert_pack, last_ref, note_units_ref, sync_units
from casework.store.tables import PackActivationRow, SourceRow
from rules.check import check_pack
from rules.model import Pack
from rules.pack import load_pack_bytes
from rules.post import WordStarts
from rules.problem import Level

OWN_SOURCES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "form": ("手工录入", "form", "手工录入"),
        "api": ("接口接入", "api", "接口"),
        "import": ("表格导入", "import", "表格导入"),
    }
)
"""Sources that every county has: code -> name, kind, platform of posts that name none."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing a pack."""

    ref: str
    is_new: bool
    units_changed: int


@dataclass(frozen=True, slots=True)
class SoundPack:
    """A pack without errors, with the files that it was read from."""

    pack: Pack
    files: Mapping[str, bytes]


def sound_pack(files: Mapping[str, bytes], words: WordStarts | None = None) -> SoundPack:
    """Return the pack of these files if it may be published.

    It takes up to a second (every example of every rule is tried), so call it before a transaction.

    Args:
        files: name -> content, as `rules.pack.pack_files` reads a folder.
        words: `casework.tokens.word_starts`, for examples with whole-word terms.

    Raises:
        PackRefused: with every error.
    """
    loaded = load_pack_bytes(files)
    problems = loaded.problems if loaded.pack is None else check_pack(loaded.pack, words)
    errors = tuple(str(problem) for problem in problems if problem.level is Level.ERROR)
    if loaded.pack is None or errors:
        raise PackRefused(errors)
    return SoundPack(loaded.pack, files)


def install_first_pack(uow: UnitOfWork, sound: SoundPack) -> Published:
    """Put the pack of the installation in force where the county has none yet; else change nothing.

    It is the only pack that one person answers for: every other is a draft that somebody else approved.
    """
    ref = last_ref(uow.session, uow.county)
    return Published(ref, is_new=False, units_changed=0) if ref is not None else _install(uow, sound)


def ensure_sources(uow: UnitOfWork) -> None:
    """Add the sources that every county has; those there already are left as they are."""
    for code, (name, kind, platform) in OWN_SOURCES.items():
        insert_if_new(
            uow.session,
            SourceRow,
            {
                "id": uow.new_id(),
                "county_id": uow.county,
                "code": code,
                "name": name,
                "kind": kind,
                "platform": platform,
                "created_at": uow.now,
            },
        )


def _install(uow: UnitOfWork, sound: SoundPack) -> Published:
    pack = sound.pack
    insert_pack(
        uow.session,
        uow.new_id(),
        county=uow.county,
        pack=pack,
        files=sound.files,
        author_id=uow.actor.user_id,
        now=uow.now,
    )
    uow.session.add(
        PackActivationRow(
            id=uow.new_id(),
            county_id=uow.county,
            ref=pack.ref,
            effective_at=uow.now,
            by=uow.actor.name,
            created_at=uow.now,
        )
    )
    changed = sync_units(uow.session, uow.county, pack.units)
    note_units_ref(uow.session, uow.county, pack.ref)
    ensure_sources(uow)
    uow.audit("pack_published", "pack", pack.ref, data={"units_changed": changed})
    return Published(pack.ref, is_new=True, units_changed=changed)
