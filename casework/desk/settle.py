"""What an officer does with an item of the person's desk: dismiss, attach, take note. Each once.

Opening a case for it is `by_hand`. Rulings on routing and corrections of grade are `assign`: those items
close when the case is decided.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from casework.access import Actor, Permission, may_see, require, visibility
from casework.desk.asking import Writing, propose_upgrade
from casework.desk.dismissing import dismiss_by_hand, dismissal_reason
from casework.desk.lowering import is_lowered_alone, is_one_alone
from casework.desk.naming import require_a_desk
from casework.desk.opening import attach_post
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.grade_refusals import EndedAlone, JoinedLower, NotOneAlone, ReauditNotNoted, UpgradeNotNoted
from casework.lifecycle import Action, CaseState, require_action
from casework.post import TriageState
from casework.post_refusals import (
    ItemClosed,
    ItemNotOfThisKind,
    NoSuchItem,
    NoSuchPost,
    SecretStaysApart,
)
from casework.refusals import NoSuchCase, UnitShutOut
from casework.store.case_links import shut_out_too
from casework.store.case_writes import excluded_from
from casework.store.desk_items import DeskItem, ItemKind, close_item, item
from casework.store.matters import OpenCase
from casework.store.recused import recused_from
from casework.store.settling import PostAtHand, case_of_post, case_to_join, post_at_hand, settle_post
from casework.store.visible import sight_of
from casework.wording import MOST_OF_A_REASON, worded
from rules.model import Grade, Label

TO_BE_RULED = frozenset({ItemKind.TRIAGE, ItemKind.ARBITRATION, ItemKind.SAME_MATTER})
"""Items that end only by a decision, not by taking note of them."""


def dismiss(uow: UnitOfWork, item_id: uuid.UUID, *, reason_id: str, note: str) -> None:
    """Dismiss the post of an item with a reason of the pack that a citizen can read.

    A dismissal that did not hold on re-audit may be followed by another one; the timeline keeps both.

    Args:
        uow: a writing one.
        item_id: of an open item about a post that is in no case.
        reason_id: of the pack in force.
        note: what was found out, for the office; kept in the timeline.

    Raises:
        NotPermitted, NoSuchItem, ItemClosed: see `taken_up`.
        ItemNotOfThisKind: nothing waits to be decided about this post.
        UnknownChoice: the pack has no such reason.
        TextRefused: no note.
        EndedAlone: a duty officer alone, and triage proposed it as serious.
    """
    require(uow.actor, Permission.CASE_DISMISS)
    task = taken_up(uow, item_id)
    post = loose_post(uow, task)
    if task.kind is not ItemKind.TRIAGE or post.state is not TriageState.DESK:
        raise ItemNotOfThisKind(
            "该网帖已有处理结果，不能再作不立案处理。", "This post has been decided; it cannot be dismissed."
        )
    if is_lowered_alone(uow.actor, post.proposed.grade, None):
        raise EndedAlone
    reason = dismissal_reason(uow, reason_id)
    remark = worded(note, field="note", most=MOST_OF_A_REASON)
    dismiss_by_hand(uow, [post.id], reason)
    settle_post(
        uow.session,
        post.id,
        TriageState.DISMISSED,
        confidential=stays_secret(post),
        matter_id=post.matter_id,
    )
    close_task(uow, task, "dismissed", note=remark)


def attach(uow: UnitOfWork, item_id: uuid.UUID, *, case_id: uuid.UUID, reason: str) -> None:
    """Put the post of an item into an open case that tells of the same matter.

    A higher grade that triage proposed for the post is proposed for the case, never set.

    Raises:
        NotPermitted, NoSuchItem, ItemClosed: see `taken_up`.
        ItemNotOfThisKind: the item is about no post, or the post is in a case already.
        NoSuchCase: none, or not visible.
        IllegalTransition: the case takes no posts any more.
        SecretStaysApart: one of the two is a confidential accusation and the other is not.
        UnitShutOut: the post accuses, or may accuse, a unit that has the case.
        LeavesNoDesk: with the post, the case would be shut to every desk.
        JoinedLower: a duty officer alone, and triage proposed the post as serious, but the case is not.
        TextRefused: no reason.
    """
    require(uow.actor, Permission.CASE_MERGE)
    task = taken_up(uow, item_id)
    post = loose_post(uow, task)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    sight = sight_of(uow.session, case_id)
    case = case_to_join(uow.session, uow.county, case_id)
    if sight is None or case is None or not may_see(visibility(uow.actor), sight):
        raise NoSuchCase(case_id)
    require_action(CaseState(case.state), Action.MERGE_POST, roles=uow.actor.roles, grade=Grade(case.grade))
    if case.confidential is not post.confidential and not post.suspected:
        raise SecretStaysApart
    held = OpenCase(case_id, Grade(case.grade), case.confidential, case.redo_count, case.dissatisfied_count)
    if is_lowered_alone(uow.actor, post.proposed.grade, held.grade):
        raise JoinedLower("case_id")
    writing = Writing(uow)
    if case.confidential:
        _shut_out_too(writing, case_id, post, sight.assigned)
    elif post.suspected:
        _require_none_named(writing, post, {*sight.assigned, *case.assist_units, case.lead_unit})
    attach_post(writing, case_id, post.id, Label(why, why))
    writing.rows.write(uow.session)
    settle_post(
        uow.session,
        post.id,
        TriageState.MERGED,
        confidential=case.confidential,
        matter_id=case.matter_id or post.matter_id,
    )
    if post.proposed.grade is not None and post.proposed.grade.rank > held.grade.rank:
        propose_upgrade(uow, held, post.id, post.proposed.grade)
    close_task(uow, task, "attached", case_id=case_id, note=why)


def stays_secret(post: PostAtHand) -> bool:
    """Return whether a post stays confidential whatever is decided; others the machine only suspected."""
    return post.confidential and not post.suspected


def _require_none_named(writing: Writing, post: PostAtHand, has_it: Iterable[str | None]) -> None:
    """Refuse an ordinary case of a unit against which the post may speak: decide on that first."""
    named = writing.shut_out(post.accused)
    for unit in has_it:
        if unit is not None and unit in named:
            raise UnitShutOut(unit)


def _shut_out_too(writing: Writing, case_id: uuid.UUID, post: PostAtHand, assigned: Iterable[str]) -> None:
    """Shut out of a case whom a further post accuses. **Source:** 信访工作条例 §30 ¶3."""
    uow = writing.uow
    further = writing.shut_out(post.accused) - excluded_from(uow.session, case_id)
    for unit in assigned:
        if unit in further:
            raise UnitShutOut(unit)
    there = excluded_from(uow.session, case_id)
    require_a_desk(uow, recused_from(uow.session, case_id), there | further)
    shut_out_too(uow.session, uow.county, case_id, further)


def acknowledge(uow: UnitOfWork, item_id: uuid.UUID, *, note: str) -> None:
    """Take note of an item that asks for no other decision here, and say what was made of it.

    Raises:
        NotPermitted, NoSuchItem, ItemClosed: see `taken_up`.
        ItemNotOfThisKind: the item ends only by a decision about its post or case.
        TextRefused: no note.
        UpgradeNotNoted, ReauditNotNoted: see `left_to_a_director`.
    """
    require(uow.actor, Permission.CASE_CONFIRM)
    task = taken_up(uow, item_id)
    if (refusal := left_to_a_director(uow.actor, task)) is not None:
        raise refusal
    if task.kind in TO_BE_RULED:
        raise ItemNotOfThisKind(
            "该事项须作出决定（立案、并入、不立案或裁定），不能只作知悉。",
            "This item needs a decision (open, attach, dismiss or rule); taking note is not enough.",
        )
    close_task(uow, task, "acknowledged", note=worded(note, field="note", most=MOST_OF_A_REASON))


def left_to_a_director(actor: Actor, task: DeskItem) -> NotOneAlone | None:
    """Return why this actor does not take note of an item alone; None where he may.

    It asks whether something is serious, or says that what the office decided did not hold.
    """
    if not is_one_alone(actor):
        return None
    if task.kind is ItemKind.REAUDIT:
        return ReauditNotNoted()
    is_serious = task.kind is ItemKind.UPGRADE and task.data.get("to") == Grade.SERIOUS
    return UpgradeNotNoted() if is_serious else None


def taken_up(uow: UnitOfWork, item_id: uuid.UUID) -> DeskItem:
    """Return an open item that the actor may see.

    Raises:
        NoSuchItem: there is none, or it may not be seen.
        ItemClosed: somebody was faster.
    """
    found = item(uow.session, visibility(uow.actor), item_id)
    if found is None:
        raise NoSuchItem(item_id)
    if found.closed_at is not None:
        raise ItemClosed(item_id, found.resolution or "")
    return found


def loose_post(uow: UnitOfWork, task: DeskItem) -> PostAtHand:
    """Return the post of an item, which is in no case.

    Raises:
        ItemNotOfThisKind: there is no post, or it is in a case already.
    """
    if task.post_id is None:
        raise ItemNotOfThisKind("该事项不涉及网帖。", "This item is about no post.")
    post = post_at_hand(uow.session, uow.county, task.post_id)
    if post is None:
        raise NoSuchPost(task.post_id)
    if case_of_post(uow.session, post.id) is not None:
        raise ItemNotOfThisKind("该网帖已在一个舆情件中。", "This post is in a case already.")
    return post


def close_task(
    uow: UnitOfWork, task: DeskItem, resolution: str, *, case_id: uuid.UUID | None = None, note: str
) -> None:
    """Close an item that was taken up open.

    Raises:
        ItemClosed: somebody was faster after all; the whole transaction goes.
    """
    if not close_item(uow.session, task.id, by=uow.actor.name, resolution=resolution, now=uow.now):
        raise ItemClosed(task.id, "")
    uow.note(
        EventKind.DESK_ITEM_CLOSED,
        case_id=case_id or task.case_id,
        post_id=task.post_id,
        data={"kind": task.kind.value, "resolution": resolution, "note": note},
    )
