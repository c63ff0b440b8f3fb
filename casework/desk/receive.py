"""Taking posts in, once each, and what their sources tell of them later.

Judging them is triage, which runs in the worker; nothing here waits for it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from casework.access import Permission, require, visibility
from casework.desk.identity import seal_author
from casework.desk.revising import keep_revision
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.intake import IncomingPost, Metrics, check_metrics, checked, content_key, said_at
from casework.post_refusals import NoSuchPost, UnknownSource
from casework.store.intake_rows import (
    NewPost,
    active_source,
    insert_metrics,
    insert_post,
    known_post,
    mark_gone,
    state_of_seen,
)

TRIAGE_BELL = "triage"
REDECIDE = "redecide"
"""Kind of outbox row: a post whose figures changed after it was decided."""
DECIDED = ("case", "merged", "dismissed", "desk")


@dataclass(frozen=True, slots=True)
class Received:
    """What came of handing over a post.

    Attributes:
        is_revised: the post was there, in other words; these are kept beside the first.
    """

    post_id: uuid.UUID
    is_new: bool
    is_revised: bool = False


def receive_post(uow: UnitOfWork, incoming: IncomingPost) -> Received:
    """Keep a post and let triage be rung; the same post handed over again writes nothing, or its new words.

    Idempotent by the source's own id and by content, also against a concurrent twin: the unique keys of
    the table decide, not a question asked before.

    Raises:
        NotPermitted: the actor may not hand over posts.
        BadPost: it cannot be taken; says for each field why.
        UnknownSource: no active source has that code.
    """
    require(uow.actor, Permission.POST_CREATE)
    post, mended = checked(incoming, uow.now)
    source = active_source(uow.session, uow.county, post.source_code)
    if source is None:
        raise UnknownSource(post.source_code)
    new = NewPost(
        id=uow.new_id(),
        county=uow.county,
        source=source,
        post=post,
        content_key=content_key(post, platform=post.platform or source.platform),
        said_at=said_at(post, uow.now),
        received_at=uow.now,
    )
    if not insert_post(uow.session, new):
        known = known_post(uow.session, new)
        return Received(known, is_new=False, is_revised=keep_revision(uow, known, post, source=source.code))
    if post.author is not None:
        seal_author(uow, new.id, post.author, said_at=new.said_at)
    if post.metrics is not None:
        insert_metrics(
            uow.session, uow.new_id(), county=uow.county, post_id=new.id, metrics=post.metrics, now=uow.now
        )
    uow.note(
        EventKind.POST_RECEIVED,
        post_id=new.id,
        data={"source": source.code} | ({"mended_characters": mended} if mended else {}),
    )
    uow.rings.add(TRIAGE_BELL)
    return Received(new.id, is_new=True)


def observe_metrics(uow: UnitOfWork, post_id: uuid.UUID, metrics: Metrics) -> bool:
    """Add figures of a known post; return False where those of that instant are there already.

    A post that was decided before is decided again with the new figures, which may propose an upgrade to
    a person and never lowers anything.

    Raises:
        NotPermitted: the actor may not hand over posts.
        NoSuchPost: none, or not visible to the actor.
        BadPost: a figure below zero or beyond reason.
    """
    require(uow.actor, Permission.POST_CREATE)
    check_metrics(metrics, uow.now)
    state = _triage_state(uow, post_id)
    added = insert_metrics(
        uow.session, uow.new_id(), county=uow.county, post_id=post_id, metrics=metrics, now=uow.now
    )
    if not added:
        return False
    uow.note(
        EventKind.POST_METRICS,
        post_id=post_id,
        data={
            "reads": metrics.reads,
            "likes": metrics.likes,
            "comments": metrics.comments,
            "shares": metrics.shares,
        },
    )
    if state in DECIDED:
        uow.ring(REDECIDE, post_id)
    return True


def note_gone(uow: UnitOfWork, post_id: uuid.UUID) -> None:
    """Note that a post was taken down where it stood. It closes nothing and hides nothing.

    Raises:
        NotPermitted: the actor may not hand over posts.
        NoSuchPost: none, or not visible to the actor.
    """
    require(uow.actor, Permission.POST_CREATE)
    _triage_state(uow, post_id)
    if mark_gone(uow.session, post_id, now=uow.now):
        uow.note(EventKind.POST_GONE, post_id=post_id)


def _triage_state(uow: UnitOfWork, post_id: uuid.UUID) -> str:
    state = state_of_seen(uow.session, visibility(uow.actor), post_id)
    if state is None:
        raise NoSuchPost(post_id)
    return state
