"""Dismissing a case that was opened wrongly, and taking a dismissed or merged case up again.

A single post without a case is dismissed by `ending` and `settle`; merging is `merging`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from casework.access import Permission, require
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.lowering import require_not_ended_alone
from casework.desk.merging import undo_merge
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action, CaseState
from casework.post import TriageState
from casework.post_refusals import UnknownChoice
from casework.store.case_links import end_posts, links_of
from casework.store.case_records import CaseHead
from casework.store.dismissal_rows import NewDismissal, write_dismissals
from casework.store.triage_rows import one_batch_at_a_time
from casework.store.upgrades import ask_again
from casework.wording import MOST_OF_A_REASON, worded
from rules.model import DismissalReason


def dismiss_case(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, reason_id: str, note: str) -> CaseHead:
    """Dismiss a case that has not been dispatched; each of its posts ends as dismissed with the same reason.

    The reason is one of the pack's, written for citizens; that a post was taken down is none of them. The
    posts stay in the case, and each is counted and can be re-audited like any other dismissal.

    Args:
        uow: of a writing transaction.
        case_id: of the case.
        version: as the page showed it.
        reason_id: of the pack in force.
        note: why, for the office; kept in the timeline.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        UnknownChoice: the pack has no such reason.
        TextRefused: no note.
        EndedAlone: a duty officer alone, and the case is serious or it is asked whether it is.
    """
    require(uow.actor, Permission.CASE_DISMISS)
    one_batch_at_a_time(uow.session, uow.county)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.DISMISS)
    require_not_ended_alone(docket)
    reason = dismissal_reason(uow, reason_id)
    remark = worded(note, field="note", most=MOST_OF_A_REASON)
    posts = [link.post_id for link in links_of(uow.session, case_id)]
    words = dismiss_by_hand(uow, posts, reason)
    end_posts(uow.session, posts, TriageState.DISMISSED)
    uow.note(EventKind.CASE_DISMISSED, case_id=case_id, data={**words, "note": remark})
    docket.writer.close_items_of(case_id, by=uow.actor.name, at=uow.now)
    return put_back(docket, replace(docket.case, state=state, closed_at=uow.now))


def dismiss_by_hand(
    uow: UnitOfWork, post_ids: Sequence[uuid.UUID], reason: DismissalReason
) -> dict[str, str]:
    """Write that posts are dismissed, also where one was before, and return the words of the timeline."""
    write_dismissals(
        uow.session,
        uow.county,
        [NewDismissal(uow.new_id(), post_id, reason, uow.actor.name, uow.now) for post_id in post_ids],
    )
    words = {"reason": reason.id, "reason_zh": reason.title.zh, "reason_en": reason.title.en}
    for post_id in post_ids:
        uow.note(EventKind.POST_DISMISSED, post_id=post_id, data=words)
    return words


def reinstate_case(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, reason: str) -> CaseHead:
    """Take a dismissed or merged case up again, with the posts that it had; it is registered anew.

    Where it was asked whether it is graver when it ended, that is asked again.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        TextRefused: no reason.
    """
    require(uow.actor, Permission.CASE_REINSTATE)
    one_batch_at_a_time(uow.session, uow.county)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.REINSTATE)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    was = docket.case.state
    if was is CaseState.MERGED:
        undo_merge(docket, why)
    else:
        _undismiss(docket, why)
    uow.note(EventKind.CASE_REINSTATED, case_id=case_id, data={"was": was.value, "reason": why})
    docket.writer.close_items_of(case_id, by=uow.actor.name, at=uow.now)
    if docket.case.closed_at is not None:
        ask_again(uow.session, case_id, ended_at=docket.case.closed_at)
    return put_back(docket, replace(docket.case, state=state, closed_at=None))


def dismissal_reason(uow: UnitOfWork, reason_id: str) -> DismissalReason:
    """Return a reason of the pack in force.

    Raises:
        UnknownChoice: it has no such reason.
    """
    for reason in uow.rulebook.pack.dismissals:
        if reason.id == reason_id:
            return reason
    raise UnknownChoice("reason_id", reason_id)


def _undismiss(docket: Docket, why: str) -> None:
    """Let the posts go on; what they were dismissed with stays in the timeline."""
    uow = docket.uow
    links = links_of(uow.session, docket.case.id)
    for state in (TriageState.CASE, TriageState.MERGED):
        posts = [one.post_id for one in links if one.has_opened is (state is TriageState.CASE)]
        end_posts(uow.session, posts, state)
    for one in links:
        uow.note(
            EventKind.CASE_REINSTATED,
            post_id=one.post_id,
            data={"was": CaseState.DISMISSED.value, "reason": why},
        )
