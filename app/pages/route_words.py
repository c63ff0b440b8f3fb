"""A routing in words: who leads, who assists, and what changed from one to the other."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.web.language import either
from casework.route_line import RouteLine, route_in

Naming = Callable[[str], str]


def change_words(old: str, new: str, name: Naming) -> str:
    """Return both values of a correction; the basis only where it has changed, too.

    Args:
        old: as a correction keeps it; both are shown as they are where they cannot be read.
        new: likewise.
        name: of a unit by its code.
    """
    before, after = route_in(old), route_in(new)
    if before is None or after is None:
        return f"{old} → {new}"
    told = f"{route_words(before, name)} → {route_words(after, name)}"
    if before.basis == after.basis:
        return told
    none = "—"
    basis = _("职责依据：%(old)s → %(new)s", old=before.basis or none, new=after.basis or none)
    same = (before.lead, before.assist) == (after.lead, after.assist)
    return basis if same else told + either(f"（{basis}）", f" ({basis})")


def route_words(route: RouteLine, name: Naming) -> str:
    """Return who leads and who assists."""
    lead = name(route.lead) if route.lead else _("待定")
    if not route.assist:
        return _("主办 %(lead)s", lead=lead)
    units = either("、", ", ").join(name(code) for code in route.assist)
    return _("主办 %(lead)s，协办 %(units)s", lead=lead, units=units)
