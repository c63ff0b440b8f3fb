"""The doorbell: asks that a drain runs soon. It carries no work, and losing it loses none.

Jobs are named by dotted path, so that nothing here imports `workers`. What is to be done stands in the
database, and the scheduler looks there every few seconds for what a lost ring left.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUE = "jianjian"
"""What must not wait. **Source:** traps.md: a worker on two queues lost 3 of 400 jobs when killed."""
TRIALS_QUEUE = "jianjian-trials"
"""What may take long and never delays a post: it has a worker of its own."""

JOBS: Mapping[str, str] = MappingProxyType(
    {
        "triage": "workers.jobs.drain_triage",
        "redecide": "workers.jobs.drain_triage",
        "document": "workers.jobs.drain_outbox",
        "sweep": "workers.jobs.sweep_minute",
        "sources": "workers.jobs.pull_sources",
        "backtest": "workers.jobs.drain_backtests",
        "shadow": "workers.jobs.drain_shadows",
    }
)
"""What is rung -> the drain that comes. A test holds that each exists and each kind of outbox row is here."""

TRIALS = frozenset({JOBS["backtest"], JOBS["shadow"]})
"""Jobs of the queue for what may take long."""

FLAG_SECONDS = 30
"""How long a ring stands for those after it if its drain never starts; the drain clears it first."""
JOB_SECONDS = 900
"""After this RQ ends a drain; each drain ends itself long before (`workers.jobs.LONGEST_DRAIN`)."""
WAITING_SECONDS = 600
"""A ring that no worker heard for so long leaves the queue; the next one, or the scheduler, rings again."""
FAILED_SECONDS = 7 * 24 * 3600  # how long a failed drain can be looked at
_CONNECT_SECONDS = 1.0
_ANSWER_SECONDS = 2.0


class Doorbell:
    """Rings over a Redis-protocol server; without one it only notes that nobody heard.

    Args:
        url: of the server; None where the installation has none (commands, a demo of the web alone).
    """

    def __init__(self, url: str | None) -> None:
        self._redis = (
            Redis.from_url(url, socket_connect_timeout=_CONNECT_SECONDS, socket_timeout=_ANSWER_SECONDS)
            if url
            else None
        )

    def ring(self, kind: str) -> None:
        """Ask for the drain of `kind`, once until that drain begins. Never raises.

        A ring sets a flag and enqueues a job with a fresh id only if the flag was not set (traps.md: a fixed
        job id does not coalesce in RQ 3.0).
        """
        job = JOBS.get(kind)
        if job is None:
            log.error("nobody answers this bell", extra={"kind": kind})
            return
        if self._redis is None:
            log.info("no queue: the scheduler will find it", extra={"kind": kind})
            return
        try:
            if self._redis.set(_flag(job), "1", nx=True, ex=FLAG_SECONDS):
                self._enqueue(self._redis, job)
        except (RedisError, OSError) as error:
            log.warning("the bell was not heard", extra={"kind": kind, "error": str(error)})

    def clear(self, job: str) -> None:
        """Take the flag of a drain down, so that every later ring brings another one. Never raises.

        Args:
            job: dotted name; its drain calls this before it first looks at the database.
        """
        if self._redis is None:
            return
        try:
            self._redis.delete(_flag(job))
        except (RedisError, OSError) as error:
            log.warning("the flag was not cleared", extra={"job": job, "error": str(error)})

    def answers(self) -> bool:
        """Return whether the queue server answers; False where there is none."""
        if self._redis is None:
            return False
        try:
            return bool(self._redis.ping())
        except (RedisError, OSError):
            return False

    @staticmethod
    def _enqueue(redis: Redis, job: str) -> None:
        name = TRIALS_QUEUE if job in TRIALS else QUEUE
        Queue(name, connection=redis, serializer=JSONSerializer).enqueue_call(
            job,
            timeout=JOB_SECONDS,
            result_ttl=0,
            ttl=WAITING_SECONDS,
            failure_ttl=FAILED_SECONDS,
            description=job,
        )


def _flag(job: str) -> str:
    return f"{QUEUE}:rung:{job}"
