"""The cheap look at a matcher never rules out what it would find, and its two answers always agree."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules.model import Combine, Label, Location, Matcher, Near, Quantifier, Signal, SignalKind, Terms
from rules.plan import Plan
from rules.post import Post, Range
from tests.rules.tiny import tiny_pack

AT = Location("generated", 1, 1)
LETTERS = "拆迁补偿"
BASE = replace(tiny_pack(), topics=(), places=(), units=(), lexicons=())
LEAVES = st.sampled_from(LETTERS).map(lambda letter: Terms((letter,), (), whole_word=False, at=AT))


def _nested(inner: st.SearchStrategy[Matcher]) -> st.SearchStrategy[Matcher]:
    members = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(
            lambda kind, of: Combine(kind, min(2, len(of)), of, AT), st.sampled_from(Quantifier), members
        ),
        st.builds(
            lambda first, second, within, ordered, same: Near(
                first, second, within=within, same_sentence=same, ordered=ordered, at=AT
            ),
            inner,
            inner,
            st.integers(0, 4),
            st.booleans(),
            st.booleans(),
        ),
    )


MATCHERS = st.recursive(LEAVES, _nested, max_leaves=6)


def _filed(text: str, plan: Plan) -> Post:
    """Return a post in which every letter is filed under the leaves that want it."""
    post = Post(text, 0, None)
    plain: dict[int, list[Range]] = {}
    for at, letter in enumerate(text):
        if letter in LETTERS:
            plain.setdefault(LETTERS.index(letter), []).append((at, at + 1))
    leaves = [
        tuple(leaf for leaf, terms in plan.leaves.terms.items() if letter in terms.terms)
        for letter in LETTERS
    ]
    post.file_terms(plain, {}, leaves)
    return post


SIGNALS = st.builds(
    lambda matcher, skip: Signal(
        "s", Label("甲", "a"), SignalKind.FLAG, matcher, skip_negated=skip, title_only=False, at=AT
    ),
    MATCHERS,
    st.booleans(),
)


@given(SIGNALS, st.text(alphabet=LETTERS + "没有，。", max_size=12))
def test_what_may_not_hold_is_found_nowhere(signal: Signal, text: str):
    plan = Plan(replace(BASE, signals=(signal,)))
    finder = plan.signals[0].finder

    holds = finder.holds(_filed(text, plan))

    assert finder.may_hold(_filed(text, plan)) or not holds
    assert (finder.find(_filed(text, plan)) is not None) == holds
