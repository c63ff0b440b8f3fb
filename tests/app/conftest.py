"""Applications for tests of pages, each on its own copy of a migrated SQLite file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web_kit import MakeWeb, Web, make_web, settings_for


@pytest.fixture
def make(_migrated: Path, tmp_path: Path) -> Iterator[MakeWeb]:
    """Make an application: `make(demo=False, …)` with settings changed as named."""
    made: list[Web] = []

    def _make(*, demo: bool = True, **changes: object) -> Web:
        path = tmp_path / f"web{len(made)}.sqlite3"
        shutil.copyfile(_migrated, path)
        made.append(make_web(settings_for(path, tmp_path, demo=demo, **changes)))
        return made[-1]

    yield _make
    for web in made:
        web.home.transactions.engine.dispose()


@pytest.fixture
def web(make: MakeWeb) -> Web:
    """An application of the demo."""
    return make()
