"""Files of packs that were read lately, so that an edit of one file does not have the others read again.

What a file says depends on nothing but its name and content, and nobody can change it: it may be shared
between packs and threads. It reads nothing itself: `pack` does.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

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


def _key(name: str, raw: bytes) -> tuple[str, bytes]:
    return name, hashlib.sha256(raw).digest()
