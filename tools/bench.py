"""`make bench`: posts per second of each stage, all in one run on this machine.

Rows and how to read them: docs/bench.md. Nothing is asserted here: a slow machine is not a fault. Posts are
made from the demo's own texts; where the folder of real messages is there, they are used instead, so that
most posts trip few signals.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from app.demo_posts import POSTS
from rules.model import Pack
from rules.pack import load_pack
from rules.post_text import Prepared, prepare
from rules.rulebook import Rulebook
from tools.bench_compare import WANTED, NoPeers, peers
from tools.bench_packs import bare_pack
from tools.bench_rules import (
    ROUNDS,
    Row,
    Text,
    county_rows,
    features_of,
    generated_rows,
    growth_row,
    reference,
    speeds,
    verdicts,
)
from tools.bench_triage import triage_rows

ROOT = Path(__file__).resolve().parent.parent
PACK = ROOT / "rules" / "packs" / "demo"
REAL = ROOT.parent / "shared" / "data" / "message_stream.csv"
RULES = 300
SIZES = (100, 1_000, 10_000)
COMPARED = 300  # posts that peers judge: the slowest manages 70 a second


def texts(count: int, seed: int = 1) -> tuple[str, list[Text]]:
    """Return where the posts come from, and `count` of them."""
    if REAL.exists():
        with REAL.open(encoding="utf-8", newline="") as file:
            rows = [(row["title"], row["detail"]) for row in islice(csv.DictReader(file), count)]
        return "real messages", rows
    made = [json.loads(line) for line in POSTS.read_text("utf-8").splitlines()]
    pick = random.Random(seed)  # noqa: S311 - a bench wants the same posts every time
    return "demo posts", [(post["title"], post["text"]) for post in pick.choices(made, k=count)]


def show(heading: str, rows: Sequence[Row]) -> None:
    """Print rows with their ratio to the first one."""
    print(f"\n{heading}")
    base = rows[0].per_second
    for row in rows:
        print(
            f"{row.name:<28}{row.per_second:>12,.0f}/s {row.per_second / base:>8.3f}  {row.note}", flush=True
        )


def peer_lines(county: Pack, prepared: Sequence[Prepared]) -> Iterator[str]:
    """Yield the reference beside each peer: same rules, posts and features."""
    book = Rulebook(bare_pack(county, RULES))
    features = features_of(book, prepared[:COMPARED])
    ours, bare = speeds([reference(book, features), verdicts(book, features)], len(features))
    yield f"{'reference':<28}{ours:>12,.0f}/s  with a reason for every condition; {len(features)} posts"
    yield f"{'reference, rules only':<28}{bare:>12,.0f}/s  which rules fired, as the peers tell it"
    try:
        for peer in peers(book, features):
            equal = "equal verdicts" if peer.equal else "OTHER VERDICTS"
            slower = f"reference {ours / peer.per_second:.1f} times, rules only {bare / peer.per_second:.1f}"
            name = f"{peer.name} {peer.version}"
            yield f"{name:<28}{peer.per_second:>12,.0f}/s  {slower}, wanted {WANTED[peer.name]}; {equal}"
    except NoPeers as reason:
        yield f"{'peers':<28} not run: {reason}"


def growth_lines(
    county: Pack, posts: Sequence[Text], prepared: Sequence[Prepared], sizes: Sequence[int]
) -> Iterator[str]:
    """Yield the table of what more rules cost."""
    yield f"{'rules':>7}{'raw scan':>12}{'scan + spans':>14}{'ratio':>8}{'reference':>12}{'as shipped':>12}"
    for rules in sizes:
        yield growth_row(county, posts, prepared, rules)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument(
        "--postgres", help="address of an empty PostgreSQL database; else one is started here"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="rules of the packs of the table")
    parser.add_argument(
        "--only", choices=("rules", "peers", "growth", "triage"), help="one part of the bench"
    )
    options = parser.parse_args()
    county = load_pack(PACK).pack
    if county is None:
        sys.exit("the demo pack does not load: flask --app wsgi rules check rules/packs/demo")
    source, posts = texts(options.posts)
    average = statistics.mean(len(title) + len(text) for title, text in posts)
    print(f"{len(posts)} {source}, {average:.0f} characters on average; best of {ROUNDS} rounds, one core")
    prepared = [prepare(*post) for post in posts]
    parts = (options.only,) if options.only else ("rules", "peers", "growth", "triage")
    if "rules" in parts:
        show(f"A pack of {RULES} generated rules", generated_rows(county, prepared, RULES))
        show("The demo county", county_rows(county, posts, prepared))
    if "peers" in parts:
        print(f"\nThe same {RULES} rules, posts and features")
        for line in peer_lines(county, prepared):
            print(line, flush=True)
    if "growth" in parts:
        print(
            "\nWhat more rules cost: posts per second (as shipped: the demo county with so many rules more)"
        )
        for line in growth_lines(county, posts, prepared, options.sizes):
            print(line, flush=True)
    if "triage" in parts:
        show("Intake and whole triage", [Row(*row) for row in triage_rows(posts, options.postgres)])


if __name__ == "__main__":
    main()
