"""Doing what a program asked exactly once, however often it asks under the same key.

What is done is the caller's; it runs in the same transaction as the note that it was done.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from casework.desk.unit import UnitOfWork
from casework.post_refusals import KeyReused
from casework.store.answers import Answer, claim_key, keep_answer, kept_answer


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request under an Idempotency-Key.

    Attributes:
        token_id: whose key it is.
        fingerprint: 64 hex digits over what was asked, keyed: the request may name an author.
    """

    token_id: uuid.UUID
    key: str = field(repr=False)
    fingerprint: str


def answered_once(uow: UnitOfWork, keyed: Keyed, work: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Return the answer of `work`, and whether it is a repeat: then nothing was done again.

    A concurrent twin waits for the first and then gets its answer. Where `work` raises, the key is free
    again with everything else that the transaction did.

    Args:
        uow: a writing one.
        keyed: the request.
        work: does what was asked in this transaction.

    Raises:
        KeyReused: the key was used for another request.
    """
    row_id = uow.new_id()
    is_first = claim_key(
        uow.session,
        row_id,
        county=uow.county,
        token_id=keyed.token_id,
        key=keyed.key,
        fingerprint=keyed.fingerprint,
        now=uow.now,
    )
    if is_first:
        answer = work()
        keep_answer(uow.session, row_id, answer)
        return answer, False
    kept = kept_answer(uow.session, uow.county, keyed.token_id, keyed.key)
    if kept.fingerprint != keyed.fingerprint:
        raise KeyReused
    return kept.answer, True
