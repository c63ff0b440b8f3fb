"""The page of one case: everything that belongs to it, in a fixed number of queries.

It leaves out identities, which no page of a case ever shows, and what may be done (`lifecycle`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Reach, Visibility
from casework.events import EventKind
from casework.masking import HIDDEN
from casework.refusals import NoSuchCase
from casework.route_line import route_in
from casework.store import case_parts as parts
from casework.store.as_read import as_read, decision_as_read, entry_as_read
from casework.store.case_records import CaseHead, head_of
from casework.store.case_writes import excluded_from
from casework.store.clock_rows import KeptClock, clocks_of
from casework.store.decisions import Decision, decision_of
from casework.store.documents import OF_ONE_UNIT
from casework.store.revisions import Revision, revisions_of
from casework.store.secrets import lifted_at
from casework.store.slips import DISPATCH_SLIP, Slip, slips_of
from casework.store.tables import CasePostRow, CaseRow, DecisionRow, PostRow, UnitRow
from casework.store.timeline import EventLine, EventValue, case_timeline
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
    secrecy was lifted it reads what came since, not what was written while it was secret.

    Raises:
        NoSuchCase: there is none, or the reader may not see it.
    """
    row = session.scalar(sa.select(CaseRow).where(CaseRow.id == case_id, visible_cases(sight)))
    if row is None:
        raise NoSuchCase(case_id)
    steps = tuple(step for step in parts.steps_of(session, case_id) if _is_for(sight, step.unit))
    slips = slips_of(session, case_id)
    closed = {slip.number for slip in slips if not slip.is_for(sight)}
    own_papers = {step.number for step in steps}
    since = lifted_at(session, case_id) if sight.cases is Reach.ASSIGNED else None
    untold = frozenset[str]() if sight.cases is Reach.ALL else excluded_from(session, case_id)
    return CaseView(
        case=_case(head_of(row, sight), untold),
        posts=_posts(session, sight, case_id),
        assignments=_named(parts.assignments_of(session, case_id), untold),
        clocks=tuple(_clock(sight, kept) for kept in clocks_of(session, case_id)),
        reports=tuple(
            _report(sight, one)
            for one in _named(parts.reports_of(session, case_id), untold)
            if _is_later(one.at, since)
        ),
        replies=tuple(
            _reply(sight, one)
            for one in _named(parts.replies_of(session, case_id), untold)
            if _is_later(one.at, since)
        ),
        commitments=tuple(
            replace(one, unit=HIDDEN) if one.unit in untold else one
            for one in parts.commitments_of(session, case_id)
            if _is_later(one.made_at, since)
        ),
        corrections=tuple(
            _correction(sight, one, untold)
            for one in parts.corrections_of(session, case_id)
            if _is_later(one.at, since)
        ),
        reaudits=tuple(
            replace(one, notes=as_read(sight, one.notes))
            for one in parts.reaudits_of(session, case_id)
            if _is_later(one.at, since)
        ),
        steps=steps,
        scores=tuple(
            entry_as_read(sight, line)
            for line in parts.scores_of(session, case_id)
            if _is_for(sight, line.unit)
        ),
        timeline=tuple(
            _without(line, untold)
            for line in case_timeline(session, sight, case_id)
            if _is_later(line.at, since)
        ),
        documents=tuple(
            paper
            for paper in parts.documents_of(session, case_id)
            if _is_later(paper.made_at, since)
            and (_is_for_all(paper.kind) or sight.cases is Reach.ALL or paper.number in own_papers)
            and not (paper.kind == DISPATCH_SLIP and paper.number in closed)
        ),
        slips=tuple(slip for slip in slips if slip.is_for(sight)),
        units=unit_names(session, sight.county_id),
        untold=untold,
    )


def unit_names(session: Session, county: str) -> Mapping[str, Label]:
    """Return the names of all units of a county by code, units no longer active included."""
    rows = session.execute(
        sa.select(UnitRow.code, UnitRow.name_zh, UnitRow.name_en).where(UnitRow.county_id == county)
    )
    return MappingProxyType({code: Label(zh, en) for code, zh, en in rows})


def _posts(session: Session, sight: Visibility, case_id: uuid.UUID) -> tuple[PostInCase, ...]:
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
            decision=_decision(sight, post, decisions.get(post.id)),
            joined=link.joined,
            reason=as_read(sight, link.reason),
            attached_at=link.attached_at,
            revisions=revised.get(post.id, ()),
        )
        for post, link in rows
    )


def _decision(sight: Visibility, post: PostRow, decision: Decision | None) -> Decision | None:
    return decision_as_read(sight, decision, post.title, post.text) if decision else None


def newest_decisions(session: Session, post_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Decision]:
    """Return the newest decision about each of the posts, in one query."""
    rows = session.scalars(
        sa.select(DecisionRow).where(DecisionRow.post_id.in_(tuple(post_ids))).order_by(DecisionRow.id)
    )
    return {row.post_id: decision_of(row) for row in rows}


def _clock(sight: Visibility, kept: KeptClock) -> KeptClock:
    """Return a clock as this reader may read it: the sum behind a due instant says why it went on."""
    events = tuple(replace(event, reason=as_read(sight, event.reason)) for event in kept.clock.events)
    return replace(kept, clock=replace(kept.clock, events=events))


def _report(sight: Visibility, report: parts.Report) -> parts.Report:
    """Return a report as this reader may read it; a unit reads its own as it wrote them."""
    return report if report.unit in sight.unit_ids else replace(report, text=as_read(sight, report.text))


def _correction(sight: Visibility, one: parts.Correction, untold: frozenset[str]) -> parts.Correction:
    """Return a correction as this reader may read it: no unit learns who is shut out of the case."""
    told = replace(one, reason=as_read(sight, one.reason))
    if one.field != "route":
        return told
    return replace(told, old=_route(one.old, untold), new=_route(one.new, untold))


def _case(case: CaseHead, untold: frozenset[str]) -> CaseHead:
    return replace(case, proposed_lead=HIDDEN) if case.proposed_lead in untold else case


_Part = TypeVar("_Part", parts.Assignment, parts.Report, parts.Reply)


def _named(made: Iterable[_Part], untold: frozenset[str]) -> tuple[_Part, ...]:
    """Return parts, reports or replies; whose they are is hidden where the reader is not told of the unit."""
    return tuple(replace(one, unit=HIDDEN, by=HIDDEN) if one.unit in untold else one for one in made)


def _without(line: EventLine, untold: frozenset[str]) -> EventLine:
    """Return a line of before the case was opened to this reader, without the units that it must not name."""
    if not untold:
        return line
    told = {key: _told(value, untold) for key, value in line.data.items()}
    if line.kind in _REROUTED:
        told |= {key: _route(str(line.data[key]), untold) for key in ("old", "new") if key in line.data}
    actor = HIDDEN if line.data.get("unit") in untold else line.actor
    return replace(line, actor=actor, data=MappingProxyType(told))


def _told(value: EventValue, untold: frozenset[str]) -> EventValue:
    if isinstance(value, list):
        return [HIDDEN if one in untold else one for one in value]
    return HIDDEN if value in untold else value


def _route(line: str, untold: frozenset[str]) -> str:
    route = route_in(line)
    return str(route.without(untold, HIDDEN)) if route else HIDDEN


_REROUTED = frozenset({EventKind.ROUTE_CORRECTED, EventKind.REASSIGNED})


def _reply(sight: Visibility, reply: parts.Reply) -> parts.Reply:
    """Return a reply as this reader may read it: its text is for the public, the verdict on it is not."""
    if not reply.verdict_reason:
        return reply
    return replace(reply, verdict_reason=as_read(sight, reply.verdict_reason))


def _is_later(at: datetime, since: datetime | None) -> bool:
    return since is None or at >= since


def _is_for_all(kind: str) -> bool:
    return kind not in OF_ONE_UNIT


def _is_for(sight: Visibility, unit: str) -> bool:
    return sight.cases is Reach.ALL or unit in sight.unit_ids
