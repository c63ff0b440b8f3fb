"""Drafts read, checked and compiled for the pages that try them; the same files are read once a process.

Files of a draft come from outside, so they are read in a guarded child first, and never inside a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from app.extensions import house
from casework import tokens
from casework.desk.drafting import Examination, examine
from casework.post_refusals import PackAltered
from rules.checks import TOO_HEAVY
from rules.guarded import load_guarded
from rules.model import Pack
from rules.pack import Loaded, digest_of, load_pack_bytes
from rules.rulebook import Rulebook

Files = tuple[tuple[str, bytes], ...]

KEPT = 3
"""Compiled drafts kept. A county has one or two authors at a time."""


def examined(files: Mapping[str, bytes]) -> Examination:
    """Return every problem of the files of a draft. It takes a second or two the first time."""
    found = _examined(_frozen(files))
    if any(problem.code == TOO_HEAVY.code for problem in found.problems):
        forget()  # the machine may only have been busy: the next one who asks has it read again
    return found


def book_of(files: Mapping[str, bytes]) -> Rulebook | None:
    """Return the rulebook of a draft, None as long as its files cannot be read as a pack."""
    return _book(_frozen(files))


def pack_of(files: Mapping[str, bytes]) -> Pack | None:
    """Return the pack of the files of a draft, None as long as they cannot be read as one."""
    return _loaded(_frozen(files)).pack


def stored_pack_of(files: Mapping[str, bytes], ref: str) -> Pack | None:
    """Return a published pack, None where the program has moved on and reads it no longer.

    Raises:
        PackAltered: its files are not those that the reference names.
    """
    pack = _stored(_frozen(files))
    if digest_of(files) != ref.partition("+")[2] or (pack is not None and pack.ref != ref):
        raise PackAltered(ref)
    return pack


def words(folded: str) -> tuple[int, ...]:
    """Return where words begin, as `casework.tokens` does with this installation's dictionary."""
    return tokens.on_demand(house().settings.data_dir / "jieba")(folded)


def forget() -> None:
    """Forget what was read."""
    for kept in (_loaded, _examined, _book):
        kept.cache_clear()


def _frozen(files: Mapping[str, bytes]) -> Files:
    return tuple(sorted(files.items()))


@lru_cache(maxsize=KEPT)
def _loaded(files: Files) -> Loaded:
    return load_guarded(dict(files))


@lru_cache(maxsize=KEPT)
def _stored(files: Files) -> Pack | None:
    return load_pack_bytes(dict(files)).pack


@lru_cache(maxsize=KEPT * 2)
def _examined(files: Files) -> Examination:
    return examine(dict(files), words, _loaded(files))


@lru_cache(maxsize=KEPT)
def _book(files: Files) -> Rulebook | None:
    pack = _loaded(files).pack
    return None if pack is None else Rulebook(pack)
