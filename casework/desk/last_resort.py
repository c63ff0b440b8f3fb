"""Ending here what discipline inspection or a higher authority takes over from whoever has it in hand.

What comes of it afterwards, there or at the higher authority, is secret and no step of ours.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from casework.access import Permission, require
from casework.desk.docket import put_back, state_after, take_up
from casework.desk.taking_back import end_what_runs
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action
from casework.recusal import keeper_of
from casework.store.case_records import CaseHead
from casework.wording import MOST_OF_A_REASON, worded


def take_over(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, note: str) -> CaseHead:
    """Close a case here because another authority has it from now on, and return it.

    The head of discipline inspection takes over what every desk is shut out of, the higher authority what
    nobody in the county may read. Where discipline inspection is shut out, whoever has the case in hand gives
    it to the higher authority. A unit that has the case loses it with its clocks.

    Args:
        uow: of a writing transaction.
        case_id: of the case.
        version: as the page showed it.
        note: whether it is handled there or handed up, and under which number.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        TextRefused: no note.

    **Source:** 党章 §45: discipline inspection is led by the higher commission, too.
    """
    require(uow.actor, Permission.CASE_TAKE_OVER)
    docket = take_up(uow, case_id, version=version)
    state = state_after(docket, Action.TAKE_OVER)
    written = worded(note, field="reason", most=MOST_OF_A_REASON)
    end_what_runs(docket, written)
    keeper = keeper_of(docket.recused)
    uow.note(EventKind.CASE_TAKEN_OVER, case_id=case_id, data={"note": written, "from": keeper.value})
    docket.writer.close_items_of(case_id, by=uow.actor.name, at=uow.now)
    return put_back(docket, replace(docket.case, state=state, closed_at=uow.now, next_due_at=None))
