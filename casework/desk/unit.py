"""The unit of work that every use case receives: session, instant, actor, rules and what to note.

It never commits: `app.transaction` opens and ends it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from casework.access import Actor
from casework.events import EventKind
from casework.ids import IdSource
from casework.store.batch import NewRows
from casework.store.tables import AuditRow, EventRow, OutboxRow
from rules.rulebook import Rulebook

Detail = Mapping[str, str | int | bool | list[str] | None]


class Cipher(Protocol):
    """Encrypts what is kept apart. Implemented by `app.vault`; a fake serves in tests."""

    def seal(self, plain: bytes, *, purpose: str) -> Sealed:
        """Return `plain` encrypted under the current key; `purpose` is bound to it."""

    def open(self, sealed: Sealed, *, purpose: str) -> bytes:
        """Return the plain bytes. Raises if key, purpose or bytes do not fit."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext with the names of its algorithm and key."""

    alg: str
    key_id: str
    ciphertext: bytes


@dataclass
class UnitOfWork:
    """One transaction as a use case sees it.

    Attributes:
        session: open; ends when the transaction of `app.transaction` ends.
        now: aware UTC; the same for everything that this transaction writes.
        actor: who acts.
        rulebook_at: returns the rulebook in force; called only where rules are needed.
        cipher: for identities and pseudonym keys.
        rings: kinds of outbox rows added, for the bell after commit.
    """

    session: Session
    now: datetime
    actor: Actor
    rulebook_at: Callable[[Session, datetime], Rulebook]
    cipher: Cipher
    rings: set[str] = field(default_factory=set)
    _ids: IdSource | None = None
    _lines: NewRows = field(default_factory=NewRows)

    @property
    def county(self) -> str:
        """Return the county of the actor: no use case reaches beyond it."""
        return self.actor.county_id

    @property
    def rulebook(self) -> Rulebook:
        """Return the rules in force at this instant."""
        return self.rulebook_at(self.session, self.now)

    def new_id(self) -> uuid.UUID:
        """Return a fresh id; ids of one transaction sort in the order they were asked for."""
        if self._ids is None:
            self._ids = IdSource(self.now)
        return self._ids.next()

    def note(
        self,
        kind: EventKind,
        *,
        case_id: uuid.UUID | None = None,
        post_id: uuid.UUID | None = None,
        data: Detail | None = None,
    ) -> None:
        """Add a line to the timeline of a case, a post or both, and the audit row that goes with it."""
        self._lines.add(
            EventRow,
            id=self.new_id(),
            county_id=self.county,
            case_id=case_id,
            post_id=post_id,
            kind=kind.value,
            at=self.now,
            actor_id=self.actor.user_id,
            actor=self.actor.name,
            data=dict(data or {}),
        )
        subject = ("case", case_id) if case_id else ("post", post_id)
        self.audit(kind.value, subject[0], str(subject[1] or ""), data=data)

    def audit(
        self,
        action: str,
        object_kind: str,
        object_id: str,
        *,
        outcome: str = "done",
        data: Detail | None = None,
    ) -> None:
        """Add an audit row in this transaction. `data` holds ids and figures, never an identity."""
        self._lines.add(
            AuditRow,
            id=self.new_id(),
            county_id=self.county,
            at=self.now,
            actor_id=self.actor.user_id,
            actor=self.actor.name,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            outcome=outcome,
            data=dict(data or {}),
        )

    def ring(self, kind: str, object_id: uuid.UUID | str) -> None:
        """Add an outbox row; after commit the drain for `kind` is rung."""
        self._lines.add(
            OutboxRow,
            id=self.new_id(),
            county_id=self.county,
            kind=kind,
            object_id=str(object_id),
            created_at=self.now,
            sent_at=None,
            attempts=0,
        )
        self.rings.add(kind)

    def finish(self) -> None:
        """Write the lines that were noted; called once, right before the transaction commits.

        Nothing reads them earlier, and written together they cost a tenth of what they cost one by one.
        """
        self.session.flush()  # lines point to rows that may not be written yet
        self._lines.write(self.session)
