"""Every engine of the application keeps the house rules of its database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from app.transaction import make_engine
from tests.servers import PostgresServer
from tests.web_kit import make_web, settings_for


def test_postgresql_compiles_no_query_to_machine_code(postgres_server: PostgresServer):
    """With it a worklist of 500 posts took seconds, see `engine_options`."""
    url = postgres_server.create()
    for address in (url, f"{url}{'&' if '?' in url else '?'}options=-c%20work_mem%3D5MB"):
        engine = make_engine(address)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SHOW jit")) == "off"
            kept = connection.scalar(sa.text("SHOW work_mem"))
        engine.dispose()
    assert kept == "5MB", "options of the address stand"
    postgres_server.drop(url)


def test_the_engine_of_the_pages_keeps_them_too(database_url: str, tmp_path: Path):
    web = make_web(settings_for(database_url, tmp_path))
    with web.home.transactions.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            assert connection.scalar(sa.text("SHOW jit")) == "off"
        else:
            assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
    web.home.transactions.engine.dispose()
