"""The unit's work: sign for a case, report, contact, answer in public, reply.

Whether a reply is any good is `supervise`; how time runs is `case_clocks`.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from enum import StrEnum

from casework.access import Permission, require
from casework.desk.case_clocks import clocks_on
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action, Part
from casework.outcome import Outcome, settlement
from casework.refusals import NotInPublic
from casework.store.case_parts import Reply, Report, replies_of
from casework.store.case_records import CaseHead
from casework.wording import MOST_OF_A_REASON, worded, worded_or_empty
from casework.workdays import local_day
from rules.model import Stage


class ReportKind(StrEnum):
    """What a unit reports. **Source:** domain.md §2.4: first, progress, final."""

    FIRST = "first"
    PROGRESS = "progress"
    FINAL = "final"


CONTACT = "contact"
PUBLIC_REPLY = "public_reply"
"""Kinds of report rows for what was said to the person or in public, beside those of `ReportKind`."""

# A signed reply answers for everything before it, so it ends every duty that still runs.
ANSWERED = (Stage.FIRST_CONTACT, Stage.PUBLIC_REPLY, Stage.CLOSE, Stage.COMMITMENT)


def sign_for(uow: UnitOfWork, case_id: uuid.UUID, *, version: int) -> CaseHead:
    """Sign for a case as its lead unit, or for one's part as an assisting one.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
    """
    require(uow.actor, Permission.CASE_SIGN_FOR)
    docket = take_up(uow, case_id, version=version)
    leads = docket.part is not Part.ASSIST
    state = state_after(docket, Action.SIGN_FOR if leads else Action.ASSIST_SIGN_FOR)
    own = docket.own()
    docket.writer.sign_for(own.id, at=uow.now)
    uow.note(EventKind.SIGNED_FOR, case_id=case_id, data={"unit": own.unit, "role": own.role})
    after = replace(docket.case, state=state)
    return put_back(docket, _stopped(docket, after, (Stage.SIGN_FOR,), why="sign_for") if leads else after)


def file_report(
    uow: UnitOfWork, case_id: uuid.UUID, *, version: int, kind: ReportKind, text: str
) -> CaseHead:
    """File a first, progress or final report; an assisting unit's report is kept under its own name.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        TextRefused: the text is empty or cannot be kept.
    """
    require(uow.actor, Permission.CASE_REPORT)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, _report_action(docket.part, kind))
    own = docket.own()
    _report(docket, own.unit, kind.value, worded(text, field="text"))
    uow.note(
        EventKind.REPORT_FILED, case_id=case_id, data={"unit": own.unit, "kind": kind.value, "role": own.role}
    )
    after = replace(docket.case, state=state)
    if kind is ReportKind.FIRST and own.is_lead:
        after = _stopped(docket, after, (Stage.FIRST_REPORT,), why="first_report")
    return put_back(docket, after)


def record_contact(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, note: str) -> CaseHead:
    """Record the first contact with the person, through the office's relay or by a public "received".

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        TextRefused: nothing says what was said.
    """
    require(uow.actor, Permission.CASE_PUBLISH)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.RECORD_CONTACT)
    _report(docket, docket.lead_unit(), CONTACT, worded(note, field="note", most=MOST_OF_A_REASON))
    uow.note(EventKind.CONTACT_RECORDED, case_id=case_id, data=_recorded(docket))
    after = replace(docket.case, state=state)
    return put_back(docket, _stopped(docket, after, (Stage.FIRST_CONTACT,), why="contact"))


def record_public_reply(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, text: str) -> CaseHead:
    """Record a public answer: what was said, and where it stands. The first one stops the clock.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NotInPublic: the case is confidential.
        TextRefused: nothing says what was said.

    **Source:** domain.md §2.3: the first public response is due in 48 h / 24 h / 5 h, days before the close;
    so it is an act of its own, and the signed reply stands in for it only where none was recorded.
    """
    require(uow.actor, Permission.CASE_PUBLISH)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.RECORD_PUBLIC_REPLY)
    if docket.case.is_confidential:
        raise NotInPublic
    _report(docket, docket.lead_unit(), PUBLIC_REPLY, worded(text, field="text"))
    uow.note(EventKind.PUBLIC_REPLY_RECORDED, case_id=case_id, data=_recorded(docket))
    after = replace(docket.case, state=state)
    stages = (Stage.PUBLIC_REPLY, Stage.FIRST_CONTACT)
    return put_back(docket, _stopped(docket, after, stages, why="public_reply"))


def reply(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    *,
    version: int,
    outcome: Outcome,
    text: str,
    basis: str = "",
    promised_on: date | None = None,
) -> CaseHead:
    """Sign the unit's reply with one of three outcomes and hand it to the supervising desk.

    The unit's clocks stop at this instant, not when the reviewer comes to it.

    Args:
        uow: of a writing transaction.
        case_id: of the case.
        version: as the page showed it.
        outcome: resolved, promised or explained.
        text: to the citizen.
        basis: law or policy; an explanation needs it.
        promised_on: local day; a promise needs it.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        InvalidOutcome: a promise without a future day, an explanation without its basis.
        TextRefused: the text is empty or cannot be kept.
    """
    require(uow.actor, Permission.CASE_REPLY)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.REPLY)
    settled = settlement(
        outcome,
        promised_on=promised_on,
        basis=worded_or_empty(basis, field="basis"),
        today=local_day(uow.now),
    )
    fresh = Reply(
        id=uow.new_id(),
        unit=docket.lead_unit(),
        round=len(replies_of(uow.session, case_id)) + 1,
        outcome=outcome,
        text=worded(text, field="text"),
        basis=settled.basis,
        promised_on=settled.promised_on,
        by=uow.actor.name,
        at=uow.now,
    )
    docket.writer.reply(case_id, fresh)
    uow.note(
        EventKind.REPLIED,
        case_id=case_id,
        data={
            "unit": fresh.unit,
            "outcome": outcome.value,
            "round": fresh.round,
            "promised_on": fresh.promised_on.isoformat() if fresh.promised_on else None,
        },
    )
    after = replace(docket.case, state=state)
    return put_back(docket, _stopped(docket, after, ANSWERED, why=fresh.stops))


def _report_action(part: Part, kind: ReportKind) -> Action:
    if part is Part.ASSIST:
        return Action.ASSIST_REPORT
    return Action.FILE_REPORT if kind is ReportKind.FIRST else Action.FILE_PROGRESS


def _recorded(docket: Docket) -> dict[str, str | bool]:
    """Return whose duty was done, and whether an office did it for the unit."""
    return {"unit": docket.lead_unit(), "by_office": docket.uow.actor.unit_id is None}


def _report(docket: Docket, unit: str, kind: str, text: str) -> None:
    uow = docket.uow
    docket.writer.report(
        docket.case.id, Report(uow.new_id(), unit, kind, text, by=uow.actor.name, at=uow.now)
    )


def _stopped(docket: Docket, after: CaseHead, stages: tuple[Stage, ...], *, why: str) -> CaseHead:
    clocks = clocks_on(docket)
    clocks.stop(stages, why=why)
    return clocks.next_due(after)
