"""What no machine here can read goes to a person, however short; codes and single words do not."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from casework.urgency import DANGER_TO_LIFE
from tests.demo import proposed


@pytest.mark.parametrize(
    "text",
    [
        "I want to die, nobody helps me",
        "I will kill myself tonight",
        "help my husband is dying",
        "my boss owes us wages",
        "they locked us here",
        "今日死にたいです",
        "もう生きていけない",
        "도와주세요",
        "བདག་ལ་རོགས་རམ་གནང་རོགས།",
        "ياردەم قىلىڭلار",
        "Тусламж хэрэгтэй",
        "ᠲᠤᠰᠠᠯᠠᠭᠠᠷᠠᠢ",
        "SOS",
        "help",
    ],
)
def test_a_text_in_another_language_goes_to_a_person(text: str):
    assert proposed(text).verdict.disposition is Disposition.DESK


@pytest.mark.parametrize("text", ["I want to die tonight", "kill me please", "SOS", "助けて", "살려주세요"])
def test_a_cry_for_help_in_another_language_is_a_danger_to_life(text: str):
    assert DANGER_TO_LIFE in {hit.signal for hit in proposed(text).hits}


@pytest.mark.parametrize("text", ["test", "TEST 123", "asdf", "ok", "666", "http://a.cn/x", "qwertyuiop"])
def test_codes_and_single_words_stay_meaningless(text: str):
    assert proposed(text).verdict.disposition is Disposition.DISMISSAL


def test_a_chinese_text_with_a_foreign_word_is_read_as_chinese():
    assert proposed("喜欢の味道，小区门口的路灯坏了").topic is not None
    assert proposed("喜欢の味道，小区门口的路灯坏了").verdict.disposition is Disposition.CASE
