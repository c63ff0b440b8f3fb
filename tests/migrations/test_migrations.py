"""The migrations on both databases: up, down, up; and what the database itself refuses afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from app.transaction import make_engine
from casework.ids import IdSource
from casework.store.tables import APPEND_ONLY, Base, CountyRow, EventRow, PostRow, SourceRow


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "migrations")
    config.attributes["connection"] = connection
    return config


@pytest.fixture
def empty(empty_database_url: str):
    """An engine on a database without any table."""
    engine = sa.create_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_migrations_have_one_head_and_are_numbered_without_gaps():
    script = ScriptDirectory("migrations")

    revisions = sorted(revision.revision for revision in script.walk_revisions())

    assert len(script.get_heads()) == 1
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_up_down_up_ends_with_the_tables_of_the_code(empty: sa.Engine):
    with empty.begin() as connection:
        config = _config(connection)
        command.upgrade(config, "head")
        command.downgrade(config, "base")
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
        command.upgrade(config, "head")

    with empty.begin() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_every_append_only_table_has_triggers_that_refuse(empty: sa.Engine):
    with empty.begin() as connection:
        command.upgrade(_config(connection), "head")
        found = {table: _triggers(connection, table) for table in APPEND_ONLY}

    missing = [
        (table, verb)
        for table in APPEND_ONLY
        for verb in ("update", "delete")
        if f"refuse_{verb}_{table}" not in found[table]
    ]
    assert missing == []


def test_the_database_refuses_to_delete_a_post_and_to_change_the_timeline(empty: sa.Engine):
    with empty.begin() as connection:
        command.upgrade(_config(connection), "head")
    with Session(empty) as session:
        _a_post_with_a_timeline(session)
        session.commit()

    for statement in ("DELETE FROM posts", "UPDATE events SET actor = 'y'", "DELETE FROM events"):
        with pytest.raises(sa.exc.DBAPIError, match="refused"), empty.begin() as connection:
            connection.execute(sa.text(statement))


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["posts", "events"])
def test_no_row_takes_the_place_of_one_that_is_kept(empty: sa.Engine, table: str):
    with empty.begin() as connection:
        command.upgrade(_config(connection), "head")
    with Session(empty) as session:
        _a_post_with_a_timeline(session)
        session.commit()
    ours = make_engine(str(empty.url))
    columns = ", ".join(column.name for column in Base.metadata.tables[table].columns)
    replace = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"  # noqa: S608 - names from above

    with pytest.raises(sa.exc.DBAPIError, match="refused"), ours.begin() as connection:
        connection.execute(sa.text(replace))

    ours.dispose()


@pytest.mark.parametrize("change", ["title = 'x'", "text = ''", "received_at = '2020-01-01'"])
def test_the_database_keeps_the_words_of_a_post_as_they_were_written(empty: sa.Engine, change: str):
    with empty.begin() as connection:
        command.upgrade(_config(connection), "head")
    with Session(empty) as session:
        _a_post_with_a_timeline(session)
        session.commit()

    with pytest.raises(sa.exc.DBAPIError, match="refused"), empty.begin() as connection:
        connection.execute(sa.text(f"UPDATE posts SET {change}"))  # noqa: S608 - the table above
    with empty.begin() as connection:  # what is noted beside them goes on
        assert (
            connection.execute(sa.text("UPDATE posts SET triage_state = 'desk', text = text")).rowcount == 1
        )


def _a_post_with_a_timeline(session: Session) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    ids = IdSource(now)
    source, post = ids.next(), ids.next()
    session.add(CountyRow(id="c", name_zh="县", name_en="County", created_at=now))
    session.flush()
    session.add(
        SourceRow(id=source, county_id="c", code="s", name="s", kind="form", platform="p", created_at=now)
    )
    session.flush()
    session.add(
        PostRow(
            id=post,
            county_id="c",
            source_id=source,
            content_key="k",
            title="t",
            text="t",
            platform="p",
            said_at=now,
            received_at=now,
        )
    )
    session.flush()
    session.add(
        EventRow(id=ids.next(), county_id="c", post_id=post, kind="post_received", at=now, actor="x", data={})
    )


def _triggers(connection: sa.Connection, table: str) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass)"
    return set(connection.scalars(sa.text(query), {"table": table}))
