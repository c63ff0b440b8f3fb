"""The process that looks at the clock: rings for what is due and finds again what a lost ring left.

It does none of the work, and no harm if it runs twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.desk.backtesting import release_dead_backtests
from casework.desk.retention import run_retention
from casework.desk.triage import release_stale_claims
from casework.store.backtests import is_backtest_waiting, owners
from casework.store.outbox import waiting_kinds
from casework.store.shadows import shadow_runs
from casework.store.sources import is_a_source_due
from casework.store.triage_rows import is_waiting
from casework.store.wellbeing import beat
from workers.failures import guarded
from workers.office import Office, is_dead
from workers.papers import MOST_ATTEMPTS

log = logging.getLogger(__name__)

LOOK = timedelta(seconds=5)
"""How often posts and errands are looked for that a ring should have brought and did not."""
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LEFT_BEHIND = timedelta(seconds=10)
"""An errand that waits longer than this was not heard."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something done at intervals."""

    name: str
    every: timedelta
    work: Callable[[], None]


def due_tasks(tasks: tuple[Task, ...], last: dict[str, datetime], now: datetime) -> tuple[Task, ...]:
    """Return the tasks whose interval has passed; a clock that was set back makes them due, too."""
    return tuple(
        task
        for task in tasks
        if task.name not in last or not timedelta(0) <= now - last[task.name] < task.every
    )


class Scheduler:
    """The loop of one installation."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stopped = threading.Event()
        self._last: dict[str, datetime] = {}
        self.tasks = (
            Task("look", LOOK, self._look),
            Task("sweep", MINUTE, lambda: office.bell.ring("sweep")),
            Task("sources", MINUTE, self._sources),
            Task("trials", LOOK, self._trials),
            Task("shadows", MINUTE, self._shadows),
            Task("beat", MINUTE / 2, self._beat),
            Task("retention", DAY, self._retention),
        )

    def run(self) -> None:
        """Go on until stopped; a task that fails is logged and tried again at its next time."""
        while not self._stopped.is_set():
            self.tick()
            self._stopped.wait(LOOK.total_seconds())

    def stop(self) -> None:
        """End the loop soon."""
        self._stopped.set()

    def tick(self) -> None:
        """Do what is due now."""
        now = self._office.transactions.clock()
        for task in due_tasks(self.tasks, self._last, now):
            self._last[task.name] = now
            guarded(lambda due: due.work(), task)

    def _look(self) -> None:
        office = self._office
        with office.transactions.read(office.actor) as uow:
            waiting = is_waiting(uow.session, uow.county)
            kinds = waiting_kinds(
                uow.session, uow.county, before=uow.now - LEFT_BEHIND, most_attempts=MOST_ATTEMPTS
            )
        with office.transactions.write(office.actor) as uow:
            freed = release_stale_claims(uow, is_dead=is_dead)
        if waiting or freed:
            office.bell.ring("triage")
        for kind in sorted(kinds):
            office.bell.ring(kind)

    def _sources(self) -> None:
        office = self._office
        with office.transactions.read(office.actor) as uow:
            due = is_a_source_due(uow.session, uow.county, now=uow.now)
        if due:
            office.bell.ring("sources")

    def _trials(self) -> None:
        """Find back-tests that nobody began, and those whose process is gone."""
        office = self._office
        with office.transactions.read(office.actor) as uow:
            waiting = is_backtest_waiting(uow.session, uow.county)
            running = owners(uow.session, uow.county)
        if running:
            with office.transactions.write(office.actor) as uow:
                waiting = bool(release_dead_backtests(uow, is_dead=is_dead)) or waiting
        if waiting:
            office.bell.ring("backtest")

    def _shadows(self) -> None:
        office = self._office
        with office.transactions.read(office.actor) as uow:
            running = shadow_runs(uow.session, uow.county, only_running=True)
        if running:
            office.bell.ring("shadow")

    def _beat(self) -> None:
        office = self._office
        with office.transactions.write(office.actor) as uow:
            beat(uow.session, "scheduler", now=uow.now)

    def _retention(self) -> None:
        office = self._office
        more = True
        while more:
            with office.transactions.write(office.actor) as uow:
                more = run_retention(uow).more
