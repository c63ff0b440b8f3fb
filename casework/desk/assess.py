"""The target office's work: a second look, confirmed failings, and reversals by opposite entries.

Nothing here changes a case, an entry or a post: it adds. What a failing costs is `casework.scoring`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from casework.access import Permission, UnitId, require, visibility
from casework.desk.asking import Writing, ask_person
from casework.desk.charging import charge, enter, scored_case
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action, CaseState, require_action
from casework.refusals import DecidedByYourself, NoSuchUnit
from casework.score_refusals import AlreadyScored, NotForThisFailing, ScoredBefore
from casework.scoring import LATE, Evidence, Failing, FailingKind, opposite
from casework.store.case_parts import Reaudit, ScoreLine, assignments_of
from casework.store.case_records import CaseHead, case_seen
from casework.store.case_writes import Writer
from casework.store.deciding import deciders
from casework.store.desk_items import ItemKind
from casework.store.dismissal_rows import mark_reaudited, put_on_desk, require_dismissal
from casework.store.score_ledger import earlier, entry
from casework.store.scores import cases_at_spot
from casework.store.settling import case_of_post
from casework.wording import MOST_OF_A_REASON, worded, worded_or_empty
from rules.model import Label

SPOT_WINDOW = timedelta(days=90)
"""**Source:** domain.md §3.2: the same again at one spot within 90 days."""
BY_CLOCK = frozenset(LATE.values()) | {FailingKind.REDO}
"""Failings that a clock or a review proves by itself; nobody confirms them by hand."""


class ReauditVerdict(StrEnum):
    """What an inspector's second look finds."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of confirming a failing: the entry, or None where no rule prices it."""

    failing: FailingKind
    entry: ScoreLine | None


def reaudit_case(uow: UnitOfWork, case_id: uuid.UUID, *, verdict: ReauditVerdict, notes: str) -> uuid.UUID:
    """Record a second look at a closed case and return its id. The case stays as it is.

    Where the result does not hold, the inspector reopens the case or confirms a failing: both are acts of
    their own, with reasons of their own. Until the case is taken up again, or somebody says why not, it
    waits on the person's desk: nothing ends in silence.

    Raises:
        NotPermitted, NoSuchCase, IllegalTransition: not by this actor, not seen, or not closed.
        DecidedByYourself: this person decided on the case.
        TextRefused: a result that does not hold needs notes.
    """
    require(uow.actor, Permission.CASE_REAUDIT)
    case = case_seen(uow.session, visibility(uow.actor), case_id)
    require_action(case.state, Action.RE_AUDIT, roles=uow.actor.roles, grade=case.grade)
    if uow.actor.user_id in deciders(uow.session, case_id=case_id):
        raise DecidedByYourself
    look = _look(uow, verdict, notes)
    Writer(uow.session, uow.county).reaudit(look, case_id=case_id, post_id=None)
    uow.note(EventKind.REAUDITED, case_id=case_id, data={"verdict": look.verdict, "notes": look.notes})
    if case.state is CaseState.DISMISSED and verdict is ReauditVerdict.NOT_CONFIRMED:
        _ask_to_reinstate(uow, case_id, look)
    elif verdict is ReauditVerdict.NOT_CONFIRMED:
        reason = Label(
            f"抽查不属实：{look.notes} 请督办方重新办理，或者写明为什么维持办结。",
            f"The result did not hold on re-audit: {look.notes} Let the desk that reviews it take the case "
            "up again, or write down why it stays closed.",
        )
        _ask(uow, case_id, look, reason)
    return look.id


def reaudit_dismissal(
    uow: UnitOfWork, post_id: uuid.UUID, *, verdict: ReauditVerdict, notes: str
) -> uuid.UUID:
    """Record a second look at a dismissal and return its id.

    A dismissal that does not hold puts the post on the office's desk again, or the case that was dismissed
    with it: nothing ends in silence.

    Raises:
        NotPermitted: the actor may not re-audit.
        NoSuchDismissal: the post was not dismissed, or may not be seen.
        DecidedByYourself: this person dismissed it.
        TextRefused: a dismissal that does not hold needs notes.
    """
    require(uow.actor, Permission.CASE_REAUDIT)
    require_dismissal(uow.session, visibility(uow.actor), post_id)
    require_action(CaseState.DISMISSED, Action.RE_AUDIT, roles=uow.actor.roles, grade=None)
    if uow.actor.user_id in deciders(uow.session, post_id=post_id):
        raise DecidedByYourself
    look = _look(uow, verdict, notes)
    Writer(uow.session, uow.county).reaudit(look, case_id=None, post_id=post_id)
    mark_reaudited(uow.session, post_id, verdict=look.verdict, at=uow.now)
    uow.note(EventKind.REAUDITED, post_id=post_id, data={"verdict": look.verdict, "notes": look.notes})
    dismissed_case = case_of_post(uow.session, post_id)
    if verdict is ReauditVerdict.NOT_CONFIRMED and dismissed_case is not None:
        _ask_to_reinstate(uow, dismissed_case, look)
    elif verdict is ReauditVerdict.NOT_CONFIRMED:
        put_on_desk(
            uow.session,
            uow.new_id(),
            county=uow.county,
            post_id=post_id,
            reason=Label(f"不立案经抽查不成立：{look.notes}", f"The dismissal did not hold: {look.notes}"),
            effect_key=f"reaudit/{look.id}",
            at=uow.now,
        )
        uow.note(EventKind.POST_TO_DESK, post_id=post_id, data={"reason": look.notes})
    return look.id


def _ask_to_reinstate(uow: UnitOfWork, case_id: uuid.UUID, look: Reaudit) -> None:
    reason = Label(f"不立案经抽查不成立：{look.notes}", f"The dismissal did not hold: {look.notes}")
    _ask(uow, case_id, look, reason)


def _ask(uow: UnitOfWork, case_id: uuid.UUID, look: Reaudit, reason: Label) -> None:
    writing = Writing(uow)
    ask_person(writing, ItemKind.REAUDIT, f"reaudit/{look.id}", reason, case_id=case_id)
    writing.rows.write(uow.session)


def confirm_failing(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    *,
    unit: str,
    failing: FailingKind,
    evidence: str,
    again: bool = False,
) -> Confirmed:
    """Confirm that a unit failed in handling a case, and charge it by the scoring rules.

    A post, its spread and its media are no failing: only what the unit did or left undone is.

    Args:
        uow: of a writing transaction.
        case_id: of a case that the actor may see.
        unit: that has or had a part in the case.
        failing: one that nothing proves by itself; lateness and redos are charged without a hand.
        evidence: what it rests on, in words.
        again: the unit failed in the same way once more; needed where this was charged in the case before.

    Raises:
        NotPermitted, NoSuchCase: not by this actor, or not seen.
        NoSuchUnit: the unit never had a part in the case.
        NotForThisFailing: lateness or a redo.
        AlreadyScored: the same failing on the same evidence.
        ScoredBefore: the same failing was charged before, and nobody said that it happened again.
        TextRefused: no evidence.
    """
    require(uow.actor, Permission.SCORE_CONFIRM)
    case = case_seen(uow.session, visibility(uow.actor), case_id)
    if failing in BY_CLOCK:
        raise NotForThisFailing(failing.value)
    why = Evidence("evidence", worded(evidence, field="evidence", most=MOST_OF_A_REASON))
    parts = [part for part in assignments_of(uow.session, case_id) if part.unit == unit]
    if not parts:
        raise NoSuchUnit(unit)
    before = earlier(uow.session, uow.county, case_id=case_id, unit=unit, failing=failing)
    if any(why in known.evidence for known in before):
        raise AlreadyScored(failing.value)
    if before and not again:
        raise ScoredBefore(len(before))
    found = Failing(
        kind=failing,
        case=scored_case(case),
        unit_id=UnitId(unit),
        is_confirmed=True,
        evidence=(why,),
        nth=len(before) + 1,
        nth_90d=_at_spot(uow, case, unit),
        is_lead=any(part.is_lead for part in parts),
    )
    entered = charge(uow, [found])
    return Confirmed(failing, entered[0] if entered else None)


def reverse_entry(uow: UnitOfWork, entry_id: uuid.UUID, *, reason: str) -> ScoreLine:
    """Take a score entry back by an opposite one and return that; nothing is changed or removed.

    Raises:
        NotPermitted: the actor may not reverse entries.
        NoSuchEntry: there is none, or its case may not be seen.
        AlreadyOpposite: the entry is itself a reversal.
        AlreadyReversed: it was taken back already.
        TextRefused: no reason.
    """
    require(uow.actor, Permission.SCORE_REVERSE)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    draft = opposite(entry(uow.session, visibility(uow.actor), entry_id), reason=why)
    return enter(uow, [draft])[0]


def _look(uow: UnitOfWork, verdict: ReauditVerdict, notes: str) -> Reaudit:
    words = worded_or_empty(notes, field="notes")
    if verdict is ReauditVerdict.NOT_CONFIRMED:
        words = worded(notes, field="notes", most=MOST_OF_A_REASON)
    return Reaudit(uow.new_id(), verdict.value, words, by=uow.actor.name, at=uow.now)


def _at_spot(uow: UnitOfWork, case: CaseHead, unit: str) -> int:
    since = uow.now - SPOT_WINDOW
    known = cases_at_spot(uow.session, uow.county, unit=unit, topic=case.topic, place=case.place, since=since)
    return max(1, known)
