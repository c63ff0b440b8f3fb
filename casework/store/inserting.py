"""INSERT that leaves an existing row alone, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.store.base import Base


def insert_if_new(session: Session, row: type[Base], values: Mapping[str, object]) -> bool:
    """Insert a row unless one of its unique keys is taken; return whether it was inserted.

    A concurrent transaction that holds the key is waited for, so that of two equal inserts exactly one
    returns True.

    Args:
        session: of the transaction; rows added to it before are flushed first, this one may point to them.
        row: the class of the record.
        values: attribute name -> value, column defaults may be left out.
    """
    session.flush()
    return insert_independent(session, row, values)


def insert_independent(session: Session, row: type[Base], values: Mapping[str, object]) -> bool:
    """Do as `insert_if_new` for a row that points to no other new row: nothing is flushed for it."""
    statement = _statement(row, session.get_bind().dialect.name)
    return session.connection().execute(statement, dict(values)).first() is not None


@cache
def _statement(row: type[Base], dialect: str) -> sa.Executable:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # RETURNING instead of the row count, which psycopg does not report for this kind of statement.
    return make(row).on_conflict_do_nothing().returning(sa.literal_column("1"))
