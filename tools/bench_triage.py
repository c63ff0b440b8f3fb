"""Whole triage with commit, for `make bench`: from received posts to cases, merges and dismissals.

It uses the worker's own drain in this process, with both evaluators in their children, on an empty database.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.config import DEMO_PACK, IdentityKey
from app.counties import ensure_county
from app.migrating import migrate_to_head
from app.rulebooks import RulebookCache
from app.transaction import Transactions, WriteFigures, make_engine
from app.vault import Vault
from casework.access import CountyId, machine
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.receive import receive_post
from casework.intake import IncomingPost
from rules.engine import Engine
from rules.pack import pack_files
from tests import servers
from workers.bench import Bench
from workers.judging import Thinking
from workers.triage import TriageDrain

COUNTY = "demo"
INTAKE_BATCH = 50
Row = tuple[str, float, str]


class _Silence:
    """A bell that rings nowhere: the bench drains by itself."""

    def ring(self, kind: str) -> None:
        """Do nothing."""


def triage_rows(posts: Sequence[tuple[str, str]], postgres: str | None) -> Iterator[Row]:
    """Yield the rows of intake and triage on SQLite, and on PostgreSQL where there is one.

    Args:
        posts: title and text of each.
        postgres: address of an empty database; None starts a server of its own where one is installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows("SQLite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}", posts)
    if postgres:
        yield from _rows("PostgreSQL", postgres, posts)
        return
    with servers.postgres() as server:
        if server is not None:
            yield from _rows("PostgreSQL", server.create(), posts)


def _rows(name: str, url: str, posts: Sequence[tuple[str, str]]) -> Iterator[Row]:
    migrate_to_head(url)
    engine = make_engine(url)
    vault = Vault((IdentityKey("bench", bytes(32)),))
    transactions = Transactions(engine, RulebookCache(COUNTY), vault, _Silence())
    actor = machine(CountyId(COUNTY))
    with transactions.write(actor) as uow:
        ensure_county(uow)
        install_first_pack(uow, sound_pack(pack_files(DEMO_PACK)))
        book = uow.rulebook
    yield f"intake, {name}", _intake(transactions, posts), f"received and committed, {INTAKE_BATCH} a write"
    transactions.figures = WriteFigures()  # installing the pack is no part of it
    bench = Bench(Thinking(book), Engine(book), transactions=transactions, actor=actor)
    with bench:
        drain = TriageDrain(
            transactions=transactions,
            actor=actor,
            bench=bench,
            owner="bench",
            is_dead=lambda _owner: False,
            is_over=lambda: False,
        )
        done = drain.run()
    figures = transactions.figures
    note = (
        f"claim, both evaluators, cases and clocks, commit; longest write {figures.longest_ms:.0f} ms,"
        f" {figures.over_limit} of {figures.count} over 100 ms; ended {done.ended}"
    )
    yield f"whole triage, {name}", done.posts / done.seconds, note
    engine.dispose()


def _intake(transactions: Transactions, posts: Sequence[tuple[str, str]]) -> float:
    actor = machine(CountyId(COUNTY))
    started = time.perf_counter()
    for start in range(0, len(posts), INTAKE_BATCH):
        with transactions.write(actor) as uow:
            for place, (title, text) in enumerate(posts[start : start + INTAKE_BATCH], start):
                incoming = IncomingPost(
                    source_code="form",
                    title=title,
                    text=text,
                    external_id=f"bench-{place}",
                )
                receive_post(uow, incoming)
    return len(posts) / (time.perf_counter() - started)
