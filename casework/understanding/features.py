"""What rules may know of a post and its matter, as features by name. It judges nothing.

Names and meanings stand in `rules.builtin_features`; what is left out there has its default.
"""

from __future__ import annotations

from casework.understanding.inputs import NONE, Context, PostText
from rules.builtin_features import MEDIA_LEVELS
from rules.model import Pack, Scalar
from rules.periods import is_sensitive, period_on

_OF_THE_MATTER = (
    "posts_1h",
    "posts_24h",
    "posts_total",
    "voices",
    "platforms",
    "earlier_unresolved",
    "earlier_dissatisfied",
    "current_grade",
    "redo_count",
    "transfers",
    "objections",
    "overdue_hours",
    "false_reply",
    "suppressed_poster",
    "secondary_wave",
    "instructed",
    "instructed_grade",
)
_OF_THE_POST = ("reads", "likes", "comments", "shares", "growth_24h", "on_hot_list")


def known_features(post: PostText, pack: Pack, context: Context) -> dict[str, Scalar]:
    """Return the features that need no reading of the text: figures, matter, case, service period."""
    features: dict[str, Scalar] = {name: getattr(context, name) for name in _OF_THE_MATTER}
    features.update({name: getattr(post, name) for name in _OF_THE_POST})
    features["interactions"] = post.likes + post.comments + post.shares
    features["media_level"] = highest_media(post.media_level, context.media_level)
    # Where no day is known, it lies in no period.
    features["service_period"] = period_on(pack.periods, context.on)
    features["sensitive_period"] = context.sensitive_period or is_sensitive(pack.periods, context.on)
    return features


def highest_media(one: str, other: str) -> str:
    """Return the higher of two levels of media; a level that nobody knows counts as none."""
    ranks = {level: rank for rank, level in enumerate(MEDIA_LEVELS)}
    known = [level if level in ranks else NONE for level in (one, other)]
    return max(known, key=lambda level: ranks[level])
