"""A county at its desks on SQLite, and once on each database where a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.page_kit import Desks, desks_on
from tests.web_kit import Web, make_web, settings_for


@pytest.fixture
def desks(web: Web) -> Desks:
    """The desks of the demo on SQLite."""
    return desks_on(web)


@pytest.fixture
def desks_anywhere(database_url: str, tmp_path: Path) -> Iterator[Desks]:
    """The desks of the demo, once on SQLite and once on PostgreSQL."""
    web = make_web(settings_for(database_url, tmp_path))
    yield desks_on(web)
    web.home.transactions.engine.dispose()
