"""A place of the original is found again in the masked text, or it is gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casework.masking import HIDDEN, masked, masking

PIECES = st.sampled_from(
    [
        "路灯坏了",
        "手机13812345678",
        "微信 wxm_889900",
        "邮箱 wang@example.com",
        "2026年11月16日",
        "，",
        "。",
        "身份证号11010519491231002X",
        "加wx：abc_123",
        "138 1234 5678",
        "三十多户",
        "😀",
        "０１３８１２３４５６７８",
    ]
)


@given(st.lists(PIECES, max_size=12), st.data())
def test_every_span_reads_the_same_before_and_after_or_is_gone(pieces: list[str], data: st.DataObject):
    text = "".join(pieces)
    shown = masking(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    place = shown.span(start, end)
    if place is not None:
        assert shown.text[slice(*place)] == text[start:end]
    else:
        assert any(start < to and begin < end for begin, to in shown.hidden)


@given(st.lists(PIECES, max_size=12))
def test_masking_twice_changes_nothing_more(pieces: list[str]):
    once = masked("".join(pieces))
    assert masked(once) == once


@given(st.integers(3, 40))
def test_a_number_that_the_end_of_a_gist_cuts_is_hidden_whole(kept: int):
    text = "住在翠湖花园的王先生请来电联系，手机13812345678，谢谢"
    short = text[:kept] + "…"
    assert not any(sign.isdigit() for sign in masked(short))


def test_names_of_chats_are_hidden_however_they_are_announced():
    for said in ("加wx：abc_12345", "VX abc_12345", "微信群号 abc_12345", "V信abc_12345"):
        assert masked(said).endswith(HIDDEN), said
        assert "12345" not in masked(said)
