"""What a post says: matchers over its text, and the signals made of them. They search nothing themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.model.words import Label, Location


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A named list of terms, stored as the author wrote them; `signals` normalises them."""

    id: str
    title: str
    terms: tuple[str, ...]
    at: Location


class Quantifier(StrEnum):
    """How many members of a `Combine` must hit."""

    ANY = "any"
    ALL = "all"
    NONE = "none"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Terms:
    """Hit where one of the terms (own and those of the lexicons) stands in the text."""

    terms: tuple[str, ...]
    lexicons: tuple[str, ...]
    whole_word: bool  # only where jieba sees a word boundary on both sides
    at: Location


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hit where the RE2 expression matches the normalised text."""

    regex: str
    at: Location


@dataclass(frozen=True, slots=True)
class Near:
    """Hit where `first` and `second` stand at most `within` normalised characters apart."""

    first: Matcher
    second: Matcher
    within: int
    same_sentence: bool
    ordered: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Number:
    """Hit where a number (digits or Chinese words) stands before one of the unit words."""

    units: tuple[str, ...]
    at_least: int | None
    at_most: int | None
    at: Location


@dataclass(frozen=True, slots=True)
class Places:
    """Hit where the post names one of these places of the gazetteer, or one of these kinds."""

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Days:
    """Hit where a day of the year is written out that lies from `first` to `last` (month x 100 + day)."""

    first: int
    last: int  # included; below `first` where the span runs over the new year
    at: Location


@dataclass(frozen=True, slots=True)
class Combine:
    """Hit where enough members hit; spans are those of the members."""

    quantifier: Quantifier
    count: int  # only for AT_LEAST, else 0
    members: tuple[Matcher, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class SignalRef:
    """Hit where another signal of the pack hit (no rings; checked)."""

    signal: str
    at: Location


Matcher = Terms | Pattern | Near | Number | Places | Days | Combine | SignalRef


class SignalKind(StrEnum):
    """What the feature of a signal holds."""

    FLAG = "flag"  # bool: the matcher hit
    NUMBER = "number"  # int: the largest number hit, 0 if none


@dataclass(frozen=True, slots=True)
class Signal:
    """A named thing that a post says; its id is the name of a feature."""

    id: str
    title: Label
    kind: SignalKind
    match: Matcher
    skip_negated: bool  # a hit in a negated or hypothetical context does not count
    title_only: bool
    at: Location
    is_shown: bool = True  # its words are marked and kept; a building block of other signals only counts
