"""`make bench`: posts per second of each stage of triage, all in one run on this machine.

Every figure has its row's name and says what is in it; ratios are to the raw scan of the same run. Nothing is
asserted here: a slow machine is not a fault. Posts are made from the demo's own texts; where the folder of
real messages is there, they are used instead, so that most posts trip few signals.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import ahocorasick_rs

from app.demo_posts import POSTS
from casework.tokens import word_starts
from rules.engine import Engine
from rules.model import RuleKind
from rules.normalise import normalise
from rules.pack import load_pack
from rules.rulebook import Rulebook
from tools.bench_triage import triage_rows

ROOT = Path(__file__).resolve().parent.parent
PACK = ROOT / "rules" / "packs" / "demo"
REAL = ROOT.parent / "shared" / "data" / "message_stream.csv"
ROUNDS = 3

Text = tuple[str, str]  # title, text


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the median of a few rounds."""

    name: str
    per_second: float
    note: str


def texts(count: int, seed: int = 1) -> tuple[str, list[Text]]:
    """Return where the posts come from, and `count` of them."""
    if REAL.exists():
        with REAL.open(encoding="utf-8", newline="") as file:
            rows = [(row["title"], row["detail"]) for row in islice(csv.DictReader(file), count)]
        return "real messages", rows
    made = [json.loads(line) for line in POSTS.read_text("utf-8").splitlines()]
    pick = random.Random(seed)  # noqa: S311 - a bench wants the same posts every time
    return "demo posts", [(post["title"], post["text"]) for post in pick.choices(made, k=count)]


def measured(work: Callable[[], object], count: int) -> float:
    """Return items per second, the median of a few rounds after one to warm up."""
    work()
    speeds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        speeds.append(count / (time.perf_counter() - started))
    return statistics.median(speeds)


def stage_rows(book: Rulebook, posts: Sequence[Text]) -> list[Row]:
    """Return the rows of the stages that need no database."""
    count = len(posts)
    normal = [normalise(f"{title}\n{text}").text for title, text in posts]
    terms = sorted({term for lexicon in book.pack.lexicons for term in lexicon.terms})
    automaton = ahocorasick_rs.AhoCorasick(terms)
    scans = [book.scan(title, text) for title, text in posts]
    features = [book.complete(RuleKind.SEVERITY, scan.features) for scan in scans]
    rows = [
        Row(
            "raw scan",
            measured(lambda: [automaton.find_matches_as_indexes(text) for text in normal], count),
            f"the automaton library alone, {len(terms)} terms, normalised text given",
        ),
        Row("normalise", measured(lambda: [normalise(text) for _, text in posts], count), "text alone"),
        Row(
            "scan + spans",
            measured(lambda: [book.scan(title, text).hits for title, text in posts], count),
            "normalise, all terms, signals with spans, topics, places",
        ),
        Row(
            "scan + spans + words",
            measured(lambda: [book.scan(title, text, word_starts).hits for title, text in posts], count),
            "the same with word boundaries where a rule asks for them",
        ),
        Row(
            "reference",
            measured(lambda: [book.evaluate(RuleKind.SEVERITY, values) for values in features], count),
            f"{len(book.rules(RuleKind.SEVERITY))} rules, features given",
        ),
    ]
    with Engine(book) as engine:
        rows.append(
            Row(
                "engine",
                measured(lambda: engine.evaluate_many(RuleKind.SEVERITY, features), count),
                "durable-rules in its child, same rules, features given",
            )
        )
    return rows


def show(rows: Sequence[Row]) -> None:
    """Print the rows with their ratio to the first one."""
    base = rows[0].per_second
    for row in rows:
        print(f"{row.name:<28}{row.per_second:>12,.0f}/s {row.per_second / base:>8.3f}  {row.note}")


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--postgres", help="address of an empty PostgreSQL database for the triage row")
    options = parser.parse_args()
    loaded = load_pack(PACK)
    if loaded.pack is None:
        sys.exit("the demo pack does not load: flask --app wsgi rules check rules/packs/demo")
    source, posts = texts(options.posts)
    average = statistics.mean(len(title) + len(text) for title, text in posts)
    print(f"{len(posts)} {source}, {average:.0f} characters on average, median of {ROUNDS} rounds, one core")
    rows = stage_rows(Rulebook(loaded.pack), posts)
    rows += [Row(*row) for row in triage_rows(posts, options.postgres)]
    show(rows)


if __name__ == "__main__":
    main()
