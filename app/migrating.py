"""Runs the numbered migrations on a database, and then takes from the application what it must not have.

On PostgreSQL the application gets rights to every table by default (tools/postgres_roles.sql); a second wall
besides the triggers stands here: it may not even try to change or remove a line that is append-only.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext

from app.config import PROJECT_ROOT
from app.transaction import make_engine
from casework.store.rights import narrow_application


def migrate_to_head(url: str) -> tuple[str | None, str | None]:
    """Run every migration that the database lacks and set rights; return its revision before and after.

    Args:
        url: of the role that owns the tables.
    """
    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            before = MigrationContext.configure(connection).get_current_revision()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            narrow_application(connection)
            return before, MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
