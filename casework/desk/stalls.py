"""Tells a person of stalled cases, one item a case; the item goes when the case is under way again.

Which cases are stalled is `sweep.stalled`. Reading and writing are apart: there may be many cases to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from casework.access import Permission, require
from casework.counting import count
from casework.desk.sweep import Stalled, stalled
from casework.desk.unit import UnitOfWork
from casework.store.desk_items import close_item
from casework.store.stall_items import StallItem, open_stall_item, stall_items
from casework.workdays import Workdays, workdays_of
from rules.model import Label, Limit, LimitUnit

BATCH = 25
"""Items of one write."""
UNDER_WAY = "under_way"
"""Resolution of an item that the machine closed: the case has an owner and a next step again."""
COMES_BACK = Limit(1, LimitUnit.WORKING_DAYS)
"""After somebody took note. **Source:** `supervision.next_look_at`: an open case comes back each day."""


@dataclass(frozen=True, slots=True)
class StallChanges:
    """What a check found.

    Attributes:
        count: cases that are stalled now.
        tell: those of which a person is to hear, the longest waiting first.
        settle: open items whose case is stalled no more.
    """

    count: int
    tell: tuple[Stalled, ...] = ()
    settle: tuple[StallItem, ...] = ()

    def parts(self) -> Iterator[StallChanges]:
        """Yield the changes in parts, each a short write."""
        for start in range(0, max(len(self.tell), len(self.settle)), BATCH):
            part = slice(start, start + BATCH)
            yield StallChanges(self.count, self.tell[part], self.settle[part])


def stall_changes(uow: UnitOfWork) -> StallChanges:
    """Return what the person's desk must be told, or told no more; reading only.

    Raises:
        NotPermitted: the actor may not supervise.
    """
    require(uow.actor, Permission.CASE_SUPERVISE)
    found = stalled(uow, limit=None)
    ids = {one.case_id for one in found}
    known = stall_items(uow.session, uow.county, ids)
    workdays = workdays_of(uow.rulebook.pack.calendar)
    return StallChanges(
        len(found),
        tuple(one for one in found if _is_to_be_told(known.get(one.case_id), uow.now, workdays)),
        tuple(one for one in known.values() if one.case_id not in ids and one.closed_at is None),
    )


def tell_of_stalls(uow: UnitOfWork, changes: StallChanges) -> None:
    """Write changes, each once: what another check has written meanwhile stays as it is.

    Raises:
        NotPermitted: the actor may not supervise.
    """
    require(uow.actor, Permission.CASE_SUPERVISE)
    for one in changes.tell:
        is_opened = open_stall_item(
            uow.session,
            uow.new_id(),
            county=uow.county,
            case_id=one.case_id,
            reason=_reason(one),
            now=uow.now,
        )
        if is_opened:
            uow.audit(
                "stall_found", "case", str(one.case_id), data={"why_zh": one.why.zh, "why_en": one.why.en}
            )
    for kept in changes.settle:
        if close_item(uow.session, kept.id, by=uow.actor.name, resolution=UNDER_WAY, now=uow.now):
            uow.audit("stall_ended", "case", str(kept.case_id))


def _is_to_be_told(kept: StallItem | None, now: datetime, workdays: Workdays) -> bool:
    if kept is None:
        return True
    if kept.closed_at is None:
        return False
    return kept.resolution == UNDER_WAY or now >= count(kept.closed_at, COMES_BACK, workdays).at


def _reason(one: Stalled) -> Label:
    if one.number is None:
        return Label(f"{one.why.zh}，请处理。", f"{one.why.en}. Please act.")
    return Label(f"{one.number}：{one.why.zh}，请处理。", f"{one.number}: {one.why.en}. Please act.")
