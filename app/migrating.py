"""Runs the numbered migrations on a database. It knows no table."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext

from app.config import PROJECT_ROOT
from app.transaction import make_engine


def migrate_to_head(url: str) -> tuple[str | None, str | None]:
    """Run every migration that the database lacks; return its revision before and after.

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
            return before, MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
