from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.documents.linebreak import NO_LINE_END, NO_LINE_START, UNDIVIDED_PAIRS, break_lines

MARKS = "，。、；：？！…”’）》】—“‘（《〈·％"


def set_solid(text: str, columns: int, indent: float = 0.0) -> list[str]:
    """Return the lines of `text` where every character is one column wide."""
    lines = break_lines(text, [1.0] * len(text), width=float(columns), indent=indent)
    return [text[line.start : line.end] for line in lines]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        pytest.param("", 5, [""], id="empty"),
        pytest.param("一二三四五六七", 3, ["一二三", "四五六", "七"], id="solid"),
        pytest.param("一二三，四五", 3, ["一二", "三，四", "五"], id="comma is brought its character"),
        pytest.param("一二三！？四", 3, ["一二", "三！？", "四"], id="two marks stay together"),
        pytest.param("一二《三四》", 3, ["一二", "《三", "四》"], id="opening mark moves down"),
        pytest.param("一二——三", 3, ["一二", "——三"], id="dash is not divided"),
        pytest.param("一二……三", 3, ["一", "二……", "三"], id="ellipsis neither divided nor first"),
        pytest.param("共１０％。", 4, ["共１", "０％。"], id="percent sign stays with its number"),
        pytest.param("见 2026 年", 5, ["见", "2026", "年"], id="a number stays whole"),
        pytest.param("the cat sat", 7, ["the cat", "sat"], id="words"),
        pytest.param("一二三   四", 3, ["一二三", "四"], id="spaces at a line's end are no line"),
        pytest.param("一二三 ，四", 3, ["一二", "三 ，", "四"], id="a mark clings across a space"),
        pytest.param(
            "aaaa/bbbbbbbbbb", 8, ["aaaa/", "bbbbbbbb", "bb"], id="an address divides after its slash"
        ),
        pytest.param(
            "链aaaaaaaaaa", 5, ["链aaaa", "aaaaa", "a"], id="an endless word does not leave a line empty"
        ),
        pytest.param(
            "！！！！！！！", 3, ["！！！", "！！！", "！"], id="marks without end are divided all the same"
        ),
    ],
)
def test_lines_end_where_chinese_typography_lets_them(text: str, columns: int, lines: list[str]):
    assert lines == set_solid(text, columns)


def test_the_first_line_is_shorter_by_its_indent():
    assert set_solid("一二三四五六七八九", 5, indent=2.0) == ["一二三", "四五六七八", "九"]


def test_a_character_wider_than_the_line_still_gets_its_line():
    lines = break_lines("宽窄", [9.0, 1.0], width=3.0)

    assert [(line.start, line.end) for line in lines] == [(0, 1), (1, 2)]


texts = st.text(st.sampled_from(f"一二三四五甲乙ab1-/. {MARKS}"), max_size=120)


@settings(max_examples=200)
@given(text=texts, columns=st.integers(2, 12))
@example(text="一，，，，，，，二", columns=3)
def test_no_line_starts_or_ends_with_a_mark_that_may_not(text: str, columns: int):
    lines = break_lines(text, [1.0] * len(text), width=float(columns))
    for line, following in pairwise(lines):
        if any(_allowed(text, index) for index in range(line.start + 1, following.start + 1)):
            assert _allowed(text, following.start)


def _allowed(text: str, index: int) -> bool:
    """Say anew, from the tables alone, whether a line may end before `index`."""
    before, after = text[index - 1], text[index]
    if " " in before + after:
        return before == " " and after != " " and (after.isascii() or after not in NO_LINE_START)
    marks_agree = after not in NO_LINE_START and before not in NO_LINE_END
    return marks_agree and before + after not in UNDIVIDED_PAIRS


@settings(max_examples=200)
@given(text=texts, columns=st.integers(1, 12), indent=st.integers(0, 3))
def test_lines_hold_every_character_but_spaces_once_and_in_order(text: str, columns: int, indent: int):
    lines = break_lines(text, [1.0] * len(text), width=float(columns), indent=min(indent, columns - 1))

    assert text.replace(" ", "") == "".join(text[line.start : line.end] for line in lines).replace(" ", "")
    assert [line.is_last for line in lines if line.is_last] == [True]
    assert all(line.end - line.start <= columns for line in lines)


def test_two_hundred_thousand_unbroken_characters_take_linear_time():
    text = "a" * 200_000
    started = time.perf_counter()
    lines = break_lines(text, [1.0] * len(text), width=40.0)

    assert len(lines) == 5_000
    assert time.perf_counter() - started < 5
