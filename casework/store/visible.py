"""The one predicate behind every list, count, search and file: `Visibility` written as SQL.

It leaves out permissions (what may be done) and identities, which no query of the store reads.
The oracle is `casework.access.may_see`; a property test keeps the two equal.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import CaseSight, CountyId, Reach, UnitId, Visibility
from casework.post import TriageState
from casework.recusal import ASKED, Seat
from casework.store.recused import (
    case_in_hand_of,
    case_read_by,
    case_shuts,
    holds,
    post_in_hand_of,
    post_read_by,
    post_shuts,
    recused_from,
    units_of_discipline,
)
from casework.store.tables import AssignmentRow, CasePostRow, CaseRow, ExclusionRow, PostRow, UnitRow
from rules.model import Grade

Predicate = sa.ColumnElement[bool]

_BY_SEAT_ALONE = frozenset({Seat.DISCIPLINE, Seat.HIGHER})
"""Whoever sits there has no reach over confidential cases, and yet those that are in hand there."""


def visible_cases(sight: Visibility) -> Predicate:
    """Return the condition on `CaseRow` under which a case is seen.

    Ordinary and confidential cases have their own reach; a unit reaches a case by an assignment in
    force, and a confidential one only where it is not shut out as the accused or below the accused. A desk
    sees no accusation of its own unit, unless nobody else is left, and those that it has in hand for another.

    **Source:** 信访工作条例 §30 ¶3; design.md "Who may see what".
    """
    ordinary = sa.and_(CaseRow.confidential.is_(False), _reached(sight, sight.cases, shut_out=False))
    secret = sa.and_(CaseRow.confidential.is_(True), _reached(sight, sight.confidential, shut_out=True))
    if sight.confidential is Reach.ALL and sight.seat is not None:
        secret = sa.and_(secret, case_read_by(sight.seat))
    of_grade = CaseRow.grade.in_(sorted(grade.value for grade in sight.grades))
    seen = sa.and_(of_grade, *_by_assignment(sight), sa.or_(ordinary, secret))
    here: list[Predicate] = [CaseRow.id.in_(in_hand(sight))]
    if sight.seat is Seat.HIGHER:
        here.append(asked_about(sight))
    return sa.and_(CaseRow.county_id == sight.county_id, sa.or_(seen, *here))


def asked_about(sight: Visibility) -> Predicate:
    """Return the condition on `CaseRow` of an accusation whose second person may be the higher authority.

    It stays in hand where it was.
    """
    if sight.seat is not Seat.HIGHER:
        return sa.false()
    asked = sa.select(ExclusionRow.case_id).where(
        ExclusionRow.county_id == sight.county_id, ExclusionRow.unit_code == ASKED
    )
    return sa.and_(CaseRow.confidential.is_(True), CaseRow.id.in_(asked))


def in_hand(sight: Visibility) -> sa.Select[uuid.UUID]:
    """Return the ids of the accusations that this actor has in hand for a desk that must not read them."""
    query = sa.select(CaseRow.id)
    seat = sight.seat
    if seat is None or not (sight.confidential is Reach.ALL or seat in _BY_SEAT_ALONE):
        return query.where(sa.false())
    kept = query.where(
        CaseRow.county_id == sight.county_id,
        CaseRow.confidential.is_(True),
        CaseRow.id.in_(sa.select(ExclusionRow.case_id).where(ExclusionRow.county_id == sight.county_id)),
        case_shuts(Seat.CYBERSPACE),
        case_in_hand_of(seat),
    )
    return kept.where(_is_of_discipline(sight)) if seat is Seat.DISCIPLINE else kept


def posts_in_hand(sight: Visibility) -> Predicate:
    """Return the condition on `PostRow` of an accusation in no case yet that this actor has in hand so."""
    seat = sight.seat
    if seat is None or not (sight.confidential is Reach.ALL or seat is Seat.HIGHER):
        return sa.false()
    return sa.and_(
        PostRow.county_id == sight.county_id,
        PostRow.confidential.is_(True),
        ~_in_a_case(),
        post_shuts(Seat.CYBERSPACE),
        post_in_hand_of(seat),
    )


def _is_of_discipline(sight: Visibility) -> Predicate:
    return sa.exists(
        sa.select(UnitRow.code).where(
            UnitRow.county_id == sight.county_id,
            UnitRow.code.in_(sorted(sight.unit_ids)),
            holds(Seat.DISCIPLINE),
        )
    )


def _in_a_case() -> Predicate:
    return sa.exists(sa.select(CasePostRow.id).where(CasePostRow.post_id == PostRow.id).correlate(PostRow))


def visible_posts(sight: Visibility) -> Predicate:
    """Return the condition on `PostRow` under which a post is seen.

    A desk that sees every post still sees no confidential one, nor any post of a confidential case, without
    the reach for it; nor one of which nobody knows yet whether it is an accusation. Everybody else sees the
    posts of the cases they see; a confidential post only inside a case that is itself confidential, so that
    its text never rides along with an ordinary case.
    """
    if sight.posts is Reach.NONE:
        return sa.false()
    inside = (
        sa.select(CasePostRow.id)
        .join(CaseRow, CaseRow.id == CasePostRow.case_id)
        .where(CasePostRow.post_id == PostRow.id)
        .correlate(PostRow)
    )
    here = PostRow.county_id == sight.county_id
    if sight.posts is Reach.ALL and sight.confidential is Reach.ALL:
        return here if sight.seat is None else sa.and_(here, ~_recused_post(sight, sight.seat))
    if sight.posts is Reach.ALL:
        in_secret_case = sa.exists(inside.where(CaseRow.confidential.is_(True)))
        return sa.and_(here, PostRow.confidential.is_(False), ~in_secret_case, ~_unjudged())
    open_inside = sa.or_(PostRow.confidential.is_(False), CaseRow.confidential.is_(True))
    seen_inside = sa.exists(inside.where(visible_cases(sight), open_inside))
    return sa.and_(here, sa.or_(seen_inside, posts_in_hand(sight)))


def _recused_post(sight: Visibility, seat: Seat) -> Predicate:
    """Return whether a post is an accusation that somebody at this seat must not read.

    A post that nobody has judged is seen: the office receives what comes in.
    """
    unseen = sa.exists(
        sa.select(CasePostRow.id)
        .join(CaseRow, CaseRow.id == CasePostRow.case_id)
        .where(CasePostRow.post_id == PostRow.id, CaseRow.confidential.is_(True), ~visible_cases(sight))
        .correlate(PostRow)
    )
    loose = sa.and_(PostRow.confidential.is_(True), ~_in_a_case(), sa.not_(post_read_by(seat)))
    return sa.or_(unseen, loose)


def _unjudged() -> Predicate:
    """Return the condition under which nobody has judged a post: it waits, or no machine could judge it."""
    waits = PostRow.triage_state.in_((TriageState.PENDING.value, TriageState.CLAIMED.value))
    beyond_machines = sa.and_(PostRow.triage_state == TriageState.DESK.value, PostRow.decision_id.is_(None))
    return sa.or_(waits, beyond_machines)


def visible_case_ids(sight: Visibility) -> sa.Select[uuid.UUID]:
    """Return the ids of the visible cases, to be put into `IN (…)` by rows that belong to a case."""
    return sa.select(CaseRow.id).where(visible_cases(sight))


def sight_of(session: Session, case_id: uuid.UUID) -> CaseSight | None:
    """Return the facts by which the pure predicate decides about one case, None if there is no such case."""
    case = session.execute(
        sa.select(CaseRow.county_id, CaseRow.grade, CaseRow.confidential).where(CaseRow.id == case_id)
    ).one_or_none()
    if case is None:
        return None
    assigned = session.scalars(
        sa.select(AssignmentRow.unit_code).where(
            AssignmentRow.case_id == case_id, AssignmentRow.ended_at.is_(None)
        )
    )
    excluded = session.scalars(sa.select(ExclusionRow.unit_code).where(ExclusionRow.case_id == case_id))
    return CaseSight(
        county_id=CountyId(case.county_id),
        grade=Grade(case.grade),
        confidential=case.confidential,
        assigned=frozenset(map(UnitId, assigned)),
        excluded=frozenset(map(UnitId, excluded)),
        recused=recused_from(session, case_id),
        discipline=units_of_discipline(session, case.county_id),
    )


def _by_assignment(sight: Visibility) -> list[Predicate]:
    """Return what follows anyway for who sees assigned cases alone, in a form that indexes can start from."""
    if Reach.ALL in {sight.cases, sight.confidential}:
        return []
    own = sa.select(AssignmentRow.case_id).where(
        AssignmentRow.county_id == sight.county_id,
        AssignmentRow.unit_code.in_(sorted(sight.unit_ids)),
        AssignmentRow.ended_at.is_(None),
    )
    return [CaseRow.id.in_(own)]


def _reached(sight: Visibility, reach: Reach, *, shut_out: bool) -> Predicate:
    if reach is Reach.ALL:
        return sa.true()
    if reach is Reach.NONE or not sight.unit_ids:
        return sa.false()
    in_force = (
        sa.select(AssignmentRow.id)
        .where(
            AssignmentRow.case_id == CaseRow.id,
            AssignmentRow.county_id == sight.county_id,
            AssignmentRow.unit_code.in_(sorted(sight.unit_ids)),
            AssignmentRow.ended_at.is_(None),
        )
        .correlate(CaseRow)
    )
    if shut_out:
        barred = (
            sa.select(ExclusionRow.case_id)
            .where(
                ExclusionRow.case_id == CaseRow.id,
                ExclusionRow.unit_code == AssignmentRow.unit_code,
            )
            .correlate(CaseRow, AssignmentRow)
        )
        in_force = in_force.where(~sa.exists(barred))
    return sa.exists(in_force)
