"""The office's work before and at dispatch: confirm, correct grade and routing, rule, dispatch.

Changing grade or unit of a case that is with a unit is here, too: it is the same decision, made later.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from casework.access import Permission, require
from casework.desk.asking import arbitration_key, upgrade_key
from casework.desk.case_clocks import CaseClocks, clocks_on, county_workdays, kept_clocks
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.leading import require_fit_for_accusation, require_so_many
from casework.desk.lowering import is_lowered_alone, require_upgrade_decided
from casework.desk.objecting import rule
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.grade_refusals import NotOneAlone
from casework.lifecycle import Action, CaseState
from casework.objections import RulingKind, review_before
from casework.recusal import keeper_of
from casework.refusals import (
    BasisOfAnother,
    NoLeadUnit,
    NoSuchUnit,
    NothingToCorrect,
    NotTheHigherDesk,
)
from casework.roles import SUPERVISING_DESK
from casework.route_line import RouteLine
from casework.routing import own_basis
from casework.ruling_refusals import ReviewNeeded
from casework.states import BEFORE_DISPATCH
from casework.store.case_parts import Assignment, Correction
from casework.store.case_records import CaseHead
from casework.store.case_writes import active_units, excluded_from
from casework.store.policies import FrozenPolicy, freeze
from casework.store.rulings import times_reassigned
from casework.store.series import Issuer, county_prefix, secret_number, take_number
from casework.store.slips import slips_of
from casework.wording import MOST_OF_A_REASON, worded, worded_or_empty
from rules.model import Grade, Pack

DOCUMENT_BELL = "document"


def confirm_case(uow: UnitOfWork, case_id: uuid.UUID, *, version: int) -> CaseHead:
    """Confirm grade and routing of a registered case as they stand.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NoLeadUnit: nobody leads it yet.
        NoSuchUnit, UnitShutOut, TooManyAssist: the units named for it cannot have it.
        UpgradeUndecided: a duty officer alone, while it is asked whether it is serious.
    """
    require(uow.actor, Permission.CASE_CONFIRM)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.CONFIRM)
    require_upgrade_decided(docket)
    case, lead = docket.case, _lead_of(docket.case)
    _check_units(docket, (lead, *case.assist_units))
    uow.note(
        EventKind.CASE_CONFIRMED,
        case_id=case_id,
        data={"grade": case.grade.value, "lead": lead, "assist": list(case.assist_units)},
    )
    return put_back(docket, replace(case, state=state))


def correct_grade(
    uow: UnitOfWork, case_id: uuid.UUID, *, version: int, grade: Grade, reason: str
) -> CaseHead:
    """Give a case another grade; both values and the reason are kept.

    Of a dispatched case the running clocks come under the new limits and the supervising desk changes with
    the grade; what was overdue stays overdue and stays charged.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NothingToCorrect: it has that grade already.
        NotTheHigherDesk: a dispatched case is lowered by somebody who does not supervise its grade.
        NotOneAlone: a serious case is lowered before its dispatch by somebody who is no director.
        TextRefused: no reason.

    **Source:** domain.md §1.2: a lower grade only by the desk that supervises the higher one.
    """
    docket = take_up(uow, case_id, version=version)
    case = docket.case
    is_dispatched = case.state not in BEFORE_DISPATCH
    require(uow.actor, Permission.CASE_REGRADE if is_dispatched else Permission.CASE_CORRECT)
    state_after(docket, Action.REGRADE if is_dispatched else Action.CORRECT_GRADE)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    if grade is case.grade:
        raise NothingToCorrect("grade", grade.value)
    if grade.rank < case.grade.rank:
        _require_to_lower(docket, grade, is_dispatched=is_dispatched)
    after = replace(case, grade=grade)
    if is_dispatched:
        clocks = clocks_on(docket)
        clocks.regrade(after, why)
        after = clocks.next_due(after)
    _correct(docket, "grade", case.grade.value, grade.value, why)
    proposed = [upgrade_key(case_id, lower) for lower in Grade if lower.rank <= grade.rank]
    docket.writer.close_desk_items(proposed, by=uow.actor.name, at=uow.now)
    uow.note(
        EventKind.REGRADED if is_dispatched else EventKind.GRADE_CORRECTED,
        case_id=case_id,
        data={
            "old": case.grade.value,
            "new": grade.value,
            "reason": why,
            "desk": SUPERVISING_DESK[grade].value,
        },
    )
    return put_back(docket, after)


def correct_route(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    *,
    version: int,
    lead: str,
    assist: Iterable[str] = (),
    basis: str,
    reason: str,
    review: str = "",
) -> CaseHead:
    """Give a case another lead or other assisting units; both values and the reason are kept.

    In arbitration, and where the lead unit objected, this is the ruling. Of a case that a unit has already
    it is a new assignment: the clocks of the former unit end (what was overdue is charged to it), those of
    the new one start now, and the new one gets a slip of its own.

    Args:
        uow: of a writing transaction.
        case_id: of the case.
        version: as the page showed it.
        lead: unit code.
        assist: unit codes; the lead among them is left out.
        basis: law or document that the routing stands on.
        reason: why the routing changes.
        review: what a duty review or a joint meeting found; needed from the second re-assignment on.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NoSuchUnit, UnitShutOut, OnlyDiscipline, TooManyAssist: these units cannot have the case.
        NothingToCorrect: it stands so already; of a case that a unit has, only another lead is a change.
        BasisOfAnother: another unit leads by the basis of the former one.
        ReviewNeeded: it was given to another unit before, and nobody else was heard.
        TextRefused: no reason or no basis.
    """
    docket = take_up(uow, case_id, version=version)
    action = _routing_action(docket.case.state)
    require(
        uow.actor,
        Permission.CASE_CORRECT if action is Action.CORRECT_ROUTE else Permission.CASE_DESIGNATE,
    )
    state = state_after(docket, action)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    case = docket.case
    after = replace(
        case,
        state=state,
        lead_unit=lead,
        assist_units=tuple(unit for unit in dict.fromkeys(assist) if unit != lead),
        route_basis=worded(basis, field="basis", most=MOST_OF_A_REASON),
    )
    _require_other(case, after, action)
    _check_units(docket, (lead, *after.assist_units))
    _correct(docket, "route", _route(case), _route(after), why)
    kind, number = EventKind.ROUTE_CORRECTED, None
    if action is Action.REASSIGN:
        kind, (after, number) = EventKind.REASSIGNED, _given_on(docket, after, lead, why, review)
    elif action is Action.DESIGNATE:
        rule(docket, after, RulingKind.DESIGNATED, why)
    docket.writer.close_desk_items([arbitration_key(case_id)], by=uow.actor.name, at=uow.now)
    uow.note(
        kind,
        case_id=case_id,
        data={
            "old": _route(case),
            "new": _route(after),
            "reason": why,
            "lead": lead,
            "assist": list(after.assist_units),
            "number": number,
        },
    )
    return put_back(docket, after)


def dispatch_case(uow: UnitOfWork, case_id: uuid.UUID, *, version: int) -> str:
    """Give a confirmed case to its units and return its printed number.

    From now on the units see it. Limits, ladder and calendar version are frozen into the case; the clocks
    start now, not when the unit signs for it.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NoLeadUnit: nobody leads it.
        NoSuchUnit, UnitShutOut, TooManyAssist: these units cannot have the case.
        NoLimitSet: the pack sets no limit for signing for it or for its close.
        UpgradeUndecided: a duty officer alone, while it is asked whether it is serious.
    """
    require(uow.actor, Permission.CASE_DISPATCH)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.DISPATCH)
    require_upgrade_decided(docket)
    lead = _lead_of(docket.case)
    _check_units(docket, (lead, *docket.case.assist_units))
    pack = uow.rulebook.pack
    policy = _policy(pack, docket.case)
    workdays = county_workdays(docket)
    after = replace(docket.case, state=state, dispatched_at=uow.now, calendar_version=workdays.version)
    freeze(uow.session, case_id, policy)
    _assign(docket, after, lead)
    clocks = CaseClocks(docket, policy, workdays, kept=kept_clocks(docket))  # of an earlier dispatch
    clocks.start_duties(after, lead)
    number = _slip_number(docket)
    uow.note(
        EventKind.DISPATCHED,
        case_id=case_id,
        data={"number": number, "lead": lead, "assist": list(after.assist_units)},
    )
    uow.ring(DOCUMENT_BELL, f"{case_id}/{number}")
    put_back(docket, clocks.next_due(replace(after, number=number)))
    return number


def _slip_number(docket: Docket) -> str:
    uow = docket.uow
    county, prefix = uow.county, county_prefix(uow.rulebook.pack)
    if docket.case.is_confidential:
        seat = keeper_of(docket.recused)
        return secret_number(
            uow.session, county=county, seat=seat, prefix=prefix, now=uow.now, new_id=uow.new_id
        )
    return take_number(uow.session, county=county, issuer=Issuer.OFFICE_SLIP, prefix=prefix, now=uow.now)


def _require_to_lower(docket: Docket, given: Grade, *, is_dispatched: bool) -> None:
    """Refuse to lower a grade to who may not.

    Before dispatch the grade is what triage proposed, which the office corrects; but a serious case that one
    duty officer lowers, confirms and dispatches has been seen by nobody else.
    """
    actor, grade = docket.uow.actor, docket.case.grade
    if is_dispatched:
        if actor.desk is not SUPERVISING_DESK[grade]:
            raise NotTheHigherDesk
    elif is_lowered_alone(actor, grade, given):
        raise NotOneAlone


def _policy(pack: Pack, case: CaseHead) -> FrozenPolicy:
    """Return the limits of every grade for the demand of this case, and the whole ladder."""
    lines = tuple(line for line in pack.deadlines.clocks if line.demand in {None, case.demand})
    return FrozenPolicy(pack.ref, replace(pack.deadlines, clocks=lines), pack.ladder)


def _routing_action(state: CaseState) -> Action:
    if state is CaseState.ARBITRATION:
        return Action.DESIGNATE
    return Action.CORRECT_ROUTE if state in BEFORE_DISPATCH else Action.REASSIGN


def _require_other(case: CaseHead, after: CaseHead, action: Action) -> None:
    is_same_lead = after.lead_unit == case.lead_unit
    if _route(after) == _route(case) or (action is Action.REASSIGN and is_same_lead):
        raise NothingToCorrect("route", _route(case))
    if not is_same_lead and case.lead_unit is not None and after.route_basis == case.route_basis:
        raise BasisOfAnother


def _given_on(docket: Docket, after: CaseHead, lead: str, why: str, review: str) -> tuple[CaseHead, str]:
    """Give a case that a unit has to another one; return it and the number of the new slip."""
    heard = _heard(docket, review)
    after = _reassigned(docket, after, lead, why)
    number = _made_out_anew(docket)
    if docket.case.state is CaseState.OBJECTED or heard:
        rule(docket, after, RulingKind.REASSIGNED, why, heard)
    return after, number


def _reassigned(docket: Docket, after: CaseHead, lead: str, reason: str) -> CaseHead:
    clocks = clocks_on(docket)
    clocks.void(reason)
    docket.writer.end_assignments([part.id for part in docket.assignments], at=docket.uow.now)
    _assign(docket, after, lead)
    clocks.start_duties(after, lead)
    return clocks.next_due(after)


def _heard(docket: Docket, review: str) -> str:
    """Return what others found who had to be heard, empty where nobody had to.

    Raises:
        ReviewNeeded: nothing was found by them yet.
        TextRefused: it cannot be kept.
    """
    found = worded_or_empty(review, field="review")
    needed = review_before(times_reassigned(docket.uow.session, docket.case.id))
    if needed is not None and not found:
        raise ReviewNeeded(needed)
    return found if needed is not None else ""


def _made_out_anew(docket: Docket) -> str:
    """Order a slip for the units that a case goes to now, and return its number.

    The case keeps its number, by which everybody knows it; the slip adds which one it is (our own wording).
    """
    uow, case = docket.uow, docket.case
    stem = f"{case.number or ''}（改派"
    before = sum(slip.number.startswith(stem) for slip in slips_of(uow.session, case.id))
    number = f"{stem}{before + 1}）"
    uow.ring(DOCUMENT_BELL, f"{case.id}/{number}")
    return number


def _assign(docket: Docket, after: CaseHead, lead: str) -> None:
    for unit in (lead, *after.assist_units):
        part = Assignment(
            id=docket.uow.new_id(),
            unit=unit,
            role="lead" if unit == lead else "assist",
            basis=_basis_of(docket, after, unit, lead),
            assigned_at=docket.uow.now,
            signed_for_at=None,
            ended_at=None,
            by=docket.uow.actor.name,
        )
        docket.writer.assign(after.id, part)


def _basis_of(docket: Docket, case: CaseHead, unit: str, lead: str) -> str:
    """Return why it is this unit: for an assisting one a law of its own, where its route has one."""
    if unit == lead:
        return case.route_basis
    return own_basis(docket.uow.rulebook.pack, case.topic, case.route_basis, unit)


def _lead_of(case: CaseHead) -> str:
    if case.lead_unit is None:
        raise NoLeadUnit
    return case.lead_unit


def _check_units(docket: Docket, units: Iterable[str]) -> None:
    wanted = tuple(units)
    require_so_many(wanted[1:])
    known = active_units(docket.uow.session, docket.uow.county, wanted)
    for unit in wanted:
        if unit not in known:
            raise NoSuchUnit(unit)
    if docket.case.is_confidential:
        barred = excluded_from(docket.uow.session, docket.case.id)
        require_fit_for_accusation(docket.uow.rulebook.pack, wanted[0], wanted[1:], barred)


def _correct(docket: Docket, field: str, old: str, new: str, reason: str) -> None:
    uow = docket.uow
    correction = Correction(field, old, new, reason, by=uow.actor.name, at=uow.now)
    docket.writer.correction(uow.new_id(), docket.case.id, correction)


def _route(case: CaseHead) -> str:
    return str(RouteLine(case.lead_unit, case.assist_units, case.route_basis))
