"""Words of a text: joined they give the text, their starts fit, and the dictionary is kept in private."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import tokens


@pytest.fixture(scope="module", autouse=True)
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "jieba"
    tokens.load(folder)
    return folder


def test_the_dictionary_is_in_memory_and_its_folder_is_ours_alone(loaded: Path):
    assert tokens.is_loaded()
    if loaded.exists():  # an earlier test of this process may have loaded it already
        assert stat.S_IMODE(loaded.stat().st_mode) == 0o700


def test_words_begin_where_jieba_sees_them():
    assert tokens.words("小区物业乱收费") == ("小区", "物业", "乱收费")
    assert tokens.word_starts("小区物业乱收费") == (0, 2, 4)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_words_joined_are_the_text_again(text: str):
    assert "".join(tokens.words(text)) == text


def test_a_text_longer_than_one_split_is_covered_to_its_end():
    text = "路灯坏了" * 2_000

    assert "".join(tokens.words(text)) == text
