"""Hostile packs: mutations of a good one, read in a child with 256 MB, each answered within 2 s."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 2.0  # of processor time for one pack


def slowest(seed: int, count: int) -> float:
    """Return the seconds of the slowest pack; fails where one raises or needs too much memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rules.fuzzing", str(seed), str(count)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return float(done.stdout)


def test_a_thousand_mutated_packs_are_answered_within_their_limits():
    assert slowest(seed=2026, count=1_000) < SECONDS


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 21))
def test_a_hundred_thousand_mutated_packs_are_answered_within_their_limits(seed: int):
    assert slowest(seed=seed, count=5_000) < SECONDS
