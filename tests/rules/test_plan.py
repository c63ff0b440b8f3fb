"""Only those signals are asked that may hit, and a short look before a long one changes nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rules.model import Combine, Label, Location, Matcher, Near, Pack, Quantifier, Signal, SignalKind, Terms
from rules.negation import is_taken_back
from rules.plan import Plan
from rules.post import Post, Spot
from tests.rules.tiny import tiny_pack

AT = Location("generated", 1, 1)
LETTERS = "拆迁款人没有如果。，"
BASE = replace(tiny_pack(), topics=(), places=(), units=(), lexicons=())


def _terms(pick: Random) -> Terms:
    terms = {"".join(pick.choices(LETTERS[:4], k=pick.randint(1, 3))) for _ in range(pick.randint(1, 3))}
    return Terms(tuple(sorted(terms)), (), whole_word=False, at=AT)


def _matcher(pick: Random, depth: int) -> Matcher:
    if not depth or pick.random() < 0.3:
        return _terms(pick)
    if pick.random() < 0.4:
        sides = (_matcher(pick, depth - 1 if pick.random() < 0.3 else 0) for _ in "ab")
        ordered, same_sentence = pick.random() < 0.5, pick.random() < 0.5
        return Near(*sides, pick.randint(0, 6), same_sentence, ordered, AT)
    members = tuple(_matcher(pick, depth - 1) for _ in range(pick.randint(1, 4)))
    quantifier = pick.choice(list(Quantifier))
    return Combine(quantifier, pick.randint(1, len(members)), members, AT)


def pack_of(seed: int) -> Pack:
    """Return a pack of signals that combine lists of terms in every way."""
    pick = Random(seed)  # noqa: S311 - the same pack for the same seed
    signals = tuple(
        Signal(
            f"s{number}",
            Label("甲", "a"),
            SignalKind.FLAG,
            _matcher(pick, 3),
            skip_negated=pick.random() < 0.5,
            title_only=pick.random() < 0.1,
            at=AT,
        )
        for number in range(6)
    )
    return replace(BASE, signals=signals)


def post_of(plan: Plan, title: str, text: str) -> Post:
    """Return a post in which every term of the plan was looked for at every place."""
    whole = f"{title}\n{text}" if title else text
    terms = sorted({term for leaf in plan.leaves.terms.values() for term in leaf.terms})
    leaves = [tuple(n for n, leaf in plan.leaves.terms.items() if term in leaf.terms) for term in terms]
    plain = {
        number: places
        for number, term in enumerate(terms)
        if (places := [(at, at + len(term)) for at in range(len(whole)) if whole.startswith(term, at)])
    }
    post = Post(whole, len(title), None)
    post.file_terms(plain, {}, leaves)
    return post


TEXTS = st.text(alphabet=LETTERS, max_size=30)


@given(st.integers(0, 100_000), st.text(alphabet=LETTERS[:4], max_size=5), TEXTS)
def test_asking_few_signals_finds_what_asking_all_finds(seed: int, title: str, text: str):
    plan = Plan(pack_of(seed))
    fresh = [post_of(plan, title, text) for _ in plan.signals]

    all_asked = {n for n, one in enumerate(plan.signals) if one.finder.holds(fresh[n])}

    assert plan.signals_of(post_of(plan, title, text)) == all_asked


def stands_near(post: Post, match: Near) -> bool:
    """Return whether two words that nothing takes back stand near each other, by looking at every two."""

    def places(side: Matcher) -> list[Spot]:
        assert isinstance(side, Terms)
        found = [
            Spot(n, n + len(t))
            for t in side.terms
            for n in range(len(post.text))
            if post.text.startswith(t, n)
        ]
        return [spot for spot in found if not is_taken_back(post.text, *spot[:2])]

    def near(one: Spot, other: Spot) -> bool:
        between = post.text[one.start : other.start]
        is_close = 0 <= other.start - one.end <= match.within and post.share_part(one, other)
        return is_close and not (match.same_sentence and "。" in between)

    ones, others = places(match.first), places(match.second)
    pairs = [(one, other) for one in ones for other in others]
    return any(near(*pair) or (not match.ordered and near(*pair[::-1])) for pair in pairs)


@given(st.integers(0, 100_000), st.text(alphabet=LETTERS[:4], max_size=5), TEXTS)
def test_words_stand_near_each_other_where_two_that_nothing_takes_back_do(seed: int, title: str, text: str):
    pick = Random(seed)  # noqa: S311 - the same matcher for the same seed
    match = Near(_terms(pick), _terms(pick), pick.randint(0, 6), pick.random() < 0.5, pick.random() < 0.5, AT)
    signal = Signal("s", Label("甲", "a"), SignalKind.FLAG, match, skip_negated=True, title_only=False, at=AT)
    plan = Plan(replace(BASE, signals=(signal,)))
    post = post_of(plan, title, text)

    assert plan.signals_of(post) == ({0} if stands_near(post, match) else set())
