"""`place:` and `date:` in signals: what hits, where, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.dates import days_in
from rules.model import Span
from rules.signals import Scanner, compile_signals
from tests.rules.tiny import tiny, tiny_pack

PLACES = """
    places:
      - {id: t_one, name: 清溪镇, kind: town, aliases: [清溪], unit: office, zone: rural}
      - {id: v_pine, name: 松树村, kind: village, within: t_one, zone: rural}
      - {id: v_long, name: 清溪岭村, kind: village, within: t_one, zone: rural}
      - {id: r_chestnut, name: 栗水河, kind: river, unit: office, zone: rural}
    """


def scanner(matcher: str) -> Scanner:
    text = f"signals:\n  - {{title: {{zh: 甲, en: a}}, id: one, {matcher}}}\n"
    plain = {"severity": "rules: []", "topics": "topics: []", "routing": "routes: []"}
    return compile_signals(tiny_pack(signals=text, places=PLACES, **plain))


@pytest.mark.parametrize(
    ("matcher", "text", "expected"),
    [
        ("place: {kinds: [village]}", "松树村停水三天", True),
        ("place: {kinds: [village]}", "清溪镇停水三天", False),
        ("place: {kinds: [town]}", "清溪停水三天", True),  # by its alias
        ("place: {kinds: [town]}", "清溪岭村停水三天", False),  # inside a longer name
        ("place: {kinds: [river, village]}", "栗水河发黑", True),
        ("place: {ids: [v_pine]}", "松树村停水", True),
        ("place: {ids: [v_pine]}", "清溪岭村停水", False),
        ("place: {ids: [v_pine], kinds: [river]}", "栗水河发黑", True),
        (
            "near: {first: {place: {kinds: [river]}}, second: {terms: [死鱼]}, within: 4}",
            "栗水河有死鱼",
            True,
        ),
        ("near: {first: {place: {kinds: [river]}}, second: {terms: [死鱼]}, within: 4}", "死鱼", False),
        ("date: any", "施工到6月7日为止", True),
        ("date: any", "施工到六月为止", False),
        ('date: {from: "06-07", to: "06-10"}', "6月7日凌晨施工", True),
        ('date: {from: "06-07", to: "06-10"}', "六月十号凌晨施工", True),
        ('date: {from: "06-07", to: "06-10"}', "2026年6月11日施工", False),
        ('date: {from: "06-07", to: "06-10"}', "2026-06-08 施工", True),
        ('date: {from: "06-07", to: "06-10"}', "２０２６／６／８施工", True),
        ('date: {from: "12-20", to: "01-10"}', "1月5日停暖", True),  # over the new year
        ('date: {from: "12-20", to: "01-10"}', "11月5日停暖", False),
        ('date: {from: "06-07", to: "06-10"}', "6月7-9日施工", True),
        ("date: any", "明天、下周一或者中秋节", False),
        ("date: any", "2月30日", False),
        ("date: any", "16月7日", False),
        ("date: any", "编号2026-06-081", False),
    ],
)
def test_a_place_or_a_day_hits(matcher: str, text: str, expected: bool):  # noqa: FBT001 - a column of the table
    assert ("one" in scanner(matcher).scan("", text).features) is expected


@pytest.mark.parametrize(
    ("matcher", "text", "covered"),
    [
        ("place: {kinds: [village]}", "我们松\u200b树村停水", "松\u200b树村"),
        ("date: any", "自６月７日起", "６月７日"),
    ],
)
def test_their_spans_cover_the_original_characters(matcher: str, text: str, covered: str):
    (hit,) = scanner(matcher).scan("", text).hits
    start = text.index(covered)

    assert hit.spans == (Span(start, start + len(covered)),)


def test_a_day_does_not_run_from_the_title_into_the_text():
    assert "one" not in scanner("date: any").scan("6月", "7日停水").features


def test_a_denied_place_counts_no_more_than_a_denied_word():
    found = scanner("place: {kinds: [village]}, skip_negated: true")

    assert "one" in found.scan("", "松树村停水").features
    assert "one" not in found.scan("", "如果松树村停水").features


@pytest.mark.parametrize(
    ("matcher", "message"),
    [
        ("place: {}", "give ids or kinds of places"),
        (
            "place: {kinds: [vilage]}",
            'unknown kind of place "vilage"; did you mean "village"?',
        ),
        ("place: {ids: [t_onne]}", 'unknown place "t_onne"; did you mean "t_one"?'),
        ("place: {names: [清溪镇]}", 'unknown key "names"'),
        ('date: {from: "06-31", to: "07-01"}', 'a day of the year such as "06-07" is expected here'),
        ("date: {from: 6月7日, to: 6月8日}", 'a day of the year such as "06-07" is expected here'),
        ('date: {from: "06-07"}', '"to" is missing'),
        ("date: tomorrow", "a mapping (key: value) is expected here"),
    ],
)
def test_what_is_no_place_or_day_is_refused(matcher: str, message: str):
    text = f"signals:\n  - {{title: {{zh: 甲, en: a}}, id: one, {matcher}}}\n"
    loaded = tiny(signals=text, severity="rules: []")

    assert loaded.pack is None
    assert any(p.en.startswith(message) for p in loaded.problems), [p.en for p in loaded.problems]


@given(st.text(alphabet="0123456789月日号年一二三十-/. 至", max_size=40))
def test_every_day_found_exists_and_lies_in_the_text(text: str):
    for start, end, value in days_in(text):
        assert 0 <= start < end <= len(text)
        assert 1 <= value // 100 <= 12
        assert 1 <= value % 100 <= 31


@given(st.dates())
def test_every_day_of_every_year_is_read_in_each_form(day: date):
    value = day.month * 100 + day.day
    forms = [
        f"{day.month}月{day.day}日",
        f"{day.month:02}月{day.day:02}号",
        f"{_word(day.month)}月{_word(day.day)}日",
    ]
    forms.append(f"2026-{day.month:02}-{day.day:02}")

    assert [[found.value for found in days_in(form)] for form in forms] == [[value]] * 4


def _word(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else "一二三"[tens - 1])
        + "十" * (tens > 0)
        + ("一二三四五六七八九"[ones - 1] if ones else "")
    )
