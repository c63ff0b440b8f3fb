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
    """Return the spread that metrics show, of each figure what was seen last; zero without any.

    Args:
        figures: oldest first.
    """
    if not figures:
        return Spread()
    then = figures[-1].observed_at - DAY
    last, before = _known(figures), _known([seen for seen in figures if seen.observed_at <= then])
    return Spread(
        reads=last.reads or 0,
        likes=last.likes or 0,
        comments=last.comments or 0,
        shares=last.shares or 0,
        growth_24h=_growth(before, last),
        on_hot_list=bool(last.on_hot_list),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Of each figure what was seen of it last, None if it was never looked at."""

    reads: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    on_hot_list: bool | None = None


def _known(figures: Iterable[Figures]) -> _Known:
    known = _Known()
    for seen in figures:
        known = _Known(
            reads=known.reads if seen.reads is None else seen.reads,
            likes=known.likes if seen.likes is None else seen.likes,
            comments=known.comments if seen.comments is None else seen.comments,
            shares=known.shares if seen.shares is None else seen.shares,
            on_hot_list=known.on_hot_list if seen.on_hot_list is None else seen.on_hot_list,
        )
    return known


def _growth(before: _Known, last: _Known) -> Decimal:
    """Return by how many times the interactions grew that were known then and now; 0 where none was."""
    pairs = [
        (old, new)
        for old, new in (
            (before.likes, last.likes),
            (before.comments, last.comments),
            (before.shares, last.shares),
        )
        if old is not None and new is not None
    ]
    if not pairs:
        return Decimal(0)
    old, new = sum(old for old, _ in pairs), sum(new for _, new in pairs)
    return (Decimal(new) / Decimal(max(old, 1))).quantize(Decimal("0.01"))
