"""New rows gathered and written together: one statement a table, parents before children.

It is for use cases that write many rows of one kind; it knows nothing of what they mean.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.base import Base
from casework.store.decisions import decision_insert
from casework.store.tables import (
    AuditRow,
    CasePostRow,
    CaseRow,
    DecisionRow,
    DeskItemRow,
    DismissalRow,
    EventRow,
    ExclusionRow,
    MatterKeyRow,
    MatterRow,
    OutboxRow,
)

ORDER: tuple[type[Base], ...] = (
    MatterRow,
    MatterKeyRow,
    CaseRow,
    ExclusionRow,
    CasePostRow,
    DecisionRow,
    DismissalRow,
    DeskItemRow,
    EventRow,
    AuditRow,
    OutboxRow,
)
"""Parents first: the database checks each statement's foreign keys."""


class NewRows:
    """Rows of one transaction that are not written yet."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[dict[str, object]]] = {row: [] for row in ORDER}

    def add(self, row: type[Base], **values: object) -> None:
        """Gather a row; every row of one kind names the same columns."""
        self._rows[row].append(values)

    def write(self, session: Session) -> None:
        """Write all gathered rows and forget them."""
        connection = session.connection()  # past the session: its units of work cost more than the rows
        for row, values in self._rows.items():
            if values:
                given = row is DecisionRow  # its JSON is text already
                connection.execute(
                    decision_insert(connection.dialect.name) if given else sa.insert(row), values
                )
                values.clear()
