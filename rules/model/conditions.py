"""What it means: conditions over features, and the rules that conclude from them. They evaluate nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.model.words import Grade, Label, Location

Scalar = bool | int | Decimal | str


class Op(StrEnum):
    """Comparisons of the rule language."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    ONE_OF = "one_of"


@dataclass(frozen=True, slots=True)
class Test:
    """One typed comparison of one feature with a constant."""

    feature: str
    op: Op
    value: Scalar | tuple[Scalar, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class AllOf:
    """True where every member is true."""

    members: tuple[Condition, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where at least one member is true."""

    members: tuple[Condition, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Not:
    """True where the member is false."""

    member: Condition
    at: Location


Condition = Test | AllOf | AnyOf | Not


ASK_PERSON = "ask_person"
"""Conclusion with which a rule asks that a person decides; casework reads it."""


class RuleKind(StrEnum):
    """Which set of rules, and so which vocabulary and conclusion, a rule belongs to."""

    SEVERITY = "severity"
    SCORING = "scoring"


class RuleStatus(StrEnum):
    """Only active rules are evaluated."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Example:
    """A text (through the whole signal layer) or bare features, and whether the rule must match."""

    text: str | None
    features: tuple[tuple[str, Scalar], ...]  # added to, or instead of, those of the text
    matches: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Exactly one of grade, concludes, dismisses and points is set."""

    id: str
    kind: RuleKind
    title: Label
    status: RuleStatus
    owner: str
    source: str  # the clause (依据) that the rule stands on
    when: Condition
    unless: Condition | None
    priority: int
    grade: Grade | None
    concludes: str | None  # a named conclusion: a boolean feature of later strata
    dismisses: str | None  # key of a dismissal reason
    points: tuple[tuple[str, Decimal], ...]  # (grade key or "any", points)
    effective_from: date | None
    effective_to: date | None  # half-open
    examples: tuple[Example, ...]
    at: Location
