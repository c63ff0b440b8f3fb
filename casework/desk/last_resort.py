"""Ending a case that no desk of the county may have: the head of discipline inspection takes it over.

What comes of it afterwards, there or at a higher authority, is secret and no step of ours.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from casework.access import Permission, require
from casework.desk.docket import put_back, state_after, take_up
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action
from casework.store.case_records import CaseHead
from casework.wording import MOST_OF_A_REASON, worded


def take_over(uow: UnitOfWork, case_id: uuid.UUID, *, version: int, note: str) -> CaseHead:
    """Close a case that every desk is shut out of, and return it.

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
    uow.note(EventKind.CASE_TAKEN_OVER, case_id=case_id, data={"note": written})
    docket.writer.close_items_of(case_id, by=uow.actor.name, at=uow.now)
    return put_back(docket, replace(docket.case, state=state, closed_at=uow.now))
