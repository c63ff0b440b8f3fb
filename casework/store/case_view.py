"""The page of one case: everything that belongs to it, in a fixed number of queries.

It leaves out identities, which no page of a case ever shows, and what may be done (`lifecycle`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Reach, Visibility
from casework.objections import Objection, Ruling
from casework.recusal import Seat
from casework.refusals import NoSuchCase
from casework.store import case_parts as parts
from casework.store.as_read import as_read, decision_as_read
from casework.store.as_told import Reader
from casework.store.case_records import CaseHead, head_of
from casework.store.case_writes import excluded_from
from casework.store.clock_rows import KeptClock, clocks_of
from casework.store.decisions import Decision, decision_of
from casework.store.revisions import Revision, revisions_of
from casework.store.rulings import objections_of, rulings_of
from casework.store.secrets import unread_until
from casework.store.slips import Slip, slips_of
from casework.store.tables import CasePostRow, CaseRow, DecisionRow, PostRow, UnitRow
from casework.store.timeline import EventLine, case_timeline
from casework.store.told_verdicts import told_verdicts
from casework.store.visible import visible_cases, visible_posts
from rules.model import Label


@dataclass(frozen=True, slots=True)
class PostInCase:
    """A post of the case, without anything about who wrote it.

    Attributes:
        decision: the newest about it.
        revisions: later wordings, oldest first.
    """

    id: uuid.UUID
    title: str
    text: str
    url: str | None
    platform: str
    media_level: str
    posted_at: datetime | None
    received_at: datetime
    gone_at_source_at: datetime | None
    is_confidential: bool
    decision: Decision | None
    joined: str
    reason: str
    attached_at: datetime
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it to one reader.

    Attributes:
        slips: those made out to the reader, printed or not, oldest first.
        units: names of every unit that the other parts mention, and of the county's other units.
        untold: units that this reader is not told of, because they are shut out of the case.
    """

    case: CaseHead
    posts: tuple[PostInCase, ...]
    assignments: tuple[parts.Assignment, ...]
    clocks: tuple[KeptClock, ...]
    reports: tuple[parts.Report, ...]
    replies: tuple[parts.Reply, ...]
    commitments: tuple[parts.Commitment, ...]
    corrections: tuple[parts.Correction, ...]
    objections: tuple[Objection, ...]
    rulings: tuple[Ruling, ...]
    reaudits: tuple[parts.Reaudit, ...]
    steps: tuple[parts.StepTaken, ...]
    scores: tuple[parts.ScoreLine, ...]
    timeline: tuple[EventLine, ...]
    documents: tuple[parts.Document, ...]
    slips: tuple[Slip, ...]
    units: Mapping[str, Label]
    untold: frozenset[str] = frozenset()


def case_view(session: Session, sight: Visibility, case_id: uuid.UUID) -> CaseView:
    """Return the page of a case.

    A unit reads its own steps and score entries, not those of other units in the same case. Of a case whose
    secrecy was lifted whoever was shut out reads what came since, not what was written while it was secret.

    Raises:
        NoSuchCase: there is none, or the reader may not see it.
    """
    row = session.scalar(sa.select(CaseRow).where(CaseRow.id == case_id, visible_cases(sight)))
    if row is None:
        raise NoSuchCase(case_id)
    reader = _reader(session, sight, case_id)
    taken, slips = parts.steps_of(session, case_id), slips_of(session, case_id)
    steps, secret = reader.steps(taken), reader.numbers_before(slips, taken)
    return CaseView(
        case=reader.case(head_of(row, sight)),
        posts=_posts(session, reader, case_id),
        assignments=reader.assignments(parts.assignments_of(session, case_id)),
        clocks=reader.clocks(clocks_of(session, case_id)),
        reports=reader.reports(parts.reports_of(session, case_id)),
        replies=reader.replies(parts.replies_of(session, case_id)),
        commitments=reader.commitments(parts.commitments_of(session, case_id)),
        corrections=reader.corrections(parts.corrections_of(session, case_id)),
        objections=reader.objections(objections_of(session, case_id)),
        rulings=reader.rulings(rulings_of(session, case_id)),
        reaudits=reader.reaudits(parts.reaudits_of(session, case_id)),
        steps=steps,
        scores=reader.scores(parts.scores_of(session, case_id)),
        timeline=reader.timeline(case_timeline(session, sight, case_id), secret),
        documents=reader.papers(parts.documents_of(session, case_id), slips, steps, secret),
        slips=tuple(slip for slip in slips if slip.is_for(sight) and slip.number not in secret),
        units=unit_names(session, sight.county_id),
        untold=reader.untold,
    )


def _reader(session: Session, sight: Visibility, case_id: uuid.UUID) -> Reader:
    since = unread_until(session, sight, case_id)
    is_told = sight.cases is Reach.ALL or sight.seat is Seat.HIGHER
    untold = frozenset[str]() if is_told else excluded_from(session, case_id)
    return Reader(sight, since, untold)


def unit_names(session: Session, county: str) -> Mapping[str, Label]:
    """Return the names of all units of a county by code, units no longer active included."""
    rows = session.execute(
        sa.select(UnitRow.code, UnitRow.name_zh, UnitRow.name_en).where(UnitRow.county_id == county)
    )
    return MappingProxyType({code: Label(zh, en) for code, zh, en in rows})


def _posts(session: Session, reader: Reader, case_id: uuid.UUID) -> tuple[PostInCase, ...]:
    sight = reader.sight
    rows = session.execute(
        sa.select(PostRow, CasePostRow)
        .join(CasePostRow, CasePostRow.post_id == PostRow.id)
        .where(CasePostRow.case_id == case_id, visible_posts(sight))
        .order_by(CasePostRow.id)
    ).all()
    ids = [post.id for post, _ in rows]
    decisions, revised = newest_decisions(session, ids), revisions_of(session, sight, ids)
    return tuple(
        PostInCase(
            id=post.id,
            title=as_read(sight, post.title),
            text=as_read(sight, post.text),
            url=post.url,
            platform=post.platform,
            media_level=post.media_level,
            posted_at=post.posted_at,
            received_at=post.received_at,
            gone_at_source_at=post.gone_at_source_at,
            is_confidential=post.confidential,
            decision=_decision(session, reader, post, decisions.get(post.id)),
            joined=link.joined,
            reason=as_read(sight, link.reason),
            attached_at=link.attached_at,
            revisions=revised.get(post.id, ()),
        )
        for post, link in rows
    )


def _decision(session: Session, reader: Reader, post: PostRow, decision: Decision | None) -> Decision | None:
    told = told_verdicts(session, reader.sight, post, [decision] if decision else [], reader.since)
    return decision_as_read(reader.sight, told[0], post.title, post.text) if told else None


def newest_decisions(session: Session, post_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Decision]:
    """Return the newest decision about each of the posts, in one query."""
    rows = session.scalars(
        sa.select(DecisionRow).where(DecisionRow.post_id.in_(tuple(post_ids))).order_by(DecisionRow.id)
    )
    return {row.post_id: decision_of(row) for row in rows}
