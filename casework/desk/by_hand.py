"""Opening a case for a post of the person's desk, as a person decides, beside what triage proposed for it.

The other ways to settle an item are `settle`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from casework.access import Permission, require
from casework.accusation_refusals import LeadNeeded
from casework.desk.asking import Writing
from casework.desk.leading import discipline_of, require_fit_for_accusation, require_so_many
from casework.desk.lowering import is_lowered_alone
from casework.desk.naming import divided, with_found
from casework.desk.opening import Opening, open_case
from casework.desk.same_matter import ask_about_same, is_small
from casework.desk.settle import close_task, loose_post, stays_secret, taken_up
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.grade_refusals import OpenedLower
from casework.post import TriageState
from casework.post_refusals import UnknownChoice
from casework.refusals import NoSuchUnit
from casework.roles import SUPERVISING_DESK
from casework.route_line import RouteLine
from casework.routing import DISCIPLINE_ACCUSED
from casework.store.case_parts import Correction
from casework.store.case_writes import Writer, active_units
from casework.store.secrets import ask_higher_authority
from casework.store.settling import Proposal, settle_post
from casework.wording import MOST_OF_A_REASON, worded
from rules.model import DemandClass, Grade, Label


def open_by_hand(  # noqa: PLR0913 - the fields of one form
    uow: UnitOfWork,
    item_id: uuid.UUID,
    *,
    grade: Grade,
    demand: DemandClass,
    topic: str | None,
    lead: str | None,
    assist: Iterable[str] = (),
    reason: str,
    accused: Iterable[str] | None = None,
) -> uuid.UUID:
    """Open a case for the post of an item as a person decides, and return its id.

    What triage proposed stays beside what the person decided: another grade, and other units, are kept as
    corrections with both values. An accusation becomes confidential, and who is accused is noted, as triage
    found it and as the person named it; what was only suspected and is none becomes ordinary. A dismissed
    post whose new figures were put on the desk can be opened, too; its dismissal stays on the record.

    Args:
        uow: a writing one.
        item_id: of an open item about a post that is in no case.
        grade: as decided.
        demand: as decided.
        topic: of the pack, None if none fits.
        lead: unit code; None only for an accusation that discipline inspection may not have, which then waits
            for a ruling or to be handed up.
        assist: unit codes; nobody assists with an accusation.
        reason: why, kept as the basis of the routing.
        accused: units that the post complains about, those that triage found among them; None takes these.
            Whom one person may not name alone (`naming.divided`) is only asked for.

    Raises:
        NotPermitted, NoSuchItem, ItemClosed: see `taken_up`.
        ItemNotOfThisKind: the item is about no post, or the post is in a case already.
        NoSuchUnit, UnknownChoice, TextRefused: a value that cannot be.
        TooManyAssist: more units than one case can have.
        UnitShutOut, OnlyDiscipline: an accusation goes to discipline inspection alone.
        LeadNeeded: no lead, where one can be had.
        AccusedDropped: see `naming`.
        OpenedLower: a duty officer alone, and triage proposed it as serious.
    """
    require(uow.actor, Permission.CASE_CONFIRM)
    task = taken_up(uow, item_id)
    post = loose_post(uow, task)
    if is_lowered_alone(uow.actor, post.proposed.grade, grade):
        raise OpenedLower
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    assisting = tuple(unit for unit in dict.fromkeys(assist) if unit != lead)
    require_so_many(assisting)
    given = tuple(dict.fromkeys(accused)) if accused is not None else post.accused
    _require_units(uow, (*((lead,) if lead else ()), *assisting, *given))
    pack = uow.rulebook.pack
    if topic is not None and topic not in {known.id for known in pack.topics}:
        raise UnknownChoice("topic", topic)
    confidential = stays_secret(post) or demand is DemandClass.ACCUSATION
    blamed, asked, ruling = given, tuple[str, ...](), None
    if confidential:
        # What is not kept apart speaks of everybody who could read it: nothing binds whoever reads it now.
        named, assisting = with_found(uow, given, post.accused if post.confidential else ()), ()
        ruling = _fit_for_accusation(uow, lead, named)
        blamed, asked = divided(uow, named, post.accused)
    elif not lead:
        raise LeadNeeded
    matter_id = post.matter_id if confidential is post.confidential else None
    writing = Writing(uow)
    case_id = open_case(
        writing,
        Opening(
            post_id=post.id,
            title=post.title,
            text=post.text,
            grade=grade,
            demand=demand,
            topic=topic,
            place=post.place,
            confidential=confidential,
            matter_id=matter_id,
            pack_ref=pack.ref,
            calendar_version=pack.calendar.version,
            lead=lead,
            assist=assisting,
            basis=why,
            ruling_needed=ruling,
            accused=blamed,
            proposed=post.proposed,
        ),
    )
    if confidential:
        told = {"accused": list(blamed), "asked": list(asked), "found": list(post.accused)}
        uow.note(EventKind.ACCUSED_NAMED, case_id=case_id, data={**told, "reason": why})
    writing.rows.write(uow.session)
    if asked:
        ask_higher_authority(uow.session, uow.county, case_id)
    given_to = RouteLine(lead, assisting, why)
    is_route_told = confidential or not post.accused
    _keep_changes(uow, case_id, post.proposed, grade, given_to, is_route_told=is_route_told)
    settle_post(uow.session, post.id, TriageState.CASE, confidential=confidential, matter_id=matter_id)
    if post.place is not None and is_small(pack, post.place):
        ask_about_same(uow, {case_id: post.id}, [post.place])
    close_task(uow, task, "opened", case_id=case_id, note=why)
    return case_id


def _fit_for_accusation(uow: UnitOfWork, lead: str | None, accused: tuple[str, ...]) -> Label | None:
    """Return why an accusation waits for a ruling; None where it has a lead.

    Raises:
        UnitShutOut, OnlyDiscipline, LeadNeeded: see `open_by_hand`.
    """
    pack, shut_out = uow.rulebook.pack, Writing(uow).shut_out(accused)
    if lead:
        require_fit_for_accusation(pack, lead, (), shut_out)
        return None
    if discipline_of(pack) not in shut_out:
        raise LeadNeeded
    return DISCIPLINE_ACCUSED


def _keep_changes(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    proposed: Proposal,
    grade: Grade,
    route: RouteLine,
    *,
    is_route_told: bool,
) -> None:
    """Keep what a person decided otherwise than triage proposed, as a correction of an open case is kept.

    Not the route where triage thought of an accusation and it is none: the correction would tell the unit
    that has the case now. The verdict keeps it, for those who are told that.
    """
    if proposed.grade is not None and proposed.grade is not grade:
        said = _Said(proposed.grade.value, grade.value, why=route.basis)
        _correct(uow, case_id, "grade", said)
        desk = SUPERVISING_DESK[grade].value
        uow.note(EventKind.GRADE_CORRECTED, case_id=case_id, data={**said.told(), "desk": desk})
    old = RouteLine(proposed.lead, proposed.assist, proposed.basis)
    is_other = (old.lead, set(old.assist)) != (route.lead, set(route.assist))
    if is_route_told and old.lead is not None and is_other:
        said = _Said(str(old), str(route), why=route.basis)
        _correct(uow, case_id, "route", said)
        uow.note(
            EventKind.ROUTE_CORRECTED,
            case_id=case_id,
            data={**said.told(), "lead": route.lead, "assist": list(route.assist), "number": None},
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """Both values of something that a person decided otherwise, and why."""

    old: str
    new: str
    why: str

    def told(self) -> dict[str, str]:
        """Return them as the timeline keeps them."""
        return {"old": self.old, "new": self.new, "reason": self.why}


def _correct(uow: UnitOfWork, case_id: uuid.UUID, field: str, said: _Said) -> None:
    correction = Correction(field, said.old, said.new, said.why, by=uow.actor.name, at=uow.now)
    Writer(uow.session, uow.county).correction(uow.new_id(), case_id, correction)


def _require_units(uow: UnitOfWork, codes: Iterable[str]) -> None:
    wanted = tuple(dict.fromkeys(codes))
    known = active_units(uow.session, uow.county, wanted)
    for code in wanted:
        if code not in known:
            raise NoSuchUnit(code)
