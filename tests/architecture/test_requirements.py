"""What is installed is pinned by hash, and no file of ours says from where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

REQUIREMENTS = ROOT / "requirements"
PINNED = sorted(REQUIREMENTS.glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==", re.MULTILINE)
SOURCE_ONLY = {"durable-rules", "jieba"}  # no wheels exist; built with requirements/build.txt
PLACES = re.compile(r"https?:|--(extra-)?index-url|--find-links|file:")


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path):
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", path.read_text(encoding="utf-8")))

    unpinned = [entry for entry in entries if not (PIN.match(entry) and "--hash=sha256:" in entry)]
    assert unpinned == []


@pytest.mark.parametrize("path", sorted(REQUIREMENTS.iterdir()), ids=lambda path: path.name)
def test_no_requirement_names_the_place_it_comes_from(path: Path):
    assert PLACES.findall(path.read_text(encoding="utf-8")) == []


def test_what_is_asked_for_is_what_is_pinned():
    for source in sorted(REQUIREMENTS.glob("*.in")):
        asked = re.findall(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)", source.read_text(encoding="utf-8"))
        pinned = {
            name.lower() for name in PIN.findall(source.with_suffix(".txt").read_text(encoding="utf-8"))
        }
        missing = [name for name in asked if name.lower() not in pinned]
        assert missing == [], f"{source.name}: run `make lock`"
