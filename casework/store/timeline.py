"""The timeline of a case or a post as people read it. Lines are only ever added, by `desk.unit`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
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
    lines = tuple(_line(row, sight) for row in rows)
    hidden = _hidden_others(session, sight, lines)
    told = tuple(line for line in lines if is_for(sight, line) and not _other_cases(line) & hidden)
    return _without_unseen(session, sight, told)


NAMES_ANOTHER: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.CASE_MERGED: "into",
        EventKind.CASE_ABSORBED: "case",
        EventKind.CASE_PARTED: "case",
    }
)
"""Lines with the name of another case, and where its id stands."""


def _without_unseen(
    session: Session, sight: Visibility, lines: tuple[EventLine, ...]
) -> tuple[EventLine, ...]:
    """Return the lines without the names of unseen cases: of one that has no number yet it is the title.

    Why the two are one matter tells of the other one as well.
    """
    named = {uuid.UUID(str(line.data[key])) for line in lines if (key := NAMES_ANOTHER.get(line.kind))}
    if not named:
        return lines
    seen = set(session.scalars(sa.select(CaseRow.id).where(CaseRow.id.in_(named), visible_cases(sight))))
    return tuple(
        line
        if (key := NAMES_ANOTHER.get(line.kind)) is None or uuid.UUID(str(line.data[key])) in seen
        else replace(line, data=MappingProxyType({**line.data, "name": "", "reason": ""}))
        for line in lines
    )


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
    lines = [_line(row, sight) for row in rows if _is_later(row, since)]
    hidden = _hidden_others(session, sight, lines)
    return tuple(line for line in lines if not _other_cases(line) & hidden)


_OF_OTHERS = frozenset(
    {
        EventKind.CASE_MERGED,
        EventKind.CASE_ABSORBED,
        EventKind.CASE_PARTED,
        EventKind.CASE_REINSTATED,
        EventKind.POST_ATTACHED,
    }
)
_TELLS_OF = ("case", "into")
"""Lines and their keys that name another case: its title, and why they were joined or parted, go with it."""


def _other_cases(line: EventLine) -> frozenset[uuid.UUID]:
    if line.kind not in _OF_OTHERS:
        return frozenset()
    named = (line.data.get(key) for key in _TELLS_OF)
    return frozenset(uuid.UUID(one) for one in named if isinstance(one, str))


def _hidden_others(session: Session, sight: Visibility, lines: Iterable[EventLine]) -> frozenset[uuid.UUID]:
    """Return the other cases of which these lines tell, that are confidential now and not for this reader.

    They may have been ordinary when the line was written: an accusation is often found late.
    """
    others = {case_id for line in lines for case_id in _other_cases(line)}
    if not others:
        return frozenset()
    return frozenset(
        session.scalars(
            sa.select(CaseRow.id).where(
                CaseRow.id.in_(others), CaseRow.confidential.is_(True), ~visible_cases(sight)
            )
        )
    )


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
