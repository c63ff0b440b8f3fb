"""The drain of back-tests: stored posts are read page by page and judged by two packs, in two processes.

It reads posts and decisions and writes how far it is and what came of it; nothing here can act on a post, a
case or a person. Memory does not grow with the posts: a page is forgotten once it is counted.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from types import TracebackType
from typing import Self

from app.rulebooks import RulebookCache
from app.tether import die_with_parent
from app.transaction import Transactions
from casework import tokens
from casework.access import Actor
from casework.desk.backtesting import (
    CHANGED,
    BacktestWork,
    fail_backtest,
    finish_backtest,
    note_progress,
    pause_backtest,
    release_dead_backtests,
    take_backtest,
)
from casework.store.backtests import Backtest, Progress
from casework.store.stored_posts import Place, StoredPost, count_posts, end_of_page, posts_between
from casework.understanding.retrial import Retrial, context_then, folded, name_of, text_then
from rules.backtest import Tally, rewritten_rules
from rules.pack import load_pack_bytes
from rules.rulebook import Rulebook
from workers.failures import Done, Failure, guarded

log = logging.getLogger(__name__)

PROCESSES = 2
PAGE = 250
"""Posts of one page: some tenths of a second, so that progress is seen and a stop is heard."""
AHEAD = 2  # pages that wait at each process, so that none waits for the parent
BEAT_SECONDS = 1.0
PAGE_SECONDS = 120.0
"""A page that takes longer hangs. An ordinary one takes a quarter of a second."""
UNREADABLE = "规则包已不能读取，请重新检查草稿 / the pack can no longer be read: check the draft again"
HUNG = "有网帖使研判进程停止 / a post stopped the process that judged it"
BROKEN = "回测程序出错 / the back-test failed with an error"

_FORK = get_context("fork")


class PageLostError(Exception):
    """The process that judged a page died or hung."""


@dataclass(frozen=True, slots=True)
class Page:
    """Posts after one place up to another."""

    after: Place | None
    last: Place


@dataclass
class Comparison:
    """Two packs, ready to be compared on stored posts."""

    base: Retrial
    draft: Retrial
    rewritten: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.rewritten = rewritten_rules(self.base.book.pack, self.draft.book.pack)

    def count(self, post: StoredPost, tally: Tally) -> None:
        """Judge one post by both packs and count what differs.

        The stored verdict stands for the base where the base made it; it is worked out anew where another
        pack made it, or nobody.
        """
        kept = post.decision
        context = context_then(kept.context if kept else None, post.received_at, post.media_level)
        until = kept.decided_at if kept else post.received_at
        text = text_then(post.title, post.text, post.media_level, post.figures, until)
        ready = folded(text, post.normalised, post.word_starts)
        after = self.draft.verdict(ready, context)
        if kept is not None and kept.pack_ref == self.base.book.pack.ref:
            before = kept.verdict
        else:
            before = self.base.verdict(ready, context)
            tally.recomputed += 1
        tally.add(name_of(post.id, confidential=post.confidential), before, after, self.rewritten)

    def tally(self, posts: list[StoredPost]) -> Tally:
        """Return what differs on some posts; one that cannot be judged is counted as failed."""
        found = Tally()
        for post in posts:
            if isinstance(guarded(lambda one: self.count(one, found), post), Failure):
                found.fail()
        return found


@dataclass
class BacktestDrain:
    """Runs the back-tests of one county that wait.

    Attributes:
        owner: names this process.
        is_dead: tells whether the process behind a name is surely gone.
        is_over: asked between pages; what is left then waits for the next drain.
    """

    transactions: Transactions
    actor: Actor
    owner: str
    is_dead: Callable[[str], bool]
    is_over: Callable[[], bool]
    processes: int = PROCESSES
    page: int = PAGE

    def run(self) -> int:
        """Work until none waits, or until it is over; return how many came to an end."""
        with self.transactions.write(self.actor) as uow:
            release_dead_backtests(uow, is_dead=self.is_dead)
        ended = 0
        while not self.is_over():
            with self.transactions.write(self.actor) as uow:
                work = take_backtest(uow, owner=self.owner)
            if work is None:
                break
            done = guarded(self._try, work)
            if isinstance(done, Failure):
                is_lost = done.where.startswith(PageLostError.__name__)
                self._fail(work, f"{HUNG if is_lost else BROKEN} ({done.where})")
            ended += isinstance(done, Done) and done.value
        return ended

    def _try(self, work: BacktestWork) -> bool:
        if work.files is None:
            return self._fail(work, CHANGED)
        loaded = load_pack_bytes(work.files)
        if loaded.pack is None:
            return self._fail(work, UNREADABLE)
        with self.transactions.read(self.actor) as uow:
            base = RulebookCache(uow.county).of(uow.session, work.of.base_ref)
        return Run(self, work, Comparison(_retrial(base), _retrial(Rulebook(loaded.pack)))).go()

    def _fail(self, work: BacktestWork, problem: str) -> bool:
        with self.transactions.write(self.actor) as uow:
            fail_backtest(uow, work.of.id, owner=self.owner, problem=problem)
        log.warning("back-test failed", extra={"backtest": str(work.of.id), "problem": problem})
        return True


@dataclass
class Run:
    """One back-test on its way."""

    drain: BacktestDrain
    work: BacktestWork
    comparison: Comparison
    tally: Tally = field(init=False)
    after: Place | None = field(init=False)
    total: int = 0
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.tally, self.after = self.work.of.tally, self.work.after

    def go(self) -> bool:
        """Judge what is left; return whether it came to its end, False where it was paused or cancelled."""
        of, drain = self.work.of, self.drain
        with drain.transactions.read(drain.actor) as uow:
            self.total = count_posts(uow.session, uow.county, since=of.period_from, until=of.period_to)
        beat = 0.0
        with _Judges(drain, self.comparison, of) as judges:
            for page, tally in judges.judged(self._pages()):
                self.tally.merge(tally)
                self.after = page.last
                if time.monotonic() - beat >= BEAT_SECONDS:
                    beat = time.monotonic()
                    if not self._note():
                        return False
                if drain.is_over():
                    return self._pause()
        with drain.transactions.write(drain.actor) as uow:
            done = finish_backtest(uow, of.id, owner=drain.owner, progress=self._progress())
        log.info("back-test done", extra={"backtest": str(of.id), "posts": self.tally.posts})
        return done

    def _pages(self) -> Iterator[Page]:
        drain, of, after = self.drain, self.work.of, self.after
        while True:
            with drain.transactions.read(drain.actor) as uow:
                last = end_of_page(
                    uow.session,
                    uow.county,
                    after=after,
                    since=of.period_from,
                    until=of.period_to,
                    size=drain.page,
                )
            if last is None:
                return
            yield Page(after, last)
            after = last

    def _progress(self) -> Progress:
        spent = round((time.monotonic() - self.started) * 1000)
        return Progress(self.total, self.after, self.tally, self.work.of.milliseconds + spent)

    def _note(self) -> bool:
        drain = self.drain
        with drain.transactions.write(drain.actor) as uow:
            return note_progress(uow, self.work.of.id, owner=drain.owner, progress=self._progress())

    def _pause(self) -> bool:
        if self._note():
            with self.drain.transactions.write(self.drain.actor) as uow:
                pause_backtest(uow, self.work.of.id, owner=self.drain.owner)
        return False


class _Judges:
    """Processes that each read pages and count them; they die with their parent and share no connection."""

    def __init__(self, drain: BacktestDrain, comparison: Comparison, of: Backtest) -> None:
        self._drain = drain
        self._comparison = comparison
        self._of = of
        self._ends: list[Connection] = []
        self._children: list[ForkProcess] = []

    def __enter__(self) -> Self:
        for _ in range(self._drain.processes):
            mine, theirs = _FORK.Pipe()
            child = _FORK.Process(
                target=_judge_pages,
                args=(self._drain, self._comparison, self._of, theirs, (*self._ends, mine), os.getpid()),
                name="backtest",
                daemon=True,
            )
            child.start()
            theirs.close()
            self._ends.append(mine)
            self._children.append(child)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child, end in zip(self._children, self._ends, strict=True):
            child.kill()
            child.join()
            child.close()
            end.close()

    def judged(self, pages: Iterator[Page]) -> Iterator[tuple[Page, Tally]]:
        """Yield every page with its tally, in order."""
        asked: deque[tuple[Page, Connection]] = deque()
        for turn, page in enumerate(pages):
            end = self._ends[turn % len(self._ends)]
            _send(end, page)
            asked.append((page, end))
            if len(asked) >= AHEAD * len(self._ends):
                yield self._answer(asked)
        while asked:
            yield self._answer(asked)

    @staticmethod
    def _answer(asked: deque[tuple[Page, Connection]]) -> tuple[Page, Tally]:
        page, end = asked.popleft()
        try:
            if end.poll(PAGE_SECONDS):
                tally: Tally = end.recv()
                return page, tally
        except (EOFError, ConnectionResetError) as error:
            raise PageLostError from error
        raise PageLostError


def _send(end: Connection, page: Page) -> None:
    try:
        end.send(page)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise PageLostError from error


def _judge_pages(
    drain: BacktestDrain,
    comparison: Comparison,
    of: Backtest,
    pages: Connection,
    not_mine: tuple[Connection, ...],
    parent: int,
) -> None:
    """Be a child: read and count pages until the parent closes its end or dies."""
    die_with_parent(parent)
    for end in not_mine:
        end.close()
    drain.transactions.engine.dispose(close=False)  # the parent's connections are its own
    while True:
        try:
            page: Page = pages.recv()
        except EOFError:
            return
        with drain.transactions.read(drain.actor) as uow:
            posts = posts_between(uow.session, uow.county, page.after, page.last, of.period_from)
        pages.send(comparison.tally(posts))


def _retrial(book: Rulebook) -> Retrial:
    return Retrial(book, tokens.word_starts)
