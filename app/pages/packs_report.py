"""A trial of a draft as its page shows it: the report with names, and the posts behind a figure, marked.

It counts nothing itself, and shows no post that the person at the screen may not see.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from app.pages.case_judgement import ShownText, marked
from app.pages.packs_words import PackNames
from casework.access import visibility
from casework.desk.unit import UnitOfWork
from casework.store.posts import PostView, post_view
from casework.store.stored_posts import seen_of, still_tried_on
from rules.backtest import Aspect, Move, Sampled, Tally
from rules.backtest_report import Change, Report, report_of
from rules.model import Pack
from rules.rulebook import Rulebook

BEGINNING = 600
"""Characters of a sample's text; the whole post is one click away."""


@dataclass(frozen=True, slots=True)
class ShownReport:
    """The figures of a trial with the names of what they are about."""

    report: Report
    names: PackNames

    @property
    def counted(self) -> tuple[tuple[Aspect, int], ...]:
        """Return how many posts change their grade, topic and lead unit."""
        aspects = (Aspect.GRADE, Aspect.TOPIC, Aspect.LEAD)
        return tuple((one, sum(change.count for change in self.report.of(one))) for one in aspects)

    @property
    def busiest(self) -> int:
        """Return the most posts that one unit has before or after, for the bars; at least 1."""
        return max((max(unit.before, unit.after) for unit in self.report.units), default=1) or 1


@dataclass(frozen=True, slots=True)
class Sample:
    """A post behind a figure."""

    post: PostView
    shown: ShownText
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Samples:
    """The posts behind a figure; `hidden` of those that were noted are not this person's to see."""

    posts: tuple[Sample, ...]
    hidden: int


def shown_report(tally: Tally, draft: Pack | None, base: Pack) -> ShownReport:
    """Return the report of a tally; `draft` is None where the draft was changed since."""
    return ShownReport(report_of(tally, draft), PackNames.of(draft, base))


def address_of(change: Change) -> dict[str, str]:
    """Return a change as the parameters of an address, read again by `sampled`."""
    return {"aspect": change.aspect.value, "before": change.before, "after": change.after}


def sampled(tally: Tally, asked: Mapping[str, str]) -> Sampled:
    """Return what a figure was counted from, as its address names it; nothing for an unknown one."""
    move: Move = (asked.get("aspect", ""), asked.get("before", ""), asked.get("after", ""))
    whose = asked.get("whose", "")
    found: Sampled | None = None
    match asked.get("what"):
        case "moves":
            found = tally.moves.get(move)
        case "gained":
            found = tally.gained.get(whose)
        case "lost":
            found = tally.lost.get(whose)
        case "rule":
            found = tally.rule_moves.get((whose, move))
        case "unit":
            found = tally.unit_moves.get((whose, move))
    return found or Sampled()


def posts_of(uow: UnitOfWork, found: Sampled) -> tuple[tuple[PostView, ...], int]:
    """Return the posts of a sample that may be seen, and how many of it may not."""
    sight = visibility(uow.actor)
    # What has become an accusation since is not even counted among those that are kept back.
    named = still_tried_on(uow.session, [uuid.UUID(hex=post) for post in found.posts])
    seen = (post_view(uow.session, sight, post) for post in seen_of(uow.session, sight, named))
    posts = tuple(post for post in seen if post is not None)
    return posts, len(named) - len(posts)


def with_marks(posts: tuple[PostView, ...], hidden: int, book: Rulebook) -> Samples:
    """Return posts with the signals of some rules marked, the draft's if they can be read."""
    samples = []
    for post in posts:
        title, text = post.line.title, post.text[:BEGINNING]
        hits = book.scan(title, text).hits
        shown = marked(hits, title, text, book.pack)
        samples.append(Sample(post, shown, is_cut=len(post.text) > BEGINNING))
    return Samples(tuple(samples), hidden)
