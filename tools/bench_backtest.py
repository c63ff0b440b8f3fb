"""A back-test as the worker runs it: posts per second of two processes, from a database with decided posts.

Run alone (`python -m tools.bench_backtest --posts 100000`), or as rows of `make bench`. The pack is lean: two
topics, no places, and the generated rules of the other rows, of which a message trips about four.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config_values import IdentityKey
from app.migrating import migrate_to_head
from app.rulebooks import RulebookCache
from app.transaction import Transactions, make_engine
from app.vault import Vault
from casework import tokens
from casework.access import CountyId, UserId, machine, person
from casework.desk.backtesting import ask_backtest
from casework.desk.drafting import Examination, draft_from, edit_file, note_check
from casework.desk.govern import SoundPack, install_first_pack
from casework.ids import IdSource
from casework.roles import Role
from casework.store.backtests import find_backtest
from casework.store.drafts import find_draft
from casework.store.tables import CountyRow, DecisionRow, PostRow, SourceRow
from casework.understanding.inputs import PostText
from casework.understanding.retrial import Retrial, context_then, folded
from rules.backtest import Verdict
from rules.model import AllOf, Condition, Op, Terms, Test
from rules.normalise import normalise
from rules.pack import digest_of, load_pack_bytes, pack_files
from rules.rulebook import Rulebook
from tools.bench_packs import bare_pack
from workers.backtests import BacktestDrain

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "rules" / "packs" / "demo"
COUNTY = CountyId("bench")
START = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 1_000
CONTEXT = '{"posts_1h": 1, "posts_24h": 1, "posts_total": 1, "voices": 1, "platforms": 1, "on": "2026-01-01"}'
Text = tuple[str, str]  # title, text


class _NoBell:
    def ring(self, kind: str) -> None:
        """Do nothing: the bench runs the drain itself."""


def lean_pack(rules: int) -> dict[str, bytes]:
    """Return the files of a pack with the bench's own rules (`bench_packs`), two topics and no place."""
    files = pack_files(DEMO)
    loaded = load_pack_bytes(files).pack
    if loaded is None:
        raise SystemExit("the demo pack does not load")
    bare = bare_pack(loaded, rules)
    signals, severity = ["signals:"], ["rules:"]
    for signal in bare.signals:
        terms = ", ".join(signal.match.terms) if isinstance(signal.match, Terms) else ""
        signals.append(f"  - {{id: {signal.id}, title: {{zh: 词表, en: List}}, any: [{{terms: [{terms}]}}]}}")
    severity += [
        f"  - {{id: {rule.id}, title: {{zh: 规则, en: Rule}}, status: active, owner: x, source: x, "
        f"when: {_written(rule.when)}, grade: {rule.grade}}}"
        for rule in bare.severity
    ]
    lean = {
        "lexicons.yaml": "lexicons: []",
        "signals.yaml": "\n".join(signals),
        "severity.yaml": "\n".join(severity),
        "scoring.yaml": "rules: []",
        "places.yaml": "places: []",
        "topics.yaml": "topics:\n"
        "  - {id: lamps, title: {zh: 路灯, en: Lamps}, group: 城乡建设, class: request, "
        "evidence: [{weight: 3, terms: [路灯, 停电]}]}\n"
        "  - {id: noise, title: {zh: 噪声, en: Noise}, group: 环境保护, class: complaint, "
        "evidence: [{weight: 3, terms: [噪音, 扰民]}]}",
        "routing.yaml": "designations: []\nroutes:\n"
        + "\n".join(
            f"  - {{id: r_{topic}, topic: {topic}, lead: {loaded.units[index].id}, "
            "basis_kind: statute, basis: x}"
            for index, topic in enumerate(("lamps", "noise"))
        ),
    }
    return {**files, **{name: f"{text}\n".encode() for name, text in lean.items()}}


def _written(condition: Condition) -> str:
    """Return a condition of the bench's rules as YAML."""
    if isinstance(condition, AllOf):
        return f"{{all: [{', '.join(map(_written, condition.members))}]}}"
    if not isinstance(condition, Test):
        raise SystemExit("the bench's rules ask for something new")
    value = str(condition.value).lower()
    return f"{{{condition.feature}: {value if condition.op is Op.IS else f'{{{condition.op}: {value}}}'}}}"


@contextmanager
def county(files: dict[str, bytes], posts: Sequence[Text]) -> Iterator[Transactions]:
    """Yield a county whose posts were all decided by a pack, in a database of its own."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        migrate_to_head(url)
        engine = make_engine(url)
        vault = Vault((IdentityKey("bench", bytes(range(32))),))
        transactions = Transactions(
            engine, RulebookCache(COUNTY), vault, _NoBell(), clock=lambda: START + timedelta(days=60)
        )
        with Session(engine) as session:
            session.add(CountyRow(id=COUNTY, name_zh="县", name_en="County", created_at=START))
            session.commit()
        pack = load_pack_bytes(files).pack
        if pack is None:
            raise SystemExit("\n".join(map(str, load_pack_bytes(files).problems[:5])))
        with transactions.write(machine(COUNTY)) as uow:
            install_first_pack(uow, SoundPack(pack, files))
        _fill(engine, posts, pack.ref, _verdicts(files, posts))
        yield transactions
        engine.dispose()


def _verdicts(files: dict[str, bytes], posts: Sequence[Text]) -> dict[Text, Verdict]:
    """Return what the base pack makes of each different post, as triage would have stored it."""
    pack = load_pack_bytes(files).pack
    if pack is None:
        raise SystemExit("the pack of the bench does not load")
    base = Retrial(Rulebook(pack), tokens.word_starts)
    context = context_then(CONTEXT, START, "none")
    return {post: base.verdict(folded(PostText(*post), None), context) for post in dict.fromkeys(posts)}


def _fill(engine: sa.Engine, posts: Sequence[Text], ref: str, verdicts: dict[Text, Verdict]) -> None:
    ids = IdSource(START)
    with Session(engine) as session:
        source = session.scalars(sa.select(SourceRow.id).limit(1)).one()
        for begin in range(0, len(posts), CHUNK):
            rows, decisions = [], []
            for number, (title, text) in enumerate(posts[begin : begin + CHUNK], begin):
                post, decision, at = ids.next(), ids.next(), START + timedelta(seconds=number)
                parts, verdict = (normalise(title).text, normalise(text).text), verdicts[title, text]
                rows.append(
                    {
                        "id": post,
                        "county_id": COUNTY,
                        "source_id": source,
                        "content_key": f"{number:064x}",
                        "title": title,
                        "text": text,
                        "platform": "论坛",
                        "media_level": "none",
                        "said_at": at,
                        "received_at": at,
                        "triage_state": "case",
                        "normalised": "\n".join(part for part in parts if part),
                        "decision_id": decision,
                        "version": 1,
                        "confidential": False,
                        "attempts": 1,
                        "in_bulk": False,
                    }
                )
                decisions.append(
                    {
                        "id": decision,
                        "county_id": COUNTY,
                        "post_id": post,
                        "decided_at": at,
                        "pack_ref": ref,
                        "calendar_version": "x",
                        "disposition": verdict.disposition,
                        "grade": verdict.grade or None,
                        "demand": "complaint",
                        "topic": verdict.topic or None,
                        "place": None,
                        "confidential": False,
                        "confidence": "1",
                        "route": {"lead": verdict.lead or None, "assist": list(verdict.assist)},
                        "features": {},
                        "context": json.loads(CONTEXT),
                        "hits": [],
                        "findings": [{"rule": rule, "kind": "severity"} for rule in verdict.rules],
                        "reasons": [],
                        "engine": {},
                    }
                )
            session.execute(sa.insert(PostRow), rows)
            session.execute(sa.insert(DecisionRow), decisions)
        session.commit()


class Tried(NamedTuple):
    """How a back-test went.

    Attributes:
        seconds: by the clock; other work on the machine makes it longer.
        busy: seconds that all of its processes computed together.
    """

    posts: int
    seconds: float
    busy: float


def run(transactions: Transactions, processes: int) -> Tried:
    """Back-test a draft on all posts."""
    writer = person(UserId(IdSource(START).next()), "bench", roles=[Role.DIRECTOR], county_id=COUNTY)
    with transactions.write(writer) as uow:
        draft_id = draft_from(uow, uow.rulebook.pack.ref, title="bench")
    with transactions.write(writer) as uow:
        draft = find_draft(uow.session, COUNTY, draft_id)
        text = draft.files["severity.yaml"].replace("grade: general", "grade: major", 3)
        edit_file(uow, draft_id, version=draft.version, name="severity.yaml", text=text)
    with transactions.write(writer) as uow:
        draft = find_draft(uow.session, COUNTY, draft_id)
        note_check(uow, draft_id, version=draft.version, found=Examination(draft.digest, ()))
    with transactions.write(writer) as uow:
        version = find_draft(uow.session, COUNTY, draft_id).version
        asked = ask_backtest(uow, draft_id, version=version, period_from=START, period_to=uow.now)
    started, worked = time.perf_counter(), _processor_seconds()
    BacktestDrain(transactions, machine(COUNTY), "bench/1/1", lambda _: False, lambda: False, processes).run()
    seconds, busy = time.perf_counter() - started, _processor_seconds() - worked
    with transactions.read(writer) as uow:
        done = find_backtest(uow.session, COUNTY, asked)
    if done.problem or done.tally.failed:
        raise SystemExit(f"the back-test failed: {done.problem or done.tally.failed}")
    return Tried(done.done, seconds, busy)


def _processor_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def backtest_rows(posts: Sequence[Text], rules: int = 300) -> list[tuple[str, float, str]]:
    """Return the rows of `make bench`: name, posts per second, what is in it."""
    with county(lean_pack(rules), posts) as transactions:
        tried = run(transactions, processes=2)
    told = f"stored posts -> counts, 2 processes, SQLite; {tried.posts / tried.busy:,.0f} a processor second"
    return [(f"back-test, {rules} rules", tried.posts / tried.seconds, told)]


def main() -> int:
    """Print how fast a back-test is and how much memory it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=5_000)
    parser.add_argument("--rules", type=int, default=300)
    arguments = parser.parse_args()
    from tools.bench import texts  # noqa: PLC0415 - it imports this module

    told, some = texts(min(arguments.posts, 10_000))
    posts = [some[number % len(some)] for number in range(arguments.posts)]
    tokens.word_starts("热身")
    with county(lean_pack(arguments.rules), posts) as transactions:
        posts_done, seconds, busy = run(transactions, processes=2)
    digest = digest_of(lean_pack(arguments.rules))[:15]
    largest = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{told}, {arguments.rules} rules ({digest}), 2 processes, SQLite")
    print(
        f"{posts_done} posts in {seconds:.1f} s: {posts_done / seconds:,.0f} posts/s "
        f"({posts_done / busy:,.0f} a processor second); largest process {largest // 1024} MB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
