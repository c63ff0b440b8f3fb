from __future__ import annotations

import pytest

from casework.understanding.metrics import figures

# right a: 4 rows, given a a a b; right b: 3 rows, given b b a; right c: 1 row, given b.
PAIRS = [("a", "a")] * 3 + [("a", "b")] + [("b", "b")] * 2 + [("b", "a")] + [("c", "b")]


def test_figures_agree_with_those_computed_by_hand():
    found = figures(PAIRS)

    # a: 3 of 4 given are right, 3 of 4 found; b: 2 of 4, 2 of 3; c: never given.
    assert found.n == 8
    assert found.accuracy == pytest.approx(5 / 8)
    assert found.per_class["a"].f1 == pytest.approx(0.75)
    assert found.per_class["b"].precision == pytest.approx(0.5)
    assert found.per_class["b"].recall == pytest.approx(2 / 3)
    assert found.per_class["b"].f1 == pytest.approx(4 / 7)
    assert (found.per_class["c"].f1, found.per_class["c"].support) == (0, 1)
    assert found.macro_f1 == pytest.approx((3 / 4 + 4 / 7 + 0) / 3)


def test_kappa_agrees_with_the_one_computed_by_hand():
    # by chance: (4·4 + 3·4 + 1·0) / 64 = 28/64; kappa = (40/64 - 28/64) / (36/64) = 1/3
    assert figures(PAIRS).kappa == pytest.approx(1 / 3)


def test_the_confusion_counts_each_pair():
    assert figures(PAIRS).confusion == {"a": {"a": 3, "b": 1}, "b": {"a": 1, "b": 2}, "c": {"b": 1}}


def test_a_class_that_is_only_given_counts_with_nothing():
    found = figures([("a", "a"), ("a", "b")])

    assert found.per_class["b"].f1 == 0
    assert found.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_one_class_always_right_is_full_agreement():
    assert figures([("a", "a")] * 3).kappa == 1


def test_no_answers_give_nothing():
    found = figures([])

    assert (found.n, found.accuracy, found.macro_f1, found.kappa) == (0, 0, 0, 0)
