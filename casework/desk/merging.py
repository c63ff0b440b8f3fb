"""Merging a case into another one that tells of the same matter, and undoing it.

Posts move and keep their history; nothing is thrown away. Whether two cases are one matter is for a person.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from casework.access import Permission, require, visibility
from casework.desk.asking import propose_upgrade
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.lowering import grade_at_stake, is_lowered_alone
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.grade_refusals import JoinedLower
from casework.lifecycle import Action, CaseState, require_action
from casework.masking import masked
from casework.post_refusals import SecretStaysApart
from casework.recusal import ASKED, marks, tops
from casework.refusals import NoSuchCase, SameCase, UnitShutOut
from casework.store.case_links import (
    Merge,
    last_merge,
    links_of,
    move_posts,
    set_matter,
    shut_out_too,
    take_back,
)
from casework.store.case_parts import assignments_of
from casework.store.case_records import CaseHead, case_seen, heads_of
from casework.store.case_writes import excluded_from
from casework.store.matters import OpenCase, stand_for
from casework.store.packs import superiors
from casework.store.secrets import open_doubt, open_lift
from casework.store.settling import case_to_join
from casework.store.triage_rows import one_batch_at_a_time
from casework.wording import MOST_OF_A_REASON, worded


def merge_case(
    uow: UnitOfWork, case_id: uuid.UUID, *, version: int, into: uuid.UUID, reason: str
) -> CaseHead:
    """Merge a case that has not been dispatched into an open one, and return the merged case.

    Its posts move there, each with its history; what is posted later on its matter goes there, too. The
    merged case stays readable and names the other. A higher grade that the merged case has, or that is
    proposed for it, is proposed for the other, never set. Whoever is shut out of a confidential case is shut
    out of the other; what waits for a second person in either of the two lapses.

    Args:
        uow: of a writing transaction.
        case_id: of the case that ends.
        version: of that case, as the page showed it.
        into: the case that goes on.
        reason: why the two are one matter.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion: see `docket`; NoSuchCase also of the other case.
        IllegalTransition: one of the two is not in a state for it.
        SameCase: the two are one.
        SecretStaysApart: only one of the two is a confidential accusation.
        UnitShutOut: the other case lies with a unit that this one accuses.
        JoinedLower: a duty officer alone, and this one is serious, or may be, and the other is not.
        TextRefused: no reason.
    """
    require(uow.actor, Permission.CASE_MERGE)
    one_batch_at_a_time(uow.session, uow.county)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.MERGE_INTO)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    other = _joinable(docket, into)
    grade = grade_at_stake(uow, docket.case)
    if is_lowered_alone(uow.actor, grade, other.grade):
        raise JoinedLower("into")
    links = links_of(uow.session, case_id)
    merge = Merge(
        into=into,
        posts=frozenset(link.post_id for link in links),
        opened=next((link.post_id for link in links if link.has_opened), None),
        matter_id=docket.case.matter_id,
        gave_matter=other.matter_id is None and docket.case.matter_id is not None,
    )
    _follow(docket, other)
    for one in (case_id, into):
        _let_lapse(uow, one)
    move_posts(
        uow.session,
        merge.posts,
        into=into,
        reason=why,
        matter_id=other.matter_id or merge.matter_id,
    )
    _tell(docket, other, merge, [link.post_id for link in links], why)
    if links and grade.rank > other.grade.rank:
        held = OpenCase(into, other.grade, other.is_confidential, other.redo_count, other.dissatisfied_count)
        propose_upgrade(uow, held, links[0].post_id, grade)
    docket.writer.close_items_of(case_id, by=uow.actor.name, at=uow.now)
    return put_back(docket, replace(docket.case, state=state, closed_at=uow.now))


def undo_merge(docket: Docket, why: str) -> None:
    """Give a merged case its posts and its matter back; what came in since stays where it is."""
    uow, case = docket.uow, docket.case
    merge = last_merge(uow.session, case.id)
    if merge is None:
        return
    holder = _holder(uow, merge)
    posts = [link.post_id for link in links_of(uow.session, holder.id) if link.post_id in merge.posts]
    take_back(uow.session, posts, into=case.id, opened=merge.opened, matter_id=merge.matter_id)
    if merge.matter_id is not None:
        stand_for(uow.session, merge.matter_id, None)
    if merge.gave_matter:
        set_matter(uow.session, merge.into, None)
    uow.note(
        EventKind.CASE_PARTED,
        case_id=holder.id,
        data={"case": str(case.id), "name": name_of(case), "count": len(posts), "reason": why},
    )
    for post_id in posts:
        uow.note(
            EventKind.CASE_REINSTATED,
            post_id=post_id,
            data={"was": CaseState.MERGED.value, "case": str(case.id), "reason": why},
        )


def name_of(case: CaseHead) -> str:
    """Return how a sentence names a case: its number, or its title before it has one."""
    return case.number or f"“{masked(case.title)}”"


def _joinable(docket: Docket, into: uuid.UUID) -> CaseHead:
    """Return the case to merge into, locked against being closed meanwhile."""
    uow, case = docket.uow, docket.case
    if into == case.id:
        raise SameCase
    if case_to_join(uow.session, uow.county, into) is None:
        raise NoSuchCase(into)
    other = case_seen(uow.session, visibility(uow.actor), into)
    require_action(other.state, Action.MERGE_POST, roles=uow.actor.roles, grade=other.grade)
    if other.is_confidential is not case.is_confidential:
        raise SecretStaysApart
    if case.is_confidential:
        _shut_out(docket, other)
    return other


def _shut_out(docket: Docket, other: CaseHead) -> None:
    """Shut out of the other case whoever is shut out of this one. **Source:** 信访工作条例 §30 ¶3."""
    session = docket.uow.session
    mine, theirs = excluded_from(session, docket.case.id) - {ASKED}, excluded_from(session, other.id)
    above = superiors(session, docket.uow.county)
    further = (mine | marks(tops(mine, above) | tops(theirs, above), mine | theirs, above)) - theirs
    in_force = [part.unit for part in assignments_of(session, other.id) if part.ended_at is None]
    for unit in (other.lead_unit, *other.assist_units, *in_force):
        if unit in further:
            raise UnitShutOut(unit)
    shut_out_too(session, docket.uow.county, other.id, further)


def _let_lapse(uow: UnitOfWork, case_id: uuid.UUID) -> None:
    """End what waits for a second person, and say so: it was asked about other posts and other markers."""
    if open_lift(uow.session, case_id) is not None or open_doubt(uow.session, case_id) is not None:
        uow.note(EventKind.REQUEST_LAPSED, case_id=case_id)


def _follow(docket: Docket, other: CaseHead) -> None:
    """Let the matter of the merged case stand for that of the other one."""
    session, mine = docket.uow.session, docket.case.matter_id
    if mine is None or mine == other.matter_id:
        return
    if other.matter_id is None:
        set_matter(session, other.id, mine)
    else:
        stand_for(session, other.matter_id, None)  # so that no two matters ever stand for each other
        stand_for(session, mine, other.matter_id)


def _tell(docket: Docket, other: CaseHead, merge: Merge, posts: list[uuid.UUID], why: str) -> None:
    uow, case = docket.uow, docket.case
    uow.note(
        EventKind.CASE_MERGED,
        case_id=case.id,
        data={
            "into": str(merge.into),
            "name": name_of(other),
            "posts": [str(post_id) for post_id in posts],
            "opened": str(merge.opened) if merge.opened else None,
            "matter": str(merge.matter_id) if merge.matter_id else None,
            "gave_matter": merge.gave_matter,
            "reason": why,
        },
    )
    uow.note(
        EventKind.CASE_ABSORBED,
        case_id=other.id,
        data={"case": str(case.id), "name": name_of(case), "count": len(posts), "reason": why},
    )
    for post_id in posts:
        uow.note(
            EventKind.POST_ATTACHED,
            post_id=post_id,
            data={"reason": why, "case": str(other.id)},
        )


def _holder(uow: UnitOfWork, merge: Merge) -> CaseHead:
    """Return the case that has the posts of a merge now: further merges may have carried them on."""
    holder = heads_of(uow.session, [merge.into])[merge.into]
    while holder.state is CaseState.MERGED and (further := last_merge(uow.session, holder.id)) is not None:
        holder = heads_of(uow.session, [further.into])[further.into]
    return holder
