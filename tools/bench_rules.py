"""Rows of `make bench` that need no database: scanning, judging, both together, by any rulebook."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from casework.tokens import word_starts
from casework.understanding.inputs import PostText
from casework.understanding.propose import make_ready, propose
from rules.engine import Engine
from rules.errors import EngineFailed
from rules.model import Pack, RuleKind, Scalar
from rules.post_text import Prepared, prepare
from rules.rulebook import Rulebook
from tools.bench_packs import bare_pack, county_pack, terms_of

ROUNDS = 7
PIECE = 25  # posts between two looks at the clock
ENGINE_RULES = 1_000  # with more, durable-rules takes minutes to load them
SEVERITY = RuleKind.SEVERITY
READS = (0, 500, 1500)  # what posts are given besides their text

Text = tuple[str, str]  # title, text


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: posts per second."""

    name: str
    per_second: float
    note: str


def speeds(works: Sequence[Callable[[slice], object]], count: int) -> list[float]:
    """Return posts per second of works that are to be compared.

    They take turns every few posts, and of each few posts the best round counts: what other programs of the
    machine took away for a moment is taken from none of them.

    Args:
        works: each does those of the posts that the slice names.
        count: of posts.
    """
    gc.collect()
    gc.freeze()  # as the worker's child does: rules and dictionaries are never garbage
    best = [[float("inf")] * len(works) for _ in range(0, count, PIECE)]
    for _ in range(ROUNDS):
        for number, start in enumerate(range(0, count, PIECE)):
            for index, work in enumerate(works):
                started = time.perf_counter()
                work(slice(start, start + PIECE))
                took = time.perf_counter() - started
                best[number][index] = min(best[number][index], took)
    spent = [sum(took) for took in zip(*best, strict=True)]
    return [count / seconds for seconds in spent]


def raw_scan(terms: Sequence[str], posts: Sequence[Prepared]) -> Callable[[slice], object]:
    """Return the automaton library as it comes, on folded texts."""
    automaton = ahocorasick_rs.AhoCorasick(terms)
    return lambda piece: [automaton.find_matches_as_indexes(post.text) for post in posts[piece]]


def scan_spans(book: Rulebook, posts: Sequence[Prepared]) -> Callable[[slice], object]:
    """Return the whole signal layer on prepared posts; hits come with their spans."""
    return lambda piece: [book.scan_prepared(post).hits for post in posts[piece]]


def reference(book: Rulebook, features: Sequence[dict[str, Scalar]]) -> Callable[[slice], object]:
    """Return the reference on features."""
    return lambda piece: [book.evaluate(SEVERITY, values) for values in features[piece]]


def verdicts(book: Rulebook, features: Sequence[dict[str, Scalar]]) -> Callable[[slice], object]:
    """Return the reference on features, asked only which rules fire."""
    judge = book.reference(SEVERITY)
    return lambda piece: [judge.fired(values) for values in features[piece]]


def as_shipped(book: Rulebook, engine: Engine, posts: Sequence[Text]) -> Callable[[slice], object]:
    """Return what a worker does with texts: the proposal, then the engine's findings beside it."""

    def judge(piece: slice) -> int:
        proposals = [propose(PostText(*post), book, words=word_starts) for post in posts[piece]]
        verdicts = engine.evaluate_many(
            SEVERITY, [one.features for one in proposals], known=[one.findings for one in proposals]
        )
        return sum(isinstance(verdict, EngineFailed) for verdict in verdicts)

    return judge


def as_proposed(book: Rulebook, posts: Sequence[Text]) -> Callable[[slice], object]:
    """Return the same without the engine."""
    return lambda piece: [propose(PostText(*post), book, words=word_starts) for post in posts[piece]]


def features_of(book: Rulebook, posts: Iterable[Prepared]) -> list[dict[str, Scalar]]:
    """Return what the rules are told of each post: its signals and some number of reads."""
    pick = random.Random(1)  # noqa: S311 - the same every time
    return [{**book.scan_prepared(post).features, "reads": pick.choice(READS)} for post in posts]


def generated_rows(county: Pack, posts: Sequence[Prepared], rules: int) -> list[Row]:
    """Return raw scan, scan + spans, reference and engine for a pack of nothing but generated rules."""
    book = Rulebook(bare_pack(county, rules))
    terms = terms_of(book.pack)
    features = features_of(book, posts)
    raw, spans, judged = speeds(
        [raw_scan(terms, posts), scan_spans(book, posts), reference(book, features)], len(posts)
    )
    hits = statistics.mean(len(values) - 1 for values in features)
    fired = statistics.mean(len(book.reference(SEVERITY).fired(values)) for values in features)
    return [
        Row("raw scan", raw, f"automaton library as it comes, {len(terms):,} terms, folded text"),
        Row("scan + spans", spans, f"prepared text; {hits:.1f} signals a post, each with its spans"),
        Row("reference", judged, f"features given; {fired:.1f} findings a post, with reasons"),
    ]


def county_rows(county: Pack, posts: Sequence[Text], prepared: Sequence[Prepared]) -> list[Row]:
    """Return the same and more for the whole demo county."""
    book = Rulebook(county)
    make_ready(book)
    terms = sorted({term for lexicon in county.lexicons for term in lexicon.terms})
    features = features_of(book, prepared)
    with Engine(book) as engine:
        raw, folded, spans, judged, second, both = speeds(
            [
                raw_scan(terms, prepared),
                lambda piece: [prepare(*post) for post in posts[piece]],
                scan_spans(book, prepared),
                reference(book, features),
                lambda piece: engine.evaluate_many(SEVERITY, features[piece]),
                as_shipped(book, engine, posts),
            ],
            len(posts),
        )
    rules = len(book.rules(SEVERITY))
    return [
        Row("raw scan, demo", raw, f"{len(terms):,} terms of its lexicons, folded text"),
        Row("normalise", folded, "title and text folded, way back, letters joined"),
        Row("scan + spans, demo", spans, "prepared text; signals, topics, places, units"),
        Row("reference, demo", judged, f"{rules} rules, features given"),
        Row("engine, demo", second, "durable-rules in its child, same rules and features"),
        Row("as shipped, demo", both, "text in; proposal and both verdicts out, words split where asked"),
    ]


def growth_row(county: Pack, posts: Sequence[Text], prepared: Sequence[Prepared], rules: int) -> str:
    """Return a line of the table that shows what more rules cost."""
    raw, spans, judged = generated_rows(county, prepared, rules)
    book = Rulebook(county_pack(county, rules))
    make_ready(book)
    if rules <= ENGINE_RULES:
        with Engine(book) as engine:
            (both,) = speeds([as_shipped(book, engine, posts)], len(posts))
        shipped = f"{both:>12,.0f}"
    else:
        (alone,) = speeds([as_proposed(book, posts)], len(posts))
        shipped = f"{alone:>11,.0f}*"
    return (
        f"{rules:>7,}{raw.per_second:>12,.0f}{spans.per_second:>14,.0f}"
        f"{spans.per_second / raw.per_second:>8.2f}{judged.per_second:>12,.0f}{shipped}   {spans.note}"
    )
