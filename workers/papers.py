"""The drain of documents: what was dispatched gets its slip as a PDF, rendered outside every transaction.

A slip that cannot be made after several tries goes to a person; the dispatch stands all the same.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from app.documents.limited import render_limited
from app.transaction import Transactions
from casework.access import Actor, visibility
from casework.desk.assign import DOCUMENT_BELL
from casework.desk.issue import give_up, store_document
from casework.store.case_parts import StepTaken
from casework.store.case_view import case_view
from casework.store.documents import SUMMONS, SUPERVISION_ORDER
from casework.store.outbox import Errand, mark_done, mark_tried, waiting_errands
from casework.store.recused import recused_from
from casework.store.slips import DISPATCH_SLIP
from rules.model import StepAction
from workers.failures import Failure, guarded
from workers.orders import order_of
from workers.slips import slip_of

log = logging.getLogger(__name__)

BATCH = 10
MOST_ATTEMPTS = 5


@dataclass
class PaperDrain:
    """Renders and stores the documents of one county.

    Attributes:
        is_over: asked between documents; ends the drain early.
    """

    transactions: Transactions
    actor: Actor
    is_over: Callable[[], bool]

    def run(self) -> int:
        """Work until no document waits, or until it is over; return how many were issued."""
        issued = 0
        tried: set[uuid.UUID] = set()
        while not self.is_over():
            errands = [errand for errand in self._waiting() if errand.id not in tried]
            if not errands:
                break
            for errand in errands:
                tried.add(errand.id)
                made = guarded(self._issue, errand)
                if isinstance(made, Failure):
                    self._failed(errand, made)
                else:
                    issued += made.value
        return issued

    def _waiting(self) -> tuple[Errand, ...]:
        with self.transactions.read(self.actor) as uow:
            return waiting_errands(
                uow.session, uow.county, DOCUMENT_BELL, limit=BATCH, most_attempts=MOST_ATTEMPTS
            )

    def _issue(self, errand: Errand) -> int:
        case_id, which = _named(errand)
        with self.transactions.read(self.actor) as uow:
            view = case_view(uow.session, visibility(uow.actor), case_id)
            pack = uow.rulebook.pack
            step = next((step for step in view.steps if str(step.id) == which), None)
            recused = recused_from(uow.session, case_id)
            paper = (
                order_of(view, step.id, pack, recused=recused)
                if step
                else slip_of(view, pack, which, recused=recused)
            )
        content = render_limited(paper) if paper else None
        with self.transactions.write(self.actor) as uow:
            if not mark_done(uow.session, [errand.id], now=uow.now) or paper is None or content is None:
                return 0
            made = store_document(
                uow,
                case_id,
                kind=_kind(step),
                number=paper.number,
                content=content,
                unit=step.unit if step else None,
            )
            return int(made)

    def _failed(self, errand: Errand, failure: Failure) -> None:
        with self.transactions.write(self.actor) as uow:
            mark_tried(uow.session, [errand.id])
            if errand.attempts + 1 >= MOST_ATTEMPTS:
                give_up(uow, _named(errand)[0], where=failure.where)
        log.warning("document not made", extra={"case_id": errand.object_id, "where": failure.where})


def _kind(step: StepTaken | None) -> str:
    if step is None:
        return DISPATCH_SLIP
    return SUMMONS if step.action is StepAction.SUMMONS else SUPERVISION_ORDER


def _named(errand: Errand) -> tuple[uuid.UUID, str]:
    """Return the case of an errand, and the id of the step or the number of the slip whose paper it is."""
    case_id, _, which = errand.object_id.partition("/")
    return uuid.UUID(case_id), which
