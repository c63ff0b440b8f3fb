"""Triage: claim waiting posts, and write what was judged about them. Judging lies between, in no transaction.

Each post ends in exactly one of: a case of its own, the open case of its matter, a dismissal with a reason,
or the person's desk. A claim that was lost writes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from casework.access import Permission, require
from casework.desk.ending import Applied, end_batch
from casework.desk.unit import UnitOfWork
from casework.judgement import Outcome
from casework.post import PostToJudge
from casework.store.triage_rows import (
    claim,
    claim_owners,
    give_back,
    give_back_stale,
    one_batch_at_a_time,
    still_held,
)

MOST_ATTEMPTS = 3
"""A post that was claimed so often without an end goes to a person. **Source:** reliability.md R19."""
CLAIM_LEASE = timedelta(seconds=60)
"""A claim older than this is taken back even where nobody knows whether its process lives."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Posts claimed together. The token proves at the end that the claim still stands."""

    token: uuid.UUID
    posts: tuple[PostToJudge, ...]


def claim_posts(uow: UnitOfWork, limit: int, *, owner: str) -> Claimed:
    """Claim the oldest waiting posts, or else one that was tried before.

    Those that were tried before come alone: one of them may be what ended the process last time.

    Args:
        uow: a writing one, of the machine.
        limit: how many at most.
        owner: names the process, see `release_stale_claims`.
    """
    require(uow.actor, Permission.CASE_DISMISS)
    token = uow.new_id()
    for retried, most in ((False, limit), (True, 1)):
        posts = claim(
            uow.session, uow.county, token=token, owner=owner, now=uow.now, limit=most, retried=retried
        )
        if posts:
            return Claimed(token, posts)
    return Claimed(token, ())


def release_stale_claims(uow: UnitOfWork, *, is_dead: Callable[[str], bool]) -> int:
    """Let posts wait again whose claim has run out or whose process is known to be dead; return how many."""
    require(uow.actor, Permission.CASE_DISMISS)
    dead = [owner for owner in claim_owners(uow.session, uow.county) if is_dead(owner)]
    return give_back_stale(uow.session, uow.county, before=uow.now - CLAIM_LEASE, owners=dead)


def put_back(uow: UnitOfWork, token: uuid.UUID, post_ids: Sequence[uuid.UUID], *, spent: bool) -> int:
    """Let posts of one's own claim wait again; return how many.

    Args:
        uow: a writing one, of the machine.
        token: of the claim.
        post_ids: which of its posts.
        spent: the attempt counts; False where the post was not even looked at.
    """
    return give_back(uow.session, uow.county, token=token, post_ids=post_ids, spent=spent)


def apply_triage(uow: UnitOfWork, token: uuid.UUID, outcomes: Sequence[Outcome]) -> Applied:
    """Write what became of claimed posts, in one short transaction.

    Whoever lost a post's claim writes nothing about it. Matters are looked up again here, one batch of a
    county at a time, so that two processes never open two cases for one matter.

    Args:
        uow: a writing one, of the machine.
        token: of the claim.
        outcomes: in the order in which the posts came in.
    """
    require(uow.actor, Permission.CASE_DISMISS)
    one_batch_at_a_time(uow.session, uow.county)
    versions = {outcome.post.id: outcome.post.version for outcome in outcomes}
    held = still_held(uow.session, uow.county, token=token, versions=versions)
    applied = end_batch(uow, [outcome for outcome in outcomes if outcome.post.id in held])
    applied.lost = len(outcomes) - len(held)
    return applied
