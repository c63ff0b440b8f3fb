"""A session on each kind of database for tests of the store; whatever a test writes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.case_kit import house_postgres, house_sqlite, shared_engine

__all__ = ["engine", "house_postgres", "house_sqlite", "session"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """An engine on the database that the tests of the domain share, once SQLite and once PostgreSQL."""
    opened = shared_engine(request.getfixturevalue(f"house_{request.param}"))
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """An open session that is rolled back at the end."""
    with Session(engine) as opened:
        yield opened
        opened.rollback()
