"""Pulls the feeds that are due, each by itself: one that is broken is recorded and delays no other.

Only feeds that their publisher offers are read; nothing is scraped. Posts come in by the same use case as
everywhere, in short transactions.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.stride import Stride
from app.transaction import Transactions
from casework.access import Actor
from casework.desk.receive import receive_post
from casework.desk.sources import PullEnd, RunCounts, begin_pull, end_pull
from casework.intake import IncomingPost
from casework.post_refusals import BadPost
from casework.store.sources import Feed
from workers.failures import Done, Failure, guarded
from workers.feeds import NotAFeed, posts_of
from workers.fetching import Fetcher, FetchFailed

log = logging.getLogger(__name__)


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
        with self.transactions.write(self.actor) as uow:
            end_pull(uow, run_id, feed, end)
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

    def _pull(self, feed: Feed) -> PullEnd:
        try:
            answer = self.fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            if answer.body is None:
                return PullEnd("unchanged")
            posts = posts_of(feed.kind, answer.body, answer.content_type, source_code=feed.code)
        except FetchFailed as failed:
            return PullEnd("failed", message=str(failed), wait=failed.wait)
        except NotAFeed as broken:
            return PullEnd("failed", message=str(broken))
        counts, message = self._take(posts)
        return PullEnd("done", counts, message, etag=answer.etag, last_modified=answer.last_modified)

    def _take(self, posts: Sequence[IncomingPost]) -> tuple[RunCounts, str]:
        """Take posts in, the oldest first, and return the counts and why some were refused."""
        ordered, stride = list(reversed(posts)), Stride()
        at = new = refused = 0
        said = ""
        while at < len(ordered):
            batch = ordered[at : at + stride.size]
            at += len(batch)
            with self.transactions.write(self.actor) as uow:
                for post in batch:
                    try:
                        new += receive_post(uow, post).is_new
                    except BadPost as bad:
                        refused += 1
                        said = said or str(bad)
            stride.took(self.transactions.figures.last_ms)
        return RunCounts(new, len(ordered) - new - refused, refused), said
