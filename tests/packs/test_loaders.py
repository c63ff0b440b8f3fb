"""Every shipped file means the same to both loaders of PyYAML: the one in C that we use and the plain one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

PACKS = Path(__file__).resolve().parents[2] / "rules" / "packs"
FILES = sorted(PACKS.rglob("*.y*ml"))


def test_there_are_files_to_compare():
    assert len(FILES) >= 12


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML was built without its loader in C")
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_shipped_file_loads_the_same_with_both_loaders(file: Path):
    text = file.read_text("utf-8")

    assert yaml.load(text, Loader=yaml.SafeLoader) == yaml.load(text, Loader=yaml.CSafeLoader)
