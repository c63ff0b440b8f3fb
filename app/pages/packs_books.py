"""Drafts read, checked and compiled for the pages that try them; the same files are read once a process.

Files of a draft come from outside, so they are read in a guarded child first, and never inside a transaction.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

from app.extensions import house
from casework import tokens
from casework.desk.drafting import Examination, examine
from casework.post_refusals import PackAltered
from rules.checks import TOO_HEAVY
from rules.guarded import load_guarded
from rules.guarded_warm import WarmReader
from rules.model import Pack
from rules.pack import FILES, Loaded, digest_of, load_pack_bytes
from rules.pack_parts import Parts
from rules.rulebook import Rulebook

T = TypeVar("T")

KEPT = 3
"""Compiled drafts kept. A county has one or two authors at a time."""


def examined(files: Mapping[str, bytes]) -> Examination:
    """Return every problem of the files of a draft. It takes some tenths of a second the first time."""
    found = _examined.of(files)
    if any(problem.code == TOO_HEAVY.code for problem in found.problems):
        forget()  # the machine may only have been busy: the next one who asks has it read again
    return found


def book_of(files: Mapping[str, bytes]) -> Rulebook | None:
    """Return the rulebook of a draft, None as long as its files cannot be read as a pack."""
    return _book.of(files)


def pack_of(files: Mapping[str, bytes]) -> Pack | None:
    """Return the pack of the files of a draft, None as long as they cannot be read as one."""
    return _loaded.of(files).pack


def stored_pack_of(files: Mapping[str, bytes], ref: str) -> Pack | None:
    """Return a published pack, None where the program has moved on and reads it no longer.

    Raises:
        PackAltered: its files are not those that the reference names.
    """
    pack = _stored.of(files)
    if digest_of(files) != ref.partition("+")[2] or (pack is not None and pack.ref != ref):
        raise PackAltered(ref)
    return pack


def words(folded: str) -> tuple[int, ...]:
    """Return where words begin, as `casework.tokens` does with this installation's dictionary."""
    return tokens.on_demand(house().settings.data_dir / "jieba")(folded)


def forget() -> None:
    """Forget what was read."""
    for kept in (_loaded, _stored, _examined, _book):
        kept.forget()


def make_ready() -> None:
    """Have a child wait for files: somebody opened an editor. Returns at once."""
    _reader.start()


def _digested(files: Mapping[str, bytes]) -> str:
    # Foreign names are a problem of their own, which the digest of the pack format leaves out.
    return " ".join((digest_of(files), *sorted(set(files) - set(FILES))))


def _read(files: Mapping[str, bytes]) -> Loaded:
    return load_guarded(files, warm=_reader, parts=_parts)


def _read_stored(files: Mapping[str, bytes]) -> Pack | None:
    return load_pack_bytes(files).pack


def _compile(files: Mapping[str, bytes]) -> Rulebook | None:
    pack = _loaded.of(files).pack
    latest = next((book for book in _book.ready() if book is not None), None)
    return None if pack is None else Rulebook(pack, like=latest)


def _examine(files: Mapping[str, bytes]) -> Examination:
    return examine(files, words, _loaded.of(files), _book.of(files))


class _Kept(Generic[T]):
    """What was made of the latest sets of files; who asks for one that is being made waits for it."""

    def __init__(self, make: Callable[[Mapping[str, bytes]], T], most: int = KEPT) -> None:
        self._make = make
        self._most = most
        self._known: OrderedDict[str, Future[T]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, files: Mapping[str, bytes]) -> T:
        """Return what is made of these files."""
        key = _digested(files)
        with self._lock:
            found = self._known.get(key)
            is_new = found is None
            if found is None:
                found = self._known[key] = Future()
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
        if is_new:
            self._fill(key, found, files)
        try:
            return found.result()
        except CancelledError:  # who was making it failed: this one sees for itself
            return self.of(files)

    def ready(self) -> tuple[T, ...]:
        """Return what is ready; the one that was asked for last comes first."""
        with self._lock:
            known = tuple(self._known.values())
        return tuple(one.result() for one in reversed(known) if one.done() and not one.cancelled())

    def forget(self) -> None:
        """Forget all of it."""
        with self._lock:
            self._known.clear()

    def _fill(self, key: str, asked: Future[T], files: Mapping[str, bytes]) -> None:
        try:
            asked.set_result(self._make(files))
        finally:
            if not asked.done():
                with self._lock:
                    self._known.pop(key, None)
                asked.cancel()


_reader = WarmReader()
_parts = Parts()
_loaded = _Kept(_read)
_stored = _Kept(_read_stored)
_examined = _Kept(_examine, KEPT * 2)
_book = _Kept(_compile)
