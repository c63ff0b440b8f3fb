from __future__ import annotations

from decimal import Decimal

import pytest

from casework.understanding.features import highest_media, known_features
from casework.understanding.inputs import Context, PostText
from rules.model import RuleKind
from tests.demo import demo_book, demo_pack


def test_every_feature_is_one_that_rules_know_and_of_its_type():
    features = known_features(PostText("题", "文"), demo_pack(), Context())

    assert demo_book().complete(RuleKind.SEVERITY, features)


def test_nothing_known_is_every_default():
    features = known_features(PostText("题", "文"), demo_pack(), Context())
    defaults = demo_book().vocabulary(RuleKind.SEVERITY).defaults()

    assert features == {name: defaults[name] for name in features}


def test_interactions_are_likes_comments_and_shares():
    post = PostText("", "文", reads=9_000, likes=5, comments=20, shares=300, growth_24h=Decimal("1.5"))
    features = known_features(post, demo_pack(), Context(voices=3))

    assert (features["interactions"], features["reads"], features["voices"]) == (325, 9_000, 3)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("none", "none", "none"),
        ("city", "none", "city"),
        ("none", "national", "national"),
        ("province", "city", "province"),
        ("", "city", "city"),  # a source about whose level nothing is known
    ],
)
def test_the_higher_level_of_media_counts(one: str, other: str, expected: str):
    assert highest_media(one, other) == expected
