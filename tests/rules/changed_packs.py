"""Packs in which one value is another: whatever an author can write differently, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from random import Random
from typing import NamedTuple

from rules.model import Pack

NOT_WRITTEN = frozenset({"at", "digest"})
FOLLOWS = frozenset(
    {
        ("severity", "kind"),  # from the file
        ("scoring", "kind"),
        ("routes", "lead", "territory"),  # from the absence of a unit
        ("routes", "assist", "territory"),
        ("periods", "days"),  # of a period that is dated
    }
)


class Changed(NamedTuple):
    """A pack and the names of the fields that lead to the value that was changed."""

    path: tuple[str, ...]
    pack: Pack


def changed_somewhere(pack: Pack, random: Random) -> Changed:
    """Return a pack with one value changed, every kind of value as likely as any other."""
    part = random.choice([one.name for one in fields(pack) if one.name not in NOT_WRITTEN | {"version"}])
    kinds: dict[tuple[str, ...], list[object]] = {}
    for path, changed in _changes(getattr(pack, part), (part,), random):
        if path not in FOLLOWS and path[-1] != "count":  # `count` says nothing but with at_least
            kinds.setdefault(path, []).append(changed)
    if not kinds:
        return changed_somewhere(pack, random)
    path = random.choice(sorted(kinds))
    return Changed(path, replace(pack, **{part: random.choice(kinds[path])}))


def _changes(
    value: object, path: tuple[str, ...], random: Random
) -> Iterator[tuple[tuple[str, ...], object]]:
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            if one.name in NOT_WRITTEN:
                continue
            for where, changed in _changes(getattr(value, one.name), (*path, one.name), random):
                yield where, replace(value, **{one.name: changed})
    elif isinstance(value, tuple) and value:
        sampled = random.sample(range(len(value)), min(len(value), 5))
        for place in sampled:
            for where, changed in _changes(value[place], path, random):
                members = (*value[:place], changed, *value[place + 1 :])
                yield where, type(value)(*members) if hasattr(value, "_fields") else members
    else:
        other = _other(value)
        if other is not None:
            yield path, other


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, int | Decimal):
        return value + 1
    return f"{value}乙" if isinstance(value, str) else None
