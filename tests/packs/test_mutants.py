"""The examples of the shipped rules notice small faults in them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from casework import tokens
from tests.demo import demo_pack
from tests.packs.mutants import mutants

LEAST_KILLED = 0.9  # share of mutants that an example notices, of each kind


@pytest.fixture
def words(tmp_path_factory: pytest.TempPathFactory) -> None:
    tokens.load(Path(tmp_path_factory.mktemp("jieba")))


@pytest.mark.usefixtures("words")
def test_an_example_notices_nine_of_ten_faults_in_a_shipped_rule():
    made = list(mutants(demo_pack(), tokens.word_starts))
    total = Counter(mutant.kind for mutant in made)
    killed = Counter(mutant.kind for mutant in made if mutant.killed)
    for kind, count in total.items():
        print(f"{kind}: {killed[kind]} of {count} noticed")  # noqa: T201 - the size of the proof
    for mutant in made:
        if not mutant.killed:
            print(f"not noticed: {mutant.kind}, {mutant.where}")  # noqa: T201 - where an example is missing

    assert set(total) == {"comparison turned round", "list of terms lost"}
    assert all(killed[kind] >= LEAST_KILLED * count for kind, count in total.items())
