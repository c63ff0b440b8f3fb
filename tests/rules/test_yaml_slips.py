"""YAML that cannot be read: its author is told the line at fault and what to type, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.problem import Notes
from rules.yaml_meanings import meaning_of
from rules.yamltree import read_tree
from tests.rules.tiny import FILES


def _said(text: str) -> tuple[int, str, str]:
    notes = Notes()
    assert read_tree("x.yaml", text.encode(), notes) is None
    (problem,) = notes.problems
    return problem.location.line, problem.zh, problem.en


@pytest.mark.parametrize(
    ("text", "line", "zh", "en"),
    [
        ("a:\n  title：标题\n  status: active\n", 2, "全角冒号", "type `: `"),
        ("a:\n  - id：b\n    title: c\n", 2, "全角冒号", "type `: `"),
        ("a: [{zh: 甲, en：B}, x: {y]\n", 1, "全角冒号", "type `: `"),
        ("a:\n  terms: [甲，乙\n  b: 1\n", 2, "改成半角逗号", "type `, `"),
        ("a: {zh: 甲， en: B}\nb: 2\n", 1, "改成半角逗号", "type `, `"),
        ("a:\n\tb: 1\n", 2, "制表符", "type spaces"),
        ("a:\n  b:1\n  c: 2\n", 2, "冒号后缺少空格", "`key: value`"),
        ("a:\n  b:1\n\n\n  c: 2\n", 2, "冒号后缺少空格", "`key: value`"),
        ("a: [1, 2\nb: 3\n", 1, "补上「]」", "add `]`"),
        ("a: {b: 1\nc: 3\n", 1, "补上「}」", "add `}`"),
        ("a: 1\nb: [1]]\nc: 2\n", 2, "多了一个「]」", "closes nothing"),
        ("a: [1}\n", 1, "要用「]」结束", "is closed by `]`"),
        ("a: {b: 1｝\nc: 2\n", 1, "全角括号「｝」", "full-width bracket"),
        ("a:\n  -b: 1\n  - c\n", 2, "「-」后缺少空格", "type `- `"),
        ('x: 1\na: "x\nb: 1\nc: 2\n', 2, "补上后一个引号", "quotation mark is missing"),
        ("a:\n  b: 1\n   c: 2\n", 3, "缩进", "indentation"),
        ("a:\n    b: 1\n  c: 2\n", 3, "缩进", "indentation"),
        ("a:\n  - b\n  c: 1\n", 3, "「- 」开头", "begins with `- `"),
        ("a: ｛b: 1｝\nc: 2\n", 1, "全角括号「｛」", "full-width bracket"),
        ("a: （b: 1）\nc: 2\n", 1, "全角括号「（」", "full-width bracket"),
        ("a:\n  － b: 1\n    c: 2\n", 2, "「- 」", "type `- `"),
        ("a:\n  - b\n  — {c: 1}\n", 3, "「- 」", "type `- `"),
        ("a:\n　　b: 1\n    c: 2\n", 2, "全角空格", "full-width space"),
        ("a:\n  b:　1\n  c: 2\n", 2, "全角空格", "full-width space"),
        ('a:\n  b: "甲”\n  c: 2\n', 2, "引号不成对", "not closed by"),
        ("a:\n  b: '甲'乙'\n  c: 2\n", 2, "已经结束", "quote the whole value"),
        ("a:\n  - {b: 见 #3, c: 1}\n  - {b: 2}\n", 2, "是注释", "begins a comment"),
        ("a: [{b: 1}、{c: 2}]\n", 1, "改成半角逗号", "type `, `"),
        ("a: {zh: 甲; en: B}\n", 1, "改成半角逗号", "type `, `"),
        ("a:\n  b: 1\n  c 2\n  d: 3\n", 3, "缺少冒号", "colon is missing"),
        ("a: @x\n", 1, "用引号括起来", "in quotes"),
        ('a: "\\d"\n', 1, "改用单引号", "single quotes"),
    ],
)
def test_a_slip_is_named_on_its_line_with_what_to_type(text: str, line: int, zh: str, en: str):
    where, said_zh, said_en = _said(text)

    assert where == line
    assert zh in said_zh
    assert en in said_en


def test_marks_in_quotes_and_comments_are_no_slips():
    line, zh, _ = _said("a:\n  b: '甲，key：[乙'  # x：{\n   c: 2\n")

    assert (line, "缩进" in zh) == (3, True)


def test_a_message_that_is_not_known_still_gets_advice():
    assert "缩进" in meaning_of("something new").zh


@given(st.sampled_from(sorted(FILES)), st.data())
def test_whatever_is_cut_out_or_put_in_a_line_of_the_file_is_named(name: str, data: st.DataObject):
    text = FILES[name]
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["：", "，", "\t", "[", "}", '"', "\u2028\u2028", "\r", ":", "- ", "｝"]))
    notes = Notes()
    read_tree("x.yaml", (text[:at] + put + text[at + 1 :]).encode(), notes)

    for problem in notes.problems:
        assert 1 <= problem.location.line <= text.count("\n") + 4
        assert problem.zh
        assert problem.zh != problem.en
