"""What differs between two packs, in words: every kind of change is said once, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest

from app.config import DEMO_PACK
from rules.diff import Change, ChangeKind, differences
from rules.diff_parts import Subject
from rules.model import Pack
from rules.pack import load_pack_bytes, pack_files
from tests.demo import demo_book
from tests.rules.changed_packs import changed_somewhere
from tests.small_pack import small_pack

CHINESE = re.compile("[\u4e00-\u9fff]")


def _pack(**changed: Callable[[str], str]) -> Pack:
    files = small_pack()
    for part, change in changed.items():
        name = f"{part}.yaml"
        before = files[name].decode()
        files[name] = change(before).encode()
        assert files[name].decode() != before, f"{name} is not changed"
    loaded = load_pack_bytes(files)
    assert loaded.pack is not None, [str(problem) for problem in loaded.problems]
    return loaded.pack


def _found(**changed: Callable[[str], str]) -> tuple[Change, ...]:
    return differences(_pack(), _pack(**changed))


def test_a_pack_does_not_differ_from_itself():
    assert differences(_pack(), _pack()) == ()


def test_a_condition_is_said_in_words_of_both_languages():
    (change,) = _found(severity=lambda text: text.replace("people: {at_least: 5}", "people: {at_least: 8}"))

    assert (change.kind, change.subject, change.object, change.part) == (
        ChangeKind.CHANGED,
        Subject.RULE,
        "maj_group",
        "when",
    )
    assert "不少于 5" in change.before.zh
    assert "不少于 8" in change.after.zh
    assert "is at least 8" in change.en
    assert CHINESE.search(change.zh)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "{text: 我们十户, matches: true}",
            "{text: 我们十户, matches: false}",
            {("example 「我们十户」", "应命中", "不应命中")},
        ),
        (
            "{text: 我们十户, matches: true}",
            "{text: 我们九户, matches: true}",
            {("example 「我们十户」", "应命中", "无"), ("example 「我们九户」", "无", "应命中")},
        ),
        (
            "{features: {posts_24h: 2}, matches: false}",
            "{features: {posts_24h: 1}, matches: false}",
            {("example posts_24h=2", "不应命中", "无"), ("example posts_24h=1", "无", "不应命中")},
        ),
        (
            "{text: 我们十户, matches: true}",
            "{text: 我们十户, matches: true}, {text: 联名, features: {people: 3}, matches: false}",
            {("examples", "2", "3"), ("example 「联名」 people=3", "无", "不应命中")},
        ),
    ],
)
def test_examples_are_compared_one_by_one(old: str, new: str, said: set[tuple[str, str, str]]):
    found = _found(severity=lambda text: text.replace(old, new, 1))

    assert {(change.part, change.before.zh, change.after.zh) for change in found} == said
    for change in found:
        assert "示例" in change.zh or "例子数" in change.zh
        assert "example" in change.en


@pytest.mark.no_cover  # it runs over the same lines often
def test_any_value_that_is_changed_in_the_demo_pack_is_told():
    pack = demo_book().pack
    for seed in range(100):
        random = Random(seed)  # noqa: S311 - no secret
        changed = changed_somewhere(pack, random)

        assert differences(pack, changed.pack), changed.path


def test_a_rule_that_came_and_one_that_went_are_whole():
    without = _pack(severity=lambda text: text[: text.index("  - id: dis_praise")])

    (gone,) = differences(_pack(), without)
    (came,) = differences(without, _pack())

    assert (gone.kind, came.kind) == (ChangeKind.REMOVED, ChangeKind.ADDED)
    assert gone.before == came.after
    for word in ("研判指引：无须立案", "不立案"):
        assert word in came.zh


def test_terms_of_a_lexicon_are_told_one_by_one():
    old, new = (_with_terms(terms) for terms in ("甲词, 乙词", "乙词, 丙词"))

    (change,) = differences(old, new)

    assert (change.subject, change.part) == (Subject.LEXICON, "terms")
    assert (change.before.zh, change.after.zh) == ("甲词", "丙词")


def _with_terms(terms: str) -> Pack:
    return _pack(
        lexicons=lambda text: f"{text.rstrip()}\n  - id: probe\n    title: 试\n    terms: [{terms}]\n"
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "subject", "part"),
    [
        ("routing", "lead: housing_bureau", "lead: labour_bureau", Subject.ROUTE, "lead"),
        ("routing", "unit: null", "unit: environment_bureau", Subject.DESIGNATION, "unit"),
        ("units", "short: 住建局", "short: 住建", Subject.UNIT, "short name"),
        ("deadlines", "grade: general, limit: 2h", "grade: general, limit: 3h", Subject.DEADLINE, "limit"),
        ("calendar", "off: [2026-01-01]", "off: [2026-01-02]", Subject.CALENDAR, "off"),
        ("supervision", "after: 0h", "after: 1h", Subject.LADDER, "step"),
        ("pack", "burst: 3", "burst: 4", Subject.SETTING, "value"),
        ("scoring", 'points: "0.1"', 'points: "0.2"', Subject.SCORING, "conclusion"),
    ],
)
def test_every_part_of_a_pack_is_compared(name: str, old: str, new: str, subject: Subject, part: str):
    found = _found(**{name: lambda text: text.replace(old, new, 1)})

    assert (subject, part) in {(change.subject, change.part) for change in found}
    for change in found:
        assert change.zh
        assert change.en
        assert change.before != change.after


def test_the_demo_pack_can_be_said_and_a_new_version_is_the_only_difference():
    files = pack_files(DEMO_PACK)
    head = files["pack.yaml"].decode()
    raised = files | {"pack.yaml": re.sub(r"(?m)^version: \d+", "version: 9999", head).encode()}
    old, new = load_pack_bytes(files).pack, load_pack_bytes(raised).pack
    assert old is not None
    assert new is not None

    (change,) = differences(old, new)

    assert (change.subject, change.part, change.after.zh) == (Subject.HEAD, "version", "9999")
