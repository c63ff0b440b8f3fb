"""What the ids in a pack are called, put in only after two packs were compared by their ids.

A new title of a unit is one change, not one in every route that names it; and a route that names another unit
of the same title has changed. So parts are compared as ids stand in them, and read as titles. It compares
nothing: `diff` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from rules.model import Label, Pack

_BEGIN, _MIDDLE, _END = "\ue000", "\ue001", "\ue002"  # letters of nobody's language
_MARKED = re.compile(f"{_BEGIN}([a-z]+){_MIDDLE}([^{_END}]*){_END}")


class Named(StrEnum):
    """Kinds of things that other parts of a pack name by their id."""

    SIGNAL = "signal"
    LEXICON = "lexicon"
    TOPIC = "topic"
    UNIT = "unit"
    DESIGNATION = "designation"
    PLACE = "place"


def by_id(kind: Named, name: str) -> Label:
    """Return a mark that `Names` reads as the title of the thing."""
    mark = f"{_BEGIN}{kind.value}{_MIDDLE}{name}{_END}"
    return Label(mark, mark)


class Names:
    """The titles of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._titles: Mapping[str, Mapping[str, Label]] = {
            Named.SIGNAL: _titles((one.id, one.title) for one in pack.signals),
            Named.LEXICON: _titles((one.id, Label(one.title, one.title)) for one in pack.lexicons),
            Named.TOPIC: _titles((one.id, one.title) for one in pack.topics),
            Named.UNIT: _titles((one.id, one.name) for one in pack.units),
            Named.DESIGNATION: _titles((one.id, one.title) for one in pack.designations),
            Named.PLACE: _titles((one.id, Label(one.name, one.name)) for one in pack.places),
        }

    def read(self, said: Label, *, ids: bool = False) -> Label:
        """Return what is said with titles in the place of marks.

        Args:
            said: words with the marks of `by_id` in them.
            ids: the id stands behind each title, where titles alone do not tell two things apart.
        """
        if _BEGIN not in said.zh:
            return said

        def title(mark: re.Match[str]) -> Label:
            kind, name = mark.groups()
            found = self._titles[kind].get(name) if kind in self._titles else None
            if found is None:
                return Label(name, name)
            return Label(f"{found.zh} {name}", f"{found.en} {name}") if ids else found

        return Label(
            _MARKED.sub(lambda mark: title(mark).zh, said.zh),
            _MARKED.sub(lambda mark: title(mark).en, said.en),
        )


def read_both(before: Label, after: Label, old: Names, new: Names) -> tuple[Label, Label]:
    """Return both sides of a change with titles, and with ids where the titles are the same."""
    was, now = old.read(before), new.read(after)
    if was == now:
        return old.read(before, ids=True), new.read(after, ids=True)
    return was, now


def _titles(named: Iterable[tuple[str, Label]]) -> Mapping[str, Label]:
    return dict(named)
