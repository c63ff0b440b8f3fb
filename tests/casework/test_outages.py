"""What a unit gets back of the time in which the system was down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.outages import DOWN_AFTER, Outage, excused_until, outage_between
from tests.builders import MONDAY

HOUR = timedelta(hours=1)


def hours(number: float) -> timedelta:
    return number * HOUR


def outage(began: float, ended: float) -> Outage:
    return Outage(MONDAY + hours(began), MONDAY + hours(ended))


@pytest.mark.parametrize(
    ("due", "outages", "until"),
    [
        (2, [], 2),
        (2, [outage(1, 4)], 5),  # an hour was left
        (2, [outage(2, 4)], 4),  # nothing was left
        (2, [outage(2.5, 4)], 2),  # it was due before
        (4, [outage(1, 4)], 4),  # half open: the system was there again
        (5, [outage(1, 4)], 5),  # due after: the unit had time
        (2, [outage(4.5, 6), outage(1, 4)], 6.5),  # what was given back fell into the next one
    ],
)
def test_what_was_left_when_the_system_went_down_is_left_again(
    due: float, outages: list[Outage], until: float
):
    assert excused_until(MONDAY + hours(due), outages) == MONDAY + hours(until)


@given(st.integers(0, 600), st.integers(0, 600), st.integers(1, 600))
def test_nobody_gets_back_more_than_an_outage_took(due: int, began: int, length: int):
    minute = timedelta(minutes=1)
    one = Outage(MONDAY + began * minute, MONDAY + (began + length) * minute)
    due_at = MONDAY + due * minute

    assert due_at <= excused_until(due_at, [one]) <= due_at + length * minute


@pytest.mark.parametrize(
    ("last", "is_one"), [(None, False), (-HOUR, False), (DOWN_AFTER, False), (DOWN_AFTER + HOUR / 3600, True)]
)
def test_a_gap_between_two_sweeps_is_an_outage_only_when_it_is_long(last: timedelta | None, *, is_one: bool):
    found = outage_between(MONDAY - last if last is not None else None, MONDAY)

    assert (found is not None) is is_one
