"""Packs for the bench: any number of rules over lists of Chinese words, the same every time.

The words are those of jieba's public dictionary; nothing is taken from messages.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from rules.model import (
    AllOf,
    Condition,
    Grade,
    Label,
    Location,
    Op,
    Pack,
    Rule,
    RuleKind,
    RuleStatus,
    Signal,
    SignalKind,
    Terms,
    Test,
)

FEWEST_TERMS, MOST_TERMS = 3, 8
COMMON, RARE = range(300, 3001), range(3, 300)
"""Frequencies of words in jieba's corpus. 300 rules of common words hit a message four times, as they did
when the anchors were measured; what further rules look for is rarer, as in any list of words that grows."""
COMMON_RULES = 300  # rules over common words
SHORTEST, LONGEST = 2, 4  # characters of a word
READS = 1000  # every third rule asks for this many reads besides its words
_AT = Location("generated", 1, 1)


@cache
def _words(frequencies: range) -> tuple[str, ...]:
    """Return the words that terms are drawn from."""
    spec = find_spec("jieba")
    assert spec is not None  # noqa: S101 - a requirement of the project
    assert spec.origin is not None  # noqa: S101
    lines = (Path(spec.origin).parent / "dict.txt").read_text("utf-8").splitlines()
    entries = (line.split(" ") for line in lines)
    return tuple(
        word
        for word, frequency, *_ in entries
        if SHORTEST <= len(word) <= LONGEST
        and int(frequency) in frequencies
        and all("\u4e00" <= char <= "\u9fff" for char in word)
    )


def bare_pack(county: Pack, rules: int) -> Pack:
    """Return a pack of nothing but so many rules, each over a list of terms of its own."""
    signals, severity = _generated(rules)
    nothing = replace(county, lexicons=(), topics=(), places=(), units=())
    return replace(nothing, signals=signals, severity=severity)


def county_pack(county: Pack, rules: int) -> Pack:
    """Return the county's whole pack with so many rules more."""
    signals, severity = _generated(rules)
    return replace(county, signals=(*county.signals, *signals), severity=(*county.severity, *severity))


def terms_of(pack: Pack) -> list[str]:
    """Return every different term of a generated pack."""
    return sorted({term for s in pack.signals if isinstance(s.match, Terms) for term in s.match.terms})


def _generated(rules: int) -> tuple[tuple[Signal, ...], tuple[Rule, ...]]:
    pick = random.Random(rules)  # noqa: S311 - a bench wants the same rules every time
    common, rare = (iter(pick.sample(pool, len(pool))) for pool in (_words(COMMON), _words(RARE)))
    signals = []
    for number in range(rules):
        source = common if number < COMMON_RULES else rare
        terms = tuple(islice(source, pick.randint(FEWEST_TERMS, MOST_TERMS)))
        signals.append(_signal(number, terms))
    return tuple(signals), tuple(_rule(number) for number in range(rules))


def _signal(number: int, terms: tuple[str, ...]) -> Signal:
    return Signal(
        id=f"said_{number}",
        title=Label(f"词表 {number}", f"List {number}"),
        kind=SignalKind.FLAG,
        match=Terms(terms, (), whole_word=False, at=_AT),
        skip_negated=False,
        title_only=False,
        at=_AT,
    )


def _rule(number: int) -> Rule:
    said: Condition = Test(f"said_{number}", Op.IS, value=True, at=_AT)
    spread: Condition = Test("reads", Op.AT_LEAST, READS, _AT)
    return Rule(
        id=f"rule_{number}",
        kind=RuleKind.SEVERITY,
        title=Label(f"规则 {number}", f"Rule {number}"),
        status=RuleStatus.ACTIVE,
        owner="bench",
        source="bench",
        when=AllOf((said, spread), _AT) if number % 3 == 0 else said,
        unless=None,
        priority=0,
        grade=tuple(Grade)[number % 3],
        concludes=None,
        dismisses=None,
        points=(),
        effective_from=None,
        effective_to=None,
        examples=(),
        at=_AT,
    )
