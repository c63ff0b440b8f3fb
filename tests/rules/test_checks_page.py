"""The page that explains every check and the table in the code say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules.checks import CHECKS, advice, line_of
from rules.model import Location
from rules.problem import FORM_CODE, UNDEFINED_CODE, Check, Level, Problem

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules" / "checks.md").read_text(encoding="utf-8")


def test_codes_are_unique_and_of_one_shape():
    codes = [check.code for check in CHECKS]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"R[0-3]\d\d", code) for code in codes)
    assert {FORM_CODE, UNDEFINED_CODE} <= set(codes)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_the_page_has_one_line_for_each_check(check: Check):
    line = (
        f"| {check.code} | {check.level} | {check.finds.zh} · {check.finds.en} "
        f"| {check.todo.zh} · {check.todo.en} |"
    )

    assert PAGE.count(line) == 1


def test_the_page_has_no_line_for_a_check_that_is_gone():
    assert re.findall(r"^\| (R\d+) \|", PAGE, re.MULTILINE) == [check.code for check in CHECKS]


@pytest.mark.parametrize("level", Level)
def test_every_level_is_defined_in_words(level: Level):
    assert re.search(rf"^\| {level} \| .{{30,}} \|$", PAGE, re.MULTILINE)


def test_a_printed_line_ends_with_what_to_do():
    problem = Problem(Level.ERROR, "r", Location("severity.yaml", 3, 5), "甲", "a", "R101")

    assert line_of(problem) == (
        f"severity.yaml:3:5: error: R101 甲；{advice(problem).zh} (a; {advice(problem).en})"
    )
