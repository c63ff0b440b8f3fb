"""The evaluator in plain Python: which rules hold, and which condition held on which value.

It is what `engine` is measured against. It reads no text and picks no grade among several.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from rules.conditions import Holds, Values, compiled, polar_tests, shown
from rules.errors import BadFeatures, NoSuchRule
from rules.guards import guards_of
from rules.model import Finding, Pack, Reason, Rule, RuleKind, RuleStatus, Scalar, Test
from rules.strata import ANY_GRADE, strata, whole_condition
from rules.vocabulary import of_pack
from rules.walk import features_of

ACTIVE = frozenset({RuleStatus.ACTIVE})
_MOST_KNOWN = 16  # findings of one rule that are kept for posts with the same values
_GRADE = "grade"  # feature of scoring rules


@dataclass(frozen=True, slots=True)
class Explanation:
    """One rule on one set of features: whether it fires, and every condition with the value seen."""

    rule: Rule
    fires: bool
    reasons: tuple[Reason, ...]


class _Part(NamedTuple):
    """One comparison of a rule, ready to be a reason."""

    feature: str
    op: str
    expected: str
    default: Scalar
    holds: Holds
    wanted: bool


class _Ready(NamedTuple):
    """A rule ready to be asked."""

    rule: Rule
    place: tuple[int, int]  # puts fired rules in order
    dated: bool  # not always in effect
    holds: Holds


class Reference:
    """The rules of one kind of a pack, compiled once."""

    def __init__(self, pack: Pack, kind: RuleKind, statuses: frozenset[RuleStatus] = ACTIVE) -> None:
        self.kind = kind
        self.vocabulary = of_pack(pack, kind)
        self._ref = pack.ref
        self._defaults = self.vocabulary.defaults()
        self._words = {
            feature.name: frozenset(feature.values)
            for feature in self.vocabulary
            if isinstance(feature.default, str)
        }
        rules = pack.severity if kind is RuleKind.SEVERITY else pack.scoring
        self._order = {rule.id: index for index, rule in enumerate(rules)}
        self._rules = {rule.id: rule for rule in rules}
        self._parts: dict[str, tuple[_Part, ...]] = {}
        self._findings: dict[str, dict[tuple[Scalar | None, ...], Finding]] = {}
        # Numbered by strata: a conclusion only wakes rules with higher numbers.
        chosen = [rule for layer in strata(r for r in rules if r.status in statuses) for rule in layer]
        self._ready: list[_Ready] = []
        self._woken_by: dict[str, list[int]] = {}  # rules that each feature can wake
        self._drawn_by: dict[str, list[int]] = {}  # rules that draw each conclusion
        self._needed: dict[str, tuple[_Ready, ...]] = {}  # by rule: see `_needed_by`
        self._awake: set[int] = set()  # rules that may hold even where every feature has its default
        for number, rule in enumerate(chosen):
            self._add(number, rule)

    def complete(self, features: Values) -> dict[str, Scalar]:
        """Return all features: those given, and the default of every other.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type; all of them are listed.
        """
        return self._defaults | self.changed(features)

    def changed(self, features: Values) -> dict[str, Scalar]:
        """Return those of the given features that differ from their defaults.

        Raises:
            BadFeatures: see `complete`.
        """
        defaults, words = self._defaults, self._words
        found: dict[str, Scalar] = {}
        faults: list[tuple[str, str]] = []
        for name, value in features.items():
            default = defaults.get(name)
            if value is True and default is False:
                found[name] = True  # flags: nearly all that is ever said of a post
            elif value is default and value is not None:
                continue
            elif default is None:
                faults.append((name, "unknown feature"))
            elif type(value) is str and name in words and value in words[name]:
                if value != default:
                    found[name] = value
            elif type(value) is not type(default) or value != default:
                fault = self.vocabulary[name].fault(value)
                if fault is not None:
                    faults.append((name, fault.en))
                found[name] = value
        if faults:
            raise BadFeatures(tuple(faults))
        return found

    def evaluate(self, features: Values, on: date | None = None) -> tuple[Finding, ...]:
        """Return a finding for every active rule that holds: highest priority first, then as in the pack.

        Args:
            features: by name; what is left out has its default.
            on: local date for rules with dates of effect; without it the dates do not matter.

        Raises:
            BadFeatures: see `complete`.
        """
        fired, values = self._fired(self.changed(features), on)
        return tuple([self._finding(rule, values) for rule in fired])

    def fired(self, features: Values, on: date | None = None) -> tuple[str, ...]:
        """Return only the ids of the rules that `evaluate` reports, in the same order."""
        fired, _ = self._fired(self.changed(features), on)
        return tuple([rule.id for rule in fired])

    def findings(
        self, rule_ids: Iterable[str], features: Values, on: date | None = None
    ) -> tuple[Finding, ...]:
        """Return findings with reasons for rules that another evaluator says hold.

        Raises:
            NoSuchRule: an id that the pack does not have.
        """
        _, values = self._fired(self.changed(features), on)
        rules = [self._rule(rule_id) for rule_id in rule_ids]
        return tuple(self._finding(rule, values) for rule in sorted(rules, key=self._place))

    def explain(self, rule_id: str, features: Values, on: date | None = None) -> Explanation:
        """Return every condition of a rule with its value, whether the rule fires or not.

        Raises:
            NoSuchRule: an id that the pack does not have.
            BadFeatures: see `complete`.
        """
        rule = self._rule(rule_id)
        values = self.changed(features)
        for one in self._needed_by(rule):
            concluded = one.rule.concludes
            if concluded is not None and one.holds(values) and is_in_effect(one.rule, on):
                values.setdefault(concluded, True)
        fires = is_in_effect(rule, on) and compiled(whole_condition(rule), self.vocabulary)(values)
        return Explanation(rule, fires, self._reasons(rule, values))

    def _needed_by(self, rule: Rule) -> tuple[_Ready, ...]:
        """Return the rules whose conclusions a rule asks for, directly or through others, in their order.

        Explaining one rule evaluates these alone: the examples of n rules cost n evaluations, not n squared.
        """
        if rule.id not in self._needed:
            found: set[int] = set()
            asked = [rule]
            while asked:
                drawn = (self._drawn_by.get(name, ()) for name in features_of(asked.pop()))
                fresh = {number for numbers in drawn for number in numbers} - found
                found |= fresh
                asked.extend(self._ready[number].rule for number in fresh)
            self._needed[rule.id] = tuple(self._ready[number] for number in sorted(found))
        return self._needed[rule.id]

    def _add(self, number: int, rule: Rule) -> None:
        condition = whole_condition(rule)
        dated = rule.effective_from is not None or rule.effective_to is not None
        self._ready.append(_Ready(rule, self._place(rule), dated, compiled(condition, self.vocabulary)))
        if rule.concludes is not None:
            self._drawn_by.setdefault(rule.concludes, []).append(number)
        guards = guards_of(condition, self.vocabulary, self._defaults)
        if guards is None:
            self._awake.add(number)
            return
        for name in guards:
            self._woken_by.setdefault(name, []).append(number)

    def _fired(self, values: dict[str, Scalar], on: date | None) -> tuple[list[Rule], dict[str, Scalar]]:
        """Return the rules that hold, in order, and the features with their conclusions among them."""
        woken_by, ready = self._woken_by, self._ready
        due = set(self._awake)
        for name in values:
            if name in woken_by:
                due.update(woken_by[name])
        queue = sorted(due)
        fired: list[_Ready] = []
        for number in queue:  # it may grow behind the one looked at
            one = ready[number]
            if not one.holds(values) or (one.dated and not is_in_effect(one.rule, on)):
                continue
            fired.append(one)
            concluded = one.rule.concludes
            if concluded is not None and concluded not in values:
                values[concluded] = True
                for woken in woken_by.get(concluded, ()):
                    if woken not in due:
                        due.add(woken)
                        insort(queue, woken)
        if len(fired) > 1:
            fired.sort(key=_place_of)
        return [one.rule for one in fired], values

    def _place(self, rule: Rule) -> tuple[int, int]:
        return (-rule.priority, self._order[rule.id])

    def _rule(self, rule_id: str) -> Rule:
        if rule_id not in self._rules:
            raise NoSuchRule(rule_id)
        return self._rules[rule_id]

    def _finding(self, rule: Rule, values: Values) -> Finding:
        """Return the finding; equal values give the very same one, and most rules only ever see a few."""
        known = self._findings.setdefault(rule.id, {})
        seen = [values.get(part.feature, part.default) for part in self._parts_of(rule)]
        key = (values.get(_GRADE), *seen)
        found = known.get(key)
        if found is None:
            found = self._found(rule, values)
            if len(known) < _MOST_KNOWN:
                known[key] = found
        return found

    def _found(self, rule: Rule, values: Values) -> Finding:
        return Finding(
            rule=rule.id,
            kind=rule.kind,
            pack=self._ref,
            title=rule.title,
            source=rule.source,
            conclusion=conclusion(rule, values.get(_GRADE, self._defaults.get(_GRADE))),
            reasons=self._reasons(rule, values),
        )

    def _reasons(self, rule: Rule, values: Values) -> tuple[Reason, ...]:
        seen = [(part, values.get(part.feature, part.default)) for part in self._parts_of(rule)]
        return tuple(
            [
                Reason(p.feature, p.op, p.expected, shown(value), p.holds(values), p.wanted)
                for p, value in seen
            ]
        )

    def _parts_of(self, rule: Rule) -> tuple[_Part, ...]:
        parts = self._parts.get(rule.id)
        if parts is None:
            parts = self._parts[rule.id] = tuple(
                self._part(test, wanted=wanted) for test, wanted in polar_tests(whole_condition(rule))
            )
        return parts

    def _part(self, test: Test, *, wanted: bool) -> _Part:
        default = self._defaults[test.feature]
        return _Part(
            test.feature, test.op.value, shown(test.value), default, compiled(test, self.vocabulary), wanted
        )


def is_in_effect(rule: Rule, on: date | None) -> bool:
    """Return whether the rule's half-open range of dates holds `on`; without a date it always does."""
    if on is None:
        return True
    if rule.effective_from is not None and on < rule.effective_from:
        return False
    return rule.effective_to is None or on < rule.effective_to


def conclusion(rule: Rule, grade: Scalar | None = None) -> str:
    """Return what a fired rule concludes: grade=…, concludes=…, dismisses=… or points=….

    Args:
        rule: that fired.
        grade: of the case, which points may depend on.
    """
    if rule.grade is not None:
        return f"grade={rule.grade.value}"
    if rule.concludes is not None:
        return f"concludes={rule.concludes}"
    if rule.dismisses is not None:
        return f"dismisses={rule.dismisses}"
    points = dict(rule.points)
    amount = points.get(ANY_GRADE, points.get(str(grade)))
    return f"points={amount}"


_place_of = attrgetter("place")
