"""When two cases are possibly one matter: the table of the module, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.likeness import MOST_GUESSES, NEARBY, CaseSpot, possibly_same
from tests.builders import MONDAY, new_id

GROUPS = {"wages": "劳动", "site_wages": "劳动", "noise": "环境"}
NEW = CaseSpot(
    id=new_id(),
    name="新件",
    topic="wages",
    place="e_1",
    lead="labour",
    is_confidential=False,
    first_at=MONDAY,
    last_at=MONDAY,
)
TWIN = replace(NEW, id=new_id(), name="旧件")


@pytest.mark.parametrize(
    ("changes", "is_alike"),
    [
        ({}, True),
        ({"topic": "site_wages"}, True),
        ({"topic": "site_wages", "lead": "housing"}, False),
        ({"topic": "site_wages", "lead": None}, False),
        ({"lead": None}, True),
        ({"topic": "noise"}, False),
        ({"topic": None}, False),
        ({"place": "e_2"}, False),
        ({"is_confidential": True}, False),
        ({"first_at": MONDAY - NEARBY, "last_at": MONDAY - NEARBY}, True),
        ({"first_at": MONDAY - NEARBY, "last_at": MONDAY - NEARBY - timedelta(seconds=1)}, False),
        ({"first_at": MONDAY + NEARBY, "last_at": MONDAY + NEARBY}, True),
        ({"first_at": MONDAY + NEARBY + timedelta(seconds=1), "last_at": MONDAY + NEARBY * 2}, False),
        ({"first_at": MONDAY - NEARBY * 4, "last_at": MONDAY}, True),
    ],
)
def test_two_cases_are_possibly_one_matter(changes: dict[str, object], is_alike: bool):  # noqa: FBT001 - a column of the table
    found = possibly_same(NEW, [replace(TWIN, **changes)], GROUPS.get)
    assert bool(found) is is_alike


def test_a_case_is_never_like_itself():
    assert possibly_same(NEW, [NEW], GROUPS.get) == ()


def test_at_a_busy_spot_only_the_cases_last_heard_of_are_named():
    others = [replace(TWIN, id=new_id(), last_at=MONDAY + timedelta(hours=hour)) for hour in range(9)]
    found = [other for other, _ in possibly_same(NEW, others, GROUPS.get)]
    assert found == list(reversed(others))[:MOST_GUESSES]
