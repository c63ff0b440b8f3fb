"""Small faults put into the shipped rules, to see whether an example of theirs notices. It mends nothing.

Two kinds, as an editor makes them: a comparison turned round in a rule, and a list of terms lost from a
signal. A mutant is killed when an example of the rule, or of a rule that builds on it, comes out wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from rules.check_rules import example_features
from rules.model import (
    AllOf,
    AnyOf,
    Combine,
    Condition,
    Matcher,
    Near,
    Not,
    Op,
    Pack,
    Rule,
    RuleKind,
    RuleStatus,
    Scalar,
    SignalRef,
    Terms,
    Test,
)
from rules.post import WordStarts
from rules.reference import Reference
from rules.rulebook import Rulebook
from rules.walk import features_of, walk

TURNED = {
    Op.IS: Op.IS_NOT,
    Op.IS_NOT: Op.IS,
    Op.AT_LEAST: Op.LESS_THAN,
    Op.LESS_THAN: Op.AT_LEAST,
    Op.AT_MOST: Op.MORE_THAN,
    Op.MORE_THAN: Op.AT_MOST,
}
Known = dict[
    str, tuple[tuple[bool, dict[str, Scalar]], ...]
]  # rule -> (must match, features) of its examples


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where it was put, and whether an example noticed."""

    kind: str
    where: str
    killed: bool


def mutants(pack: Pack, words: WordStarts) -> Iterator[Mutant]:
    """Yield every mutant of the active rules of a pack and of the signals that they read."""
    words = cache(words)  # each mutant reads the same examples
    known = _examples(pack, Rulebook(pack), words)
    for rule in _active(pack):
        for number, turned in enumerate(_turned_rules(rule)):
            changed = _with_rule(pack, turned)
            killed = _noticed(changed, _family(pack, rule), known)
            yield Mutant("comparison turned round", f"{rule.id} test {number + 1}", killed)
    yield from _lost_lists(pack, words)


def _lost_lists(pack: Pack, words: WordStarts) -> Iterator[Mutant]:
    # Topics, places and units say nothing about signals; without them a scanner is built in a moment.
    bare = replace(pack, topics=(), places=(), units=())
    reference = Reference(pack, RuleKind.SEVERITY)  # the rules are whole, only what they are told is not
    for index, signal in enumerate(pack.signals):
        readers = _readers(pack, signal.id)
        if not readers:
            continue
        needed = _needed(pack, readers)
        for name, match in _without_each_list(signal.match):
            changed = (*bare.signals[:index], replace(signal, match=match), *bare.signals[index + 1 :])
            lost = tuple(one for one in changed if one.id in needed)
            book = Rulebook(replace(bare, signals=lost, severity=(), scoring=()))
            killed = any(
                reference.explain(rule.id, example_features(example, book, rule.kind, words)).fires
                is not example.matches
                for rule in readers
                for example in rule.examples
            )
            yield Mutant("list of terms lost", f"{signal.id} {name}", killed)


def _examples(pack: Pack, book: Rulebook, words: WordStarts) -> Known:
    return {
        rule.id: tuple(
            (example.matches, example_features(example, book, rule.kind, words)) for example in rule.examples
        )
        for rule in _active(pack)
    }


def _noticed(pack: Pack, rules: tuple[Rule, ...], known: Known) -> bool:
    references = {kind: Reference(pack, kind) for kind in {rule.kind for rule in rules}}
    return any(
        references[rule.kind].explain(rule.id, features).fires is not matches
        for rule in rules
        for matches, features in known[rule.id]
    )


def _active(pack: Pack) -> tuple[Rule, ...]:
    return tuple(rule for rule in (*pack.severity, *pack.scoring) if rule.status is RuleStatus.ACTIVE)


def _family(pack: Pack, rule: Rule) -> tuple[Rule, ...]:
    """Return the rule and the active ones that read its conclusion, directly or not."""
    family, names = [rule], {rule.concludes} - {None}
    grown = True
    while grown:
        more = [r for r in _active(pack) if r not in family and features_of(r) & names]
        family += more
        names |= {r.concludes for r in more} - {None}
        grown = bool(more)
    return tuple(family)


def _readers(pack: Pack, signal: str) -> tuple[Rule, ...]:
    """Return the active severity rules that a signal reaches, through other signals and conclusions."""
    names = {signal}
    grown = True
    while grown:
        more = {s.id for s in pack.signals if any(_refers(m, names) for m in walk(s.match))} - names
        names |= more
        grown = bool(more)
    readers: list[Rule] = []
    for rule in _active(pack):
        if rule.kind is RuleKind.SEVERITY and features_of(rule) & names:
            readers += [r for r in _family(pack, rule) if r not in readers]
    return tuple(readers)


def _needed(pack: Pack, rules: tuple[Rule, ...]) -> frozenset[str]:
    """Return the signals on which rules rest, through conclusions of others and through other signals."""
    names = frozenset[str]().union(*map(features_of, rules))
    while True:
        more = names.union(
            *(features_of(rule) for rule in _active(pack) if rule.concludes in names),
            *(
                {part.signal for part in walk(signal.match) if isinstance(part, SignalRef)}
                for signal in pack.signals
                if signal.id in names
            ),
        )
        if more == names:
            return names
        names = more


def _refers(matcher: Matcher, names: set[str]) -> bool:
    return isinstance(matcher, SignalRef) and matcher.signal in names


def _with_rule(pack: Pack, changed: Rule) -> Pack:
    if changed.kind is RuleKind.SEVERITY:
        return replace(pack, severity=tuple(changed if r.id == changed.id else r for r in pack.severity))
    return replace(pack, scoring=tuple(changed if r.id == changed.id else r for r in pack.scoring))


def _turned_rules(rule: Rule) -> Iterator[Rule]:
    for when in _turned(rule.when):
        yield replace(rule, when=when)
    if rule.unless is not None:
        for unless in _turned(rule.unless):
            yield replace(rule, unless=unless)


def _turned(condition: Condition) -> Iterator[Condition]:
    """Yield the condition once for each of its comparisons, with that one turned round."""
    if isinstance(condition, Test):
        turned = TURNED.get(condition.op)
        yield replace(condition, op=turned) if turned else Not(condition, condition.at)
    elif isinstance(condition, Not):
        yield from (replace(condition, member=member) for member in _turned(condition.member))
    else:
        yield from _members_turned(condition)


def _members_turned(condition: AllOf | AnyOf) -> Iterator[Condition]:
    for index, member in enumerate(condition.members):
        for turned in _turned(member):
            members = (*condition.members[:index], turned, *condition.members[index + 1 :])
            yield replace(condition, members=members)


def _without_each_list(matcher: Matcher) -> Iterator[tuple[str, Matcher]]:
    """Yield the matcher once for each list of terms in it, without that list, and the list's name."""
    if isinstance(matcher, Terms):
        for lexicon in matcher.lexicons:
            left = tuple(name for name in matcher.lexicons if name != lexicon)
            yield f"lexicon {lexicon}", replace(matcher, lexicons=left)
        if matcher.terms:
            yield f"terms at line {matcher.at.line}", replace(matcher, terms=())
    elif isinstance(matcher, Near):
        yield from (
            (name, replace(matcher, first=first)) for name, first in _without_each_list(matcher.first)
        )
        yield from ((n, replace(matcher, second=second)) for n, second in _without_each_list(matcher.second))
    elif isinstance(matcher, Combine):
        for index, member in enumerate(matcher.members):
            for name, left_over in _without_each_list(member):
                members = (*matcher.members[:index], left_over, *matcher.members[index + 1 :])
                yield name, replace(matcher, members=members)
