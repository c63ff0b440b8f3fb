"""Lists of values as parameters of a statement, so that lists of many lengths make few statements.

A driver and a server plan every statement that they have not seen; a list of another length is another one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

T = TypeVar("T")


def padded(values: Collection[T]) -> list[T]:
    """Return the values, the last one repeated up to the next power of two; IN means the same by them."""
    listed = list(values)
    if not listed:
        return listed
    return listed + [listed[-1]] * ((1 << (len(listed) - 1).bit_length()) - len(listed))


def among(column: InstrumentedAttribute[Any], values: Collection[object]) -> sa.ColumnElement[bool]:
    """Return `column IN values`, the list one parameter: one for each value costs more than the query."""
    listed = sa.bindparam(None, padded(values), type_=column.type, expanding=True, unique=True)
    return column.in_(listed)
