"""Making a case confidential after the machine missed that it is an accusation, and lifting that again.

What a confidential case is for each reader is `casework.access`; who may lead one is `leading`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from casework.access import Permission, UnitId, require
from casework.accusation_refusals import LiftAskedByYourself
from casework.desk.accused import accused_now
from casework.desk.asking import Writing
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.leading import discipline_of
from casework.desk.naming import divided
from casework.desk.taking_back import TO_OTHERS, at_the_office, end_what_runs
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action
from casework.recusal import KEEPERS, is_shut_out
from casework.refusals import (
    AlreadyConfidential,
    MarkedByYourself,
    NobodyAccused,
    NoSuchUnit,
    NotConfidential,
)
from casework.routing import ACCUSATION_BASIS
from casework.store.case_records import CaseHead, heads_of
from casework.store.case_writes import active_units
from casework.store.recused import recused_from
from casework.store.secrets import (
    LastMark,
    absorbed_cases,
    ask_higher_authority,
    give_back,
    last_mark,
    make_open,
    make_secret,
    markers_of,
    open_lift,
)
from casework.store.triage_rows import one_batch_at_a_time
from casework.wording import MOST_OF_A_REASON, worded
from rules.model import DemandClass, Label

TO_ROUTE_ANEW = Label("请确定主办单位。", "Name the lead unit.")  # units read it: nothing of the secrecy


def mark_accusation(
    uow: UnitOfWork, case_id: uuid.UUID, *, version: int, accused: Iterable[str], reason: str
) -> CaseHead:
    """Make a case a confidential accusation and return it, registered anew at the office.

    The accused units and all below them are shut out at once and for every view. Every unit's part ends with
    its clocks; the lead becomes discipline inspection, or waits for a ruling where that is shut out itself.
    Cases that were merged into this one become confidential with it. Whom one person may not name alone
    (`naming.divided`) is only asked for: `accused.correct_accused` by a second person confirms it.

    Args:
        uow: of a writing transaction.
        case_id: of the case.
        version: as the page showed it.
        accused: unit codes, at least one.
        reason: why it is an accusation; kept in the timeline.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        AlreadyConfidential: it is one.
        NobodyAccused, NoSuchUnit: no unit, or one that is not in the register.
        TextRefused: no reason.

    **Source:** 信访工作条例 §30 ¶3.
    """
    require(uow.actor, Permission.CASE_CORRECT)
    one_batch_at_a_time(uow.session, uow.county)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.MARK_ACCUSATION)
    case = docket.case
    if case.is_confidential:
        raise AlreadyConfidential
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    named = _known(uow, accused)
    blamed, asked = divided(uow, named)
    shut_out = Writing(uow).shut_out(blamed)
    lead = discipline_of(uow.rulebook.pack)
    if lead is not None and UnitId(lead) in Writing(uow).shut_out(named):
        lead = None
    end_what_runs(docket, why)
    hidden = (case_id, *absorbed_cases(uow.session, case_id))
    docket.writer.close_pairs_of(hidden, by=uow.actor.name, at=uow.now)
    absorbed = heads_of(uow.session, hidden[1:])
    for one in hidden:
        make_secret(uow.session, uow.county, one, shut_out)
    if asked:
        ask_higher_authority(uow.session, uow.county, case_id)
    said = {"accused": list(blamed), "asked": list(asked), "lead": lead, "reason": why}
    # What was merged into it is marked with it: taken out again it stays secret, by the same person's act.
    for one, was in ((case_id, case), *absorbed.items()):
        uow.note(EventKind.MARKED_ACCUSATION, case_id=one, data=said | _as_it_was(was))
    after = replace(
        case,
        state=state,
        demand=DemandClass.ACCUSATION,
        is_confidential=True,
        lead_unit=lead,
        assist_units=(),
        route_basis=ACCUSATION_BASIS,
    )
    return at_the_office(docket, after, TO_OTHERS)


def lift_secrecy(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, reason: str) -> CaseHead:
    """Make a confidential case an ordinary one and return it, registered anew at the office.

    It takes two people who both see the case: the first call only asks, and the case stays as it is; the
    second stands. Whoever made it an accusation, or a case that is merged into it, is neither of them. What
    was marked by a person gets its former lead and class back as a proposal; what the machine judged needs a
    lead. What was written while it was secret stays unread by whoever was shut out
    (`store.secrets.unread_until`).

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NotConfidential: there is nothing to lift.
        MarkedByYourself: the same person marked it, or a case that is merged into it.
        LiftAskedByYourself: the same person asked for it.
        TextRefused: no reason.
    """
    require(uow.actor, Permission.CASE_DESIGNATE)
    one_batch_at_a_time(uow.session, uow.county)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.LIFT_SECRECY)
    if not docket.case.is_confidential:
        raise NotConfidential
    if is_own_mark(uow, case_id):
        raise MarkedByYourself
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    if not _is_asked_by_another(uow, case_id):
        accused = list(accused_now(uow, case_id))
        uow.note(EventKind.LIFT_ASKED, case_id=case_id, data={"reason": why, "accused": accused})
        return put_back(docket, docket.case)
    was = last_mark(uow.session, case_id) or _UNMARKED
    end_what_runs(docket, why)
    _open_up(docket, was.lead, why)
    after = replace(
        docket.case,
        state=state,
        number=None,  # it is of the secret time; the next slip brings one
        demand=was.demand,
        is_confidential=False,
        lead_unit=was.lead,
        assist_units=was.assist,
        route_basis=was.basis,
    )
    return at_the_office(docket, after, TO_ROUTE_ANEW)


_UNMARKED = LastMark(by=None, lead=None, assist=(), basis="", demand=DemandClass.COMPLAINT)


def _is_asked_by_another(uow: UnitOfWork, case_id: uuid.UUID) -> bool:
    """Return whether somebody else asked for it; a case that accuses others since is asked for anew.

    So it is where whoever asked may ask no more.
    """
    asked = open_lift(uow.session, case_id)
    if asked is None or not asked.counts or set(asked.accused) != set(accused_now(uow, case_id)):
        return False
    if asked.by == uow.actor.user_id:
        raise LiftAskedByYourself
    return True


def _open_up(docket: Docket, lead: str | None, why: str) -> None:
    """Make the case and what was merged into it ordinary, and note who was shut out of each until now."""
    uow, case = docket.uow, docket.case
    opened = (case.id, *absorbed_cases(uow.session, case.id))
    docket.writer.close_pairs_of(opened, by=uow.actor.name, at=uow.now)
    for one in opened:
        recused = recused_from(uow.session, one)
        make_open(uow.session, one)
        if one != case.id:
            give_back(uow.session, one, last_mark(uow.session, one) or _UNMARKED)
        uow.note(
            EventKind.SECRECY_LIFTED,
            case_id=one,
            data={
                "reason": why,
                "lead": lead,
                "was_lead": case.lead_unit,
                "was_state": case.state.value,
                "shut": [seat.value for seat in KEEPERS if is_shut_out(seat, recused)],
            },
        )


def is_own_mark(uow: UnitOfWork, case_id: uuid.UUID) -> bool:
    """Return whether the actor made this case confidential, or one merged into it: two others lift it."""
    return uow.actor.user_id in markers_of(uow.session, case_id)


def _as_it_was(case: CaseHead) -> dict[str, str | list[str] | None]:
    """Return what lifting needs to give back."""
    return {
        "was_lead": case.lead_unit,
        "was_assist": list(case.assist_units),
        "was_basis": case.route_basis,
        "was_demand": case.demand.value,
        "was_state": case.state.value,
    }


def _known(uow: UnitOfWork, accused: Iterable[str]) -> tuple[str, ...]:
    blamed = tuple(dict.fromkeys(accused))
    if not blamed:
        raise NobodyAccused
    known = active_units(uow.session, uow.county, blamed)
    for unit in blamed:
        if unit not in known:
            raise NoSuchUnit(unit)
    return blamed
