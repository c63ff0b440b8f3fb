"""What is taken, what is refused with which words, and when two posts are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.intake import (
    LARGEST_COUNT,
    LONGEST_TEXT,
    Author,
    IncomingPost,
    Metrics,
    checked,
    content_key,
    said_at,
)
from casework.post_refusals import BadPost

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
POST = IncomingPost(source_code="form", title="路灯", text="路灯坏了半个月。")


def _problems(**changes: object) -> set[str]:
    with pytest.raises(BadPost) as refused:
        checked(replace(POST, **changes), NOW)
    return set(refused.value.problems)


def test_an_ordinary_post_is_taken_as_it_is():
    assert checked(POST, NOW) == (POST, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "字" * (LONGEST_TEXT // 3 + 1)}, "text"),  # bytes count, not characters
        ({"text": " \n\t", "title": ""}, "text"),
        ({"title": "字" * 501}, "title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http://"}, "url"),
        ({"url": "https://example.org/a b"}, "url"),
        ({"url": "http://[::1"}, "url"),
        ({"url": "https://example.org/" + "a" * 2000}, "url"),
        ({"external_id": "1" * 201}, "external_id"),
        ({"platform": "p" * 201}, "platform"),
        ({"media_level": "galactic"}, "media_level"),
        ({"posted_at": datetime(2026, 11, 16)}, "posted_at"),  # noqa: DTZ001 - naive is the point
        ({"posted_at": NOW + timedelta(days=2)}, "posted_at"),
        ({"posted_at": datetime(1970, 1, 1, tzinfo=UTC)}, "posted_at"),
        ({"metrics": Metrics(reads=-1)}, "metrics.reads"),
        ({"metrics": Metrics(shares=LARGEST_COUNT + 1)}, "metrics.shares"),
        ({"metrics": Metrics(reads=1, observed_at=datetime(2026, 1, 1))}, "metrics.observed_at"),  # noqa: DTZ001
        ({"author": Author(handle="h" * 201)}, "author.handle"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_kept_is_refused_by_field(changes: dict[str, object], field: str):
    assert _problems(**changes) == {field}


@pytest.mark.parametrize(
    "nothing",
    [
        "\u200b\u200d\ufeff",
        "\u202e\u2066\u2069",
        "\u0301\u20dd\ufe0f",
        "\x01\x1b\x7f\x85",
        "\x00\x00",
        "\u3164\u115f\uffa0\u2800",
        "\u3000\u00a0\u2028",
        "\U000e0041\U000e007f",
    ],
)
@pytest.mark.parametrize("title", ["", "\u200b"])
def test_a_text_of_which_nothing_can_be_seen_says_nothing(nothing: str, title: str):
    assert _problems(text=nothing, title=title) == {"text"}
    assert _problems(text="", title=nothing) == {"text"}


@pytest.mark.parametrize("text", ["灯", "?", "👍🏽", "\u200b灯", "é", "e\u0301", "1", "\ue000"])
def test_one_character_that_can_be_seen_says_something(text: str):
    assert checked(replace(POST, title="", text=text), NOW)[0].text == text


def test_all_problems_are_told_together():
    assert _problems(text="", title="", url="ftp://x", media_level="no") == {"text", "url", "media_level"}


def test_a_title_alone_is_enough():
    post, _ = checked(replace(POST, text=""), NOW)

    assert post.title == "路灯"


def test_the_longest_text_is_taken():
    checked(replace(POST, text="a" * LONGEST_TEXT), NOW)


def test_nul_is_made_visible_and_counted():
    post, mended = checked(replace(POST, text="路\x00灯"), NOW)

    assert (post.text, mended) == ("路␀灯", 1)


@given(st.text())
def test_a_text_is_kept_character_by_character_but_for_nul_or_refused_for_half_a_pair(text: str):
    if any("\ud800" <= char <= "\udfff" for char in text):
        with pytest.raises(BadPost) as refused:
            checked(replace(POST, text=text), NOW)
        assert set(refused.value.problems) == {"text"}
        return
    post, mended = checked(replace(POST, text=text), NOW)

    assert post.text == text.replace("\x00", "␀")
    assert mended == text.count("\x00")


@pytest.mark.parametrize("field", ["title", "text", "url", "external_id", "platform"])
def test_half_a_surrogate_pair_is_refused_in_every_field_by_its_place(field: str):
    with pytest.raises(BadPost) as refused:
        checked(replace(POST, **{field: "灯\ud83d"}), NOW)
    assert "第 2 个字符" in refused.value.problems[field].zh


def test_blank_names_count_as_missing():
    post, _ = checked(
        replace(POST, url=" ", external_id="", platform="\t", author=Author(name=" ", handle="")), NOW
    )

    assert (post.url, post.external_id, post.platform, post.author) == (None, None, None, None)


def test_an_author_does_not_show_in_logs():
    assert "王" not in repr(replace(POST, author=Author(name="王某", contact="13900000000")))


# --- the key -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2030, 1, 1, 16, 30, tzinfo=UTC), "2030-01-02 00:30"),
        (datetime(2030, 1, 2, 0, 30, tzinfo=timezone(timedelta(hours=8))), "2030-01-02 00:30"),
        (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), "9999-12-31 23:30"),
        (datetime(1, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=14))), "0001-01-01 00:30"),
    ],
)
def test_a_time_that_cannot_be_is_named_in_county_time(at: datetime, shown: str):
    with pytest.raises(BadPost) as refused:
        checked(replace(POST, posted_at=at), NOW)

    message = refused.value.problems["posted_at"]
    assert shown.lstrip("0") in message.zh
    assert "北京时间" in message.zh
    assert shown.lstrip("0") in message.en


KEYED = replace(POST, posted_at=NOW, url="https://example.org/1")


def _key(post: IncomingPost, platform: str = "论坛") -> str:
    return content_key(post, platform=platform)


@pytest.mark.parametrize(
    "twin",
    [
        replace(KEYED, external_id="another"),  # the same address and instant: one post with two ids
        replace(KEYED, text="路灯坏了半个月。\r\n"),
        replace(KEYED, title="  路灯 "),
        replace(KEYED, posted_at=NOW.astimezone(timezone(timedelta(hours=8)))),
        replace(KEYED, metrics=Metrics(reads=5), author=Author(name="某")),
    ],
    ids=["other id", "line end", "blanks", "other zone", "figures"],
)
def test_the_same_content_has_the_same_key(twin: IncomingPost):
    assert _key(twin) == _key(KEYED)


@pytest.mark.parametrize(
    "other",
    [
        replace(KEYED, text="路灯坏了一个月。"),
        replace(KEYED, title="灯"),
        replace(KEYED, posted_at=NOW + timedelta(seconds=1)),
        replace(KEYED, url="https://example.org/2"),
        replace(KEYED, source_code="api"),
        replace(KEYED, title="路", text="灯" + KEYED.text),  # shifted between fields
    ],
    ids=["text", "title", "instant", "address", "source", "shifted"],
)
def test_other_content_has_another_key(other: IncomingPost):
    assert _key(other) != _key(KEYED)


def test_another_platform_is_another_post():
    assert _key(KEYED, "微博") != _key(KEYED, "论坛")


def test_two_citizens_with_the_same_words_are_two_posts_where_only_the_id_tells():
    assert _key(replace(POST, external_id="1")) != _key(replace(POST, external_id="2"))


def test_a_post_was_never_said_after_it_was_received():
    assert said_at(replace(POST, posted_at=NOW + timedelta(hours=3)), NOW) == NOW
    assert said_at(replace(POST, posted_at=NOW - timedelta(days=3)), NOW) == NOW - timedelta(days=3)
    assert said_at(POST, NOW) == NOW
