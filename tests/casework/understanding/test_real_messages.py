"""Floors of the figures on real messages, a little below those that were reached; nothing of them is shown.

The rows are split by a hash of their text: weights and rules were chosen on the larger part, so the other
part says how unseen messages fare.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from functools import cache
from pathlib import Path

import pytest

from casework.understanding.evaluate import Report, evaluate_file
from casework.understanding.rows import Kind
from tests.demo import demo_book

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
GRADED, LABELLED = DATA / "graded.csv", DATA / "messages_labelled.csv"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not GRADED.is_file(), reason="../shared/data is absent"),
]


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text)[:200]


def _place(text: str) -> int:
    """Return a number from 0 to 99 that depends on nothing but the letters of the text."""
    return int(hashlib.md5(("s1" + _key(text)).encode(), usedforsecurity=False).hexdigest(), 16) % 100


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _score(kind: Kind, rows: list[dict[str, str]]) -> Report:
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, fieldnames=list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return evaluate_file(kind, io.StringIO(written.getvalue(), newline=""), demo_book(), lambda: 0.0)


@cache
def _graded_unseen() -> tuple[dict[str, str], ...]:
    return tuple(row for row in _rows(GRADED) if _place(row["text"]) >= 60)


@cache
def _labelled_unseen() -> list[dict[str, str]]:
    """Return each unseen text once, with all labels it was given."""
    labels: dict[str, tuple[str, set[str]]] = {}
    for row in _rows(LABELLED):
        if row["label"]:
            labels.setdefault(_key(row["text"]), (row["text"], set()))[1].add(row["label"])
    return [
        {"text": text, "label": "|".join(sorted(found))}
        for text, found in labels.values()
        if _place(text) >= 70
    ]


def test_grades_of_unseen_messages_stay_above_the_floor():
    report = _score(Kind.GRADES, list(_graded_unseen()))

    assert report.accuracy >= 0.80
    assert report.kappa >= 0.55
    assert report.triaged <= 0.15
    assert report.confident_wrong <= 0.17


def test_leads_of_unseen_messages_stay_above_the_floor():
    report = _score(Kind.ROUTING, list(_graded_unseen()))

    assert report.accepted >= 0.85
    assert report.triaged <= 0.19
    assert report.confident_wrong <= 0.10


def test_topics_of_unseen_messages_stay_above_the_floor():
    report = _score(Kind.TOPICS, _labelled_unseen())

    assert report.n > 1_000
    assert report.macro_f1 >= 0.84
    assert (
        report.triaged <= 0.125
    )  # 139 of 1,156 wait for a person since plain accusations and deaths are heard
    assert report.confident_wrong <= 0.15
