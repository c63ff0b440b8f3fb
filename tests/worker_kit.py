"""A real worker and scheduler as processes, on a real queue and a real database, for tests that kill them."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import load_settings
from casework import tokens
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.receive import receive_post
from casework.intake import IncomingPost
from casework.post import TriageState
from casework.store.tables import CasePostRow, CaseRow, DecisionRow, DeskItemRow, DismissalRow, PostRow
from tests.builders import COUNTY, add_county, the_machine
from tests.small_pack import small_pack
from workers.office import Office, open_office

ROOT = Path(__file__).resolve().parents[1]
_POLL_SECONDS = 0.01
WAITING = (TriageState.PENDING.value, TriageState.CLAIMED.value)


def until(condition: Callable[[], bool], what: str, *, within: float = 30.0) -> float:
    """Wait until a condition holds and return how many seconds it took; fail with `what` if it never does."""
    started = time.monotonic()
    pause = threading.Event()
    while not condition():
        if time.monotonic() - started > within:
            message = f"after {within:.0f} s still not: {what}"
            raise AssertionError(message)
        pause.wait(_POLL_SECONDS)
    return time.monotonic() - started


def environment(data_dir: Path, database_url: str, redis_url: str) -> dict[str, str]:
    """Return the environment of a county's background processes."""
    return {
        **os.environ,
        "JIANJIAN_COUNTY": COUNTY,
        "JIANJIAN_DATA_DIR": str(data_dir),
        "JIANJIAN_PACK": str(ROOT / "rules" / "packs" / "demo"),
        "JIANJIAN_SECRET_KEY": "wQ7xT2pLr9ZkV4mNcJ8sHb5yUeG3dFaK1oXi6tRz",
        "JIANJIAN_IDENTITY_KEYS": "t1:" + base64.b64encode(bytes(range(32))).decode(),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


@dataclass
class Program:
    """A running `python -m workers.runtime …`."""

    name: str
    env: Mapping[str, str]
    log: IO[bytes]
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start it (again)."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workers.runtime", self.name],
            env=dict(self.env),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def kill(self) -> None:
        """Kill it with SIGKILL; what it started dies with it."""
        self.process.kill()
        self.process.wait()

    def stop(self, *, within: float = 20.0) -> int:
        """Ask it to stop and return its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=within)

    def children(self) -> list[int]:
        """Return the process ids of its direct children."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            return [int(pid) for pid in path.read_text(encoding="ascii").split()]
        except FileNotFoundError:
            return []

    def kill_horse(self) -> bool:
        """Kill the work horse with SIGKILL; return False if there is none just now."""
        for pid in self.children():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
        return False


@dataclass
class County:
    """A county with its office in this process, and its background processes."""

    office: Office
    env: Mapping[str, str]
    log: IO[bytes]
    programs: list[Program] = field(default_factory=list)

    def run(self, name: str) -> Program:
        """Start a worker or a scheduler."""
        program = Program(name, self.env, self.log)
        self.programs.append(program)
        return program

    def post(self, text: str, **fields: object) -> None:
        """Hand over a post, as the web does: commit, then ring."""
        with self.office.transactions.write(the_machine()) as uow:
            receive_post(uow, IncomingPost(source_code="form", text=text, **fields))  # type: ignore[arg-type] # a test's own fields

    def said(self) -> str:
        """Return what the programs logged."""
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")

    def drains(self) -> list[dict[str, object]]:
        """Return what each drain of triage logged at its end."""
        lines = [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]
        return [line for line in lines if line["message"] == "triage drained"]


@contextmanager
def county_on(
    data_dir: Path, database_url: str, redis_url: str, *, pack: Mapping[str, bytes] | None = None
) -> Iterator[County]:
    """Yield a county on a migrated database and an empty queue; ends its processes.

    Args:
        data_dir: for the parsed dictionary and the log.
        database_url: migrated.
        redis_url: empty.
        pack: files of the rules in force; None takes the small pack.
    """
    data_dir.mkdir(exist_ok=True)
    env = environment(data_dir, database_url, redis_url)
    office = open_office(load_settings(env))
    with Session(office.transactions.engine) as session:
        add_county(session)
        session.commit()
    sound = sound_pack(small_pack() if pack is None else pack, tokens.word_starts)
    with office.transactions.write(the_machine()) as uow:
        install_first_pack(uow, sound)
    with (data_dir / "programs.log").open("w+b") as log:
        county = County(office, env, log)
        try:
            yield county
        finally:
            for program in county.programs:
                program.kill()
            office.let_go()


def verify_all(county: County, posts: int) -> Counter[str]:
    """Assert that every post is there once and ended exactly once; return how they ended."""
    with county.office.transactions.read(the_machine()) as uow:
        session = uow.session
        states = Counter(session.scalars(sa.select(PostRow.triage_state)))
        in_cases = list(session.scalars(sa.select(CasePostRow.post_id)))
        dismissed = list(session.scalars(sa.select(DismissalRow.post_id)))
        asked = list(session.scalars(sa.select(DeskItemRow.post_id).where(DeskItemRow.kind == "triage")))
        decided = Counter(session.scalars(sa.select(DecisionRow.post_id)))
        empty = session.scalar(
            sa.select(sa.func.count())
            .select_from(CaseRow)
            .where(~sa.exists().where(CasePostRow.case_id == CaseRow.id))
        )
    assert sum(states.values()) == posts
    assert not set(states) & set(WAITING)
    for ended in (in_cases, dismissed, asked):
        assert len(ended) == len(set(ended))
    assert len({*in_cases, *dismissed, *asked}) == len(in_cases) + len(dismissed) + len(asked) == posts
    assert set(decided.values()) <= {1}
    assert empty == 0
    return states
