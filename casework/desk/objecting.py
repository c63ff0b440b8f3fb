"""A lead unit objects to having a case; the office rules in writing. What re-assigning does is `assign`.

The unit stays responsible until the ruling, and no clock stops but that of signing for the case: an objection
proves receipt, and whoever complained waits no longer because two units argue.
**Source:** domain.md §2.7.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from casework.access import Permission, require
from casework.desk.case_clocks import clocks_on
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action, CaseState
from casework.objections import Objection, Ruling, RulingKind, Window, is_settled, precedents, window
from casework.refusals import NoSuchUnit, UnitShutOut
from casework.ruling_refusals import NoObjection, NotTheOwnUnit, ObjectedBefore, WindowClosed
from casework.store.case_parts import Assignment
from casework.store.case_records import CaseHead
from casework.store.case_writes import active_units, excluded_from
from casework.store.policies import policies_of
from casework.store.rulings import add_objection, add_ruling, objections_of, rulings_of, rulings_on
from casework.wording import MOST_OF_A_REASON, worded
from casework.workdays import CHINA, workdays_of
from rules.model import Stage

BY_OBJECTION = "objection"
"""What stopped the clock of signing for a case to which its unit objected."""


def object_to(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    *,
    version: int,
    clause: str,
    reason: str,
    proposed: str | None,
) -> CaseHead:
    """Object, as the head of the lead unit, to having a case; the office rules next.

    Args:
        uow: a writing one.
        case_id: of a case that this unit leads.
        version: as the page showed it.
        clause: of the law, the unit's charter or a duty list, by which the case is not this unit's.
        reason: why, in the unit's words.
        proposed: code of the unit whose duty it is; None where the unit cannot say.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NoObjection, WindowClosed, ObjectedBefore: it is too late for it, or was ruled on.
        NoSuchUnit, NotTheOwnUnit: the proposed unit cannot be.
        TextRefused: no clause or no reason.
    """
    require(uow.actor, Permission.CASE_OBJECT)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.OBJECT)
    own = docket.own()
    _require_time(docket, own)
    objection = Objection(
        id=uow.new_id(),
        unit=own.unit,
        clause=worded(clause, field="clause", most=MOST_OF_A_REASON),
        reason=worded(reason, field="reason", most=MOST_OF_A_REASON),
        proposed_unit=_proposable(docket, own.unit, proposed),
        by=uow.actor.name,
        at=uow.now,
    )
    add_objection(uow.session, uow.county, case_id, objection)
    if own.signed_for_at is None:
        docket.writer.sign_for(own.id, at=uow.now)
    clocks = clocks_on(docket)
    clocks.stop((Stage.SIGN_FOR,), why=BY_OBJECTION)
    uow.note(
        EventKind.OBJECTED,
        case_id=case_id,
        data={"unit": own.unit, "proposed": objection.proposed_unit, "reason": objection.reason},
    )
    return put_back(docket, clocks.next_due(replace(docket.case, state=state)))


def uphold(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, reason: str) -> CaseHead:
    """Rule that the unit keeps the case it objected to. It cannot hand it back again.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        TextRefused: no reason.
    """
    require(uow.actor, Permission.CASE_DESIGNATE)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.UPHOLD)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    after = replace(docket.case, state=state)
    rule(docket, after, RulingKind.UPHELD, why)
    uow.note(EventKind.UPHELD, case_id=case_id, data={"unit": docket.lead_unit(), "reason": why})
    return put_back(docket, after)


def rule(docket: Docket, after: CaseHead, kind: RulingKind, reason: str, review: str = "") -> None:
    """Keep a ruling on who leads; with topic and place it is a precedent.

    Args:
        docket: the case before.
        after: the case as it is ruled.
        kind: what is ruled.
        reason: in writing.
        review: what a duty review or a joint meeting found.
    """
    uow, case = docket.uow, docket.case
    raised = objections_of(uow.session, case.id)
    answered = next((one for one in raised if one.unit == case.lead_unit), None)
    add_ruling(
        uow.session,
        uow.county,
        Ruling(
            id=uow.new_id(),
            case_id=case.id,
            objection_id=answered.id if answered and case.state is CaseState.OBJECTED else None,
            kind=kind,
            former=case.lead_unit,
            lead=after.lead_unit or "",
            basis=after.route_basis,
            reason=reason,
            review=review,
            topic=case.topic,
            place=case.place,
            zone=_zone_of(uow, case),
            by=uow.actor.name,
            at=uow.now,
        ),
    )


def window_of(uow: UnitOfWork, case: CaseHead, part: Assignment) -> Window | None:
    """Return the time in which a lead unit may object; None where it may not, or may no more.

    Args:
        uow: a reading one is enough.
        case: dispatched.
        part: of its lead unit.
    """
    return None if _is_settled(uow, case, part) else _window(uow, case, part)


def earlier_rulings(uow: UnitOfWork, case: CaseHead, units: frozenset[str]) -> tuple[Ruling, ...]:
    """Return rulings on the like of a case, the closest first.

    Args:
        uow: a reading one is enough.
        case: of any state.
        units: the lead, and whoever is proposed or a candidate.
    """
    if case.topic is None or case.is_confidential:
        return ()
    return precedents(
        rulings_on(uow.session, uow.county, case.topic, but=case.id),
        topic=case.topic,
        place=case.place,
        zone=_zone_of(uow, case),
        units=units,
    )


def _is_settled(uow: UnitOfWork, case: CaseHead, part: Assignment) -> bool:
    raised, ruled = objections_of(uow.session, case.id), rulings_of(uow.session, case.id)
    return is_settled(part.unit, rulings=ruled, objections=raised)


def _window(uow: UnitOfWork, case: CaseHead, part: Assignment) -> Window | None:
    return window(
        policies_of(uow.session, [case.id])[case.id].deadlines,
        case.grade,
        case.demand,
        since=part.assigned_at,
        now=uow.now,
        workdays=workdays_of(uow.rulebook.pack.calendar),
    )


def _zone_of(uow: UnitOfWork, case: CaseHead) -> str | None:
    return next((place.zone for place in uow.rulebook.pack.places if place.id == case.place), None)


def _require_time(docket: Docket, part: Assignment) -> None:
    uow, case = docket.uow, docket.case
    if _is_settled(uow, case, part):
        raise ObjectedBefore
    found = _window(uow, case, part)
    if found is None:
        raise NoObjection
    if not found.is_open:
        raise WindowClosed(found.until, f"{found.until.astimezone(CHINA):%Y-%m-%d %H:%M}")


def _proposable(docket: Docket, own: str, proposed: str | None) -> str | None:
    if not proposed:
        return None
    if proposed == own:
        raise NotTheOwnUnit
    if proposed not in active_units(docket.uow.session, docket.uow.county, [proposed]):
        raise NoSuchUnit(proposed)
    if proposed in excluded_from(docket.uow.session, docket.case.id):
        raise UnitShutOut(proposed)
    return proposed
