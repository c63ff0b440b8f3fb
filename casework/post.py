"""A post on its way through triage. How it comes in is `intake`; its row is `store`'s."""

from __future__ import annotations

import uuid
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
    """Metrics of a post as seen at one instant."""

    observed_at: datetime
    reads: int
    likes: int
    comments: int
    shares: int
    on_hot_list: bool


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
