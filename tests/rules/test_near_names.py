"""What an author most likely meant: by the letters of the id, or by the title that the pages show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Label
from rules.near_names import nearest_name
from rules.pack import Loaded
from tests.rules.tiny import severity, tiny

TITLES = {
    "death": Label("提到人员死亡", "Mentions a death"),
    "deaths": Label("死亡人数", "Deaths"),
    "wages": Label("拖欠工资", "Unpaid wages"),
    "noise": Label("噪声扰民", "Noise"),
}
NAMES = (*TITLES, "untitled_one")


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("提到人员死亡", "death"),
        ("死亡人数", "deaths"),
        ("工资", "wages"),
        ("拖欠工资问题", "wages"),
        ("工资拖欠", "wages"),
        ("噪声", "noise"),
        ("扰民噪声", "noise"),
        ("unpaid wages", "wages"),
        ("Unpaid_Wages", "wages"),
        ("deth", "death"),
        ("untitled_on", "untitled_one"),
        ("电费", None),
        ("资", None),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found_by_id_or_title(word: str, name: str | None):
    assert nearest_name(word, NAMES, TITLES) == name


@given(st.text(max_size=20))
def test_whatever_is_asked_the_answer_is_a_known_name_or_none(word: str):
    assert nearest_name(word, NAMES, TITLES) in {*NAMES, None}


def _said(loaded: Loaded) -> str:
    assert loaded.draft is None
    return " ".join(map(str, loaded.problems))


@pytest.mark.parametrize(
    ("when", "zh", "en"),
    [
        (
            "{死亡: true}",
            "未知的特征「死亡」；是不是想写「death」（死亡）？",
            'did you mean "death" (Death)?',
        ),
        ("{死亡情况: true}", "是不是想写「death」（死亡）？", 'did you mean "death" (Death)?'),
        ("{人数: {at_least: 3}}", "是不是想写「people」（人数）？", 'did you mean "people" (People)?'),
        ("{topic: 噪声}", "是不是想写「noise」（噪声）？", 'did you mean "noise" (Noise)?'),
        ("{deth: true}", "是不是想写「death」？", 'did you mean "death"?'),
    ],
)
def test_a_feature_or_topic_is_suggested_by_its_chinese_title(when: str, zh: str, en: str):
    said = _said(tiny(severity=severity(f"id: a, grade: major, when: {when}")))

    assert zh in said
    assert en in said


@pytest.mark.parametrize(
    ("match", "zh"),
    [
        ("signal: 感谢", "未知的特征「感谢」；是不是想写「thanks」（感谢）？"),
        ("lexicon: 死亡", "未知的词库「死亡」；是不是想写「death_words」（死亡）？"),
        ("lexicon: [死亡]", "未知的词库「死亡」；是不是想写「death_words」（死亡）？"),
        ("all: [{terms: [甲]}, {signal: 致谢}]", "未知的特征「致谢」；是不是想写「thanks」（感谢）？"),
    ],
)
def test_a_signal_or_lexicon_is_suggested_by_its_chinese_title(match: str, zh: str):
    signals = (
        "signals:\n"
        "  - {id: death, title: {zh: 死亡, en: Death}, lexicon: death_words}\n"
        "  - {id: thanks, title: {zh: 感谢, en: Thanks}, terms: [感谢]}\n"
        "  - {id: people, title: {zh: 人数, en: People}, number: {units: [人, 户]}}\n"
        f"  - {{id: wrong, title: {{zh: 错, en: Wrong}}, {match}}}\n"
    )
    said = _said(tiny(signals=signals))

    assert zh in said
    assert "「」" not in said


def test_a_reference_that_is_far_too_long_is_no_name():
    said = _said(tiny(signals=f"signals: [{{id: a, title: {{zh: 甲, en: a}}, lexicon: {'死' * 61}}}]"))

    assert "不是有效名称" in said
