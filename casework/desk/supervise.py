"""The supervising desk's work: accept a reply or send it back, keep promises in sight, close, reopen.

General cases are reviewed by the office, the others by the supervision office: `performers`. The steps of
the ladder are taken by `sweep`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from casework.access import Permission, UnitId, require
from casework.clock_entries import limit_for
from casework.desk.case_clocks import CaseClocks, clocks_on
from casework.desk.charging import charge, scored_case
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.lowering import require_upgrade_decided
from casework.desk.steps import Earned, take_steps
from casework.desk.taking_back import SENT_BACK
from casework.desk.unit import UnitOfWork
from casework.desk.watching import facts_of, is_owed, keys_taken, watched
from casework.events import EventKind
from casework.lifecycle import Action, CaseState
from casework.outcome import Outcome, acceptance_of
from casework.refusals import NothingPending, TakenOver
from casework.scoring import Evidence, Failing, FailingKind
from casework.store.case_parts import Commitment, Reply, commitments_of, replies_of
from casework.store.case_records import CaseHead
from casework.store.case_writes import Verdict
from casework.store.clock_rows import KeptClock, clocks_of
from casework.supervision import due_steps
from casework.wording import MOST_OF_A_REASON, worded, worded_or_empty
from rules.model import Limit, Stage

ACCEPTED = "accepted"


def accept_reply(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, note: str = "") -> CaseHead:
    """Accept the reply under review.

    A promise leaves the case open: it becomes a commitment with a clock of its own. Any other outcome ends
    the handling, and with it the commitments that were open.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
    """
    require(uow.actor, Permission.CASE_REVIEW)
    docket = take_up(uow, case_id, version=version)
    return _accept(docket, _under_review(docket), note)


def meet_commitment(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, note: str = "") -> CaseHead:
    """Accept the reply by which a unit says that it has kept its promise.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NothingPending: no commitment is open, or the reply under review is another promise.
    """
    require(uow.actor, Permission.CASE_REVIEW)
    docket = take_up(uow, case_id, version=version)
    pending = _under_review(docket)
    if pending.outcome is Outcome.PROMISED or not _open_commitments(docket):
        raise NothingPending(
            "commitment",
            "没有待确认兑现的承诺事项。",
            "There is no commitment whose keeping waits to be confirmed.",
        )
    return _accept(docket, pending, note)


def send_back(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, reason: str) -> CaseHead:
    """Send a reply back for redo, also one that was accepted but is not closed yet.

    The clocks that it stopped go on; the time of the review does not count, and at least the time of a first
    report is left. The redo is charged to the unit. A step of the ladder that so many redos earn is taken at
    once: a unit that signs another reply before the next sweep does not get round it.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        TextRefused: no reason.

    **Source:** domain.md §2.5 (what does not pass goes back), §3.2 (a redo costs points). What is left for a
    redo is our own suggestion: time to look again and write, as for a first report.
    """
    require(uow.actor, Permission.CASE_REVIEW)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.SEND_BACK)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    last = replies_of(uow.session, case_id)[-1]
    _judge(docket, last, SENT_BACK, why)
    after = replace(docket.case, state=state, redo_count=docket.case.redo_count + 1)
    clocks = clocks_on(docket)
    if docket.case.state is CaseState.PROMISED:
        clocks.void(why)
    docket.writer.unmeet([one.id for one in commitments_of(uow.session, case_id) if one.met_at == last.at])
    clocks.reopen(after, why=last.stops, reason=why, least=_redo_limit(clocks, after))
    uow.note(
        EventKind.REPLY_SENT_BACK,
        case_id=case_id,
        data={"unit": last.unit, "round": last.round, "reason": why, "redo": after.redo_count},
    )
    charge(uow, [_redo(after, last, why)])
    _take_earned(uow, clocks, after)
    return put_back(docket, clocks.next_due(after))


def close_case(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, note: str = "") -> CaseHead:
    """Close a case whose reply was accepted.

    A post that its author or platform took down closes nothing: only this does.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        UpgradeUndecided: a duty officer alone, while it is asked whether it is serious.
    """
    require(uow.actor, Permission.CASE_CLOSE)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.CLOSE)
    require_upgrade_decided(docket)
    clocks = clocks_on(docket)
    clocks.void("办结")
    after = clocks.next_due(replace(docket.case, state=state, closed_at=uow.now))
    uow.note(EventKind.CLOSED, case_id=case_id, data={"note": _noted(note), "redo": after.redo_count})
    return put_back(docket, after)


def reopen_case(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, reason: str) -> CaseHead:
    """Take a closed case up again; its unit gets a new clock for the close.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        TextRefused: no reason.
        TakenOver: no unit has it any more.
    """
    require(uow.actor, Permission.CASE_REOPEN)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.REOPEN)
    if not any(part.is_lead for part in docket.assignments):
        raise TakenOver
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    after = replace(docket.case, state=state, closed_at=None)
    clocks = clocks_on(docket)
    clocks.start_duties(after, docket.lead_unit(), stages=(Stage.CLOSE,))
    docket.writer.close_reaudits_of(case_id, by=uow.actor.name, at=uow.now)
    uow.note(EventKind.REOPENED, case_id=case_id, data={"unit": docket.lead_unit(), "reason": why})
    return put_back(docket, clocks.next_due(after))


def _accept(docket: Docket, pending: Reply, note: str) -> CaseHead:
    uow = docket.uow
    state = state_after(docket, acceptance_of(pending.outcome))
    _judge(docket, pending, ACCEPTED, _noted(note))
    uow.note(
        EventKind.REPLY_ACCEPTED,
        case_id=docket.case.id,
        data={"unit": pending.unit, "round": pending.round, "outcome": pending.outcome.value},
    )
    after = replace(docket.case, state=state)
    if pending.promised_on is None:
        _meet(docket, pending)
        return put_back(docket, after)
    clocks = clocks_on(docket)
    clocks.start_commitment(after, pending.unit, pending.promised_on)
    _commit(docket, pending, pending.promised_on)
    return put_back(docket, clocks.next_due(after))


def _commit(docket: Docket, promise: Reply, promised_on: date) -> None:
    uow = docket.uow
    commitment = Commitment(
        id=uow.new_id(),
        reply_id=promise.id,
        unit=promise.unit,
        promised_on=promised_on,
        text=promise.text,
        made_at=promise.at,
    )
    docket.writer.commit_to(docket.case.id, commitment)
    uow.note(
        EventKind.COMMITMENT_MADE,
        case_id=docket.case.id,
        data={"unit": promise.unit, "promised_on": promised_on.isoformat()},
    )


def _meet(docket: Docket, answer: Reply) -> None:
    """Note every open commitment as met by this answer, at the instant the unit gave it."""
    kept = _open_commitments(docket)
    if not kept:
        return
    uow = docket.uow
    docket.writer.meet([one.id for one in kept], at=answer.at, by=answer.by)
    made = commitments_of(uow.session, docket.case.id)
    late = kept_late(made, clocks_of(uow.session, docket.case.id))
    for one in kept:
        uow.note(
            EventKind.COMMITMENT_MET,
            case_id=docket.case.id,
            data={"unit": one.unit, "promised_on": one.promised_on.isoformat(), "late": one.id in late},
        )


def kept_late(made: Iterable[Commitment], clocks: Iterable[KeptClock]) -> frozenset[uuid.UUID]:
    """Return the ids of commitments that were met after their clock had run out.

    Args:
        made: commitments of a case, in the order in which they were made.
        clocks: of the case, in the order in which they were started; each commitment has one of its own.
    """
    running = [one for one in clocks if one.clock.stage is Stage.COMMITMENT and not one.is_void]
    late = set[uuid.UUID]()
    for unit in {one.unit for one in running}:
        own = (one for one in made if one.unit == unit)
        for commitment, kept in zip(own, (one for one in running if one.unit == unit), strict=False):
            if commitment.met_at is not None and commitment.met_at > kept.due_at:
                late.add(commitment.id)
    return frozenset(late)


def _open_commitments(docket: Docket) -> tuple[Commitment, ...]:
    found = commitments_of(docket.uow.session, docket.case.id)
    return tuple(one for one in found if one.met_at is None)


def _under_review(docket: Docket) -> Reply:
    # The table speaks first, in words that name the state; both kinds of acceptance start from the same one.
    state_after(docket, Action.ACCEPT)
    return next(one for one in replies_of(docket.uow.session, docket.case.id) if one.verdict is None)


def _judge(docket: Docket, reply: Reply, word: str, reason: str) -> None:
    uow = docket.uow
    desk = uow.actor.desk.value if uow.actor.desk else ""
    docket.writer.judge_reply(reply.id, Verdict(word, reason, by=uow.actor.name, desk=desk, at=uow.now))


def _take_earned(uow: UnitOfWork, clocks: CaseClocks, case: CaseHead) -> None:
    """Take the steps that the running clocks have earned by now, as the sweep would a little later."""
    earned = [
        Earned(case, one, step)
        for one in clocks.running()
        if is_owed(case, one.clock.stage)
        for step in due_steps(
            facts_of(case),
            (watched(case, one),),
            taken=keys_taken(one, clocks.steps.get(one.id, frozenset())),
            ladder=clocks.policy.ladder,
            now=uow.now,
            workdays=clocks.workdays,
        )
    ]
    take_steps(uow, earned)


def _redo_limit(clocks: CaseClocks, case: CaseHead) -> Limit | None:
    line = limit_for(clocks.policy.deadlines, Stage.FIRST_REPORT, case.grade, case.demand)
    return line.limit if line else None


def _redo(case: CaseHead, sent_back: Reply, reason: str) -> Failing:
    return Failing(
        kind=FailingKind.REDO,
        case=scored_case(case),
        unit_id=UnitId(sent_back.unit),
        is_confirmed=True,
        evidence=(
            Evidence("reply", str(sent_back.id)),
            Evidence("round", str(sent_back.round)),
            Evidence("reason", reason),
        ),
        nth=case.redo_count,
        is_lead=sent_back.unit == case.lead_unit,
    )


def _noted(note: str) -> str:
    return worded_or_empty(note, field="note")
