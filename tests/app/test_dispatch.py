"""The doorbell: few jobs for many rings, nothing raised, nothing pickled, and every bell is answered."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.dispatch import FLAG_SECONDS, JOBS, QUEUE, Doorbell

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def queue(redis_url: str) -> Queue:
    return Queue(QUEUE, connection=Redis.from_url(redis_url), serializer=JSONSerializer)


def test_many_rings_enqueue_one_job_until_its_drain_begins(redis_url: str, queue: Queue):
    bell = Doorbell(redis_url)
    for _ in range(20):
        bell.ring("triage")
    assert len(queue) == 1

    bell.clear(JOBS["triage"])  # what the drain does first
    for _ in range(20):
        bell.ring("triage")
    assert len(queue) == 2
    assert len(set(queue.job_ids)) == 2


def test_bells_of_two_drains_do_not_silence_each_other(redis_url: str, queue: Queue):
    bell = Doorbell(redis_url)
    for kind in ("triage", "redecide", "document"):
        bell.ring(kind)

    jobs = queue.get_jobs()
    assert sorted(job.func_name for job in jobs) == [JOBS["document"], JOBS["triage"]]


def test_a_flag_whose_drain_never_came_ends_by_itself(redis_url: str):
    Doorbell(redis_url).ring("triage")

    client = Redis.from_url(redis_url)
    (flag,) = client.keys(f"{QUEUE}:rung:*")
    assert 0 < client.ttl(flag) <= FLAG_SECONDS


def test_a_job_is_json_without_any_argument(redis_url: str, queue: Queue):
    Doorbell(redis_url).ring("triage")

    (job_id,) = queue.job_ids
    raw = queue.connection.hget(f"rq:job:{job_id}", "data")
    assert raw is not None
    # RQ compresses; what it compressed must read as JSON: name, instance, args, kwargs.
    import zlib  # noqa: PLC0415

    assert json.loads(zlib.decompress(raw)) == [JOBS["triage"], None, [], {}]


@pytest.mark.parametrize("url", [None, "unix:///nowhere/at/all.sock", "redis://127.0.0.1:1/0"])
def test_nobody_is_disturbed_where_no_queue_answers(url: str | None):
    bell = Doorbell(url)

    bell.ring("triage")
    bell.clear(JOBS["triage"])
    assert not bell.answers()


def test_an_unknown_bell_rings_nothing(redis_url: str, queue: Queue):
    Doorbell(redis_url).ring("nonsense")

    assert len(queue) == 0


def test_a_queue_that_answers_says_so(redis_url: str):
    assert Doorbell(redis_url).answers()


@pytest.mark.parametrize("name", sorted(set(JOBS.values())))
def test_every_job_exists_and_takes_no_argument(name: str):
    module, _, function = name.rpartition(".")

    job = getattr(importlib.import_module(module), function)

    assert job.__code__.co_argcount == 0


def test_every_bell_that_the_code_rings_is_answered():
    sources = [path for folder in ("app", "casework", "workers") for path in (ROOT / folder).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    rung = set(re.findall(r'\.ring\(\s*"(\w+)"', text)) | set(re.findall(r'rings\.add\(\s*"(\w+)"', text))
    named = re.findall(r"\.ring\(\s*([A-Z_]+)\b|rings\.add\(\s*([A-Z_]+)\b", text)
    for constant in {name for pair in named for name in pair if name}:
        rung |= set(re.findall(rf'^{constant}(?:: \w+)? = "(\w+)"', text, re.MULTILINE))

    assert rung
    assert rung <= set(JOBS)
