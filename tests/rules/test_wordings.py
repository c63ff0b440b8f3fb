"""What a scan tells of each wording that speaks for a topic: how often it stands, and where first."""

from __future__ import annotations

from rules.scan import Wording
from rules.signals import compile_signals
from tests.rules.tiny import tiny_pack


def wordings(evidence: str, title: str, text: str) -> tuple[Wording, ...]:
    topics = (
        "topics: [{id: noise, title: {zh: 噪声, en: Noise}, group: 环境保护, class: complaint, "
        f"evidence: [{evidence}]}}]"
    )
    scan = compile_signals(tiny_pack(topics=topics)).scan(title, text)
    return tuple(wording for topic in scan.topics for wording in topic.wordings)


def test_each_term_of_a_list_is_a_wording_of_its_own_with_its_times_and_first_place():
    found = wordings("{weight: 2, terms: [噪声, 施工]}", "施工噪声", "施工到半夜")

    assert sorted(found) == sorted([Wording(2.0, 1, 2), Wording(2.0, 2, 0)])


def test_a_pair_of_words_counts_what_it_covers():
    near = "{weight: 1, near: {first: {terms: [工地]}, second: {terms: [吵]}, within: 5}}"

    assert wordings(near, "", "工地很吵，真吵") == (Wording(1.0, 1, 0), Wording(1.0, 1, 3))


def test_evidence_that_stands_nowhere_counts_once_at_the_end():
    assert wordings("{weight: -1, none: [{terms: [吵]}]}", "", "很安静") == (Wording(-1.0, 1, 3),)


def test_a_term_torn_apart_by_marks_counts_with_the_whole_ones():
    assert wordings("{weight: 2, terms: [施工]}", "", "施*工，施工") == (Wording(2.0, 2, 0),)


def test_the_scan_tells_where_the_title_ends():
    assert compile_signals(tiny_pack()).scan("施工", "很吵").title_length == 2
