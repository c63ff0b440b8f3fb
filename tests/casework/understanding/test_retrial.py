"""Stored posts judged again: the same verdicts as `propose` gives, from the words or from what was folded."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.demo_posts import POSTS
from casework.routing import as_routing
from casework.understanding.inputs import Context, PostText
from casework.understanding.propose import propose
from casework.understanding.retrial import Retrial, context_then, folded, text_then
from rules.backtest import Verdict
from rules.rulebook import Rulebook
from tests.demo import demo_book
from tests.small_pack import small_book

TEXTS = [(post["title"], post["text"]) for post in map(json.loads, POSTS.read_text("utf-8").splitlines())]
ODD = [
    ("", ""),
    ("", "感谢你们"),
    ("路灯坏了", ""),
    ("路灯\n坏了", "翠湖小区"),
    ("①②", "路　灯  坏*了，十户人家"),
    ("\u200b", "举报清溪镇干部收受好处"),
    ("题目", "�" * 40),
    ("\ufe0f", "第一行\n第二行，举报清溪镇干部"),
    ("\u3164", "第一行\n第二行，路灯坏了"),
    ("a\u0301b", "路灯坏了\n十户人家"),
]
CONTEXT = Context(posts_1h=1, posts_24h=3, posts_total=3, voices=2, platforms=1, on=date(2026, 11, 16))


def _words(text: str) -> tuple[int, ...]:
    return tuple(range(len(text) + 1))


def _proposed(post: PostText, book: Rulebook) -> Verdict:
    proposal = propose(post, book, context=CONTEXT, words=_words)
    routing, grade = as_routing(proposal.route), proposal.verdict.grade
    return Verdict(
        proposal.verdict.disposition.value,
        grade.value if grade else "",
        proposal.topic or "",
        routing.lead or "",
        tuple(sorted(routing.assist)),
        tuple(sorted({finding.rule for finding in proposal.findings})),
    )


@pytest.mark.parametrize("book", [demo_book, small_book], ids=["demo", "small"])
def test_a_stored_post_gets_the_verdict_that_it_would_get_now(book):  # noqa: ANN001 - returns a rulebook
    retrial = Retrial(book(), _words)
    for title, text in [*TEXTS, *ODD]:
        post = PostText(title, text, likes=3, media_level="city")
        stored = propose(post, book(), words=_words).normalised
        expected = _proposed(post, book())

        assert retrial.verdict(folded(post, None), CONTEXT) == expected
        assert retrial.verdict(folded(post, stored), CONTEXT) == expected, (title, text)


def test_what_was_known_then_is_known_again_and_names_of_the_future_do_no_harm():
    kept = {"posts_24h": 3, "overdue_hours": "1.5", "on": "2026-11-16", "invented_later": True}

    context = context_then(json.dumps(kept), datetime(2026, 11, 20, tzinfo=UTC), "none")

    assert (context.posts_24h, context.overdue_hours, context.on) == (3, Decimal("1.5"), date(2026, 11, 16))
    assert context.posts_1h == 0


def test_a_post_without_a_decision_is_judged_as_if_it_had_come_alone_on_its_day():
    context = context_then(None, datetime(2026, 11, 15, 17, tzinfo=UTC), "city")

    assert (context.posts_total, context.media_level) == (1, "city")
    assert context.on == date(2026, 11, 16)  # in the county


def test_figures_seen_after_the_decision_do_not_count():
    assert text_then("t", "x", "none", (), datetime(2026, 11, 16, tzinfo=UTC)).reads == 0
