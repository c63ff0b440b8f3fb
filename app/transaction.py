"""The only place that opens transactions, commits them and reads the wall clock.

It makes no decision: what happens inside is a function of `casework.desk`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Actor
from casework.desk.unit import Cipher, UnitOfWork
from casework.store.tables import CountyRow
from rules.rulebook import Rulebook

log = logging.getLogger(__name__)

LONG_WRITE_MS = 100
"""Source: design.md "No write transaction over 100 ms"; a longer one is logged and counted."""

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",
    # Else INSERT OR REPLACE takes the row in its way without the triggers that refuse to delete one.
    "PRAGMA recursive_triggers=ON",
)


class Bell(Protocol):
    """Rings for drains after commit. `app.dispatch` rings on a queue, tests note what was rung."""

    def ring(self, kind: str) -> None:
        """Ask that a drain for `kind` runs soon. Never raises: the sweeper finds what a lost ring left."""


class Rulebooks(Protocol):
    """Finds the rulebook in force, and that of an older decision."""

    def active(self, session: Session, now: datetime) -> Rulebook:
        """Return it, from a cache by pack reference."""

    def of(self, session: Session, ref: str) -> Rulebook:
        """Return that of a stored pack, in force or not."""

    def is_ready(self, session: Session, now: datetime) -> bool:
        """Return whether the one in force is in the cache, or there is none."""

    def prepare(self, session: Session, now: datetime) -> None:
        """Have it in the cache, if there is one: compiling takes longer than a write may."""


def wall_clock() -> datetime:
    """Return the current instant, aware UTC."""
    return datetime.now(UTC)


def make_engine(url: str) -> sa.Engine:
    """Return an engine with the house rules: SQLite in WAL mode with explicit BEGIN, pinged connections.

    No error carries the values of a statement: they are words and names of people, and errors are logged.
    """
    engine = sa.create_engine(url, **engine_options(url))
    if engine.dialect.name == "sqlite":
        obey_house_rules(engine)
    return engine


def engine_options(url: str) -> dict[str, Any]:
    """Return what every engine on a database is made with.

    PostgreSQL compiles no query to machine code (`jit`): who may see what is a condition of a hundred parts,
    and compiling it took longer than all reading together.
    **Source:** measured with 500 posts on PostgreSQL 15: the counts of a worklist 1.6 to 2.3 s (of a
    supervisor 30 to 60 s) with it, 0.04 to 0.08 s without.
    """
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10}, "hide_parameters": True}
    given = sa.make_url(url).query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} -c jit=off".strip()
    return {"connect_args": {"options": options}, "pool_pre_ping": True, "hide_parameters": True}


def obey_house_rules(engine: sa.Engine) -> None:
    """Make a SQLite engine keep transactions as written: a write begins IMMEDIATE, a read does not.

    Source: traps.md: a deferred transaction that reads and then writes failed 439 of 480 times.
    """

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - DBAPI objects
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        immediate = connection.get_execution_options().get("jianjian_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN DEFERRED")


@dataclass
class WriteFigures:
    """How long the write transactions of this process took.

    Attributes:
        busiest_ms: the most processor time that one took; what a machine full of other work cannot stretch.
    """

    count: int = 0
    over_limit: int = 0
    longest_ms: float = 0.0
    last_ms: float = 0.0
    busiest_ms: float = 0.0

    def take(self, milliseconds: float, busy: float) -> None:
        """Count one transaction with the milliseconds that it lasted and those that it worked."""
        self.count += 1
        self.last_ms = milliseconds
        self.busiest_ms = max(self.busiest_ms, busy)
        self.longest_ms = max(self.longest_ms, milliseconds)
        if milliseconds > LONG_WRITE_MS:
            self.over_limit += 1


@dataclass
class Transactions:
    """Opens units of work for one database.

    Attributes:
        clock: returns aware UTC; tests pass their own.
        demo: the demo's clock may be shifted; elsewhere a stored shift is ignored.
    """

    engine: sa.Engine
    rulebooks: Rulebooks
    cipher: Cipher
    bell: Bell
    clock: Callable[[], datetime] = wall_clock
    demo: bool = False
    figures: WriteFigures = field(default_factory=WriteFigures)

    @contextmanager
    def read(self, actor: Actor) -> Iterator[UnitOfWork]:
        """Open a reading transaction; whatever it changed is rolled back."""
        with Session(self.engine) as session:
            yield self._unit(session, actor)
            session.rollback()

    @contextmanager
    def write(self, actor: Actor) -> Iterator[UnitOfWork]:
        """Open a writing transaction; commit at the end, or roll back on any error; then ring."""
        with Session(self.engine.execution_options(jianjian_write=True)) as session:
            session.connection()  # BEGIN IMMEDIATE now, so that waiting for the lock is not counted
            if not self.rulebooks.is_ready(session, self._now(session, actor.county_id)):
                session.rollback()  # nobody shall wait for a compilation
                self._prepare_rulebook(actor)
                session.connection()
            started, worked = time.perf_counter(), time.thread_time()
            unit = self._unit(session, actor)
            yield unit
            unit.finish()
            session.commit()
            self._measured(started, worked)
        for kind in sorted(unit.rings):
            self.bell.ring(kind)

    def _prepare_rulebook(self, actor: Actor) -> None:
        with Session(self.engine) as session:
            self.rulebooks.prepare(session, self._now(session, actor.county_id))

    def now(self, county_id: str) -> datetime:
        """Return the instant as the county sees it (the demo's clock may be shifted)."""
        with Session(self.engine) as session:
            return self._now(session, county_id)

    def _unit(self, session: Session, actor: Actor) -> UnitOfWork:
        return UnitOfWork(
            session=session,
            now=self._now(session, actor.county_id),
            actor=actor,
            rulebook_at=self.rulebooks.active,
            cipher=self.cipher,
        )

    def _now(self, session: Session, county_id: str) -> datetime:
        if not self.demo:
            return self.clock()
        shift = session.scalar(sa.select(CountyRow.clock_offset_seconds).where(CountyRow.id == county_id))
        return self.clock() + timedelta(seconds=shift or 0)

    def _measured(self, started: float, worked: float) -> None:
        milliseconds = (time.perf_counter() - started) * 1000
        self.figures.take(milliseconds, (time.thread_time() - worked) * 1000)
        if milliseconds > LONG_WRITE_MS:
            log.warning("write transaction took long", extra={"milliseconds": round(milliseconds, 1)})
