"""Alembic's entry: runs the numbered migrations on the database it is given. Holds no schema itself."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from casework.store.base import Instant, Json, Points
from casework.store.tables import Base


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | bool:  # noqa: ANN401 - signature of Alembic
    """Write our column types as plain ones, so that an old migration never imports today's code."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Points):
        return "sa.Numeric(12, 4).with_variant(sa.String(32), 'sqlite')"
    if item is Json:
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run() -> None:
    """Run the migrations on the connection that the caller put into the configuration."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        url = context.config.get_main_option("sqlalchemy.url")
        engine = sa.create_engine(url or "sqlite://")
        with engine.begin() as own:
            _on(own)
        engine.dispose()
    else:
        _on(connection)


def _on(connection: sa.Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()


run()
