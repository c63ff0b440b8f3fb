"""Checks the names of features: those an engine keeps for itself, and those it could not tell apart.

Our own adapter gives the engine names of its own (p0, p1 …), so neither does harm today; a pack that is clean
here stays clean with any engine that compares names by their hash.
"""

from __future__ import annotations

from collections.abc import Iterable

from rules import checks
from rules.model import Location, Pack, RuleKind
from rules.problem import Notes
from rules.vocabulary import of_pack

RESERVED = frozenset({"id", "sid"})
"""**Source:** durable-rules 2.0.28: `$gt` on a property `id` never returns; `sid` names the session."""

_OFFSET, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF  # 32-bit FNV-1a


def fnv1a(name: str) -> int:
    """Return the 32-bit FNV-1a hash by which durable-rules tells property names apart."""
    value = _OFFSET
    for byte in name.encode():
        value = (value ^ byte) * _PRIME & _MASK
    return value


def check_feature_names(pack: Pack, notes: Notes) -> None:
    """File signals and conclusions with a reserved name, and features whose names have one hash."""
    places = _places(pack)
    for name, at in places.items():
        if name in RESERVED:
            notes.about(name).found(
                checks.RESERVED, at, f"「{name}」是引擎保留的名称", f'"{name}" is reserved by the engine'
            )
    for kind in RuleKind:
        for one, other in collisions(of_pack(pack, kind).names):
            # Built-in names are ours to keep apart; the later name of a pack is the one to change.
            at = places.get(other) or places.get(one) or Location("pack.yaml", 1, 1)
            notes.about(other).found(
                checks.COLLISION,
                at,
                f"「{one}」与「{other}」的 32 位散列相同",
                f'"{one}" and "{other}" have one 32-bit hash',
            )


def collisions(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return pairs of different names with the same hash."""
    seen: dict[int, str] = {}
    found: list[tuple[str, str]] = []
    for name in names:
        first = seen.setdefault(fnv1a(name), name)
        if first != name:
            found.append((first, name))
    return tuple(found)


def _places(pack: Pack) -> dict[str, Location]:
    found = {signal.id: signal.at for signal in pack.signals}
    for rule in (*pack.severity, *pack.scoring):
        if rule.concludes is not None:
            found.setdefault(rule.concludes, rule.at)
    return found
