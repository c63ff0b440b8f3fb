"""Ending everything that units have in a case, where the case leaves them all at once.

Why it leaves them is `secrecy`, `accused` and `last_resort`.
"""

from __future__ import annotations

from dataclasses import replace

from casework.desk.asking import arbitration_key
from casework.desk.case_clocks import clocks_on
from casework.desk.docket import Docket, put_back
from casework.events import EventKind
from casework.store.case_parts import replies_of
from casework.store.case_records import CaseHead
from casework.store.case_writes import Verdict
from casework.store.policies import policies_of
from rules.model import Label, Stage

SENT_BACK = "sent_back"
TAKEN_BACK = "收回"
TO_OTHERS = Label(
    "列为检举控告件后须另定主办单位：纪检监察机关本身被检举，请按上级机关受理的规定办理。",
    "An accusation, and discipline inspection itself is accused: a higher authority must take it.",
)


def end_what_runs(docket: Docket, why: str) -> None:
    """End clocks, parts and a reply under review; what was overdue is charged to the unit first.

    An answer in public is not: in an accusation nobody may give one.

    Args:
        docket: the case as it was taken up.
        why: for the reply that is sent back; units read nothing of it.
    """
    uow, case_id = docket.uow, docket.case.id
    if policies_of(uow.session, [case_id]):
        # A unit reads its clocks: they tell nothing of why.
        clocks_on(docket).void(TAKEN_BACK, uncharged=(Stage.PUBLIC_REPLY,))
    docket.writer.end_assignments([part.id for part in docket.assignments], at=uow.now)
    desk = uow.actor.desk.value if uow.actor.desk else ""
    for reply in replies_of(uow.session, case_id):
        if reply.verdict is None:
            verdict = Verdict(SENT_BACK, why, by=uow.actor.name, desk=desk, at=uow.now)
            docket.writer.judge_reply(reply.id, verdict)


def at_the_office(docket: Docket, case: CaseHead, without_lead: Label) -> CaseHead:
    """Let a case wait for confirmation as no unit has it any more; its next slip has a new number.

    Args:
        docket: the case as it was taken up.
        case: as it is to be.
        without_lead: said in the timeline where it has no lead; the stall check puts it on the desk then.
    """
    uow = docket.uow
    docket.writer.close_desk_items([arbitration_key(case.id)], by=uow.actor.name, at=uow.now)
    if case.lead_unit is None:
        uow.note(
            EventKind.ARBITRATION_ASKED,
            case_id=case.id,
            data={"reason_zh": without_lead.zh, "reason_en": without_lead.en, "candidates": []},
        )
    return put_back(docket, replace(case, dispatched_at=None, closed_at=None, next_due_at=None))
