"""Packs at the limits of a shard: many rules that all hold at once, on one fact."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from rules import model
from rules.engine import Engine
from rules.model import AllOf, Condition, Op, Pack, RuleKind
from rules.rulebook import Rulebook
from tests.rules.generated import AT, BASE, LABEL

SEVERITY = RuleKind.SEVERITY


def crowded(random: Random, rules: int, flags: int, width: int) -> Pack:
    """Return a pack of rules that each ask for some of many flags."""
    signals = tuple(
        replace(
            BASE.signals[0],
            id=f"s{n}",
            title=LABEL,
            match=model.Terms((f"词{n}",), (), whole_word=False, at=AT),
        )
        for n in range(flags)
    )
    base = BASE.severity[0]

    def when() -> Condition:
        chosen = random.sample(range(flags), width)
        return AllOf(tuple(model.Test(f"s{n}", Op.IS, value=True, at=AT) for n in chosen), AT)

    severity = tuple(replace(base, id=f"r{n}", when=when(), examples=()) for n in range(rules))
    return replace(BASE, signals=signals, severity=severity)


@pytest.mark.parametrize(("flags", "width"), [(48, 1), (90, 2), (60, 4), (12, 3), (100, 6)])
def test_all_rules_may_hold_at_once(flags: int, width: int):
    random = Random(flags * width)  # noqa: S311 - no secret
    book = Rulebook(crowded(random, 200, flags, width))
    everything = {f"s{n}": True for n in range(flags)}
    most = [{f"s{n}": random.random() < 0.9 for n in range(flags)} for _ in range(20)]
    with Engine(book) as engine:
        found = engine.fired_many(SEVERITY, [everything, {}, everything, *most])

    assert [len(fired) for fired in found[:3]] == [200, 0, 200]
    assert found[3:] == tuple(tuple(sorted(book.reference(SEVERITY).fired(item))) for item in most)
