"""What travels between processes arrives as it was."""

from __future__ import annotations

import pickle
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from rules.model import Grade, Label
from rules.pickling import pickled


@dataclass(frozen=True, slots=True)
class One:
    only: object


@dataclass(frozen=True, slots=True)
class Parcel:
    label: Label
    grade: Grade | None = None
    inside: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Counting:
    """Makes itself anew from its values, which would count twice."""

    count: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", self.count + 1)


@dataclass(frozen=True, slots=True)
class CountingToo(Counting):
    """Inherits what would count twice."""

    more: int = 0


@dataclass(slots=True)
class Made:
    given: int
    made: int = field(init=False, default=7)


class Word(StrEnum):
    A = "a"


@pytest.mark.parametrize(
    "value",
    [
        One(1),
        One(None),
        Parcel(Label("甲", "a"), Grade.SERIOUS, (One(Word.A), Decimal("1.5"), uuid.UUID(int=3))),
        [Parcel(Label("甲", "a"))] * 3,
        Counting(1),
        CountingToo(1, 2),
        Made(1),
        {"at": datetime(2026, 11, 16, tzinfo=UTC), "class": Grade, "flag": True},
    ],
)
def test_what_is_unpacked_equals_what_was_packed(value: object):
    assert pickle.loads(pickled(value)) == value  # noqa: S301 - our own bytes


def test_what_cannot_be_packed_raises():
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        pickled(One(lambda: 1))
