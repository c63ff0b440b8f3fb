"""What evaluating yields: hits with their places, rules that fired with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rules.model.conditions import RuleKind
from rules.model.words import Label


class Span(NamedTuple):
    """A half-open range of characters of the ORIGINAL text, and the part of the post it is in."""

    start: int
    end: int
    part: str = "text"  # title or text


class Hit(NamedTuple):
    """A signal that a post trips, with where and with which value."""

    signal: str
    value: bool | int
    spans: tuple[Span, ...]  # none of a signal that is not shown
    hidden: bool = False  # only found by taking out marks put between letters: less certain


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a fired rule with the value seen."""

    feature: str
    op: str
    expected: str
    seen: str
    holds: bool
    wanted: bool = True  # False where the rule wants the condition not to hold (under not or unless)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired: what it concludes and on what ground."""

    rule: str
    kind: RuleKind
    pack: str  # Pack.ref
    title: Label
    source: str
    conclusion: str  # e.g. "grade=major", "concludes=group_dispute", "dismisses=praise"
    reasons: tuple[Reason, ...]
