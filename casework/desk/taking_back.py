"""Ending everything that units have in a case, where the case leaves them all at once.

Why it leaves them is `secrecy` and `last_resort`.
"""

from __future__ import annotations

from casework.desk.case_clocks import clocks_on
from casework.desk.docket import Docket
from casework.store.case_parts import replies_of
from casework.store.case_writes import Verdict
from casework.store.policies import policies_of
from rules.model import Stage

SENT_BACK = "sent_back"
TAKEN_BACK = "收回"


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
