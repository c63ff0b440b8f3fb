"""A county at work on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.case_kit import House, house_on


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A county at work, once on SQLite and once on PostgreSQL."""
    with house_on(database_url) as opened:
        yield opened
