"""What packs make of a post that was judged before, with what was known of it then. Verdicts only.

Pure. The post is folded once for both packs. It explains nothing: `again` and `rules.explain` do.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from casework.post import Figures
from casework.routing import as_routing
from casework.surroundings import spread_of
from casework.understanding.again import context_of
from casework.understanding.inputs import Context, PostText
from casework.understanding.propose import make_ready, propose
from rules.backtest import Verdict
from rules.model import Scalar
from rules.post import WordStarts
from rules.rulebook import Rulebook

COUNTY_TIME = ZoneInfo("Asia/Shanghai")


class Retrial:
    """One pack, ready to judge stored posts.

    Args:
        book: of the pack.
        words: word starts of a folded text, for posts that were stored without.
    """

    def __init__(self, book: Rulebook, words: WordStarts) -> None:
        make_ready(book)
        self.book = book
        self._words = words

    def verdict(self, post: PostText, context: Context, starts: Sequence[int] | None = None) -> Verdict:
        """Return what the pack makes of a post.

        Args:
            post: with the figures that counted then.
            context: as it was.
            starts: word starts of its folded text, where they were kept.
        """
        words: WordStarts = self._words if starts is None else lambda _: starts
        proposal = propose(post, self.book, context=context, words=words)
        routing, grade = as_routing(proposal.route), proposal.verdict.grade
        return Verdict(
            proposal.verdict.disposition.value,
            grade.value if grade is not None else "",
            proposal.topic or "",
            routing.lead or "",
            tuple(sorted(routing.assist)),
            tuple(sorted({finding.rule for finding in proposal.findings})),
        )


def text_then(
    title: str, text: str, media_level: str, figures: Sequence[Figures], until: datetime
) -> PostText:
    """Return a post with the figures that had been seen by an instant."""
    spread = spread_of(tuple(seen for seen in figures if seen.observed_at <= until))
    return PostText(
        title=title,
        text=text,
        media_level=media_level,
        reads=spread.reads,
        likes=spread.likes,
        comments=spread.comments,
        shares=spread.shares,
        growth_24h=spread.growth_24h,
        on_hot_list=spread.on_hot_list,
    )


def context_then(kept: Mapping[str, Scalar] | None, received_at: datetime, media_level: str) -> Context:
    """Return what surrounded a post: as kept with its decision, else as if it had come alone."""
    if kept is not None:
        return context_of(kept)
    day = received_at.astimezone(COUNTY_TIME).date()
    return Context(
        posts_1h=1, posts_24h=1, posts_total=1, voices=1, platforms=1, media_level=media_level, on=day
    )


def name_of(post_id: uuid.UUID, *, confidential: bool) -> str | None:
    """Return the name of a post in a sample; a confidential one is never named there."""
    return None if confidential else post_id.hex
