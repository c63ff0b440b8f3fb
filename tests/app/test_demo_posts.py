"""The demo's posts: all invented, each taken in once, some of them serious and some of them nothing."""

from __future__ import annotations

import json

from app.demo_posts import POSTS, SOURCES

ALLOWED = {"title", "text", "source", "hours_ago", "reads", "comments", "shares", "media_level", "author"}


def _posts() -> list[dict[str, object]]:
    return [json.loads(line) for line in POSTS.read_text("utf-8").splitlines()]


def test_there_are_about_eighty_posts_of_known_sources():
    posts = _posts()

    assert 75 <= len(posts) <= 100
    assert {post["source"] for post in posts} <= set(SOURCES)


def test_every_post_has_only_fields_that_the_loader_reads():
    unknown = {key for post in _posts() for key in post} - ALLOWED

    assert unknown == set()


def test_no_post_stands_there_twice():
    texts = [post["text"] for post in _posts()]

    assert len(set(texts)) == len(texts)
