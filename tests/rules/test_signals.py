from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.expressions import pattern_fault
from rules.model import Hit, Span
from rules.normalise import fold_expression
from rules.scan import Scan
from rules.signals import Scanner, compile_signals
from tests.rules.tiny import tiny_pack


def scanner(*signals: str, **files: str) -> Scanner:
    """Return a scanner of signals given as the lines that differ: id and matcher."""
    text = "signals:\n" + "\n".join(f"  - {{title: {{zh: 甲, en: a}}, {signal}}}" for signal in signals)
    plain = {
        "severity": "rules: []",
        "topics": "topics: []",
        "routing": "routes: []",
    }
    return compile_signals(tiny_pack(signals=text, **(plain | files)))


def trips(matcher: str, text: str, title: str = "") -> bool:
    """Return whether a signal with this matcher is tripped."""
    return "one" in scanner(f"id: one, {matcher}").scan(title, text).features


def words_in(scan: Scan, text: str, title: str = "") -> list[str]:
    """Return what the spans of the first hit cover in the original."""
    return [(title if s.part == "title" else text)[s.start : s.end] for s in scan.hits[0].spans]


# matcher, text, whether it hits
TABLE = [
    ("terms: [死亡]", "一人死亡", True),
    ("terms: [死亡]", "一人受伤", False),
    ("terms: [死亡]", "一人死\u200b亡", True),
    ("terms: [遷補償]", "拆迁补偿", True),
    ("terms: [拆迁]", "拆遷", True),
    ("terms: [APP]", "下载ａｐｐ", True),
    ("terms: [拆迁]", "强 拆 迁", True),
    ("terms: [人]", "别 人", True),
    ("lexicon: death_words", "身亡", True),
    ("lexicon: death_words, terms: [遇难]", "遇难", True),
    ("terms: [死亡], skip_negated: true", "没有人员死亡", False),
    ("terms: [死亡], skip_negated: true", "没有人员死亡。后来一人死亡", True),
    ("terms: [死亡], skip_negated: false", "没有人员死亡", True),
    ("pattern: '造成.{0,6}死'", "造成两人死亡", True),
    ("pattern: '造成.{0,6}死'", "造成损失，没有任何一个人因此死亡", False),
    ("pattern: '造成，'", "造成,损失", True),
    ("pattern: 'APP'", "一个App", True),
    ("pattern: '死亡', skip_negated: true", "未死亡", False),
    ("number: {units: [户], at_least: 5}", "五户人家", True),
    ("number: {units: [户], at_least: 5}", "四户人家", False),
    ("number: {units: [户], at_least: 5, at_most: 49}", "五十户", False),
    ("number: {units: [户], at_least: 5, at_most: 49}", "五十户，其中三十多户", True),
    ("number: {units: [户], at_least: 5}", "第五户", False),
    ("near: {first: {terms: [人]}, second: {terms: [遇难]}, within: 3}", "两人不幸遇难", True),
    ("near: {first: {terms: [人]}, second: {terms: [遇难]}, within: 1}", "两人不幸遇难", False),
    ("near: {first: {terms: [人]}, second: {terms: [遇难]}, within: 3}", "遇难两人", True),
    ("near: {first: {terms: [人]}, second: {terms: [遇难]}, within: 3, ordered: true}", "遇难两人", False),
    ("near: {first: {terms: [人]}, second: {terms: [遇难]}, within: 9}", "来人。遇难", True),
    (
        "near: {first: {terms: [人]}, second: {terms: [遇难]}, within: 9, same_sentence: true}",
        "来人。遇难",
        False,
    ),
    ("near: {first: {terms: [人]}, second: {terms: [人员]}, within: 9}", "人员", False),
    ("near: {first: {number: {units: [户]}}, second: {terms: [停水]}, within: 3}", "三十户停水", True),
    ("any: [{terms: [甲一]}, {terms: [乙一]}]", "乙一", True),
    ("any: [{terms: [甲一]}, {terms: [乙一]}]", "丙一", False),
    ("all: [{terms: [甲一]}, {terms: [乙一]}]", "乙一", False),
    ("all: [{terms: [甲一]}, {terms: [乙一]}]", "乙一甲一", True),
    ("all: [{terms: [甲一]}, {none: [{terms: [乙一]}]}]", "甲一", True),
    ("all: [{terms: [甲一]}, {none: [{terms: [乙一]}]}]", "甲一乙一", False),
    ("at_least: {n: 2, of: [{terms: [甲一]}, {terms: [乙一]}, {terms: [丙一]}]}", "丙一", False),
    ("at_least: {n: 2, of: [{terms: [甲一]}, {terms: [乙一]}, {terms: [丙一]}]}", "丙一甲一", True),
    ("none: [{terms: [甲一]}]", "乙一", True),
    ("none: [{terms: [甲一]}]", "甲一", False),
]


@pytest.mark.parametrize(("matcher", "text", "expected"), TABLE)
def test_a_matcher_hits(matcher: str, text: str, expected: bool):  # noqa: FBT001 - a column of the table
    assert trips(matcher, text) is expected


def test_a_title_only_signal_reads_the_title():
    assert trips("terms: [求助], title_only: true", "", title="求助")
    assert not trips("terms: [求助], title_only: true", "求助", title="你好")


def test_members_of_all_may_stand_in_title_and_text_but_those_of_near_in_one_of_them():
    near = "near: {first: {terms: [塌方]}, second: {terms: [被埋]}, within: 9}"

    assert trips("all: [{terms: [塌方]}, {terms: [被埋]}]", "被埋", title="塌方")
    assert not trips(near, "被埋", title="塌方")
    assert trips(near, "塌方被埋", title="塌方")


def test_a_term_does_not_run_from_the_title_into_the_text():
    assert not trips("terms: [死亡]", "亡", title="死")


def test_signals_build_on_signals():
    both = scanner("id: both, all: [{signal: death}, {terms: [塌方]}]", "id: death, terms: [死亡]")

    assert both.scan("", "塌方死亡").features == {"both": True, "death": True}
    assert both.scan("", "塌方").features == {}


def test_a_referred_signal_keeps_its_own_denials():
    signals = scanner("id: top, any: [{signal: death}]", "id: death, terms: [死亡], skip_negated: true")

    assert signals.scan("", "没有死亡").features == {}


def test_a_number_signal_holds_the_largest_number():
    people = scanner("id: people, number: {units: [人, 户]}")

    assert people.scan("", "三人，后来五十多户，又来十人").features == {"people": 50}
    assert people.scan("", "没有数字").features == {}
    assert people.scan("", "零人").hits == ()


def test_spans_cover_the_original_characters():
    text = "工地\u200b塌方，死\ufe0f 亡２０戶"
    signals = scanner("id: people, number: {units: [户]}")

    assert words_in(signals.scan("", text), text) == ["２０戶"]
    assert words_in(scanner("id: a, terms: [塌方]").scan("", text), text) == ["塌方"]
    assert words_in(scanner("id: a, terms: [死亡]").scan("", text), text) == ["死\ufe0f 亡"]
    assert words_in(scanner("id: a, terms: [求助]").scan("求 助", text), text, "求 助") == ["求 助"]


def test_a_torn_word_is_marked_as_hidden_unless_it_also_stands_openly():
    signals = scanner("id: a, terms: [拆迁]")

    assert signals.scan("", "拆*迁").hits == (Hit("a", value=True, spans=(Span(0, 3),), hidden=True),)
    assert signals.scan("", "拆*迁，拆迁").hits[0].hidden is False


def test_places_and_units_are_named_and_a_name_inside_a_longer_one_is_not():
    pack = tiny_pack(
        places="""
            places:
              - {id: town, name: 清溪镇, kind: town, aliases: [清溪], unit: office, zone: rural}
              - {id: village, name: 清溪镇松树村, kind: village, within: town, zone: rural}
            """
    )
    scan = compile_signals(pack).scan("", "清溪镇松树村和清溪，县网信办不管")

    assert [(place.id, place.spans) for place in scan.places] == [
        ("town", (Span(7, 9),)),
        ("village", (Span(0, 6),)),
    ]
    assert [unit.id for unit in scan.units] == ["office"]


def test_evidence_adds_up_once_for_each_piece():
    pack = tiny_pack(
        topics="""
            topics:
              - id: noise
                title: {zh: 噪声, en: Noise}
                group: 环境保护
                class: complaint
                evidence:
                  - {weight: 3, terms: [夜间施工, 通宵施工]}
                  - {weight: "0.5", terms: [吵]}
                  - {weight: -2, terms: [广场舞]}
            """
    )
    scanner = compile_signals(pack)
    (topic,) = scanner.scan("", "夜间施工，通宵施工，很吵").topics

    assert (topic.topic, topic.weight, topic.support) == ("noise", Decimal("3.5"), 2)
    assert topic.spans == (Span(0, 4), Span(5, 9), Span(11, 12))
    assert scanner.scan("", "广场舞").topics[0].weight == -2
    assert scanner.scan("", "安静").topics == ()


class Words:
    """Says where words begin and counts how often it is asked."""

    def __init__(self, *words: str) -> None:
        self._words = words
        self.asked: list[str] = []

    def __call__(self, text: str) -> frozenset[int]:
        self.asked.append(text)
        starts, at = set(), 0
        for word in self._words:
            starts.add(at)
            at += len(word)
        return frozenset(starts)


def test_a_whole_word_hits_only_between_words():
    signals = scanner("id: a, terms: [大学], whole_word: true")
    inside, apart = Words("宽大", "学位"), Words("去", "大学", "读书")

    assert signals.scan("", "宽大学位", inside).features == {}
    assert signals.scan("", "去大学读书", apart).features == {"a": True}
    assert signals.scan("", "宽大学位").features == {"a": True}


def test_words_are_asked_for_at_most_once_and_only_if_needed():
    signals = scanner(
        "id: a, terms: [大学], whole_word: true", "id: b, terms: [大学, 读书], whole_word: true"
    )
    words = Words("去", "大学", "读书")
    signals.scan("", "小学", words)

    assert words.asked == []

    signals.scan("", "去大学读书", words)

    assert words.asked == ["去大学读书"]


def test_a_scan_names_the_signals_that_differ_from_their_defaults_and_is_repeatable():
    signals = scanner("id: a, terms: [甲一]", "id: n, number: {units: [户]}", "id: b, none: [{signal: a}]")
    first = signals.scan("标题", "三户")

    assert first.features == {"n": 3, "b": True}
    assert signals.scan("标题", "三户") == first


def test_the_length_counts_what_can_be_seen():
    assert scanner("id: a, terms: [甲一]").scan("标 题", "正\u200b文\n").text_length == 4


@pytest.mark.parametrize(
    "text",
    [
        "死" * 1_000_000,
        "死亡 " * 300_000,
        "\x00\ud800" * 500_000,
        "三" * 1_000_000,
        "3,333" * 200_000,
        "没有" * 500_000,
    ],
    ids=["letters", "words", "NUL and surrogates", "number words", "digits", "denials"],
)
def test_a_megabyte_of_poison_is_scanned(text: str):
    signals = scanner(
        "id: a, terms: [死, 死亡], skip_negated: true",
        "id: n, number: {units: [户, 人]}",
        "id: p, pattern: '死.{0,200}亡'",
        "id: near, near: {first: {terms: [死]}, second: {terms: [亡, 死]}, within: 200, same_sentence: true}",
    )

    assert signals.scan(text, text).cut


@pytest.mark.parametrize("regex", ["(", "a{2000}", "(a{900}){900}", "(?P<x>a)(?P=x)", "(?=a)", "a*", "|x"])
def test_an_expression_that_cannot_run_safely_is_refused(regex: str):
    assert pattern_fault(regex) is not None


@given(
    st.lists(
        st.sampled_from(["死亡", "没有", "塌方", "三十户", "，", "。", " ", "乙", "拆*迁", "业主"]),
        max_size=12,
    )
)
def test_a_post_is_scanned_the_same_whatever_came_before_it(parts: list[str]):
    text = "".join(parts)
    fresh = make_scanner()

    assert SHARED.scan("", text) == fresh.scan("", text)


EXPRESSIONS = (
    "(副?[局镇村]长|书记)[^\\n，。]{0,6}(收受|贪污|打人)",
    "[去到在][^\\n]{0,4}门口",
    "APP|app",
    "(^|[^没])有人",
    "三十?户",
    "(死|伤)(了|亡)?",
    "[0-9]{2,}人",
    "\\A感谢",
)


@given(
    st.lists(
        st.sampled_from(
            [
                "局长",
                "副镇长",
                "书记",
                "收受",
                "打人",
                "去",
                "门口",
                "App",
                "没",
                "有人",
                "三户",
                "死了",
                "12人",
                "感谢",
                "，",
            ]
        ),
        max_size=10,
    )
)
def test_expressions_searched_for_together_hit_what_each_hits_alone(parts: list[str]):
    scan = TOGETHER.scan("", "".join(parts))
    alone = {f"p{place}" for place, regex in enumerate(ALONE) if regex.search(scan.folded)}

    assert {hit.signal for hit in scan.hits} == alone


TOGETHER = scanner(*(f"id: p{place}, pattern: '{regex}'" for place, regex in enumerate(EXPRESSIONS)))
ALONE = [re.compile(fold_expression(regex), re.IGNORECASE) for regex in EXPRESSIONS]


def make_scanner() -> Scanner:
    return scanner(
        "id: a, terms: [死亡], skip_negated: true",
        "id: b, all: [{signal: a}, {none: [{terms: [业主]}]}]",
        "id: n, number: {units: [户]}",
        "id: p, pattern: '塌方.{0,4}死亡'",
        "id: t, terms: [拆迁]",
    )


SHARED = make_scanner()
