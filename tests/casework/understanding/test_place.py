from __future__ import annotations

import pytest

from casework.understanding.inputs import Context
from casework.understanding.place import PlaceView
from tests.demo import proposed


def test_a_village_is_in_the_territory_of_its_town():
    place = proposed("雾栗镇上坪村的水渠断了").place

    assert place == PlaceView("v_wuli_1", "village", "t_wuli", "rural")


def test_the_smaller_place_says_more_and_another_one_is_kept():
    place = proposed("从鹤汀镇到映溪街道云栖澜庭的公交改线了").place

    assert (place.place, place.others) == ("e_01", ("t_heting",))


def test_a_place_in_the_title_comes_first():
    place = proposed("对面就是云栖澜庭小区", "栗水河有人钓鱼占道").place

    assert place.place == "lishui"


def test_a_hint_wins_over_the_text():
    assert proposed("雾栗镇路灯不亮", context=Context(place_hint="t_heting")).place.place == "t_heting"


def test_a_hint_that_the_gazetteer_does_not_have_is_ignored():
    assert proposed("雾栗镇路灯不亮", context=Context(place_hint="t_nowhere")).place.place == "t_wuli"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("村民小组的水井干了", "rural"),
        ("小区物业不修电梯", "urban"),
        ("村里的小区没有物业", None),  # both
        ("停水三天了", None),  # neither
    ],
)
def test_without_a_place_the_words_tell_town_or_country(text: str, zone: str | None):
    assert proposed(text).place == PlaceView(zone=zone)
