"""Which posts are in a case, and moving them: into another case by a merge, and back when it is undone.

A post is in one case at a time, and stays in one for ever. Nothing here decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.events import EventKind
from casework.post import TriageState
from casework.store.tables import CasePostRow, CaseRow, EventRow, ExclusionRow, PostRow

OPENED = "opened"
ATTACHED = "attached"


@dataclass(frozen=True, slots=True)
class Link:
    """A post of a case; `has_opened`: it is the one that the case was opened for."""

    post_id: uuid.UUID
    has_opened: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """The merge that a case went through last.

    Attributes:
        into: the case that its posts went to.
        posts: those that went.
        opened: of them, the one that the merged case was opened for; None if it had none.
        matter_id: the merged case's own matter, which stands for the other's since.
        gave_matter: the other case had no matter and took this one's.
    """

    into: uuid.UUID
    posts: frozenset[uuid.UUID]
    opened: uuid.UUID | None
    matter_id: uuid.UUID | None
    gave_matter: bool


def links_of(session: Session, case_id: uuid.UUID) -> tuple[Link, ...]:
    """Return the posts of a case, the first one first."""
    rows = session.execute(
        sa.select(CasePostRow.post_id, CasePostRow.joined)
        .where(CasePostRow.case_id == case_id)
        .order_by(CasePostRow.id)
    )
    return tuple(Link(post_id, joined == OPENED) for post_id, joined in rows)


def last_merge(session: Session, case_id: uuid.UUID) -> Merge | None:
    """Return the merge that a case went through last, as its timeline keeps it; None if there was none."""
    data = session.scalar(
        sa.select(EventRow.data)
        .where(EventRow.case_id == case_id, EventRow.kind == EventKind.CASE_MERGED.value)
        .order_by(EventRow.id.desc())
        .limit(1)
    )
    if data is None:
        return None
    return Merge(
        into=uuid.UUID(data["into"]),
        posts=frozenset(map(uuid.UUID, data["posts"])),
        opened=uuid.UUID(data["opened"]) if data["opened"] else None,
        matter_id=uuid.UUID(data["matter"]) if data["matter"] else None,
        gave_matter=data["gave_matter"],
    )


def move_posts(
    session: Session,
    posts: Collection[uuid.UUID],
    *,
    into: uuid.UUID,
    reason: str,
    matter_id: uuid.UUID | None,
) -> None:
    """Put posts of one case into another. Why one joined the first case stays where it was said."""
    session.execute(
        sa.update(CasePostRow)
        .where(CasePostRow.post_id.in_(posts))
        .values(
            case_id=into,
            joined=ATTACHED,
            reason=sa.case((CasePostRow.reason == "", reason), else_=CasePostRow.reason),
        ),
        execution_options={"synchronize_session": False},
    )
    _settle(session, posts, TriageState.MERGED, matter_id)


def take_back(
    session: Session,
    posts: Collection[uuid.UUID],
    *,
    into: uuid.UUID,
    opened: uuid.UUID | None,
    matter_id: uuid.UUID | None,
) -> None:
    """Put posts back into the case that they came from, the one that opened it as such."""
    is_first = CasePostRow.post_id == opened
    session.execute(
        sa.update(CasePostRow)
        .where(CasePostRow.post_id.in_(posts))
        .values(
            case_id=into,
            joined=sa.case((is_first, OPENED), else_=ATTACHED),
            reason=sa.case((is_first, ""), else_=CasePostRow.reason),
        ),
        execution_options={"synchronize_session": False},
    )
    rest = [post_id for post_id in posts if post_id != opened]
    _settle(session, rest, TriageState.MERGED, matter_id)
    if opened is not None and opened in posts:
        _settle(session, [opened], TriageState.CASE, matter_id)


def end_posts(session: Session, posts: Collection[uuid.UUID], state: TriageState) -> None:
    """Write how posts of a case ended, or go on."""
    session.execute(
        sa.update(PostRow)
        .where(PostRow.id.in_(posts))
        .values(triage_state=state.value, version=PostRow.version + 1),
        execution_options={"synchronize_session": False},
    )


def set_matter(session: Session, case_id: uuid.UUID, matter_id: uuid.UUID | None) -> None:
    """Write which matter a case is about."""
    session.execute(
        sa.update(CaseRow).where(CaseRow.id == case_id).values(matter_id=matter_id),
        execution_options={"synchronize_session": False},
    )


def shut_out_too(session: Session, county: str, case_id: uuid.UUID, units: Collection[str]) -> None:
    """Shut further units out of a case."""
    session.add_all(ExclusionRow(county_id=county, case_id=case_id, unit_code=unit) for unit in sorted(units))
    session.flush()


def _settle(
    session: Session, posts: Collection[uuid.UUID], state: TriageState, matter_id: uuid.UUID | None
) -> None:
    end_posts(session, posts, state)
    if matter_id is not None:
        session.execute(
            sa.update(PostRow).where(PostRow.id.in_(posts)).values(matter_id=matter_id),
            execution_options={"synchronize_session": False},
        )
