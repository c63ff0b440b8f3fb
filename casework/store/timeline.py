"""The timeline of a case or a post as people read it. Lines are only ever added, by `desk.unit`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Reach, Visibility
from casework.events import EventKind
from casework.recusal import Seat
from casework.store.as_read import line_as_read
from casework.store.secrets import unread_until
from casework.store.tables import CasePostRow, CaseRow, EventRow, PostRow
from casework.store.visible import visible_cases, visible_posts

EventValue = str | int | bool | list[str] | None
EventData = Mapping[str, EventValue]

OF_ONE_UNIT = frozenset(
    {EventKind.STEP_TAKEN, EventKind.STEP_NOTED, EventKind.SCORED, EventKind.SCORE_REVERSED}
)
"""Lines about one unit's record: other units of the same case do not read them.

**Source:** domain.md §2.3: cards are shown to the supervisors and to the unit itself.
"""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line; its words are made on the screen from kind and data."""

    id: uuid.UUID
    case_id: uuid.UUID | None
    post_id: uuid.UUID | None
    kind: EventKind
    at: datetime
    actor: str
    data: EventData


def case_timeline(session: Session, sight: Visibility, case_id: uuid.UUID) -> tuple[EventLine, ...]:
    """Return the lines of a case, oldest first; empty if the case may not be seen.

    What tells of a merge names another case to those alone who may see that one.
    """
    rows = session.scalars(
        sa.select(EventRow)
        .join(CaseRow, CaseRow.id == EventRow.case_id)
        .where(EventRow.case_id == case_id, visible_cases(sight))
        .order_by(EventRow.id)
    )
    lines = [_line(row, sight) for row in rows]
    return _without_unseen(session, sight, [line for line in lines if is_for(sight, line)])


def post_timeline(session: Session, sight: Visibility, post_id: uuid.UUID) -> tuple[EventLine, ...]:
    """Return the lines of a post, oldest first; empty if the post may not be seen.

    What was done with it in a case while that was secret to this reader is left out.
    """
    rows = session.scalars(
        sa.select(EventRow)
        .join(PostRow, PostRow.id == EventRow.post_id)
        .where(EventRow.post_id == post_id, visible_posts(sight))
        .order_by(EventRow.id)
    ).all()
    cases = {row.case_id for row in rows if row.case_id}
    cases |= set(session.scalars(sa.select(CasePostRow.case_id).where(CasePostRow.post_id == post_id)))
    since = {case: unread_until(session, sight, case) for case in cases}
    return _without_unseen(session, sight, [_line(row, sight) for row in rows if _is_later(row, since)])


_NAMES_ANOTHER: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.CASE_MERGED: "into",
        EventKind.CASE_ABSORBED: "case",
        EventKind.CASE_PARTED: "case",
        EventKind.CASE_REINSTATED: "case",
        EventKind.POST_ATTACHED: "case",
    }
)
"""Lines that tell of another case, some by its title and why they were joined, and where its id stands."""


def _other_case(line: EventLine) -> uuid.UUID | None:
    named = line.data.get(_NAMES_ANOTHER.get(line.kind, ""))
    return uuid.UUID(named) if isinstance(named, str) else None


def _without_unseen(session: Session, sight: Visibility, lines: Sequence[EventLine]) -> tuple[EventLine, ...]:
    """Return the lines without what they tell of cases that this reader does not see.

    Of one that is confidential now the whole line is left out, though it may have been ordinary when the line
    was written: an accusation is often found late. Of any other one the name and the reason are.
    """
    others = {line.id: other for line in lines if (other := _other_case(line)) is not None}
    if not others:
        return tuple(lines)
    unseen = {
        row.id: row.confidential
        for row in session.execute(
            sa.select(CaseRow.id, CaseRow.confidential).where(
                CaseRow.id.in_(set(others.values())), ~visible_cases(sight)
            )
        )
    }
    return tuple(
        _unnamed(line) if others.get(line.id) in unseen else line
        for line in lines
        if not unseen.get(others.get(line.id), False)
    )


def _unnamed(line: EventLine) -> EventLine:
    if "name" not in line.data:
        return line
    return replace(line, data=MappingProxyType({**line.data, "name": "", "reason": ""}))


def _is_later(row: EventRow, since: Mapping[uuid.UUID, datetime | None]) -> bool:
    """Return whether a line is not of a secret time; a post's own lines go by all the cases it was in."""
    if row.case_id is not None:
        begins = since.get(row.case_id)
    elif row.kind in _OF_THE_SOURCE:
        begins = None
    else:
        begins = max((one for one in since.values() if one is not None), default=None)
    return begins is None or row.at >= begins


_OF_THE_SOURCE = frozenset(
    {EventKind.POST_RECEIVED, EventKind.POST_REVISED, EventKind.POST_METRICS, EventKind.POST_GONE}
)
"""Lines that say what came in, and nothing of what was thought of it."""


OF_SECRECY = frozenset(
    {
        EventKind.MARKED_ACCUSATION,
        EventKind.SECRECY_LIFTED,
        EventKind.LIFT_ASKED,
        EventKind.REQUEST_LAPSED,
        EventKind.ACCUSED_NAMED,
        EventKind.ACCUSED_DOUBTED,
        EventKind.ACCUSED_CORRECTED,
    }
)
"""Lines about who is shut out and why: nobody who is, or was, reads them, and no unit."""


def is_for(sight: Visibility, line: EventLine) -> bool:
    """Return whether a line of a visible case is for this reader: a unit's record is not for other units."""
    if line.kind in OF_SECRECY:
        return sight.cases is Reach.ALL or sight.seat is Seat.HIGHER
    is_paper_of_a_unit = line.kind is EventKind.DOCUMENT_ISSUED and "unit" in line.data
    if sight.cases is Reach.ALL or not (line.kind in OF_ONE_UNIT or is_paper_of_a_unit):
        return True
    return line.data.get("unit") in sight.unit_ids


def _line(row: EventRow, sight: Visibility) -> EventLine:
    return EventLine(
        id=row.id,
        case_id=row.case_id,
        post_id=row.post_id,
        kind=EventKind(row.kind),
        at=row.at,
        actor=row.actor,
        data=line_as_read(sight, MappingProxyType(dict(row.data))),
    )
