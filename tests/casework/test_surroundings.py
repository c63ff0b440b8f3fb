"""What other posts add: windows are half-open, the newest figures stand, growth is times in 24 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from casework.post import Figures
from casework.surroundings import (
    DAY,
    HOUR,
    Spot,
    Spread,
    alone,
    highest_media_level,
    posts_within,
    spread_of,
)

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def _seen(likes: int, **ago: float) -> Figures:
    return Figures(
        NOW - timedelta(**ago), reads=likes * 10, likes=likes, comments=1, shares=2, on_hot_list=False
    )


@pytest.mark.parametrize(
    ("ago", "inside"),
    [
        (timedelta(0), True),  # the post itself
        (HOUR - timedelta(microseconds=1), True),
        (HOUR, False),  # half-open: an hour ago is the hour before
        (timedelta(seconds=-1), False),  # said after it
    ],
    ids=["itself", "just inside", "on the edge", "later"],
)
def test_a_window_ends_with_the_post_and_is_half_open(ago: timedelta, inside: bool):  # noqa: FBT001 - a column
    assert posts_within([NOW - ago], NOW, HOUR) == int(inside)


def test_many_posts_are_counted_each():
    instants = [NOW - timedelta(hours=hours) for hours in (0, 0, 5, 23, 24, 30)]

    assert posts_within(instants, NOW, DAY) == 4


def test_the_highest_level_of_media_counts():
    assert highest_media_level(["city", "national", "none", "province"]) == "national"
    assert highest_media_level([]) == "none"


def test_a_post_without_company_is_one_post_of_one_voice_on_one_platform():
    around = alone(Spot(NOW, "论坛", "city"))

    assert (around.posts_1h, around.posts_24h, around.posts_total, around.voices, around.platforms) == (
        1,
    ) * 5
    assert (around.media_level, around.current_grade) == ("city", None)


def test_without_figures_nothing_has_spread():
    assert spread_of(()) == Spread()


def test_the_newest_figures_stand_even_where_they_are_lower():
    spread = spread_of((_seen(50, hours=2), _seen(5)))

    assert (spread.likes, spread.reads, spread.interactions) == (5, 50, 8)


@pytest.mark.parametrize(
    ("figures", "growth"),
    [
        ((_seen(7),), "0"),  # nothing to compare with
        ((_seen(7, hours=23), _seen(17)), "0"),  # not a day apart
        ((_seen(7, hours=24), _seen(17)), "2.00"),
        ((_seen(7, hours=40), _seen(2, hours=25), _seen(17)), "4.00"),  # the newest that is a day old
        ((Figures(NOW - DAY, 0, 0, 0, 0, on_hot_list=False), _seen(17)), "20.00"),  # from nothing
        ((_seen(0, hours=24), _seen(7)), "3.33"),
    ],
    ids=["one", "too near", "double", "newest old one", "from nothing", "rounded"],
)
def test_growth_is_interactions_now_over_those_a_day_ago(figures: tuple[Figures, ...], growth: str):
    assert spread_of(figures).growth_24h == Decimal(growth)


def _partly(ago: timedelta, **seen: int) -> Figures:
    nothing = dict.fromkeys(("reads", "likes", "comments", "shares", "on_hot_list"))
    return Figures(NOW - ago, **(nothing | seen))  # type: ignore[arg-type] # the fields by name


def test_what_nobody_looked_at_lowers_nothing():
    full = Figures(NOW - HOUR, 9000, 70, 30, 20, on_hot_list=True)
    spread = spread_of((full, _partly(timedelta(0), reads=9500)))

    assert spread == Spread(9500, 70, 30, 20, on_hot_list=True)


@pytest.mark.parametrize(
    ("then", "now", "growth"),
    [
        ({"likes": 10}, {"likes": 30, "comments": 900}, "3.00"),  # comments were not looked at then
        ({"reads": 10}, {"comments": 900}, "0"),
        ({"likes": 10, "comments": 10}, {"comments": 30}, "2.00"),  # the likes last seen stand
    ],
)
def test_growth_is_reckoned_from_what_was_seen_at_both_ends(
    then: dict[str, int], now: dict[str, int], growth: str
):
    assert spread_of((_partly(DAY, **then), _partly(timedelta(0), **now))).growth_24h == Decimal(growth)
