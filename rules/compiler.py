"""Rules to what the engine runs: strata of shards of small conjunctions over whole numbers.

Every limit of the engine is kept here (measured on durable-rules 2.0.28): at most 48 conjunctions and 100
properties a shard, no negation, no absent property, no text. Properties have names of our own (p0, p1 …), so
that no word of a pack is a reserved one or collides in the engine's 32-bit hashes. It imports no engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from rules.domains import Domain, whole
from rules.errors import EngineLimit
from rules.model import Label, Pack, Rule, RuleKind, RuleStatus
from rules.paths import MOST_PATHS, Path, TooManyPaths, paths_of
from rules.reference import ACTIVE
from rules.strata import strata, whole_condition
from rules.vocabulary import Feature, Vocabulary, of_pack

# One fact may have at most 64 satisfied nodes waiting (error 303 beyond); 48 keeps away from it.
MOST_PATHS_A_SHARD = 48
MOST_PROPERTIES_A_SHARD = 100  # 254 is error 302, and long facts are slow
_MOST_GAPS = 2  # excluded values that are asked one by one; more become one yes/no property


class Ask(StrEnum):
    """Comparisons of a property with a whole number, by their names in the engine."""

    EQUAL = "$eq"
    NOT_EQUAL = "$neq"
    AT_LEAST = "$gte"
    AT_MOST = "$lte"


@dataclass(frozen=True, slots=True)
class Column:
    """What a property holds: a feature as a number; with a domain, whether its number lies in there (0 or 1).

    The column without a feature always holds 1; a rule without conditions asks for it.
    """

    feature: str
    domain: Domain | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """One comparison of a conjunction."""

    column: Column
    ask: Ask
    value: int


@dataclass(frozen=True, slots=True)
class Conjunction:
    """One way in which a rule holds."""

    rule: str
    literals: tuple[Literal, ...]


@dataclass(slots=True)
class Shard:
    """Conjunctions that one ruleset of the engine decides together; property n is column n."""

    columns: dict[Column, int] = field(default_factory=dict)
    conjunctions: list[Conjunction] = field(default_factory=list)

    def new_columns(self, conjunction: Conjunction) -> int:
        """Return how many properties the conjunction would add."""
        return len({literal.column for literal in conjunction.literals} - self.columns.keys())

    def has_room(self, conjunction: Conjunction) -> bool:
        """Return whether both limits of a shard would still be kept."""
        columns = len(self.columns) + self.new_columns(conjunction)
        return len(self.conjunctions) < MOST_PATHS_A_SHARD and columns <= MOST_PROPERTIES_A_SHARD

    def add(self, conjunction: Conjunction) -> None:
        """Take the conjunction in."""
        for literal in conjunction.literals:
            self.columns.setdefault(literal.column, len(self.columns))
        self.conjunctions.append(conjunction)


@dataclass(frozen=True, slots=True)
class Program:
    """All rules of one kind, ready for the engine. `concludes`: rule -> what it adds for later strata."""

    kind: RuleKind
    strata: tuple[tuple[Shard, ...], ...]
    concludes: dict[str, str]
    vocabulary: Vocabulary


def compile_rules(pack: Pack, kind: RuleKind, statuses: frozenset[RuleStatus] = ACTIVE) -> Program:
    """Return the program of the pack's rules of one kind.

    Raises:
        EngineLimit: a rule is too large; `fault_of` says so to its author beforehand.
    """
    words = of_pack(pack, kind)
    rules = pack.severity if kind is RuleKind.SEVERITY else pack.scoring
    chosen = [rule for rule in rules if rule.status in statuses]
    layers = []
    for layer in strata(chosen):
        conjunctions = [c for rule in layer for c in conjunctions_of(rule, words)]
        layers.append(_sharded(conjunctions))
    concludes = {rule.id: rule.concludes for rule in chosen if rule.concludes is not None}
    return Program(kind, tuple(layers), concludes, words)


def fault_of(rule: Rule, words: Vocabulary) -> Label | None:
    """Return why the engine could not run this rule, or None where it can."""
    try:
        paths: tuple[Path, ...] | None = paths_of(whole_condition(rule), words)
    except TooManyPaths:
        paths = None
    return fault_in(rule, paths, words)


def fault_in(rule: Rule, paths: tuple[Path, ...] | None, words: Vocabulary) -> Label | None:
    """Return what `fault_of` does, of a rule with these paths; None: there are too many."""
    try:
        _conjunctions(rule, paths, words)
    except EngineLimit as limit:
        return Label("条件组合过多，引擎无法执行：请把一部分写成结论（concludes）", limit.reason)
    return None


def conjunctions_of(rule: Rule, words: Vocabulary) -> tuple[Conjunction, ...]:
    """Return the ways in which a rule holds, each as a conjunction; none where it never does.

    Raises:
        EngineLimit: there are too many, or one of them asks for too many properties.
    """
    try:
        paths: tuple[Path, ...] | None = paths_of(whole_condition(rule), words)
    except TooManyPaths:
        paths = None
    return _conjunctions(rule, paths, words)


def _conjunctions(rule: Rule, paths: tuple[Path, ...] | None, words: Vocabulary) -> tuple[Conjunction, ...]:
    if paths is None:
        reason = f"more than {MOST_PATHS} ways to hold: make a part of it a conclusion (concludes)"
        raise EngineLimit(rule.id, reason)
    found = tuple(Conjunction(rule.id, _literals(path, words)) for path in paths)
    if any(len({lit.column for lit in c.literals}) > MOST_PROPERTIES_A_SHARD for c in found):
        raise EngineLimit(rule.id, f"more than {MOST_PROPERTIES_A_SHARD} features in one alternative")
    return found


def _literals(path: Path, words: Vocabulary) -> tuple[Literal, ...]:
    if not path:
        return (Literal(Column(""), Ask.EQUAL, 1),)
    return tuple(literal for name, domain in path for literal in _asked(words[name], domain))


def _asked(feature: Feature, domain: Domain) -> Iterable[Literal]:
    """Yield the comparisons that together say that the feature's number lies in the domain."""
    column = Column(feature.name)
    everything = whole(feature)
    if domain.low == domain.high:
        yield Literal(column, Ask.EQUAL, domain.low)
        return
    gaps = sorted(domain.without)
    if len(gaps) > _MOST_GAPS:
        # Membership of a long list (of topics, say) is decided by our adapter and asked as yes or no.
        yield Literal(Column(feature.name, domain), Ask.EQUAL, 1)
        return
    if domain.low > everything.low:
        yield Literal(column, Ask.AT_LEAST, domain.low)
    if domain.high < everything.high:
        yield Literal(column, Ask.AT_MOST, domain.high)
    for gap in gaps:
        yield Literal(column, Ask.NOT_EQUAL, gap)


def _sharded(conjunctions: list[Conjunction]) -> tuple[Shard, ...]:
    """Return the conjunctions in shards, those that share features together: facts stay short."""
    left = list(conjunctions)
    shards: list[Shard] = []
    while left:
        shard = Shard()
        shard.add(left.pop(0))
        while left:
            index = min(range(len(left)), key=lambda i: (shard.new_columns(left[i]), i))
            if not shard.has_room(left[index]):
                break
            shard.add(left.pop(index))
        shards.append(shard)
    return tuple(shards)
