"""What differs between two packs, in words: every kind of change is said once, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest

from app.config import DEMO_PACK
from rules.diff import LONG, Change, ChangeKind, apart, differences
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


def test_what_a_route_names_is_read_by_its_title():
    (change,) = _found(routing=lambda text: text.replace("lead: housing_bureau", "lead: labour_bureau", 1))

    assert (change.before.zh, change.after.zh) == ("云岭县住建局", "云岭县人社局")
    assert "housing_bureau" not in change.zh


def test_a_new_title_of_a_unit_is_one_change_and_not_one_in_every_route():
    found = _found(units=lambda text: text.replace("住建局", "住建管理局"))

    assert {change.subject for change in found} == {Subject.UNIT}


def test_two_things_of_one_title_are_told_apart_by_their_ids():
    one = _pack(units=_same_titles)
    other = _pack(
        units=_same_titles,
        routing=lambda text: text.replace("lead: housing_bureau", "lead: labour_bureau", 1),
    )

    (change,) = differences(one, other)

    assert "housing_bureau" in change.before.zh
    assert "labour_bureau" in change.after.en


def _same_titles(text: str) -> str:
    return text.replace("住建局", "某局").replace("人社局", "某局")


def test_of_long_texts_only_what_differs_is_said_with_a_little_around_it():
    many = "、".join(f"“词{number}”" for number in range(100))
    before, after = apart(many, many.replace("词50", "新词"))

    assert "“词50”" in before
    assert "“新词”" in after
    for said in (before, after):
        assert len(said) < LONG
        assert said.startswith("…")
        assert said.endswith("…")


@pytest.mark.parametrize(("before", "after"), [("甲" * 200, "甲" * 201), ("甲" * 200, ""), ("", "甲" * 200)])
def test_what_came_or_went_at_an_end_is_said(before: str, after: str):
    was, now = apart(before, after)

    assert was != now


def test_a_change_of_the_english_alone_is_seen_in_the_chinese_line():
    (change,) = _found(units=lambda text: text.replace("en: housing_bureau", "en: Housing", 1))

    before, after = change.zh.split("：", 1)[1].split(" → ")
    assert before != after
