"""The list of the person's desk: questions first, stalled cases in a section of their own below."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from app.pages.next_step import awaited
from casework.access import Visibility
from casework.desk.unit import UnitOfWork
from casework.states import CaseState
from casework.store.case_records import CaseHead, heads_of
from casework.store.desk_items import (
    NOTICES,
    DeskItem,
    ItemKind,
    ItemPage,
    Place,
    count_open,
    count_stalled,
    open_items,
)
from casework.store.posts import JudgedLine, judged_lines
from casework.urgency import Turn
from rules.model import Grade

SHORT = 20
"""Stalled cases below the questions; their own list has them all."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An item with the post and the case that it is about, and what that case waits for.

    Attributes:
        grade: what an upgrade asks for, else that of the case, else what the machine proposes.
    """

    item: DeskItem
    post: JudgedLine | None
    case: CaseHead | None
    awaited: str | None
    grade: Grade | None

    @property
    def is_about_life(self) -> bool:
        """Return whether it comes first because a life may be in danger."""
        return self.item.turn is Turn.LIFE


@dataclass(frozen=True, slots=True)
class DeskList:
    """What the page shows.

    Attributes:
        questions, stalls: None where the page does not have that section.
        after: cursor of the next part of the section that is shown whole.
        counts: open items by kind, 0 included.
        stalled_in: where the stalled cases stand, the most first; empty where they are not shown.
    """

    questions: tuple[Listed, ...] | None
    stalls: tuple[Listed, ...] | None
    after: Place | None
    counts: Mapping[ItemKind, int]
    stalled_in: Mapping[CaseState, int]

    @property
    def asked(self) -> int:
        """Return how many questions wait for an answer."""
        return questions_in(self.counts)


def questions_in(counts: Mapping[ItemKind, int]) -> int:
    """Return how many of the open items are questions; the others are taken note of."""
    return sum(count for kind, count in counts.items() if kind not in NOTICES)


def desk_list(uow: UnitOfWork, sight: Visibility, kind: ItemKind | None, after: Place | None) -> DeskList:
    """Return one part of the list.

    Args:
        uow: reading.
        sight: of the reader.
        kind: only these; None for the questions of every kind with the stalled cases below.
        after: cursor of the part; the stalled cases are below the first part only.
    """
    counts = count_open(uow.session, sight)
    if kind in NOTICES:
        page = open_items(uow.session, sight, kind=kind, after=after)
        places = count_stalled(uow.session, sight)
        return DeskList(None, _listed(uow, sight, page), page.after, counts, places)
    page = open_items(uow.session, sight, kind=kind, but=NOTICES, after=after)
    stalls, places = None, dict[CaseState, int]()
    if kind is None and after is None:
        stalls = _listed(uow, sight, open_items(uow.session, sight, kind=ItemKind.STALLED, limit=SHORT))
        places |= count_stalled(uow.session, sight)
    return DeskList(_listed(uow, sight, page), stalls, page.after, counts, places)


def _listed(uow: UnitOfWork, sight: Visibility, page: ItemPage) -> tuple[Listed, ...]:
    # An item is listed only where its case may be seen, see `visible_items`.
    cases = heads_of(uow.session, {one.case_id for one in page.items if one.case_id}, sight)
    posts = judged_lines(uow.session, sight, {one.post_id for one in page.items if one.post_id})
    return tuple(_with_case(one, posts, cases) for one in page.items)


def _with_case(
    item: DeskItem, posts: Mapping[uuid.UUID, JudgedLine], cases: Mapping[uuid.UUID, CaseHead]
) -> Listed:
    case = cases.get(item.case_id) if item.case_id else None
    post = posts.get(item.post_id) if item.post_id else None
    return Listed(item, post, case, awaited(case) if case else None, _grade_of(item, post, case))


def _grade_of(item: DeskItem, post: JudgedLine | None, case: CaseHead | None) -> Grade | None:
    asked = item.data.get("to") if item.kind is ItemKind.UPGRADE else None
    if isinstance(asked, str) and asked in set(Grade):
        return Grade(asked)
    if case is not None:
        return case.grade
    return post.grade if post else None
