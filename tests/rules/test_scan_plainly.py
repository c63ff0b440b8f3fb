"""The scanner finds what a slow and plain search finds: term by term, place by place."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rules.model import Combine, Hit, Label, Location, Pack, Quantifier, Signal, SignalKind, Span, Terms
from rules.normalise import letters, normalise
from rules.post_text import prepare, prepare_folded
from rules.signals import compile_signals
from tests.rules.tiny import tiny_pack

AT = Location("generated", 1, 1)
LETTERS = "拆迁补偿款人"
BASE = replace(tiny_pack(), topics=(), places=(), units=(), lexicons=())
Found = dict[str, tuple[set[tuple[int, int]], set[tuple[int, int]]]]


def pack_of(seed: int) -> Pack:
    """Return a pack of lists that share terms, some read in the title alone, some inside another matcher."""
    pick = Random(seed)  # noqa: S311 - the same pack for the same seed
    signals = []
    for number in range(pick.randint(1, 8)):
        terms = {"".join(pick.choices(LETTERS, k=pick.randint(1, 3))) for _ in range(pick.randint(1, 4))}
        match = Terms(tuple(sorted(terms)), (), whole_word=False, at=AT)
        within = Combine(Quantifier.ANY, 0, (match,), AT) if pick.random() < 0.3 else match
        signals.append(
            Signal(
                f"s{number}",
                Label("甲", "a"),
                SignalKind.FLAG,
                within,
                skip_negated=False,
                title_only=pick.random() < 0.2,
                at=AT,
            )
        )
    return replace(BASE, signals=tuple(signals))


def plain_hits(pack: Pack, title: str, text: str) -> tuple[Hit, ...]:
    """Return the hits by looking for every term at every place; title and text need no folding."""
    whole = f"{title}\n{text}" if title else text
    joined, back = letters(whole) or (whole, range(len(whole)))
    hits = []
    for signal in pack.signals:
        match = signal.match.members[0] if isinstance(signal.match, Combine) else signal.match
        assert isinstance(match, Terms)
        open_, torn = set(), set()
        for term in match.terms:
            size = len(term)
            open_ |= {(at, at + size) for at in range(len(whole)) if whole.startswith(term, at)}
            places = [at for at in range(len(joined)) if joined.startswith(term, at)]
            torn |= {
                (back[at], back[at + size - 1] + 1) for at in places if back[at + size - 1] - back[at] >= size
            }
        torn = {(a, b) for a, b in torn if not a < len(title) < b}
        if signal.title_only:
            open_, torn = ({p for p in found if p[0] < len(title)} for found in (open_, torn))
        if open_ or torn:
            spans = tuple(_span(place, len(title)) for place in sorted(open_ | torn))
            hits.append(Hit(signal.id, value=True, spans=spans, hidden=not open_))
    return tuple(hits)


def _span(place: tuple[int, int], title: int) -> Span:
    start, end = place
    offset = title + 1 if title else 0
    return Span(start, end, "title") if start < title else Span(start - offset, end - offset)


TEXTS = st.text(alphabet=LETTERS + "*·，。 /", max_size=40)


@given(st.integers(0, 500), st.text(alphabet=LETTERS + "*，", max_size=6), TEXTS)
def test_every_hit_stands_where_a_plain_search_finds_it(seed: int, title: str, text: str):
    pack = pack_of(seed)
    title, text = normalise(title).text, normalise(text).text
    scan = compile_signals(pack).scan(title, text)

    assert scan.hits == plain_hits(pack, title, text)
    assert scan.features == {hit.signal: True for hit in scan.hits}


@given(st.integers(0, 500), TEXTS, TEXTS)
def test_a_post_made_ready_from_its_folded_text_gives_the_same_hits(seed: int, title: str, text: str):
    scanner = compile_signals(pack_of(seed))
    first = scanner.scan_prepared(prepare(title, text))
    again = scanner.scan_prepared(prepare_folded(first.folded, first.title_length))

    assert [hit[:2] for hit in again.hits] == [hit[:2] for hit in first.hits]
    assert again[5:] == first[5:]


@given(st.integers(0, 500), TEXTS, TEXTS)
def test_signals_that_are_not_shown_hit_like_others_and_tell_where_only_when_asked(
    seed: int, title: str, text: str
):
    pack = pack_of(seed)
    kept = replace(pack, signals=tuple(replace(signal, is_shown=False) for signal in pack.signals))
    shown, scanner = compile_signals(pack).scan(title, text), compile_signals(kept)
    scan = scanner.scan(title, text)

    assert scan.hits == tuple(hit._replace(spans=(), hidden=False) for hit in shown.hits)
    assert scan[1:] == shown[1:]
    assert scanner.scan(title, text, everywhere=True) == shown
