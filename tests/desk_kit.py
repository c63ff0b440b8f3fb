"""A desk for tests: real transactions on a given database, a bell that notes, a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config_values import IdentityKey
from app.transaction import Transactions, make_engine
from app.vault import Vault
from rules.rulebook import Rulebook
from tests.builders import MONDAY, add_county

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what is the same on every database; the others run on each kind."""

KEY = IdentityKey("test-1", bytes(range(32)))


@dataclass
class NotingBell:
    """Notes what was rung."""

    rung: list[str] = field(default_factory=list)

    def ring(self, kind: str) -> None:
        self.rung.append(kind)


@dataclass
class StandingClock:
    """Stands until it is moved."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **amount: float) -> None:
        """Move on by days, hours, minutes or seconds."""
        self.at += timedelta(**amount)


@dataclass(frozen=True)
class OneRulebook:
    """The same rules at every instant; None where a test needs none."""

    book: Rulebook | None = None

    def is_ready(self, session: Session, now: datetime) -> bool:  # noqa: ARG002 - signature of the part
        return True

    def prepare(self, session: Session, now: datetime) -> None:
        """Do nothing: it is in memory."""

    def active(self, session: Session, now: datetime) -> Rulebook:  # noqa: ARG002 - signature of the part
        assert self.book is not None, "this test needs no rules"
        return self.book


@dataclass
class Desk:
    """Transactions with what a test looks at."""

    transactions: Transactions
    bell: NotingBell
    clock: StandingClock


@contextmanager
def desk_on(
    url: str, *, book: Rulebook | None = None, county: bool = True, shared: sa.Engine | None = None
) -> Iterator[Desk]:
    """Yield a desk on the migrated database at `url`, with the county and its source "form".

    Args:
        url: address of the database.
        book: the rules in force, if the test needs any.
        county: whether to make the county.
        shared: an engine on that database, to be used instead of a new one.
    """
    engine = shared or make_engine(url)
    bell, clock = NotingBell(), StandingClock()
    transactions = Transactions(engine, OneRulebook(book), Vault((KEY,)), bell, clock=clock)
    if county:
        with Session(engine) as session:
            add_county(session)
            session.commit()
    yield Desk(transactions, bell, clock)
    engine.dispose()
