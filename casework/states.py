"""The states of a case, their names on the screen, and whose move it is in each.

What leads from one to the next is `lifecycle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rules.model import Label


class CaseState(StrEnum):
    """Where a case stands. **Source:** domain.md §10."""

    ARBITRATION = "arbitration"
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    OBJECTED = "objected"
    SIGNED_FOR = "signed_for"
    HANDLING = "handling"
    DRAFTED = "drafted"
    REPLIED = "replied"
    PROMISED = "promised"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    ARCHIVED = "archived"
    DISMISSED = "dismissed"
    MERGED = "merged"


STATE_LABELS: Mapping[CaseState, Label] = MappingProxyType(
    {
        CaseState.ARBITRATION: Label("待裁定", "Awaiting a ruling on the unit"),
        CaseState.REGISTERED: Label("登记待确认", "Registered, to be confirmed"),
        CaseState.CONFIRMED: Label("已定级待交办", "Confirmed, to be dispatched"),
        CaseState.DISPATCHED: Label("已交办待签收", "Dispatched, to be signed for"),
        CaseState.OBJECTED: Label("异议待裁定", "Objection, to be ruled on"),
        CaseState.SIGNED_FOR: Label("已签收待首报", "Signed for, first report due"),
        CaseState.HANDLING: Label("办理中", "In hand"),
        CaseState.DRAFTED: Label("答复待签发", "Reply drafted, to be signed"),
        CaseState.REPLIED: Label("已答复待审核", "Replied, to be reviewed"),
        CaseState.PROMISED: Label("承诺中", "Commitment open"),
        CaseState.ACCEPTED: Label("已验收待办结", "Accepted, to be closed"),
        CaseState.CLOSED: Label("办结", "Closed"),
        CaseState.ARCHIVED: Label("已归档", "Archived"),
        CaseState.DISMISSED: Label("不立案", "Dismissed"),
        CaseState.MERGED: Label("已并案", "Merged into another case"),
    }
)

# Nothing is waited for in these; every other state has a holder and a next step in the future.
SETTLED: frozenset[CaseState] = frozenset(
    {CaseState.CLOSED, CaseState.ARCHIVED, CaseState.DISMISSED, CaseState.MERGED}
)
BEFORE_DISPATCH = frozenset({CaseState.ARBITRATION, CaseState.REGISTERED, CaseState.CONFIRMED})
"""No unit has it yet."""
OPEN_STATES: tuple[CaseState, ...] = tuple(state for state in CaseState if state not in SETTLED)


class Holder(StrEnum):
    """Whose move it is; each open state has exactly one, so that no case lies between two desks."""

    OFFICE = "office"
    LEAD_UNIT = "lead_unit"
    SUPERVISING_DESK = "supervising_desk"


HOLDER: Mapping[CaseState, Holder] = MappingProxyType(
    {
        CaseState.ARBITRATION: Holder.OFFICE,
        CaseState.REGISTERED: Holder.OFFICE,
        CaseState.CONFIRMED: Holder.OFFICE,
        CaseState.DISPATCHED: Holder.LEAD_UNIT,
        CaseState.OBJECTED: Holder.OFFICE,
        CaseState.SIGNED_FOR: Holder.LEAD_UNIT,
        CaseState.HANDLING: Holder.LEAD_UNIT,
        CaseState.DRAFTED: Holder.LEAD_UNIT,
        CaseState.REPLIED: Holder.SUPERVISING_DESK,
        CaseState.PROMISED: Holder.LEAD_UNIT,
        CaseState.ACCEPTED: Holder.SUPERVISING_DESK,
    }
)
