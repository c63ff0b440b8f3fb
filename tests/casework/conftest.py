"""A session on each kind of database for tests of the store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on a fresh database, once SQLite and once PostgreSQL."""
    opened = sa.create_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """An open session that is rolled back at the end."""
    with Session(engine) as opened:
        yield opened
        opened.rollback()
