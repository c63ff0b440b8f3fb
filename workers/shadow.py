"""The drain of shadow runs: what was decided since the last time is judged once more, by a draft.

It runs beside triage and after it, never in it: it reads decisions that are made, and writes only what the
draft would have made of them.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from app.transaction import Transactions
from casework import tokens
from casework.access import Actor
from casework.desk.shadowing import (
    LAG,
    close_shadow,
    files_of_run,
    lowest_id,
    note_shadow,
    why_it_ends,
)
from casework.ids import IdSource
from casework.store.packs import pack_files
from casework.store.shadows import ShadowDifference, ShadowRun, shadow_runs
from casework.store.stored_posts import StoredPost, posts_decided_between
from casework.understanding.retrial import Retrial, context_then, folded, name_of, text_then
from rules.backtest import Verdict, rewritten_rules
from rules.model import Pack
from rules.pack import load_pack_bytes
from rules.rulebook import Rulebook
from workers.failures import Failure, guarded

log = logging.getLogger(__name__)

BATCH = 50
UNREADABLE = "规则包已不能读取 / the pack can no longer be read"


@dataclass
class ShadowDrain:
    """Compares for the shadow runs of one county.

    Attributes:
        is_over: asked between batches; what is left then waits for the next drain.
    """

    transactions: Transactions
    actor: Actor
    is_over: Callable[[], bool]

    def run(self) -> int:
        """Work until every run is up to date, or until it is over; return how many posts were compared."""
        with self.transactions.read(self.actor) as uow:
            runs = shadow_runs(uow.session, uow.county, only_running=True)
        return sum(self._catch_up(run) for run in runs)

    def _catch_up(self, run: ShadowRun) -> int:
        with self.transactions.read(self.actor) as uow:
            problem = why_it_ends(uow, run)
            files, now = files_of_run(uow, run), uow.now
        if problem is not None:
            return self._close(run, problem)
        loaded = load_pack_bytes(files)
        if loaded.pack is None:
            return self._close(run, UNREADABLE)
        draft = Retrial(Rulebook(loaded.pack), tokens.word_starts)
        until = lowest_id(min(now - LAG, run.ends_at))
        compared, rewritten = 0, Rewritten(loaded.pack)
        while run.watermark < until and not self.is_over():
            with self.transactions.read(self.actor) as uow:
                posts = posts_decided_between(uow.session, uow.county, run.watermark, until, BATCH)
                rewritten.learn(posts, partial(pack_files, uow.session, uow.county))
            after = _compare(run, posts, draft, rewritten.since, now)
            watermark = after[0] if len(posts) == BATCH else until
            with self.transactions.write(self.actor) as uow:
                if not note_shadow(uow, run, watermark=watermark, tally=run.tally, found=after[1]):
                    return compared
            compared += len(posts)
            run = replace(run, watermark=watermark)
        if now >= run.ends_at + LAG and run.watermark >= until:
            self._close(run, "")
        return compared

    def _close(self, run: ShadowRun, problem: str) -> int:
        with self.transactions.write(self.actor) as uow:
            close_shadow(uow, run.id, problem=problem)
        log.info("shadow run ended", extra={"run": str(run.id), "problem": problem})
        return 0


@dataclass
class Rewritten:
    """Which rules conclude something else in a draft than in the packs that decided.

    Attributes:
        since: by reference of a pack; no rules for one that is gone or can no longer be read.
    """

    draft: Pack
    since: dict[str, frozenset[str]] = field(default_factory=dict)

    def learn(self, posts: Sequence[StoredPost], files_of: Callable[[str], dict[str, bytes] | None]) -> None:
        """Read the packs that decided these posts; each is read once."""
        for ref in {post.decision.pack_ref for post in posts if post.decision is not None}:
            if ref in self.since:
                continue
            files = files_of(ref)
            base = load_pack_bytes(files).pack if files is not None else None
            self.since[ref] = rewritten_rules(base, self.draft) if base is not None else frozenset()


def _compare(
    run: ShadowRun,
    posts: list[StoredPost],
    draft: Retrial,
    rewritten: Mapping[str, frozenset[str]],
    now: datetime,
) -> tuple[uuid.UUID, list[ShadowDifference]]:
    """Count posts in the tally of a run; return the last decision's id, and what differs."""
    ids, last = IdSource(now), run.watermark
    found: list[ShadowDifference] = []
    for post in posts:
        kept = post.decision
        if kept is None:
            continue
        last = kept.id
        done = guarded(lambda one: _verdict(one, draft), post)
        if isinstance(done, Failure):
            run.tally.fail()
            continue
        before, after = kept.verdict, done.value
        name = name_of(post.id, confidential=post.confidential)
        run.tally.add(name, before, after, rewritten[kept.pack_ref])
        if before != after:
            found.append(
                ShadowDifference(ids.next(), post.id, kept.id, kept.decided_at, kept.pack_ref, before, after)
            )
    return last, found


def _verdict(post: StoredPost, draft: Retrial) -> Verdict:
    kept = post.decision
    until = kept.decided_at if kept else post.received_at
    context = context_then(kept.context if kept else None, post.received_at, post.media_level)
    text = text_then(post.title, post.text, post.media_level, post.figures, until)
    return draft.verdict(folded(text, post.normalised, post.word_starts), context)
