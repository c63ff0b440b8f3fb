"""The check of a draft names terms that are too common in what the county has stored."""

from __future__ import annotations

from casework.desk.drafting import counted_in, examine
from rules.check_posts import FEWEST_POSTS
from tests.small_pack import small_book, small_pack

COMMON = ("有人身亡",) * FEWEST_POSTS


def test_terms_that_are_common_in_stored_posts_join_the_problems_in_order():
    found = examine(small_pack())
    counted = counted_in(found, small_book().pack, COMMON)
    fresh = [problem for problem in counted.problems if problem not in found.problems]

    assert [(problem.code, problem.rule_id) for problem in fresh] == [("R208", "death_words")]
    assert counted.digest == found.digest
    places = [(problem.location.file, problem.location.line) for problem in counted.problems]
    assert places == sorted(places)


def test_few_posts_and_files_that_cannot_be_read_add_nothing():
    found = examine(small_pack())

    assert counted_in(found, small_book().pack, COMMON[1:]) == found
    assert counted_in(found, None, COMMON) == found
