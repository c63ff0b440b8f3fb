"""However large a pack is, checking it ends; what was left out is said, and no error hides behind it."""

from __future__ import annotations

import time

import pytest

from rules import check_posts, check_rules, check_ways, problem
from rules.check import check_pack, has_errors
from rules.check_ways import Ways
from rules.model import Location, Pack, RuleKind
from rules.paths import OutOfEffort
from rules.problem import Level, Notes
from rules.vocabulary import of_pack
from tests.rules.tiny import severity, tiny_pack

EXAMPLES = "examples: [{text: 一人死亡, matches: true}, {text: 栽树, matches: false}]"


def _said(pack: Pack, code: str) -> list[str]:
    return [one.en for one in check_pack(pack) if one.code == code]


def _rules(count: int) -> Pack:
    return tiny_pack(
        severity=severity(
            *(
                f"id: r{n}, when: {{all: [{{death: true}}, {{reads: {{at_least: {n}}}}}]}}, grade: major, "
                f"{EXAMPLES}"
                for n in range(1, count + 1)
            )
        )
    )


def test_rules_that_take_too_much_effort_are_an_error_that_names_the_first(monkeypatch: pytest.MonkeyPatch):
    assert _said(_rules(8), "R117") == []
    monkeypatch.setattr(check_ways.Ways.__init__, "__defaults__", (40,))
    (said,) = _said(_rules(8), "R117")

    assert said.startswith('from "r')
    assert said.endswith("rules were not examined")
    assert has_errors(check_pack(_rules(8)))


def test_what_was_worked_out_before_the_effort_was_used_up_stands():
    pack = _rules(8)
    words = of_pack(pack, RuleKind.SEVERITY)
    ways = Ways(lambda _: words, most=12)
    first = ways.of(pack.severity[0])
    for _ in range(3):
        with pytest.raises(OutOfEffort):
            ways.of(pack.severity[-1])

    assert ways.of(pack.severity[0]) is first
    assert ways.left_out() == (pack.severity[-1],)


def test_examples_beyond_the_bound_are_named_and_not_tried(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(check_rules, "MOST_EXAMPLES", 3)

    (said,) = _said(_rules(4), "R118")
    assert said.startswith('from "r2" on ')


def test_long_examples_count_by_their_characters(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(check_rules, "MOST_EXAMPLE_CHARACTERS", 4)

    (said,) = _said(_rules(2), "R118")
    assert said.startswith('from "r1" on ')


def test_no_error_hides_behind_many_notes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(problem, "MOST_PROBLEMS", 3)
    notes, at = Notes(), Location("x.yaml", 1, 1)
    for number in range(9):
        notes.add(Level.NOTE, at, f"甲{number}", f"a{number}")
    notes.error(at, "乙", "b")

    assert notes.has_errors
    assert [one.en for one in notes.problems] == [
        "b",
        "3 problems of this level: the rest is left out",
        "a0",
        "a1",
    ]


def test_with_many_terms_fewer_posts_are_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(check_posts, "MOST_LOOKUPS", 1)
    notes = Notes()
    check_posts.check_posts(tiny_pack(), (f"{n} 身亡" for n in range(1_000)), notes)

    assert [one.en for one in notes.problems] == [
        '1 terms stand in more than 5% of 100 posts: "身亡" 100.0%',
    ]


@pytest.mark.no_cover  # it runs over the same lines often
def test_three_thousand_rules_are_checked_within_a_bound():
    several = "{any: [{reads: {at_least: %d}}, {likes: {at_least: %d}}]}"
    rules = (
        f"id: r{n}, when: {{all: [{several % (n, n)}, {several % (3 * n, 2 * n)}]}}, grade: major, {EXAMPLES}"
        for n in range(1, 3_001)
    )
    pack = tiny_pack(severity=severity(*rules))
    started = time.process_time()
    problems = check_pack(pack)

    assert {one.code for one in problems if one.level is Level.ERROR} >= {"R105"}
    assert time.process_time() - started < 40
