"""The background processes: `python -m workers.runtime worker`, `… trials` and `… scheduler`.

Worker and trials are RQ's, each on one queue, with the JSON serializer; what the jobs do is `jobs`. Trials
(back-tests, shadow runs) may take long and give way to the other processes.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from types import FrameType

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from app.config import SettingsError
from app.dispatch import JOBS, QUEUE, TRIALS_QUEUE
from app.tether import die_with_parent
from app.web.logs import log_as_json
from casework.store.wellbeing import beat
from workers.jobs import STOP_ASKED
from workers.office import Office, the_office
from workers.scheduler import Scheduler

log = logging.getLogger(__name__)

WORKER_TTL = 30  # seconds. **Source:** traps.md: with the default a dead job was still "started" after 560 s
MAINTENANCE_SECONDS = 5
BEAT_SECONDS = 30.0
NICE = 10  # of 19: trials run where live work leaves room

KIND_OF = {job: kind for kind, job in reversed(tuple(JOBS.items()))}
"""Dotted name of a job -> a kind that rings it."""


class DeskWorker(Worker):
    """RQ's forking worker, whose horses die with it and are asked to end their drain when it stops."""

    office: Office
    beats_as = "worker"
    _beat_at: datetime | None = None

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Be the work horse: tied to the parent, because an orphan would go on beside its successor."""
        die_with_parent(self.pid or os.getppid())
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """Let SIGTERM end the drain after its batch instead of in the middle of one."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]  # RQ 3.0 has no types here
        signal.signal(signal.SIGTERM, _end_after_batch)

    def handle_warm_shutdown_request(self) -> None:
        """Ask the horse to end, so that a stop takes a batch and not a backlog."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]  # as above
        if self.horse_pid:
            os.kill(self.horse_pid, signal.SIGTERM)

    def run_maintenance_tasks(self) -> None:
        """Show that the worker lives; RQ calls this between jobs, every few seconds."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]  # as above
        now = self.office.transactions.clock()
        if self._beat_at is None or (now - self._beat_at).total_seconds() >= BEAT_SECONDS:
            with self.office.transactions.write(self.office.actor) as uow:
                beat(uow.session, f"{self.beats_as}/{self.hostname}", now=uow.now)
            self.office.let_go()  # the next horse must not share a connection
            self._beat_at = now


def _end_after_batch(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signature of a handler
    STOP_ASKED.set()


def make_worker(office: Office, redis: Redis, queue: str = QUEUE) -> DeskWorker:
    """Return the worker of this process, ready to work on one queue."""
    worker = DeskWorker(
        [Queue(queue, connection=redis, serializer=JSONSerializer)],
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
        work_horse_killed_handler=lambda job, *_: _ring_again(office, job),
        log_job_description=False,
    )
    worker.office = office
    worker.log_result_lifespan = False
    return worker


def _ring_again(office: Office, job: Job) -> None:
    """Ring for a drain whose horse was killed: what it had claimed waits."""
    kind = KIND_OF.get(job.func_name or "")
    if kind is not None:
        office.bell.clear(JOBS[kind])
        office.bell.ring(kind)


def run_worker(office: Office) -> None:
    """Work until asked to stop.

    Raises:
        SettingsError: no queue server is named.
    """
    redis = _redis(office)
    office.preload()
    office.bell.ring("triage")  # what a worker before this one left
    make_worker(office, redis).work(logging_level=None)


def run_trials(office: Office) -> None:
    """Try drafts of rules until asked to stop, giving way to whatever else runs.

    Raises:
        SettingsError: no queue server is named.
    """
    redis = _redis(office)
    os.nice(NICE)
    office.preload()
    worker = make_worker(office, redis, TRIALS_QUEUE)
    worker.beats_as = "trials"
    worker.work(logging_level=None)


def _redis(office: Office) -> Redis:
    if office.settings.redis_url is None:
        raise SettingsError(("REDIS_URL is missing: set it to the queue server",))
    return Redis.from_url(office.settings.redis_url)


def run_scheduler(office: Office) -> None:
    """Look at the clock until asked to stop."""
    scheduler = Scheduler(office)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.stop())
    scheduler.run()


def main(arguments: Sequence[str]) -> int:
    """Return the exit status: 0 after a stop that was asked for, 1 for unusable settings, 2 for usage."""
    log_as_json()
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    run = {"worker": run_worker, "trials": run_trials, "scheduler": run_scheduler}.get(
        arguments[0] if arguments else ""
    )
    if run is None:
        print("usage: python -m workers.runtime worker|trials|scheduler", file=sys.stderr)  # noqa: T201
        return 2
    try:
        run(the_office())
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
