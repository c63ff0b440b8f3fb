"""What other posts of the same matter add to one post: how many, how fast, how many voices, where.

Pure counting over facts that `casework.desk.surrounding` gathers. It joins no posts: `casework.matter` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from casework.post import Figures
from rules.builtin_features import MEDIA_LEVELS
from rules.model import Grade

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Spot:
    """When and where a post of the matter was said."""

    said_at: datetime
    platform: str
    media_level: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the matter of a post adds up to, the post itself included.

    Attributes:
        posts_1h, posts_24h: said in the hour, and in the 24 hours, up to the post.
        posts_total: all posts of the matter.
        voices: distinct people, see `store.voices`.
        platforms: distinct ones.
        media_level: the highest.
        current_grade: of the open case of the matter, None without one.
        redo_count, dissatisfied_count: of that case.
    """

    posts_1h: int = 1
    posts_24h: int = 1
    posts_total: int = 1
    voices: int = 1
    platforms: int = 1
    media_level: str = "none"
    current_grade: Grade | None = None
    redo_count: int = 0
    dissatisfied_count: int = 0


def alone(spot: Spot) -> Surroundings:
    """Return the surroundings of a post that no other tells of."""
    return Surroundings(media_level=spot.media_level)


def posts_within(spots: Iterable[datetime], until: datetime, window: timedelta) -> int:
    """Return how many instants lie in the half-open window (until - window, until]."""
    return sum(1 for at in spots if until - window < at <= until)


def highest_media_level(levels: Iterable[str]) -> str:
    """Return the highest level of media, "none" for none."""
    return max(levels, key=MEDIA_LEVELS.index, default=MEDIA_LEVELS[0])


@dataclass(frozen=True, slots=True)
class Spread:
    """How far one post has spread by itself.

    Attributes:
        growth_24h: interactions now over those 24 h before, times, to two places; 0 where not known.
    """

    reads: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    growth_24h: Decimal = Decimal(0)
    on_hot_list: bool = False

    @property
    def interactions(self) -> int:
        """Return likes, comments and shares together."""
        return self.likes + self.comments + self.shares


def spread_of(figures: tuple[Figures, ...]) -> Spread:
    """Return the spread that metrics show, the newest of them standing; all zero without any.

    Args:
        figures: oldest first.
    """
    if not figures:
        return Spread()
    last = figures[-1]
    earlier = [seen for seen in figures if seen.observed_at <= last.observed_at - DAY]
    return Spread(
        reads=last.reads,
        likes=last.likes,
        comments=last.comments,
        shares=last.shares,
        growth_24h=_growth(earlier[-1], last) if earlier else Decimal(0),
        on_hot_list=last.on_hot_list,
    )


def _growth(before: Figures, last: Figures) -> Decimal:
    old = before.likes + before.comments + before.shares
    new = last.likes + last.comments + last.shares
    return (Decimal(new) / Decimal(max(old, 1))).quantize(Decimal("0.01"))
