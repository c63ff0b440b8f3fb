"""What packs make of a post that was judged before, with what was known of it then. Verdicts only.

Pure. The post is folded once for both packs. It explains nothing: `again` and `rules.explain` do.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from casework.post import Figures
from casework.routing import as_routing
from casework.surroundings import spread_of
from casework.understanding.again import context_of
from casework.understanding.inputs import Context, PostText
from casework.understanding.propose import brief, make_ready
from rules.backtest import Verdict
from rules.model import Finding, Rule, RuleKind, Scalar
from rules.normalise import normalise
from rules.post import WordStarts
from rules.post_text import Prepared, prepare, prepare_folded
from rules.reference import conclusion
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
        self._reference = book.reference(RuleKind.SEVERITY)
        self._findings = {rule.id: _plain(rule, book.pack.ref) for rule in book.rules(RuleKind.SEVERITY)}

    def verdict(self, post: Folded, context: Context) -> Verdict:
        """Return what the pack makes of a post with what was known of it."""
        starts = post.starts
        words: WordStarts = self._words if starts is None else lambda _: starts
        scan = self.book.scan_prepared(post.prepared, words)
        rules: tuple[str, ...] = ()

        def fired(features: Mapping[str, Scalar]) -> tuple[Finding, ...]:
            nonlocal rules
            rules = self._reference.fired(features, context.on)
            return tuple([self._findings[rule] for rule in rules])

        found = brief(post.text, scan, self.book, fired, context)
        routing, grade = as_routing(found.route), found.verdict.grade
        return Verdict(
            found.verdict.disposition.value,
            grade.value if grade is not None else "",
            found.topic or "",
            routing.lead or "",
            tuple(sorted(routing.assist)),
            tuple(sorted(rules)),
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """A stored post, folded once for any number of packs.

    Attributes:
        text: what was written, or its folded form where that was stored; with the figures that counted.
        starts: word starts of the folded text, where they were kept.
    """

    text: PostText
    prepared: Prepared
    starts: Sequence[int] | None


def folded(written: PostText, normalised: str | None, starts: Sequence[int] | None = None) -> Folded:
    """Return a stored post ready to be judged.

    Args:
        written: as it came, with the figures that counted.
        normalised: its folded title and text, where they were kept.
        starts: word starts of the folded text, where they were kept.
    """
    if normalised is None:
        return Folded(written, prepare(written.title, written.text), None)
    length = _title_length(written.title, normalised)
    title, text = (normalised[:length], normalised[length + 1 :]) if length else ("", normalised)
    return Folded(replace(written, title=title, text=text), prepare_folded(normalised, length), starts)


def _title_length(title: str, normalised: str) -> int:
    """Return how many characters of a folded post are its title."""
    if not title:
        return 0
    first = title[0]
    is_plain = "\u4e00" <= first <= "\u9fff" or (first.isascii() and first.isalnum())
    if is_plain and title.isprintable():  # it folds to something, and to no line break: the first one ends it
        return max(normalised.find("\n"), 0)
    return len(normalise(title).text)


def _plain(rule: Rule, ref: str) -> Finding:
    """Return a finding without reasons: severity rules conclude the same on every post."""
    return Finding(rule.id, rule.kind, ref, rule.title, rule.source, conclusion(rule), ())


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


def context_then(kept: str | None, received_at: datetime, media_level: str) -> Context:
    """Return what surrounded a post: as kept with its decision, else as if it had come alone.

    Args:
        kept: JSON of the context, as it stands with the decision.
        received_at: of the post.
        media_level: of the post.
    """
    if kept is not None:
        return _context(kept)
    day = received_at.astimezone(COUNTY_TIME).date()
    return Context(
        posts_1h=1, posts_24h=1, posts_total=1, voices=1, platforms=1, media_level=media_level, on=day
    )


@lru_cache(maxsize=4096)
def _context(kept: str) -> Context:
    return context_of(json.loads(kept))


def name_of(post_id: uuid.UUID, *, confidential: bool) -> str | None:
    """Return the name of a post in a sample; a confidential one is never named there."""
    return None if confidential else post_id.hex
