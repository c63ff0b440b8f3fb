"""Gathers what surrounds posts that are being judged: the matters they belong to, as they stand now.

Reading only. What is found here enters the verdict; whom a post finally joins is looked up again when the
verdict is written (`desk.ending`), because other processes go on meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from casework.desk.unit import UnitOfWork
from casework.matter import Joining, Telling, join_matters
from casework.post import PostToJudge
from casework.store.matters import (
    MatterTotals,
    OpenCase,
    candidates,
    open_cases,
    spots_since,
    totals,
)
from casework.store.voices import Choir, voices
from casework.surroundings import (
    DAY,
    HOUR,
    Spot,
    Surroundings,
    alone,
    highest_media_level,
    posts_within,
)


def surroundings_of(
    uow: UnitOfWork, posts: Sequence[PostToJudge], tellings: Sequence[Telling | None]
) -> tuple[Surroundings, ...]:
    """Return for each post of a batch what surrounds it; posts before it in the batch count, too.

    Args:
        uow: reading is enough.
        posts: in the order in which they came in.
        tellings: what each says of a matter; None is alone.
    """
    found = candidates(uow.session, uow.county, [told for told in tellings if told is not None])
    joinings = join_matters(tellings, found, uow.new_id)
    known = {candidate.stands_for or candidate.id for candidate in found}
    matters = _Matters(uow, posts, {j.matter_id for j in joinings if j and j.matter_id in known})
    matters.hear(
        _choir(posts, index, joining)
        for index, joining in enumerate(joinings)
        if joining is not None and joining.match
    )
    return tuple(
        matters.around(index, joining) if joining and joining.match else alone(_spot(posts[index]))
        for index, joining in enumerate(joinings)
    )


def surroundings_of_joined(
    uow: UnitOfWork, posts: Sequence[PostToJudge], matter_ids: Sequence[uuid.UUID | None]
) -> tuple[Surroundings, ...]:
    """Return what surrounds posts that belong to their matters already, as they are judged again."""
    matters = _Matters(uow, posts, {matter_id for matter_id in matter_ids if matter_id is not None})
    matters.hear(Choir(matter_id) for matter_id in matter_ids if matter_id is not None)
    return tuple(
        matters.within(posts[index], matter_id) if matter_id else alone(_spot(posts[index]))
        for index, matter_id in enumerate(matter_ids)
    )


class _Matters:
    """The matters of one batch, with the few queries that all its posts need."""

    def __init__(self, uow: UnitOfWork, posts: Sequence[PostToJudge], matter_ids: set[uuid.UUID]) -> None:
        self._uow = uow
        self._posts = posts
        self._cases: dict[uuid.UUID, OpenCase] = open_cases(uow.session, uow.county, matter_ids)
        self._totals: dict[uuid.UUID, MatterTotals] = totals(uow.session, uow.county, matter_ids)
        self._voices: dict[Choir, int] = {}
        self._instants: dict[uuid.UUID, list[datetime]] = {}
        if matter_ids:
            since = min(post.said_at for post in posts) - DAY
            for matter_id, said_at in spots_since(uow.session, uow.county, matter_ids, since=since):
                self._instants.setdefault(matter_id, []).append(said_at)

    def hear(self, choirs: Iterable[Choir]) -> None:
        """Count the voices that `around` and `within` are going to ask for."""
        asked = tuple(dict.fromkeys(choirs))
        counts = voices(self._uow.session, self._uow.county, asked)
        self._voices = dict(zip(asked, counts, strict=True))

    def around(self, index: int, joining: Joining) -> Surroundings:
        """Return what surrounds a post that is about to join."""
        post = self._posts[index]
        others = [self._posts[earlier] for earlier in joining.earlier]
        return self._counted(post, _choir(self._posts, index, joining), [*others, post])

    def within(self, post: PostToJudge, matter_id: uuid.UUID) -> Surroundings:
        """Return what surrounds a post that has joined."""
        return self._counted(post, Choir(matter_id), [])

    def _counted(self, post: PostToJudge, choir: Choir, new: Sequence[PostToJudge]) -> Surroundings:
        matter_id = choir.matter_id
        before = self._totals.get(matter_id, MatterTotals(0, frozenset(), frozenset()))
        instants = [*self._instants.get(matter_id, ()), *(other.said_at for other in new)]
        case = self._cases.get(matter_id)
        return Surroundings(
            posts_1h=posts_within(instants, post.said_at, HOUR),
            posts_24h=posts_within(instants, post.said_at, DAY),
            posts_total=before.posts + len(new),
            voices=self._voices[choir],
            platforms=len(before.platforms | {other.platform for other in new}),
            media_level=highest_media_level(before.media_levels | {other.media_level for other in new}),
            current_grade=case.grade if case else None,
            redo_count=case.redo_count if case else 0,
            dissatisfied_count=case.dissatisfied_count if case else 0,
        )


def _choir(posts: Sequence[PostToJudge], index: int, joining: Joining) -> Choir:
    return Choir(joining.matter_id, tuple(posts[place].id for place in (*joining.earlier, index)))


def _spot(post: PostToJudge) -> Spot:
    return Spot(post.said_at, post.platform, post.media_level)
