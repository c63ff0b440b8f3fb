from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import negation
from rules.negation import is_taken_back


def taken_back(text: str, word: str = "死亡") -> bool:
    start = text.index(word)
    return is_taken_back(text, start, start + len(word))


@pytest.mark.parametrize(
    "text",
    [
        "没有人员死亡",
        "未造成人员死亡",
        "无人死亡",
        "目前尚未发现死亡",
        "没有一名工人死亡",
        "并非死亡",
        "是否有人死亡",
        "有没有人死亡",
        "如果再不修,会有人死亡",
        "万一死亡怎么办",
        "以免发生死亡事故",
        "防止再次出现死亡",
        "担心发生死亡",
        "有人死亡吗?",
        "死亡人数为零",
        "死亡并未发生",
        "请学习《防范死亡事故若干规定》",
        "昨晚看了电影“死亡列车”",
        "条例规定:“造成死亡的,由单位负责”",
        "所谓「死亡」只是传言",
        "没有造成任何人员死亡",
        "没有再发生过死亡",
        "没造成什么死亡",
        "实现零死亡",
        "差点死亡",
        "险些造成死亡",
        "没有发现有人死亡",
    ],
)
def test_what_is_denied_asked_supposed_or_to_be_prevented_is_taken_back(text: str):
    assert taken_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "两人死亡",
        "未成年人死亡",
        "无证驾驶撞人死亡",
        "物业没有及时维修导致老人死亡",
        "没有人管,死亡两人",
        "并非谣言,两人死亡",
        "防止塌方,已有两人死亡",
        "如果早修就好了。两人死亡",
        "不怕死亡威胁",
        "死亡两人,没有说法",
        "按《安全生产法》,死亡两人应当上报",
        "医生说:“两人死亡”",
        "他们喊着“死亡”冲过来",
        "看了电影“列车”,回来听说两人死亡",
        "规定说得很清楚。“两人死亡”是真的",
        "路口没有路灯造成死亡",
        "路口没有路灯导致一人死亡",
        "没有一个人管死亡两人",
        "因为没有护栏发生死亡事故",
        "因没有护栏导致死亡",
        "救护车没有来老人死亡",
        "不是没有死亡",
        "并非没有人死亡",
    ],
)
def test_what_is_said_stays_said(text: str):
    assert not taken_back(text)


def test_only_the_neighbourhood_of_a_hit_is_read():
    text = "没有" + "很长的一段话" * 2_000 + "死亡"

    assert not taken_back(text)


PIECES = (
    "没有 不存在 并非 未 无 如果 是否 是不是 有没有 不怕 怕 人员 发生 造成 死亡 两人 工地 的 "
    "， 。 ？ : 《 》 “ ” 条例 规定 吗 为零 并未发生"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=30))
def test_the_words_found_in_one_pass_take_back_what_reading_around_each_hit_does(pieces: list[str]):
    text = "".join(pieces)
    cues = negation.Cues(text)

    for start in range(len(text)):
        before = text[max(0, start - negation._FARTHEST) : start]
        for end in (start + 1, start + 2):
            slow = negation._is_taken_back_before(before) or negation._is_taken_back_after(text, end)
            assert cues.take_back(start, end) == slow
