"""The demo's posts: all invented, each taken in once, and each judged as a careful duty officer would."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from app.demo_posts import POSTS, SOURCES
from casework.judgement import Disposition
from casework.matter import Joining, Telling, fingerprint, join_matters
from casework.routing import Arbitration, Routed
from casework.understanding.inputs import Context, PostText
from casework.understanding.propose import Proposal, propose
from rules.model import DemandClass
from tests.builders import MONDAY
from tests.demo import demo_book

ALLOWED = {
    *("title", "text", "source", "hours_ago", "reads", "comments", "shares", "media_level", "author"),
    "expect",  # what a careful duty officer would make of it; nothing but these tests reads it
}


def _read() -> list[dict[str, Any]]:
    return [json.loads(line) for line in POSTS.read_text("utf-8").splitlines()]


ALL = _read()
BY_TITLE = {post["title"]: post for post in ALL}


@cache
def _proposals() -> dict[str, Proposal]:
    return {post["title"]: _proposed(post) for post in ALL}


def _proposed(post: dict[str, Any]) -> Proposal:
    media = post.get("media_level", "none")
    figures = {name: post.get(name, 0) for name in ("reads", "comments", "shares")}
    alone = Context(posts_total=1, voices=1, platforms=1, media_level=media)
    return propose(
        PostText(post["title"], post["text"], media_level=media, **figures), demo_book(), None, alone
    )


@cache
def _joinings() -> dict[str, Joining | None]:
    """Return by title what the rule of one matter makes of the posts, in the order in which they come in."""
    joined = join_matters([_telling(post) for post in ALL], (), uuid.uuid4)
    return {post["title"]: joining for post, joining in zip(ALL, joined, strict=True)}


def _telling(post: dict[str, Any]) -> Telling | None:
    proposal = _proposals()[post["title"]]
    if proposal.verdict.disposition is Disposition.DISMISSAL:
        return None
    found = fingerprint(proposal.normalised)
    return Telling(
        topic=proposal.topic,
        place=proposal.place.place,
        place_kind=proposal.place.kind,
        confidential=proposal.confidential,
        said_at=MONDAY - timedelta(hours=post["hours_ago"]),
        sketch=found.sketch,
        keys=found.keys,
    )


def test_there_are_about_eighty_posts_of_known_sources():
    assert 75 <= len(ALL) <= 100
    assert {post["source"] for post in ALL} <= set(SOURCES)


def test_every_post_has_only_fields_that_the_loader_or_these_tests_read():
    unknown = {key for post in ALL for key in post} - ALLOWED

    assert unknown == set()


def test_no_post_stands_there_twice():
    assert len({post["text"] for post in ALL}) == len(ALL) == len(BY_TITLE)


def test_some_are_serious_and_some_need_no_case():
    ends = [post["expect"]["disposition"] for post in ALL]
    grades = [post["expect"].get("grade") for post in ALL]

    assert ends.count("dismissal") >= 5
    assert grades.count("serious") >= 4


@pytest.mark.parametrize("title", BY_TITLE)
def test_a_post_is_judged_as_a_careful_duty_officer_would(title: str):
    expected, proposal = BY_TITLE[title]["expect"], _proposals()[title]
    verdict = proposal.verdict

    if expected["disposition"] == "dismissal":
        assert verdict.disposition is Disposition.DISMISSAL
        assert verdict.dismissal is not None
        assert verdict.dismissal.id == expected["reason"]
    else:
        waits = expected["disposition"] == "desk"
        assert verdict.disposition is (Disposition.DESK if waits else Disposition.CASE), verdict.doubt
        assert verdict.grade is not None
        assert (verdict.grade.value, proposal.topic, _lead(proposal)) == (
            expected["grade"],
            expected["topic"],
            expected["lead"],
        )


@pytest.mark.parametrize("title", BY_TITLE)
def test_a_post_joins_the_matter_of_an_earlier_one_just_where_it_should(title: str):
    joining = _joinings()[title]
    earlier = {name for name in BY_TITLE if _is_of_one_matter(joining, _joinings()[name])} - {title}
    expected = BY_TITLE[title]["expect"].get("with")

    if expected is not None:
        assert joining is not None
        assert joining.match is not None
        assert expected in earlier
    else:
        assert joining is None or joining.match is None


def _is_of_one_matter(one: Joining | None, other: Joining | None) -> bool:
    return one is not None and other is not None and one.matter_id == other.matter_id


def test_at_least_two_matters_have_several_posts():
    assert len({post["expect"]["with"] for post in ALL if "with" in post["expect"]}) >= 2


def test_accusations_are_confidential_and_keep_the_accused_out():
    accusing = [p for p in _proposals().values() if p.demand is DemandClass.ACCUSATION]

    assert len(accusing) == 2
    assert all(proposal.confidential and proposal.accused for proposal in accusing)


def test_danger_to_a_life_brings_advice_to_call_for_help():
    assert [title for title, proposal in _proposals().items() if proposal.advice] == ["实在活不下去了"]


def _lead(proposal: Proposal) -> str | None:
    route = proposal.route
    if isinstance(route, Arbitration):
        return f"designation:{route.designation}"
    return route.lead if isinstance(route, Routed) else None
