"""PostgreSQL with two roles, as docs/deploy.md sets it up: the owner migrates, the application only works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from app.migrating import migrate_to_head
from casework.store.tables import APPEND_ONLY
from tests.servers import PostgresServer, libpq

ROLES = Path(__file__).resolve().parents[2] / "tools" / "postgres_roles.sql"

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def application(postgres_server: PostgresServer) -> Iterator[psycopg.Connection]:
    """A connection of the application's role to a database that the owner migrated."""
    url = postgres_server.create()
    with closing(psycopg.connect(libpq(url), autocommit=True)) as superuser:
        for _ in range(2):  # running it again does no harm
            superuser.execute(ROLES.read_text(encoding="utf-8"))
    migrate_to_head(as_role(url, "jianjian_owner"))
    with closing(psycopg.connect(libpq(as_role(url, "jianjian_app")), autocommit=True)) as connection:
        yield connection
    postgres_server.drop(url)


def as_role(url: str, role: str) -> str:
    """Return `url` with every statement run as `role`, as if `role` had signed in."""
    return f"{url}&options=-c%20role%3D{role}"


def test_the_application_may_work_with_every_table(application: psycopg.Connection):
    tables = [
        row[0] for row in application.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    refused = [
        (table, verb)
        for table in tables
        for verb in ("SELECT", "INSERT")
        if not application.execute("SELECT has_table_privilege(%s, %s)", (table, verb)).fetchone()[0]
    ]

    assert set(APPEND_ONLY) <= set(tables)
    assert refused == []


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE {}",
        "DROP TABLE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} ADD COLUMN more text",
        "DROP TRIGGER refuse_delete_{0} ON {0}",
    ],
)
def test_the_application_cannot_get_round_what_is_append_only(
    application: psycopg.Connection, table: str, statement: str
):
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id int)",
        "SET session_replication_role = replica",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "COPY events TO PROGRAM 'cat'",
    ],
)
def test_the_application_cannot_change_the_schema_or_leave_the_database(
    application: psycopg.Connection, statement: str
):
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement)
