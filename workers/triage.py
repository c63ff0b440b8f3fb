"""One drain of triage: claim, judge, write, until nothing waits; then posts whose figures changed.

The verdict on a post is made elsewhere; here is only the order of short transactions around it.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from app.transaction import Transactions
from casework.access import Actor
from casework.desk.ending import Applied
from casework.desk.redecide import apply_redecision, posts_to_redecide
from casework.desk.triage import Claimed, apply_triage, claim_posts, put_back, release_stale_claims
from casework.judgement import Outcome, Unjudged
from rules.model import Label
from workers.bench import RAISED, Bench, Question, Thought
from workers.failures import Failure, guarded

log = logging.getLogger(__name__)

BATCH = 50
"""Posts of one claim: the write of their outcomes stays well under the 100 ms of design.md."""
LONG_WRITE = 80.0
"""Milliseconds. A write that takes longer is followed by a smaller one, before the limit of 100 ms."""
UNDER_WAY = 3
"""Batches: one is written, the child is at the next, and another waits so that the child never does."""
LONG_ROUND = 300.0
"""Milliseconds from claim to claim. A post waits for four rounds at most, and for two seconds at most."""
LEAST = 16  # posts at a time
COUNTY_TIME = ZoneInfo("Asia/Shanghai")
UNWRITABLE = Label("研判结果无法保存，请人工研判。", "The verdict could not be written. Decide by hand.")


@dataclass
class Pace:
    """How much is done at a time: less on a machine that is slow just now, more when it is not.

    Attributes:
        claim: posts of one claim; what comes in meanwhile waits for them.
        write: posts of one write.
    """

    claim: int = BATCH
    write: int = BATCH

    def wrote(self, milliseconds: float) -> None:
        """Learn how long a write took."""
        self.write = _adapted(self.write, milliseconds, LONG_WRITE)

    def went_round(self, milliseconds: float) -> None:
        """Learn how long it was from claim to claim."""
        self.claim = _adapted(self.claim, milliseconds, LONG_ROUND)


def _adapted(posts: int, milliseconds: float, limit: float) -> int:
    if milliseconds > limit:
        return max(LEAST, posts // 2)
    return min(BATCH, posts * 2) if milliseconds < limit / 2 else posts


@dataclass
class Drained:
    """What a drain did."""

    posts: int = 0
    lost: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    redecided: int = 0
    seconds: float = 0.0

    def add(self, applied: Applied) -> None:
        """Count what came of a batch."""
        self.lost += applied.lost
        for state, count in applied.ended.items():
            self.posts += count
            self.ended[state.value] = self.ended.get(state.value, 0) + count


@dataclass
class TriageDrain:
    """Drains triage of one county.

    Attributes:
        owner: names this process in claims.
        is_dead: tells whether the process behind a claim is surely gone.
        is_over: asked between batches; ends the drain early, what waits is left to the next.
    """

    transactions: Transactions
    actor: Actor
    bench: Bench
    owner: str
    is_dead: Callable[[str], bool]
    is_over: Callable[[], bool]
    pace: Pace = field(default_factory=Pace)

    def run(self) -> Drained:
        """Work until nothing waits, or until it is over, and return what was done."""
        done = Drained()
        started = time.perf_counter()
        with self.transactions.write(self.actor) as uow:
            release_stale_claims(uow, is_dead=self.is_dead)
        while not self.is_over() and self._drain_waiting(done):
            pass
        while not self.is_over() and self._redecide(done):
            pass
        done.seconds = time.perf_counter() - started
        log.info(
            "triage drained",
            extra={
                "posts": done.posts,
                "lost": done.lost,
                "ended": done.ended,
                "redecided": done.redecided,
                "seconds": round(done.seconds, 3),
                "writes": self.transactions.figures.count,
                "long_writes": self.transactions.figures.over_limit,
                "longest_write_ms": round(self.transactions.figures.longest_ms, 1),
                "busiest_write_ms": round(self.transactions.figures.busiest_ms, 1),
            },
        )
        return done

    def _drain_waiting(self, done: Drained) -> bool:
        """Take batch after batch; the child thinks about the next ones while one is written.

        Returns:
            False where nothing waited. Posts that were given back meanwhile wait again.
        """
        under_way: deque[Claimed] = deque()
        self._claim_ahead(under_way)
        anything = bool(under_way)
        while under_way:
            started = time.perf_counter()
            thought = self.bench.collect()
            self._end(under_way.popleft(), thought, done)
            self._claim_ahead(under_way)
            self.pace.went_round((time.perf_counter() - started) * 1000)
        return anything

    def _claim_ahead(self, under_way: deque[Claimed]) -> None:
        """Claim batches and let the child begin with them, until enough are under way or none waits.

        Nothing is claimed behind one that was tried before: whatever that one ends would count against it.
        """
        while len(under_way) < UNDER_WAY and not self.is_over():
            if under_way and any(post.attempts > 1 for post in under_way[-1].posts):
                return
            claimed, today = self._claim()
            if not claimed.posts:
                return
            self.bench.begin(claimed.posts, on=today)
            under_way.append(claimed)

    def _claim(self) -> tuple[Claimed, date]:
        """Return posts claimed, and the local date."""
        with self.transactions.write(self.actor) as uow:
            claimed = claim_posts(uow, self.pace.claim, owner=self.owner)
            return claimed, uow.now.astimezone(COUNTY_TIME).date()

    def _end(self, claimed: Claimed, thought: Thought, done: Drained) -> None:
        """Finish the judgements of a batch, write them, and give back what was not judged."""
        outcomes = self._finished(thought)
        at = 0
        while at < len(outcomes):
            part = outcomes[at : at + self.pace.write]
            self._apply(claimed, part, done)
            at += len(part)
        for posts, spent in ((thought.tried, True), (thought.untouched, False)):
            if posts:
                with self.transactions.write(self.actor) as uow:
                    put_back(uow, claimed.token, [post.id for post in posts], spent=spent)

    def _finished(self, thought: Thought) -> list[Outcome]:
        """Return the outcomes of a batch; where that fails, of each post alone, to spare the others."""
        finished = guarded(self.bench.finish, thought)
        if not isinstance(finished, Failure):
            return finished.value
        outcomes = list(thought.outcomes)
        for one in thought.judged:
            alone = guarded(self.bench.finish, Thought(thought.on, judged=[one]))
            if isinstance(alone, Failure):
                outcomes.append(Unjudged(one.post, RAISED, alone.where))
            else:
                outcomes += alone.value
        return outcomes

    def _apply(self, claimed: Claimed, outcomes: Sequence[Outcome], done: Drained) -> None:
        """Write a batch; where it cannot be written, write its posts one by one and spare the others."""
        written = guarded(lambda batch: self._write(claimed.token, batch), outcomes)
        if not isinstance(written, Failure):
            done.add(written.value)
            return
        for outcome in outcomes:
            alone = guarded(lambda batch: self._write(claimed.token, batch), [outcome])
            if isinstance(alone, Failure):
                done.add(self._write(claimed.token, [Unjudged(outcome.post, UNWRITABLE, alone.where)]))
            else:
                done.add(alone.value)

    def _write(self, token: uuid.UUID, outcomes: Sequence[Outcome]) -> Applied:
        started = time.perf_counter()
        with self.transactions.write(self.actor) as uow:
            applied = apply_triage(uow, token, outcomes)
        self.pace.wrote((time.perf_counter() - started) * 1000)
        return applied

    def _redecide(self, done: Drained) -> bool:
        """Judge again posts whose figures changed; return False where none waited."""
        with self.transactions.read(self.actor) as uow:
            tasks = posts_to_redecide(uow, BATCH)
            today: date = uow.now.astimezone(COUNTY_TIME).date()
        if not tasks:
            return False
        questions = [Question(task.post, task.surroundings, today) for task in tasks]
        outcomes = self.bench.again(questions)
        with self.transactions.write(self.actor) as uow:
            done.redecided += apply_redecision(uow, tasks, outcomes)
        return True
