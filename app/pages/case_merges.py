"""The cases that a case was merged into, or that were merged into it, as its timeline tells."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from casework.events import EventKind
from casework.states import CaseState
from casework.store.case_view import CaseView


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case and how a sentence names it."""

    id: uuid.UUID
    name: str


def merged_into(view: CaseView) -> OtherCase | None:
    """Return the case that a merged one went into; None for any other, and where it may not be seen."""
    if view.case.state is not CaseState.MERGED:
        return None
    lines = [line.data for line in view.timeline if line.kind is EventKind.CASE_MERGED]
    if not lines or not lines[-1]["name"]:
        return None
    return OtherCase(uuid.UUID(str(lines[-1]["into"])), str(lines[-1]["name"]))


def absorbed(view: CaseView) -> tuple[OtherCase, ...]:
    """Return the cases that were merged into this one, not taken out again, and may be seen."""
    found: dict[uuid.UUID, OtherCase] = {}
    for line in view.timeline:
        if line.kind is EventKind.CASE_ABSORBED and line.data["name"]:
            other = OtherCase(uuid.UUID(str(line.data["case"])), str(line.data["name"]))
            found[other.id] = other
        elif line.kind is EventKind.CASE_PARTED:
            found.pop(uuid.UUID(str(line.data["case"])), None)
    return tuple(found.values())
