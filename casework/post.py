"""A post on its way through triage. How it comes in is `intake`; its row is `store`'s."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TriageState(StrEnum):
    """Where a post stands: waiting, being judged, or how it ended."""

    PENDING = "pending"
    CLAIMED = "claimed"
    CASE = "case"
    MERGED = "merged"
    DISMISSED = "dismissed"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Figures:
    """Metrics of a post as seen at one instant; None for what nobody looked at."""

    observed_at: datetime
    reads: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    on_hot_list: bool | None


FIGURES = ("reads", "likes", "comments", "shares", "on_hot_list")
"""Names of the figures."""


def figures_of(observed_at: datetime, values: Sequence[int | bool], unseen: str | None) -> Figures:
    """Return the figures that a row keeps.

    Args:
        observed_at: aware UTC.
        values: in the order of `FIGURES`; 0 or False where nobody looked.
        unseen: names of those that nobody looked at, by commas; None for none.
    """
    gone = frozenset(unseen.split(",")) if unseen else frozenset[str]()
    reads, likes, comments, shares, hot = (
        None if name in gone else value for name, value in zip(FIGURES, values, strict=True)
    )
    return Figures(observed_at, reads, likes, comments, shares, None if hot is None else bool(hot))


@dataclass(frozen=True, slots=True)
class PostToJudge:
    """A post as triage needs it.

    Attributes:
        version: of its row, for the fence.
        attempts: how often it was claimed, this time included.
        figures: oldest first.
    """

    id: uuid.UUID
    version: int
    attempts: int
    title: str
    text: str
    platform: str
    media_level: str
    said_at: datetime
    received_at: datetime
    figures: tuple[Figures, ...] = ()
