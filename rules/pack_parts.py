"""Files of packs that were read lately, so that an edit of one file does not have the others read again.

What a file says depends on nothing but its name and content, and nobody can change it: it may be shared
between packs and threads. It reads nothing itself: `pack` does.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from rules.pickling import pickled
from rules.problem import Problem

MOST_KEPT = 2 * 1024 * 1024
"""Bytes of files whose readings are kept: six times the demo pack, some 30 MB of memory."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came of reading one file. `value` is of the type that the reader of this file gives."""

    value: object
    problems: tuple[Problem, ...]
    is_mapping: bool


class Parts:
    """The latest readings. It may be used by several threads at once."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most  # bytes
        self._size = 0
        self._known: OrderedDict[tuple[str, bytes], tuple[Part, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, raw: bytes) -> Part | None:
        """Return what reading this file gave, None where it is not known."""
        key = _key(name, raw)
        with self._lock:
            found = self._known.get(key)
            if found is None:
                return None
            self._known.move_to_end(key)
            return found[0]

    def unknown(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return those of the files whose readings are not known."""
        with self._lock:
            return {name: raw for name, raw in files.items() if _key(name, raw) not in self._known}

    def keep(self, name: str, raw: bytes, part: Part) -> None:
        """Keep what reading this file gave; the longest unused go where it becomes too much."""
        if len(raw) > self._most:
            return
        key = _key(name, raw)
        with self._lock:
            if key in self._known:
                return
            self._known[key] = part, len(raw)
            self._size += len(raw)
            while self._size > self._most:
                _, (_, size) = self._known.popitem(last=False)
                self._size -= size

    def packed(self, files: Mapping[str, bytes]) -> bytes:
        """Return the readings of these files for another process of ours; those not known are left out."""
        found = {name: self.get(name, raw) for name, raw in files.items()}
        return pickled({name: part for name, part in found.items() if part})

    def take(self, files: Mapping[str, bytes], readings: bytes) -> None:
        """Keep readings of these files that `packed` wrote in a process of ours, and in no other."""
        for name, part in pickle.loads(readings).items():  # noqa: S301 - our own child wrote it
            self.keep(name, files[name], part)


def _key(name: str, raw: bytes) -> tuple[str, bytes]:
    return name, hashlib.sha256(raw).digest()
