"""Pulls the feeds that are due, each by itself: one that is broken is recorded and delays no other.

Only feeds that their publisher offers are read; nothing is scraped. Posts come in by the same use case as
everywhere, in short transactions. Nothing is lost in silence: what was not taken is written beside the run,
and where a later pull can do better, the publisher is asked for the whole feed again.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from app.stride import Stride
from app.transaction import Transactions
from casework.access import Actor
from casework.desk.receive import receive_post
from casework.desk.sources import PullEnd, RunCounts, begin_pull, end_pull
from casework.desk.unit import UnitOfWork
from casework.post_refusals import BadPost
from casework.store.sources import Feed
from rules.model import Label
from workers.failures import Done, Failure, guarded
from workers.feeds import FeedItem, NotAFeed, ReadFeed, read_feed
from workers.fetching import Fetcher, FetchFailed
from workers.pull_words import Refused, pull_message

log = logging.getLogger(__name__)

MOST_NEW = 500
"""Posts taken in one pull, so that one feed keeps no other waiting for minutes; the next pull goes on."""
MOST_ERRORS = 20
"""Items in a row at which the program failed: then it is not the items, and the pull has failed."""


@dataclass
class _Tally:
    """What came of the items of one pull so far."""

    taken: int = 0
    duplicate: int = 0
    undated: int = 0
    refused: list[Refused] = field(default_factory=list)
    errors: int = 0
    errors_in_a_row: int = 0

    @property
    def counts(self) -> RunCounts:
        return RunCounts(self.taken, self.duplicate, len(self.refused))

    def add(self, more: _Tally) -> None:
        """Count what one transaction brought."""
        self.taken += more.taken
        self.duplicate += more.duplicate
        self.undated += more.undated
        self.refused += more.refused
        self.errors_in_a_row = 0

    def failed_at(self, item: FeedItem, where: str) -> None:
        """Count an item at which the program failed."""
        why = Label(f"程序出错（{where}）", f"error ({where})")
        self.refused.append(Refused(item.position, item.post.title, why))
        self.errors += 1
        self.errors_in_a_row += 1


@dataclass
class SourceDrain:
    """Pulls the feeds of one county.

    Attributes:
        is_over: asked between feeds; ends the drain early, what is due is left to the next.
    """

    transactions: Transactions
    actor: Actor
    fetcher: Fetcher
    is_over: Callable[[], bool]

    def run(self) -> int:
        """Pull every feed that is due, each once, and return how many."""
        done: list[uuid.UUID] = []
        while not self.is_over():
            with self.transactions.write(self.actor) as uow:
                begun = begin_pull(uow, done)
            if begun is None:
                break
            run_id, feed = begun
            done.append(feed.id)
            self._finish(run_id, feed, guarded(self._pull, feed))
        return len(done)

    def _finish(self, run_id: uuid.UUID, feed: Feed, pulled: Done[PullEnd] | Failure) -> None:
        end = (
            PullEnd("failed", message=f"程序出错 error: {pulled.where}")
            if isinstance(pulled, Failure)
            else pulled.value
        )
        if isinstance(guarded(partial(self._write_end, run_id, feed), end), Failure):
            # Whatever in it cannot be written, the run has ended; the next pull asks for everything again.
            plain = PullEnd("failed", end.counts, "结果写不进去 its result could not be written")
            guarded(partial(self._write_end, run_id, feed), plain)
        log.info(
            "feed pulled",
            extra={
                "source": feed.code,
                "outcome": end.outcome,
                "taken": end.counts.taken,
                "duplicate": end.counts.duplicate,
                "refused": end.counts.refused,
            },
        )

    def _write_end(self, run_id: uuid.UUID, feed: Feed, end: PullEnd) -> None:
        with self.transactions.write(self.actor) as uow:
            end_pull(uow, run_id, feed, end)

    def _pull(self, feed: Feed) -> PullEnd:
        try:
            answer = self.fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            if answer.body is None:
                return PullEnd("unchanged")
            read = read_feed(feed.kind, answer.body, answer.content_type, source_code=feed.code)
        except FetchFailed as failed:
            return PullEnd("failed", message=str(failed), wait=failed.wait)
        except NotAFeed as broken:
            return PullEnd("failed", message=str(broken))
        tally, left = self._take(read)
        message = pull_message(left=left, beyond=read.beyond, undated=tally.undated, refused=tally.refused)
        if tally.errors_in_a_row >= MOST_ERRORS:
            return PullEnd("failed", tally.counts, message)
        if left or read.beyond or tally.errors:  # a later pull may take more: "not changed" would hide it
            return PullEnd("done", tally.counts, message)
        return PullEnd("done", tally.counts, message, etag=answer.etag, last_modified=answer.last_modified)

    def _take(self, read: ReadFeed) -> tuple[_Tally, int]:
        """Take items in, the oldest first, and return what came of them and how many are left."""
        tally = _Tally(
            refused=[Refused(odd.position, "", odd.why) for odd in read.odd],
            errors=sum(odd.is_ours for odd in read.odd),
        )
        ordered, stride, at = read.items[::-1], Stride(), 0
        while at < len(ordered) and tally.taken < MOST_NEW and tally.errors_in_a_row < MOST_ERRORS:
            batch = ordered[at : at + min(stride.size, MOST_NEW - tally.taken)]
            at += len(batch)
            received = guarded(self._receive, batch)
            if isinstance(received, Failure):
                self._take_singly(batch, tally)
            else:
                tally.add(received.value)
                stride.took(self.transactions.figures.last_ms)
        return tally, len(ordered) - at

    def _take_singly(self, batch: Sequence[FeedItem], tally: _Tally) -> None:
        """Take items in each by itself: one of them makes the program fail, and is to cost no other."""
        for item in batch:
            received = guarded(self._receive, (item,))
            if isinstance(received, Failure):
                tally.failed_at(item, received.where)
            else:
                tally.add(received.value)

    def _receive(self, batch: Sequence[FeedItem]) -> _Tally:
        brought = _Tally()
        with self.transactions.write(self.actor) as uow:
            for item in batch:
                try:
                    is_new, is_undated = _received(uow, item)
                except BadPost as bad:
                    brought.refused.append(Refused(item.position, item.post.title, Label(bad.zh, bad.en)))
                    continue
                brought.taken += is_new
                brought.duplicate += not is_new
                brought.undated += is_new and is_undated
        return brought


def _received(uow: UnitOfWork, item: FeedItem) -> tuple[bool, bool]:
    """Hand an item over and return whether it is new and whether it lost its date.

    A date that cannot be right is no reason to lose what the item says: feeds are written by programs, and
    nobody is there who could send it again. Without it the post counts from when it was received.
    """
    try:
        return receive_post(uow, item.post).is_new, item.is_date_lost
    except BadPost as bad:
        if bad.problems.keys() != {"posted_at"}:
            raise
        return receive_post(uow, replace(item.post, posted_at=None)).is_new, True
