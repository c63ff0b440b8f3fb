"""What the application's role may do on PostgreSQL, beyond what tools/postgres_roles.sql gives by default.

The triggers of the migrations refuse the same to every role; this is a second wall.
"""

from __future__ import annotations

import sqlalchemy as sa

from casework.store.tables import APPEND_ONLY

APPLICATION_ROLE = "jianjian_app"
"""As tools/postgres_roles.sql names it."""


def narrow_application(connection: sa.Connection) -> None:
    """Take from the application's role the right to change or remove what is append-only.

    Nothing happens on SQLite, or where the database has no such role.

    Args:
        connection: of the role that owns the tables.
    """
    if connection.dialect.name != "postgresql":
        return
    role = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    if connection.scalar(role, {"role": APPLICATION_ROLE}) is None:
        return
    there = set(sa.inspect(connection).get_table_names())
    for table in APPEND_ONLY:
        if table in there:
            connection.execute(
                sa.text(f"REVOKE UPDATE, DELETE, TRUNCATE ON TABLE {table} FROM {APPLICATION_ROLE}")
            )
