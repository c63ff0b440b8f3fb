"""What would lead to a person is taken out of papers; dates, sums and counts stay."""

from __future__ import annotations

import pytest

from casework.masking import HIDDEN, masked, masking


@pytest.mark.parametrize(
    "text",
    [
        "13900001111",
        "139 0000 1111",
        "139-0000-1111",
        "１３９００００１１１１",
        "0827-6200000",
        "08276200000",
        "510000199001011234",
        "51000019900101123X",
        "6222000011112222333",
        "someone@example.org",
        "someone（at）example.org",
        "someone＠example.org",
        "一三八九八七六五四三二",
        "wxid_zz88",
    ],
)
def test_numbers_and_mailboxes_of_people_are_hidden(text: str):
    assert masked(f"请联系{text}，谢谢") == f"请联系{HIDDEN}，谢谢"


def test_names_of_chats_are_hidden_behind_their_service():
    assert masked("微信：some_one99 联系我") == f"微信：{HIDDEN} 联系我"
    assert masked("QQ号是 12345") == f"QQ号是 {HIDDEN}"
    assert masked("wechat: Foo_bar77") == f"wechat: {HIDDEN}"
    assert masked("加V：wxid_zz88") == f"加V：{HIDDEN}"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-16 10:30",
        "2026年11月16日",
        "欠款120000元",
        "三十多户，共156人",
        "云岭府办函〔2026〕11号",
        "12345热线",
        "二〇二六年一月十一日",
        "第一二三小学",
    ],
)
def test_dates_sums_counts_and_hotlines_stay(text: str):
    assert masked(text) == text


RUNS = (
    *("1", "_", "A", "af09", " ", "-", "微信", "微信 ", "wx"),
    *("wxid_", "(", "( ", "(at", " (at) ", "a@", "a.", "@a.", "a@b.c"),
)


@pytest.mark.parametrize("piece", RUNS)
@pytest.mark.parametrize("end", ["", "…", "(at)b.c"])
def test_no_text_takes_longer_than_its_length(piece: str, end: str):
    """With backtracking 4,000 of some of these took minutes; a run that does not end is the failure."""
    text = piece * (60_000 // len(piece)) + end
    assert masking(text).hidden or masked(text) == text


def test_of_a_chain_of_mailboxes_no_end_is_left():
    assert masked("写信到 a.b@c.cn(at)d.cn 或 x_y [ at ] e.cn") == f"写信到 {HIDDEN} 或 {HIDDEN}"
