"""The declarative base, the column types and the naming of constraints.

No table is here: those stand in the `*_tables` modules, one per family of nouns.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(types.TypeDecorator[datetime]):
    """An aware UTC instant. Naive values are refused; SQLite keeps them as UTC text that sorts."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; naive for SQLite, which has no zones."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value!r}: pass an aware UTC instant"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - signature of SQLAlchemy
        """Return an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Points(types.TypeDecorator[Decimal]):
    """An exact decimal. SQLite would make it a float, so it is kept as text there."""

    impl = sa.Numeric(12, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """Return text on SQLite, NUMERIC elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(32))
        return dialect.type_descriptor(sa.Numeric(12, 4))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        """Return the value as the database keeps it."""
        if value is None:
            return None
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401, ARG002 - signature of SQLAlchemy
        """Return a Decimal without trailing zeros of the column's scale."""
        if value is None:
            return None
        number = Decimal(value)
        return number.normalize() if number else Decimal(0)


Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The metadata that web, workers, tests and migrations share."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        uuid.UUID: sa.Uuid(),
        datetime: Instant(),
        Decimal: Points(),
        str: sa.Text(),
        dict[str, Any]: Json,
        list[Any]: Json,
        bytes: sa.LargeBinary(),
    }


class InCounty:
    """Every business row says whose it is; every unique key begins with it."""

    county_id: Mapped[str] = mapped_column(sa.String(32), sa.ForeignKey("counties.id"))


class Versioned:
    """Optimistic locking: a write whose version is stale raises StaleDataError."""

    version: Mapped[int] = mapped_column(default=1)
