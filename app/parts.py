"""What an application is assembled from: the pieces that tests replace by fakes.

It builds nothing at import and holds no decision; `create_app` puts the parts together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from argon2 import PasswordHasher

from app.config import Settings
from app.transaction import Bell, Rulebooks, Transactions, wall_clock
from casework.desk.unit import Cipher, UnitOfWork


class CalendarProbe(Protocol):
    """Says how far the calendar in force was announced."""

    def __call__(self, uow: UnitOfWork) -> date | None:
        """Return the last day of the last announced year, None when no pack is in force."""


class QueueProbe(Protocol):
    """Says whether the queue server answers."""

    def answers(self) -> bool:
        """Return whether it does; never raises."""


@dataclass(frozen=True)
class Parts:
    """The outside world of one application.

    Attributes:
        rulebooks: finds the rules in force.
        cipher: for identities and second factors.
        bell: rings for drains after commit.
        queue, announced_until: asked by the health page.
        clock: returns aware UTC.
        hasher: of passwords; tests use a cheap one.
    """

    rulebooks: Rulebooks
    cipher: Cipher
    bell: Bell
    queue: QueueProbe
    announced_until: CalendarProbe
    clock: Callable[[], datetime] = wall_clock
    hasher: PasswordHasher = field(default_factory=PasswordHasher)


@dataclass(frozen=True)
class House:
    """What a running application is made of; reached by `app.extensions.house()`.

    Attributes:
        transactions: the only way to the database.
        parts: as given to `create_app`, or the real ones.
    """

    settings: Settings
    transactions: Transactions
    parts: Parts

    @property
    def county(self) -> str:
        """Return the county of this installation."""
        return self.settings.county

    def wall_time(self) -> datetime:
        """Return the instant of sessions, locks and codes: the demo's shifted clock does not move it."""
        return self.parts.clock()

    def now(self) -> datetime:
        """Return the instant of the county's business, which the demo may shift."""
        return self.transactions.now(self.county)
