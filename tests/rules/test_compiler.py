from __future__ import annotations

from random import Random

import pytest

from rules.compiler import (
    MOST_PATHS_A_SHARD,
    MOST_PROPERTIES_A_SHARD,
    compile_rules,
    conjunctions_of,
    fault_of,
)
from rules.errors import EngineLimit
from rules.model import RuleKind
from rules.vocabulary import of_pack
from tests.rules.generated import generated_pack
from tests.rules.tiny import severity, tiny_pack


def fnv_1a(name: str) -> int:
    """Return the 32-bit hash by which the engine tells properties apart."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 % 2**32
    return value


def test_no_two_properties_share_a_hash_and_none_is_a_word_of_the_engine():
    ours = [f"p{n}" for n in range(MOST_PROPERTIES_A_SHARD)]
    engines = ["id", "sid", "$s", "$m", "m", "s", "c", "label", "chart", "running", "exception"]

    assert len({fnv_1a(name) for name in ours + engines}) == len(ours) + len(engines)


@pytest.mark.parametrize("seed", range(5))
def test_shards_keep_the_limits_of_the_engine_and_lose_no_rule(seed: int):
    pack = generated_pack(Random(seed), rules=90, flags=150)  # noqa: S311 - no secret
    for kind in RuleKind:
        program = compile_rules(pack, kind)
        shards = [shard for layer in program.strata for shard in layer]
        words = of_pack(pack, kind)
        rules = pack.severity if kind is RuleKind.SEVERITY else pack.scoring
        active = [rule for rule in rules if rule.status == "active"]
        wanted = sum(len(conjunctions_of(rule, words)) for rule in active)

        assert all(len(shard.conjunctions) <= MOST_PATHS_A_SHARD for shard in shards)
        assert all(len(shard.columns) <= MOST_PROPERTIES_A_SHARD for shard in shards)
        assert sum(len(shard.conjunctions) for shard in shards) == wanted


def test_a_rule_with_too_many_alternatives_is_refused_with_advice():
    flags = [f"{{id: s{n}, title: {{zh: 甲, en: a}}, terms: [词语{n}]}}" for n in range(40)]
    pairs = ", ".join(f"{{any: [{{s{n}: true}}, {{s{n + 1}: true}}]}}" for n in range(0, 40, 2))
    pack = tiny_pack(
        signals="signals:\n" + "\n".join(f"  - {flag}" for flag in flags),
        severity=severity(f"id: wide, when: {{all: [{pairs}]}}, grade: major"),
    )
    words = of_pack(pack, RuleKind.SEVERITY)
    fault = fault_of(pack.severity[0], words)

    assert fault is not None
    assert "concludes" in fault.en
    with pytest.raises(EngineLimit):
        compile_rules(pack, RuleKind.SEVERITY)


def test_a_list_of_topics_is_one_way_to_hold():
    topics = "topics:\n" + "\n".join(
        f"  - {{id: t{n}, title: {{zh: 甲, en: a}}, group: 环境保护, class: complaint, "
        f"evidence: [{{weight: 1, terms: [词语{n}]}}]}}"
        for n in range(40)
    )
    odd = ", ".join(f"t{n}" for n in range(1, 40, 2))
    routes = "routes:\n" + "\n".join(
        f"  - {{id: r{n}, topic: t{n}, lead: office, basis_kind: statute, basis: 例}}" for n in range(40)
    )
    pack = tiny_pack(
        topics=topics,
        routing=routes,
        severity=severity(
            f"id: a, when: {{all: [{{topic: {{one_of: [{odd}]}}}}, {{death: true}}]}}, grade: major"
        ),
    )

    assert len(conjunctions_of(pack.severity[0], of_pack(pack, RuleKind.SEVERITY))) == 1


def test_negation_is_compiled_away():
    pack = tiny_pack(
        severity=severity(
            "id: a, grade: major, unless: {thanks: true}, "
            "when: {not: {any: [{death: true}, {people: {at_least: 5}}]}}"
        )
    )
    (conjunction,) = conjunctions_of(pack.severity[0], of_pack(pack, RuleKind.SEVERITY))

    assert [(x.column.feature, x.ask.value, x.value) for x in conjunction.literals] == [
        ("death", "$eq", 0),
        ("people", "$lte", 4),
        ("thanks", "$eq", 0),
    ]
