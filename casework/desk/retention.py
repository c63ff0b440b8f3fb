"""Retention: what is kept of people is destroyed when its time is over. Posts, verdicts and timelines stay.

It runs in short transactions and may run at any time: what is due is found from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from casework.access import Permission, require
from casework.desk.identity import destroy_pseudonym_keys
from casework.desk.unit import UnitOfWork
from casework.store.answers import drop_answers
from casework.store.retention_rows import due_identities, empty_identities

IDENTITY_KEPT = timedelta(days=180)
"""After the case was closed or the post dismissed. **Source:** ours; long enough for a second complaint
about the same matter and for the re-audit."""
ANSWERS_KEPT = timedelta(days=2)
"""Answers under an Idempotency-Key; programs repeat within minutes."""
BATCH = 50  # identities of one transaction, each with its audit row


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What one step destroyed; `more` says that there is more to do."""

    identities: int
    pseudonym_keys: int
    answers: int
    more: bool


def run_retention(uow: UnitOfWork) -> Destroyed:
    """Destroy what is due, at most one batch of identities, each audited.

    Args:
        uow: a writing one, of the machine.
    """
    require(uow.actor, Permission.CASE_ARCHIVE)
    due = due_identities(uow.session, uow.county, ended_before=uow.now - IDENTITY_KEPT, limit=BATCH)
    if due:
        empty_identities(uow.session, due, now=uow.now)
    for post_id in due:
        uow.audit("identity_destroyed", "post", str(post_id))
    return Destroyed(
        identities=len(due),
        pseudonym_keys=destroy_pseudonym_keys(uow),
        answers=drop_answers(uow.session, uow.county, before=uow.now - ANSWERS_KEPT),
        more=len(due) == BATCH,
    )
