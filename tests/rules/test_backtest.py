"""Counting what a draft would change: the same however posts are split, ordered, stored and read back."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.backtest import (
    MOST_SAMPLES,
    NOBODY,
    Aspect,
    Difference,
    Tally,
    Verdict,
    compare,
    rewritten_rules,
    tally_from,
    verdict_from,
)
from rules.backtest_report import report_of
from tests.rules.tiny import severity, tiny_pack

NAMES = st.sampled_from(["", "a", "b", "c"])
VERDICTS = st.builds(
    Verdict,
    disposition=st.sampled_from(["case", "dismissal", "desk"]),
    grade=st.sampled_from(["", "general", "major", "serious"]),
    topic=NAMES,
    lead=NAMES,
    assist=st.lists(st.sampled_from(["x", "y"]), unique=True).map(lambda some: tuple(sorted(some))),
    rules=st.lists(st.sampled_from(["r1", "r2", "r3"]), unique=True).map(lambda some: tuple(sorted(some))),
)
Drawn = tuple[Verdict, Verdict, bool]
POSTS = st.lists(st.tuples(VERDICTS, VERDICTS, st.booleans()), max_size=60)

LAMPS = Verdict("case", "general", "lamps", "housing", ("town",), ("r1",))
THANKS = Verdict("dismissal", "", "", "", (), ("praise",))


def _ids(count: int) -> list[str]:
    pick = random.Random(count)  # noqa: S311 - the same ids each time
    return [f"{number:016x}{pick.getrandbits(64):016x}" for number in range(count)]


def _tally(posts: list[tuple[str, Verdict, Verdict, bool]]) -> Tally:
    tally = Tally()
    for post, old, new, may_be_named in posts:
        tally.add(post if may_be_named else None, old, new)
    return tally


@given(POSTS, st.randoms(use_true_random=False), st.integers(0, 60))
def test_it_does_not_matter_how_posts_are_split_and_ordered(
    drawn: list[Drawn], chance: random.Random, cut: int
):
    posts = [(post, *rest) for post, rest in zip(_ids(len(drawn)), drawn, strict=True)]
    whole = _tally(posts)
    chance.shuffle(posts)

    parts = _tally(posts[:cut])
    parts.merge(_tally(posts[cut:]))

    assert parts.to_json() == whole.to_json()


@given(POSTS)
def test_a_tally_and_its_verdicts_survive_being_stored(drawn: list[Drawn]):
    tally = _tally([(post, *rest) for post, rest in zip(_ids(len(drawn)), drawn, strict=True)])
    tally.fail()

    assert tally_from(json.loads(json.dumps(tally.to_json()))) == tally
    for old, new, _ in drawn:
        assert verdict_from(json.loads(json.dumps(old.to_json()))) == old
        assert bool(compare(old, new)) == (old[:5] != new[:5])


def test_nothing_is_stored_as_nothing():
    assert tally_from({}) == Tally()


def test_differences_are_named_one_by_one():
    found = compare(LAMPS, LAMPS._replace(grade="major", lead="police"))

    assert found == (
        Difference(Aspect.GRADE, "general", "major"),
        Difference(Aspect.LEAD, "housing", "police"),
    )


def test_a_change_is_counted_under_the_rules_that_explain_it():
    tally = Tally()
    raised = LAMPS._replace(grade="major", rules=("r1", "r2"))
    tally.add("1" * 32, LAMPS, raised)
    tally.add("2" * 32, LAMPS, LAMPS._replace(topic="roads"))
    tally.add("3" * 32, LAMPS, LAMPS)

    report = report_of(tally, None)

    assert (report.posts, report.changed) == (3, 2)
    by_rule = {effect.rule: effect for effect in report.rules}
    assert set(by_rule) == {"r2", NOBODY}
    assert [(c.aspect, c.before, c.after, c.count) for c in by_rule["r2"].changes] == [
        (Aspect.GRADE, "general", "major", 1)
    ]
    assert by_rule["r2"].gained_posts == ("1" * 32,)
    assert [c.aspect for c in by_rule[NOBODY].changes] == [Aspect.TOPIC]
    assert report.rules[-1].rule == NOBODY


@pytest.mark.parametrize(
    ("new", "by_rule"),
    [
        (LAMPS._replace(grade="serious"), {("r1", "grade")}),
        (LAMPS._replace(grade="serious", topic="roads"), {("r1", "grade"), (NOBODY, "topic")}),
        (LAMPS._replace(grade="serious", lead="police"), {("r1", "grade"), (NOBODY, "lead")}),
        (
            LAMPS._replace(disposition="dismissal", grade="", lead=""),
            {("r1", "disposition"), ("r1", "grade"), ("r1", "lead")},
        ),
        (
            LAMPS._replace(grade="serious", rules=("r1", "r2")),
            {("r1", "grade"), ("r2", "grade")},
        ),
        (LAMPS._replace(grade="serious", rules=("r2",)), {("r1", "grade"), ("r2", "grade")}),
    ],
)
def test_a_rule_that_still_fires_and_concludes_something_else_explains_the_change(
    new: Verdict, by_rule: set[tuple[str, str]]
):
    tally = Tally()
    tally.add("1" * 32, LAMPS, new, frozenset({"r1", "r9"}))

    assert {(rule, aspect) for rule, (aspect, _, _) in tally.rule_moves} == by_rule


def test_rules_that_conclude_something_else_are_found_and_new_ones_are_not():
    old = tiny_pack(
        severity=severity(
            "id: a, when: {death: true}, grade: major",
            "id: b, when: {thanks: true}, dismisses: praise",
            "id: c, when: {death: true}, grade: major",
        )
    )
    new = tiny_pack(
        severity=severity(
            "id: a, when: {death: true}, grade: serious",
            "id: b, when: {thanks: true}, concludes: calm",
            "id: c, when: {thanks: true}, grade: major",
            "id: d, when: {thanks: true}, grade: major",
        )
    )

    assert rewritten_rules(old, new) == {"a", "b"}


def test_a_rule_that_only_adds_itself_changes_no_post():
    tally = Tally()
    tally.add("1" * 32, LAMPS, LAMPS._replace(rules=("r1", "r9")))

    assert (tally.changed, tally.gained["r9"].count) == (0, 1)


def test_work_grows_with_posts_led_or_assisted_and_not_with_dismissals():
    tally = Tally()
    tally.add("1" * 32, THANKS._replace(lead="housing"), LAMPS)
    tally.add("2" * 32, LAMPS, LAMPS._replace(lead="police", assist=()))

    work = {
        effect.unit: (effect.before, effect.after, effect.more) for effect in report_of(tally, None).units
    }

    assert work == {"housing": (1, 1, 0), "police": (0, 1, 1)}


def test_at_most_twenty_posts_are_named_and_a_secret_one_never():
    tally = Tally()
    for post in _ids(200):
        tally.add(post, THANKS, LAMPS)
    secret = "f" * 32
    tally.add(None, THANKS, LAMPS)

    report = report_of(tally, None)

    (opened,) = report.of(Aspect.DISPOSITION)
    assert (opened.count, len(opened.posts)) == (201, MOST_SAMPLES)
    assert len(set(opened.posts)) == MOST_SAMPLES
    assert secret not in opened.posts
    assert min(opened.posts) > _ids(200)[0]  # spread over the period, not its first twenty


def test_a_post_that_cannot_be_judged_is_counted_apart():
    tally = Tally()
    tally.fail()

    report = report_of(tally, None)

    assert (report.posts, report.failed, report.changed) == (1, 1, 0)
