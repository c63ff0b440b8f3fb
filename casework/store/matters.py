"""Matters: found by place or by keys of their text, and what their posts add up to.

Whether a post belongs to one is decided by `casework.matter`, not here.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.matter import WINDOW, Candidate, Telling
from casework.states import OPEN_STATES
from casework.store.listed import among, padded
from casework.store.tables import CaseRow, MatterKeyRow, MatterRow, PostRow
from rules.model import Grade

MOST_CANDIDATES = 400
"""Looked at for one batch, the newest first; a hot phrase shared by more is no sign of one matter."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The open case of a matter, as attaching needs it."""

    id: uuid.UUID
    grade: Grade
    confidential: bool
    redo_count: int
    dissatisfied_count: int


def candidates(session: Session, county: str, tellings: Sequence[Telling]) -> tuple[Candidate, ...]:
    """Return the matters that any of these posts may belong to: by key, or by topic and small place."""
    if not tellings:
        return ()
    earliest = min(telling.said_at for telling in tellings) - WINDOW
    latest = max(telling.said_at for telling in tellings) + WINDOW
    recent = sa.and_(
        MatterRow.county_id == county, MatterRow.last_seen_at >= earliest, MatterRow.first_seen_at <= latest
    )
    found: dict[uuid.UUID, Candidate] = {}
    keyed = _keyed(session, county, {key for telling in tellings for key in telling.keys}, since=earliest)
    if keyed:
        known = sa.and_(recent, among(session, MatterRow.id, keyed))
        found |= _candidates(session, known, keyed)
    spots = {(t.topic, t.place) for t in tellings if t.topic is not None and t.has_specific_place}
    if spots:
        at_spot = sa.tuple_(MatterRow.topic, MatterRow.place).in_(padded(sorted(spots)))
        found |= _candidates(session, sa.and_(recent, at_spot), keyed)
    return _with_what_they_stand_for(session, tuple(found.values()))


def _with_what_they_stand_for(session: Session, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Follow merges of merged matters to the last; as a rule there are none and nothing is asked."""
    next_of: dict[uuid.UUID, uuid.UUID | None] = {
        one.id: one.stands_for for one in found if one.stands_for is not None
    }
    unknown = {other for other in next_of.values() if other is not None} - next_of.keys()
    while unknown:
        rows = session.execute(sa.select(MatterRow.id, MatterRow.same_as).where(MatterRow.id.in_(unknown)))
        next_of |= {row.id: row.same_as for row in rows}
        unknown = {other for other in next_of.values() if other is not None} - next_of.keys()
    return tuple(replace(one, stands_for=_end_of(one.stands_for, next_of)) for one in found)


def _end_of(matter_id: uuid.UUID | None, next_of: Mapping[uuid.UUID, uuid.UUID | None]) -> uuid.UUID | None:
    end = matter_id
    while end is not None and (further := next_of.get(end)) is not None:
        end = further
    return end


def _keyed(
    session: Session, county: str, keys: Collection[int], *, since: datetime
) -> dict[uuid.UUID, list[int]]:
    """Return the matters under these keys, the newest first, each with those of the keys that it has."""
    if not keys:
        return {}
    rows = session.execute(
        sa.select(MatterKeyRow.matter_id, MatterKeyRow.key)
        .where(
            MatterKeyRow.county_id == county,
            among(session, MatterKeyRow.key, sorted(keys)),
            MatterKeyRow.seen_at >= since,
        )
        .order_by(MatterKeyRow.seen_at.desc())
        .limit(MOST_CANDIDATES)
    )
    found: dict[uuid.UUID, list[int]] = {}
    for matter_id, key in rows:
        found.setdefault(matter_id, []).append(key)
    return found


def _candidates(
    session: Session, condition: sa.ColumnElement[bool], keyed: Mapping[uuid.UUID, list[int]]
) -> dict[uuid.UUID, Candidate]:
    rows = session.execute(
        sa.select(
            MatterRow.id,
            MatterRow.topic,
            MatterRow.place,
            MatterRow.confidential,
            MatterRow.first_seen_at,
            MatterRow.last_seen_at,
            MatterRow.sketch,
            MatterRow.same_as,
        )
        .where(condition)
        .order_by(MatterRow.last_seen_at.desc())
        .limit(MOST_CANDIDATES)
    )
    return {
        row.id: Candidate(
            id=row.id,
            topic=row.topic,
            place=row.place,
            confidential=row.confidential,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            sketch=tuple(row.sketch),
            keys=tuple(keyed.get(row.id, ())),
            stands_for=row.same_as,
        )
        for row in rows
    }


def open_cases(session: Session, county: str, matter_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, OpenCase]:
    """Return the open case of each matter that has one; the oldest where officers made several."""
    if not matter_ids:
        return {}
    rows = session.execute(
        sa.select(
            CaseRow.matter_id,
            CaseRow.id,
            CaseRow.grade,
            CaseRow.confidential,
            CaseRow.redo_count,
            CaseRow.dissatisfied_count,
        )
        .where(
            CaseRow.county_id == county,
            among(session, CaseRow.matter_id, matter_ids),
            CaseRow.state.in_([state.value for state in OPEN_STATES]),
        )
        .order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())
    )
    return {
        matter_id: OpenCase(case_id, Grade(grade), confidential, redo_count, dissatisfied_count)
        for matter_id, case_id, grade, confidential, redo_count, dissatisfied_count in rows
        if matter_id is not None
    }


def spots_since(
    session: Session, county: str, matter_ids: Collection[uuid.UUID], *, since: datetime
) -> tuple[tuple[uuid.UUID, datetime], ...]:
    """Return matter and instant of each of their posts that was said after `since`."""
    if not matter_ids:
        return ()
    rows = session.execute(
        sa.select(PostRow.matter_id, PostRow.said_at).where(
            PostRow.county_id == county,
            among(session, PostRow.matter_id, matter_ids),
            PostRow.said_at > since,
        )
    )
    return tuple((matter_id, said_at) for matter_id, said_at in rows if matter_id is not None)


@dataclass(frozen=True, slots=True)
class MatterTotals:
    """What all posts of a matter add up to."""

    posts: int
    platforms: frozenset[str]
    media_levels: frozenset[str]


def totals(session: Session, county: str, matter_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, MatterTotals]:
    """Return the totals of each of these matters that has a post."""
    if not matter_ids:
        return {}
    rows = session.execute(
        sa.select(PostRow.matter_id, PostRow.platform, PostRow.media_level, sa.func.count())
        .where(PostRow.county_id == county, among(session, PostRow.matter_id, matter_ids))
        .group_by(PostRow.matter_id, PostRow.platform, PostRow.media_level)
    )
    found: dict[uuid.UUID, MatterTotals] = {}
    for matter_id, platform, level, count in rows:
        if matter_id is None:
            continue  # cannot be: the condition names ids
        before = found.get(matter_id, MatterTotals(0, frozenset(), frozenset()))
        found[matter_id] = MatterTotals(
            before.posts + count, before.platforms | {platform}, before.media_levels | {level}
        )
    return found


def stand_for(session: Session, matter_id: uuid.UUID, other: uuid.UUID | None) -> None:
    """Let a matter stand for another one from now on; None: for itself again."""
    session.execute(
        sa.update(MatterRow)
        .where(MatterRow.id == matter_id)
        .values(same_as=other, version=MatterRow.version + 1),
        execution_options={"synchronize_session": False},
    )


def seen_again(session: Session, said: Mapping[uuid.UUID, Collection[datetime]]) -> None:
    """Note that posts of these matters were said at these instants."""
    if not said:
        return
    session.connection().execute(
        _SEEN_AGAIN,
        [
            {"the_id": matter_id, "earliest": min(instants), "latest": max(instants)}
            for matter_id, instants in sorted(said.items())
        ],
    )


_EARLIEST = sa.bindparam("earliest", type_=MatterRow.first_seen_at.type)
_LATEST = sa.bindparam("latest", type_=MatterRow.last_seen_at.type)
_SEEN_AGAIN = (
    sa.update(MatterRow)
    .where(MatterRow.id == sa.bindparam("the_id"))
    .values(
        first_seen_at=sa.case(
            (MatterRow.first_seen_at > _EARLIEST, _EARLIEST), else_=MatterRow.first_seen_at
        ),
        last_seen_at=sa.case((MatterRow.last_seen_at < _LATEST, _LATEST), else_=MatterRow.last_seen_at),
    )
)
