"""A compiled program as plain JSON for the child, and features as the numbers that it compares."""

from __future__ import annotations

from typing import TypedDict

from rules.compiler import Column, Program, Shard
from rules.conditions import Values
from rules.domains import encoded


class ColumnSpec(TypedDict):
    """A property: the number of `feature` ("" is always 1), or whether it lies in the domain."""

    feature: str
    domain: list[int] | None  # low, high, then the values left out


class ConjunctionSpec(TypedDict):
    """A rule and what all must hold: column, comparison, number."""

    rule: str
    literals: list[tuple[int, str, int]]


class ShardSpec(TypedDict):
    """One ruleset of the engine; property n is column n."""

    columns: list[ColumnSpec]
    conjunctions: list[ConjunctionSpec]


class ProgramSpec(TypedDict):
    """All rules of one kind."""

    defaults: dict[str, int]
    concludes: dict[str, str]
    strata: list[list[ShardSpec]]


def spec_of(program: Program) -> ProgramSpec:
    """Return the program as the child reads it."""
    return ProgramSpec(
        defaults={feature.name: encoded(feature, feature.default) for feature in program.vocabulary},
        concludes=program.concludes,
        strata=[[_shard(shard) for shard in layer] for layer in program.strata],
    )


def changed(program: Program, values: Values) -> dict[str, int]:
    """Return the features that differ from their defaults, as numbers; the child knows the others.

    Args:
        program: whose vocabulary the features are of.
        values: typed features; what they leave out has its default.
    """
    words = program.vocabulary
    return {
        name: 1 if value is True else encoded(words[name], value)
        for name, value in values.items()
        if value != words[name].default
    }


def _shard(shard: Shard) -> ShardSpec:
    return ShardSpec(
        columns=[_column(column) for column in shard.columns],
        conjunctions=[
            ConjunctionSpec(
                rule=conjunction.rule,
                literals=[(shard.columns[x.column], x.ask.value, x.value) for x in conjunction.literals],
            )
            for conjunction in shard.conjunctions
        ],
    )


def _column(column: Column) -> ColumnSpec:
    domain = column.domain
    limits = None if domain is None else [domain.low, domain.high, *sorted(domain.without)]
    return ColumnSpec(feature=column.feature, domain=limits)
