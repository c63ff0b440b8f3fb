"""The person's desk: what waits for a decision, as lists and pages show it, and closing it once.

Items are made by `desk.opening` and `desk.triage`; how they are settled is `desk.settle`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.recusal import Seat
from casework.states import CaseState
from casework.store.as_read import as_read
from casework.store.tables import CasePostRow, CaseRow, DeskItemRow, PostRow
from casework.store.visible import Predicate, in_hand, posts_in_hand, visible_case_ids, visible_posts
from casework.urgency import Turn

ItemData = Mapping[str, str | int | bool | list[str] | None]


class ItemKind(StrEnum):
    """What a person is asked."""

    TRIAGE = "triage"
    ARBITRATION = "arbitration"
    ENGINE_DIFFERENT = "engine_different"
    ENGINE_FAILED = "engine_failed"
    UPGRADE = "upgrade"
    STALLED = "stalled"
    DOCUMENT = "document"
    REAUDIT = "reaudit"
    SAME_MATTER = "same_matter"
    REVISED = "revised"


NOTICES: frozenset[ItemKind] = frozenset({ItemKind.STALLED})
"""Of these a person takes note; they are listed and counted apart from the questions."""


@dataclass(frozen=True, slots=True)
class DeskItem:
    """Something that a person must decide or take note of. Instants are aware UTC.

    Attributes:
        turn: what is of an earlier turn is listed first, then what is older.
    """

    id: uuid.UUID
    kind: ItemKind
    turn: Turn
    post_id: uuid.UUID | None
    case_id: uuid.UUID | None
    reason_zh: str
    reason_en: str
    data: ItemData
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list an item stands; it stays a place when the item is settled."""

    turn: Turn
    item_id: uuid.UUID

    @classmethod
    def read(cls, text: str) -> Place:
        """Return a place from an address.

        Raises:
            ValueError: it is none.
        """
        turn, _, item_id = text.partition("-")
        return cls(Turn(int(turn)), uuid.UUID(item_id))

    def __str__(self) -> str:
        return f"{int(self.turn)}-{self.item_id.hex}"


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A part of the list and the cursor of the next part, None at the end."""

    items: tuple[DeskItem, ...]
    after: Place | None


def visible_items(sight: Visibility) -> Predicate:
    """Return the condition under which an item is seen: where its post and its cases are."""
    posts = sa.select(PostRow.id).where(visible_posts(sight))
    return sa.and_(
        DeskItemRow.county_id == sight.county_id,
        sa.or_(DeskItemRow.post_id.is_(None), DeskItemRow.post_id.in_(posts)),
        sa.or_(DeskItemRow.case_id.is_(None), DeskItemRow.case_id.in_(visible_case_ids(sight))),
        sa.or_(DeskItemRow.kind != ItemKind.SAME_MATTER.value, _other_case().in_(visible_case_ids(sight))),
    )


def _other_case() -> sa.ColumnElement[uuid.UUID | None]:
    """Return the older case of a pair, whose title is in the words of the item; NULL of other kinds."""
    # SQLite keeps ids without dashes, and PostgreSQL reads them so, too.
    other = sa.cast(sa.func.replace(DeskItemRow.data["other"].as_string(), "-", ""), sa.Uuid())
    return sa.case((DeskItemRow.kind == ItemKind.SAME_MATTER.value, other))


def _on_this_desk(session: Session, sight: Visibility) -> Predicate:
    """Return the condition under which an item is this reader's to settle.

    Another desk than the office has those alone that it has in hand for the office (`casework.recusal`).
    They are few or, on most days, none: they are asked for first, and nothing else where there are none.
    **Source:** measured with 3,000 posts on PostgreSQL: each query of a supervisor's list took 1.0 s in
    one statement; with 500 posts 0.08 s, and 0.03 s so.
    """
    if sight.seat in {None, Seat.CYBERSPACE}:
        return visible_items(sight)
    cases = tuple(session.scalars(in_hand(sight)))
    posts = tuple(session.scalars(sa.select(PostRow.id).where(posts_in_hand(sight))))
    if cases:
        inside = sa.select(CasePostRow.post_id).where(CasePostRow.case_id.in_(cases))
        posts = (*posts, *session.scalars(inside))
    if not (cases or posts):
        return sa.false()
    # What is in hand is seen: nothing is asked of the other posts and cases of the county.
    return sa.and_(
        DeskItemRow.county_id == sight.county_id,
        sa.or_(DeskItemRow.case_id.in_(cases), DeskItemRow.post_id.in_(posts)),
        sa.or_(DeskItemRow.post_id.is_(None), DeskItemRow.post_id.in_(posts)),
        sa.or_(DeskItemRow.case_id.is_(None), DeskItemRow.case_id.in_(cases)),
        sa.or_(DeskItemRow.kind != ItemKind.SAME_MATTER.value, _other_case().in_(visible_case_ids(sight))),
    )


def open_items(
    session: Session,
    sight: Visibility,
    *,
    kind: ItemKind | None = None,
    but: Collection[ItemKind] = (),
    after: Place | None = None,
    limit: int = 50,
) -> ItemPage:
    """Return open items: threats to life first, then the graver ones, within one turn the oldest first.

    Args:
        session: open.
        sight: of the reader.
        kind: only these; None for all.
        but: none of these.
        after: `ItemPage.after` of the part before; None for the first part.
        limit: items, 1 to 200.
    """
    limit = max(1, min(limit, MOST_ITEMS))
    query = sa.select(DeskItemRow).where(_on_this_desk(session, sight), DeskItemRow.closed_at.is_(None))
    if kind is not None:
        query = query.where(DeskItemRow.kind == kind.value)
    if but:
        query = query.where(DeskItemRow.kind.not_in([one.value for one in but]))
    if after is not None:
        query = query.where(
            DeskItemRow.turn >= after.turn,
            sa.or_(DeskItemRow.turn > after.turn, DeskItemRow.id > after.item_id),
        )
    rows = session.scalars(query.order_by(DeskItemRow.turn, DeskItemRow.id).limit(limit + 1)).all()
    items = tuple(_item(row, sight) for row in rows[:limit])
    return ItemPage(items, Place(items[-1].turn, items[-1].id) if len(rows) > limit else None)


MOST_ITEMS = 200


def count_open(session: Session, sight: Visibility) -> Mapping[ItemKind, int]:
    """Return how many items of each kind are open, 0 included."""
    rows = session.execute(
        sa.select(DeskItemRow.kind, sa.func.count())
        .where(_on_this_desk(session, sight), DeskItemRow.closed_at.is_(None))
        .group_by(DeskItemRow.kind)
    )
    return dict.fromkeys(ItemKind, 0) | {ItemKind(kind): count for kind, count in rows}


def count_about_life(session: Session, sight: Visibility) -> int:
    """Return in how many open items a life may be in danger."""
    query = sa.select(sa.func.count()).where(
        _on_this_desk(session, sight), DeskItemRow.closed_at.is_(None), DeskItemRow.turn == Turn.LIFE
    )
    return session.scalar(query) or 0


def count_stalled(session: Session, sight: Visibility) -> Mapping[CaseState, int]:
    """Return in which states the stalled cases stand of which a person is told now, the most first."""
    number = sa.func.count()
    rows = session.execute(
        sa.select(CaseRow.state, number)
        .join(DeskItemRow, DeskItemRow.case_id == CaseRow.id)
        .where(
            _on_this_desk(session, sight),
            DeskItemRow.kind == ItemKind.STALLED.value,
            DeskItemRow.closed_at.is_(None),
        )
        .group_by(CaseRow.state)
        .order_by(number.desc(), CaseRow.state)
    )
    return {CaseState(state): count for state, count in rows}


def item(session: Session, sight: Visibility, item_id: uuid.UUID) -> DeskItem | None:
    """Return an item, open or closed; None if there is none or it may not be seen."""
    here = _on_this_desk(session, sight)
    row = session.scalar(sa.select(DeskItemRow).where(DeskItemRow.id == item_id, here))
    return _item(row, sight) if row else None


def is_asked(session: Session, county: str, effect_key: str) -> bool:
    """Return whether an item with this key was ever made."""
    asked = sa.select(DeskItemRow.id).where(
        DeskItemRow.county_id == county, DeskItemRow.effect_key == effect_key
    )
    return session.scalar(asked) is not None


def close_item(session: Session, item_id: uuid.UUID, *, by: str, resolution: str, now: datetime) -> bool:
    """Close an open item; return False where somebody else closed it."""
    closed = session.execute(
        sa.update(DeskItemRow)
        .where(DeskItemRow.id == item_id, DeskItemRow.closed_at.is_(None))
        .values(closed_at=now, closed_by=by, resolution=resolution, version=DeskItemRow.version + 1)
        .returning(DeskItemRow.id),
        execution_options={"synchronize_session": False},
    )
    return closed.first() is not None


def _item(row: DeskItemRow, sight: Visibility) -> DeskItem:
    return DeskItem(
        id=row.id,
        kind=ItemKind(row.kind),
        turn=Turn(row.turn),
        post_id=row.post_id,
        case_id=row.case_id,
        reason_zh=as_read(sight, row.reason_zh),
        reason_en=as_read(sight, row.reason_en),
        data=row.data,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        resolution=row.resolution,
    )
