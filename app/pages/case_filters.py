"""The filter above a table of cases, from the address to `CaseFilter` and back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from casework.states import CaseState
from casework.store.cases import CaseFilter, Order
from rules.model import Grade

LONGEST_TEXT = 60
Key = TypeVar("Key", bound=StrEnum)


def filter_from(args: Mapping[str, str]) -> CaseFilter:
    """Return the filter that an address asks for; what it does not understand narrows nothing."""
    return CaseFilter(
        state=_key(CaseState, args.get("state")),
        grade=_key(Grade, args.get("grade")),
        unit=args.get("unit") or None,
        overdue=args.get("overdue") == "1",
        text=args.get("text", "").replace("\0", "")[:LONGEST_TEXT],
        order=_key(Order, args.get("order")) or Order.NEWEST,
    )


def filter_values(wanted: CaseFilter) -> dict[str, str]:
    """Return the filter as values of an address; only what narrows."""
    values = {
        "state": wanted.state.value if wanted.state else "",
        "grade": wanted.grade.value if wanted.grade else "",
        "unit": wanted.unit or "",
        "overdue": "1" if wanted.overdue else "",
        "text": wanted.text,
        "order": "" if wanted.order is Order.NEWEST else wanted.order.value,
    }
    return {name: value for name, value in values.items() if value}


def _key(keys: type[Key], value: str | None) -> Key | None:
    return keys(value) if value in set(keys) else None
