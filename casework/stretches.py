"""Stretches of time that do not count, and how they cut up the time around them.

Why a stretch does not count is decided elsewhere (`clocks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rules.model import Label


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open stretch of time, aware UTC, that does not count, and why."""

    start: datetime
    end: datetime
    why: Label


def merged(off: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the stretches in order, without overlap; where two overlap the earlier one names why."""
    found: list[Stretch] = []
    for stretch in sorted(off, key=lambda item: (item.start, item.end)):
        start = max(stretch.start, found[-1].end) if found else stretch.start
        if start < stretch.end:
            found.append(Stretch(start, stretch.end, stretch.why))
    return tuple(found)


def pieces(
    start: datetime, end: datetime, off: tuple[Stretch, ...]
) -> Iterator[tuple[datetime, datetime, Label | None]]:
    """Yield [start, end) cut at the edges of `off` (merged): start, end, and why it does not count."""
    for stretch in off:
        if stretch.end <= start or stretch.start >= end or start >= end:
            continue
        if start < stretch.start:
            yield start, stretch.start, None
        until = min(end, stretch.end)
        yield max(start, stretch.start), until, stretch.why
        start = until
    if start < end:
        yield start, end, None
