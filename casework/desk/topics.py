"""What a case is about, corrected by a person, and whom the duty table names for it.

It changes no unit: whoever corrects the topic sees who would lead by it, and corrects the unit or leaves it.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from casework.desk.docket import put_back, state_after, take_up
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action
from casework.post_refusals import UnknownChoice
from casework.refusals import DemandStands, NothingToCorrect
from casework.routing import About, Arbitration, Routed, routing_table_of
from casework.states import BEFORE_DISPATCH
from casework.store.case_parts import Correction
from casework.store.case_records import CaseHead
from casework.understanding.place import gazetteer_of
from casework.wording import MOST_OF_A_REASON, worded
from rules.model import DemandClass


def correct_topic(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    *,
    version: int,
    topic: str | None,
    demand: DemandClass,
    reason: str,
) -> CaseHead:
    """Give a case another topic or class of demand; both values and the reason are kept.

    Args:
        uow: of a writing transaction.
        case_id: of an open case.
        version: as the page showed it.
        topic: of the pack in force; None where none fits.
        demand: as decided; the limits depend on it, so from dispatch on it stands.
        reason: why.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        UnknownChoice: the pack has no such topic.
        DemandStands: the class of demand cannot change here, or only an accusation has this topic.
        NothingToCorrect: it stands so already.
        TextRefused: no reason.
    """
    docket = take_up(uow, case_id, version=version)
    case = docket.case
    state_after(docket, Action.CORRECT_TOPIC)
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    if topic not in {None, case.topic, *(known.id for known in uow.rulebook.pack.topics)}:
        raise UnknownChoice("topic", topic or "")
    if demand not in demands_for(case) or topic not in {None, case.topic, *topics_for(uow, case)}:
        raise DemandStands
    after = replace(case, topic=topic, demand=demand)
    if after == case:
        raise NothingToCorrect("topic", topic or "")
    data = {"reason": why, **_titles(uow, "old", case.topic), **_titles(uow, "new", topic)}
    for field, old, new in (("topic", case.topic, topic), ("demand", case.demand.value, demand.value)):
        if old != new:
            correction = Correction(field, old or "", new or "", why, by=uow.actor.name, at=uow.now)
            docket.writer.correction(uow.new_id(), case_id, correction)
            data |= {f"{field}_old": old or "", f"{field}_new": new or ""}
    uow.note(EventKind.TOPIC_CORRECTED, case_id=case_id, data=data)
    return put_back(docket, after)


def _titles(uow: UnitOfWork, when: str, topic: str | None) -> dict[str, str]:
    """Return what the pack in force calls a topic: a later pack may call it otherwise, or have it no more."""
    title = next((one.title for one in uow.rulebook.pack.topics if one.id == topic), None)
    return {f"title_{when}_zh": title.zh, f"title_{when}_en": title.en} if title is not None else {}


def demands_for(case: CaseHead) -> tuple[DemandClass, ...]:
    """Return the classes of demand that a case may be given, the present one among them.

    What makes an accusation of a case, or an ordinary one of an accusation, are acts of their own
    (`secrecy`); and no limit that a unit works under is changed by another word for the matter.
    """
    if case.state not in BEFORE_DISPATCH or case.is_confidential or case.demand is DemandClass.ACCUSATION:
        return (case.demand,)
    return tuple(one for one in DemandClass if one is not DemandClass.ACCUSATION)


def topics_for(uow: UnitOfWork, case: CaseHead) -> frozenset[str]:
    """Return the topics in force that a case may be given: to an ordinary one none of accusations."""
    return frozenset(
        known.id
        for known in uow.rulebook.pack.topics
        if case.is_confidential or known.demand is not DemandClass.ACCUSATION
    )


def by_duty(uow: UnitOfWork, case: CaseHead) -> Routed | Arbitration | None:
    """Return whom the duty table names for topic and place of a case as they stand now.

    None where it names nobody, and for what is confidential: an accusation goes by no topic.
    """
    if case.topic is None or case.is_confidential:
        return None
    place = gazetteer_of(uow.rulebook).at(case.place)
    about = About(case.topic, case.demand, place.zone, place.kind, place.territory)
    found = routing_table_of(uow.rulebook).route(about)
    return found if isinstance(found, Routed | Arbitration) else None
