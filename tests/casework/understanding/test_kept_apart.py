"""A post that may be an accusation is kept from the units that it names until a person has decided."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from rules.model import DemandClass
from tests.demo import proposed

PERHAPS = "{unit}的人暗示我送烟送酒，我送了两条中华才办下来。"


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("人社局", "labour"),
        ("网信办", "cyberspace"),
        ("目督办", "target_office"),
        ("督查室", "supervision_office"),
    ],
)
def test_what_may_accuse_a_named_unit_waits_where_that_unit_does_not_read_it(unit: str, code: str):
    found = proposed(PERHAPS.format(unit=unit))

    assert (found.demand is DemandClass.ACCUSATION, found.accused) == (False, (code,))
    assert found.verdict.disposition is Disposition.DESK
    assert found.is_kept_apart
    assert found.verdict.doubt is not None
    assert "对这些单位保密" in found.verdict.doubt.zh


@pytest.mark.parametrize("text", ["办事员暗示我送烟送酒，我送了两条中华才办下来。", "人社局电话没人接。"])
def test_what_names_no_unit_or_blames_nobody_is_not_kept_apart(text: str):
    found = proposed(text)

    assert not found.suspects
    assert not found.is_kept_apart


def test_what_may_accuse_each_of_the_three_offices_goes_to_the_head_of_discipline_inspection():
    """He has cases and no desk: so it is an accusation at once."""
    found = proposed("网信办、督查室、目督办的办事员都暗示我送烟送酒。")

    assert (found.demand, found.confidential) == (DemandClass.ACCUSATION, True)
    assert found.verdict.disposition is Disposition.CASE


def test_what_may_accuse_all_four_stays_with_the_office():
    found = proposed("网信办、督查室、目督办、纪委的办事员都暗示我送烟送酒。")

    assert len(found.accused) == 4
    assert (found.verdict.disposition, found.is_kept_apart) == (Disposition.DESK, False)


def test_what_may_accuse_the_leadership_stays_with_the_office():
    """Every desk stands below it; none is named, and the head of discipline inspection has no desk."""
    found = proposed("县委的办事员暗示我送烟送酒。")

    assert found.accused == ("county_committee",)
    assert (found.verdict.disposition, found.is_kept_apart) == (Disposition.DESK, False)
