"""Explained rules as frozen values: every condition with the value seen, in words. `explain` makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.model import Label, RuleKind


class Part(StrEnum):
    """What a line of an explained condition is."""

    TEST = "test"
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class ExplainedTest:
    """One comparison.

    Attributes:
        op, expected, seen: as the rule and the features have them.
        holds: as it stands in the rule.
        wanted: False where it stands under `not` or `unless`: the rule wants it not to hold.
        met: it is as the rule wants it.
        missing: of a rule that did not fire: one of the conditions that it is short of.
        is_exception: it stands under `unless`.
        words: what is asked, turned round where it is not wanted.
        seen_words: the value that was seen.
        set_by: ids of the rules that conclude this feature; empty for what is known of the post.
    """

    feature: str
    op: str
    expected: str
    seen: str
    holds: bool
    wanted: bool
    met: bool
    missing: bool
    is_exception: bool
    words: Label
    seen_words: Label
    set_by: tuple[str, ...]

    @property
    def part(self) -> Part:
        """Return that it is a comparison."""
        return Part.TEST


@dataclass(frozen=True, slots=True)
class ExplainedGroup:
    """Several conditions of which all or any must be met, as the rule wants them; see `ExplainedTest`."""

    part: Part
    met: bool
    missing: bool
    is_exception: bool
    words: Label
    members: tuple[ExplainedCondition, ...]


ExplainedCondition = ExplainedTest | ExplainedGroup


@dataclass(frozen=True, slots=True)
class ExplainedRule:
    """A rule on one set of features.

    Attributes:
        clause: what the rule stands on (依据).
        conclusion: as in a finding, e.g. grade=major.
        unmet: conditions that it is short of, 0 where it fired; being out of its dates counts as one.
        in_effect: the date lies within the rule's dates of effect.
    """

    rule: str
    title: Label
    clause: str
    owner: str
    priority: int
    conclusion: str
    conclusion_words: Label
    fired: bool
    unmet: int
    in_effect: bool
    effective_from: date | None
    effective_to: date | None
    condition: ExplainedCondition


@dataclass(frozen=True, slots=True)
class SeenFeature:
    """A feature that differs from its default, with the value that the rules saw."""

    feature: str
    value: str
    name: Label
    words: Label


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the rules of one kind of a pack make of one set of features.

    Attributes:
        pack: its reference.
        on: date for dates of effect; None ignores those.
        evaluated: rules that were asked.
        fired: in the order of findings.
        nearest: rules that did not fire, the nearest first, at most `explain.MOST_MISSES`.
        not_fired: how many there are in all.
        seen: features that differ from their defaults, by name; named conclusions included.
    """

    pack: str
    kind: RuleKind
    on: date | None
    evaluated: int
    fired: tuple[ExplainedRule, ...]
    nearest: tuple[ExplainedRule, ...]
    not_fired: int
    seen: tuple[SeenFeature, ...]


def comparisons_in(condition: ExplainedCondition) -> Iterator[ExplainedTest]:
    """Yield every comparison of an explained condition, as they stand."""
    if isinstance(condition, ExplainedTest):
        yield condition
    else:
        for member in condition.members:
            yield from comparisons_in(member)
