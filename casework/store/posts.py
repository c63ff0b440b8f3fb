"""Posts as lists and pages show them, started from the one predicate of `visible`.

It leaves out who wrote them: no query here reads, filters by or groups by an author.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.events import EventKind
from casework.post import TriageState, figures_of
from casework.store.as_read import as_read, decision_as_read, found_in
from casework.store.decisions import Decision, decisions_of
from casework.store.revisions import Revision, revisions_of
from casework.store.secrets import unread_until
from casework.store.tables import (
    CasePostRow,
    CaseRow,
    DecisionRow,
    DismissalRow,
    IdentityRow,
    PostMetricsRow,
    PostRow,
    SourceRow,
)
from casework.store.timeline import EventLine, post_timeline
from casework.store.told_verdicts import told_verdicts
from casework.store.visible import Predicate, visible_cases, visible_posts
from rules.model import Grade, Label

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What a list is narrowed to; the default narrows nothing. There is no filter by author."""

    triage: TriageState | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post as a list shows it. Instants are aware UTC.

    Attributes:
        case_id: of the case it is in, if the reader may see that case.
        dismissal: reason in words, if it opened no case.
    """

    id: uuid.UUID
    title: str
    beginning: str
    platform: str
    received_at: datetime
    triage: TriageState
    is_confidential: bool
    case_id: uuid.UUID | None
    case_number: str | None
    case_grade: str | None
    dismissal: Label | None


@dataclass(frozen=True, slots=True)
class PostPage:
    """A part of the list and the id to go on from, None at the end."""

    lines: tuple[PostLine, ...]
    after: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Observed:
    """The spread of a post at one instant; None for what nobody looked at."""

    observed_at: datetime
    reads: int | None
    likes: int | None
    comments: int | None
    shares: int | None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with everything about it but its author.

    Attributes:
        has_identity: whether an identity is kept that the duty desk may ask for.
        decisions: the newest first.
        revisions: later wordings, oldest first.
    """

    line: PostLine
    text: str
    url: str | None
    source: str
    media_level: str
    posted_at: datetime | None
    gone_at_source_at: datetime | None
    has_identity: bool
    reaudited_at: datetime | None
    metrics: tuple[Observed, ...]
    decisions: tuple[Decision, ...]
    timeline: tuple[EventLine, ...]
    revisions: tuple[Revision, ...]


BEGINNING = 60  # characters of the text in a list


def post_page(
    session: Session,
    sight: Visibility,
    wanted: PostFilter,
    *,
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> PostPage:
    """Return the visible posts that `wanted` narrows to, the newest first, from `after` on."""
    limit = max(1, min(limit, MOST_LINES))
    query = _lines(sight).where(*_narrowed(session, sight, wanted))
    if after is not None:
        query = query.where(PostRow.id < after)
    rows = session.execute(query.order_by(PostRow.id.desc()).limit(limit + 1)).all()
    lines = tuple(_line(row, sight) for row in rows[:limit])
    return PostPage(lines, lines[-1].id if len(rows) > limit else None)


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A post as a list shows it, with the grade that its newest verdict proposes."""

    line: PostLine
    grade: Grade | None


def judged_lines(
    session: Session, sight: Visibility, post_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, JudgedLine]:
    """Return those of the posts that may be seen, in two queries."""
    rows = session.execute(_lines(sight).where(PostRow.id.in_(post_ids))).all()
    lines = [_line(row, sight) for row in rows]
    verdicts = session.execute(
        sa.select(DecisionRow.post_id, DecisionRow.grade)
        .where(DecisionRow.post_id.in_([line.id for line in lines]))
        .order_by(DecisionRow.id)
    )
    grades = {post_id: Grade(grade) if grade else None for post_id, grade in verdicts}
    return {line.id: JudgedLine(line, grades.get(line.id)) for line in lines}


def post_view(session: Session, sight: Visibility, post_id: uuid.UUID) -> PostView | None:
    """Return a post; None if there is none or it may not be seen."""
    row = session.execute(_lines(sight).where(PostRow.id == post_id)).one_or_none()
    if row is None:
        return None
    post: PostRow = row[0]
    source = session.get(SourceRow, post.source_id)
    made = decisions_of(session, post_id)
    case_id = session.scalar(sa.select(CasePostRow.case_id).where(CasePostRow.post_id == post_id))
    since = unread_until(session, sight, case_id) if case_id else None
    told = told_verdicts(session, sight, post, made, since)
    dismissed = session.scalar(sa.select(DismissalRow.reaudited_at).where(DismissalRow.post_id == post_id))
    kept = sa.select(IdentityRow.post_id).where(
        IdentityRow.post_id == post_id, IdentityRow.ciphertext.is_not(None)
    )
    metrics = session.scalars(
        sa.select(PostMetricsRow)
        .where(PostMetricsRow.post_id == post_id)
        .order_by(PostMetricsRow.observed_at.desc())
    )
    return PostView(
        line=_line(row, sight),
        text=as_read(sight, post.text),
        url=post.url,
        source=source.name if source else "",
        media_level=post.media_level,
        posted_at=post.posted_at,
        gone_at_source_at=post.gone_at_source_at,
        has_identity=session.scalar(kept) is not None,
        reaudited_at=dismissed,
        metrics=tuple(
            Observed(one.observed_at, one.reads, one.likes, one.comments, one.shares)
            for one in (
                figures_of(
                    row.observed_at,
                    (row.reads, row.likes, row.comments, row.shares, row.on_hot_list),
                    row.unseen,
                )
                for row in metrics
            )
        ),
        decisions=tuple(decision_as_read(sight, one, post.title, post.text) for one in told),
        timeline=tuple(
            line
            for line in post_timeline(session, sight, post_id)
            if len(told) == len(made) or line.kind is not EventKind.POST_TO_DESK
        ),
        revisions=revisions_of(session, sight, [post_id]).get(post_id, ()),
    )


def count_waiting(session: Session, sight: Visibility) -> int:
    """Return how many visible posts still wait for triage."""
    waiting = (TriageState.PENDING.value, TriageState.CLAIMED.value)
    query = sa.select(sa.func.count()).select_from(PostRow)
    return session.scalar(query.where(visible_posts(sight), PostRow.triage_state.in_(waiting))) or 0


def _lines(
    sight: Visibility,
) -> sa.Select[PostRow, uuid.UUID, str | None, str | None, str | None, str | None]:
    seen = sa.and_(CaseRow.id == CasePostRow.case_id, visible_cases(sight))
    return (
        sa.select(
            PostRow, CaseRow.id, CaseRow.number, CaseRow.grade, DismissalRow.reason_zh, DismissalRow.reason_en
        )
        .outerjoin(CasePostRow, CasePostRow.post_id == PostRow.id)
        .outerjoin(CaseRow, seen)
        .outerjoin(DismissalRow, DismissalRow.post_id == PostRow.id)
        .where(visible_posts(sight))
    )


def _narrowed(session: Session, sight: Visibility, wanted: PostFilter) -> list[Predicate]:
    conditions: list[Predicate] = []
    if wanted.triage is not None:
        conditions.append(PostRow.triage_state == wanted.triage.value)
    if text := wanted.text.strip():
        fields = (PostRow.title, PostRow.text)
        conditions.append(found_in(session, sight, text, PostRow.id, fields, visible_posts(sight)))
    return conditions


def _beginning(text: str) -> str:
    """Return the text of a post as a list shows it; a mark says that there is more."""
    return text if len(text) <= BEGINNING else text[: BEGINNING - 1].rstrip() + "…"


def _line(
    row: sa.Row[PostRow, uuid.UUID, str | None, str | None, str | None, str | None],
    sight: Visibility,
) -> PostLine:
    post, case_id, number, grade, reason_zh, reason_en = row
    return PostLine(
        id=post.id,
        title=as_read(sight, post.title),
        beginning=_beginning(as_read(sight, post.text)),
        platform=post.platform,
        received_at=post.received_at,
        triage=TriageState(post.triage_state),
        is_confidential=post.confidential,
        case_id=case_id,
        case_number=number,
        case_grade=grade,
        # One that did not last stays on the record, but it is not how the post ended.
        dismissal=Label(reason_zh, reason_en or reason_zh)
        if reason_zh and post.triage_state == TriageState.DISMISSED.value
        else None,
    )
