"""The evaluator in plain Python: which rules hold, and which condition held on which value.

It is what `engine` is measured against. It reads no text and picks no grade among several.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rules.conditions import Holds, Values, compiled, polar_tests, shown
from rules.errors import BadFeatures, NoSuchRule
from rules.guards import guards_of
from rules.model import Finding, Pack, Reason, Rule, RuleKind, RuleStatus, Scalar
from rules.strata import ANY_GRADE, strata, whole_condition
from rules.vocabulary import of_pack

ACTIVE = frozenset({RuleStatus.ACTIVE})


@dataclass(frozen=True, slots=True)
class Explanation:
    """One rule on one set of features: whether it fires, and every condition with the value seen."""

    rule: Rule
    fires: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    order: int  # place in the pack
    holds: Holds


class _Part(NamedTuple):
    """One comparison of a rule, ready to be a reason."""

    feature: str
    op: str
    expected: str
    holds: Holds
    wanted: bool


@dataclass(frozen=True, slots=True)
class _Stratum:
    """Rules that may be decided together, with the rules that each feature can wake."""

    rules: tuple[_Compiled, ...]
    woken_by: Mapping[str, tuple[int, ...]]
    awake: frozenset[int]  # may hold even where every feature has its default


class Reference:
    """The rules of one kind of a pack, compiled once."""

    def __init__(self, pack: Pack, kind: RuleKind, statuses: frozenset[RuleStatus] = ACTIVE) -> None:
        self.kind = kind
        self.vocabulary = of_pack(pack, kind)
        self._ref = pack.ref
        self._defaults = self.vocabulary.defaults()
        rules = pack.severity if kind is RuleKind.SEVERITY else pack.scoring
        self._order = {rule.id: index for index, rule in enumerate(rules)}
        self._rules = {rule.id: rule for rule in rules}
        self._parts: dict[str, tuple[_Part, ...]] = {}
        chosen = [rule for rule in rules if rule.status in statuses]
        self._strata = tuple(self._stratum(layer) for layer in strata(chosen))

    def complete(self, features: Values) -> dict[str, Scalar]:
        """Return all features: those given, and the default of every other.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type; all of them are listed.
        """
        defaults = self._defaults
        values = dict(defaults)
        faults: list[tuple[str, str]] = []
        for name, value in features.items():
            default = defaults.get(name)
            if value is default and value is not None:
                continue  # nearly all of them
            feature = self.vocabulary.get(name)
            if feature is None:
                faults.append((name, "unknown feature"))
                continue
            if type(value) is type(default) and value == default:
                continue
            fault = feature.fault(value)
            if fault is not None:
                faults.append((name, fault.en))
            values[name] = value
        if faults:
            raise BadFeatures(tuple(faults))
        return values

    def evaluate(self, features: Values, on: date | None = None) -> tuple[Finding, ...]:
        """Return a finding for every active rule that holds: highest priority first, then as in the pack.

        Args:
            features: by name; what is left out has its default.
            on: local date for rules with dates of effect; without it the dates do not matter.

        Raises:
            BadFeatures: see `complete`.
        """
        values = self.complete(features)
        fired = self._fired(values, on)
        # The values now hold the conclusions, so that the reasons show them.
        return tuple(self._finding(rule, values) for rule in fired)

    def fired(self, features: Values, on: date | None = None) -> tuple[str, ...]:
        """Return only the ids of the rules that `evaluate` reports, in the same order."""
        return tuple(rule.id for rule in self._fired(self.complete(features), on))

    def findings(
        self, rule_ids: Iterable[str], features: Values, on: date | None = None
    ) -> tuple[Finding, ...]:
        """Return findings with reasons for rules that another evaluator says hold.

        Raises:
            NoSuchRule: an id that the pack does not have.
        """
        values = self.complete(features)
        self._fired(values, on)
        rules = [self._rule(rule_id) for rule_id in rule_ids]
        return tuple(self._finding(rule, values) for rule in sorted(rules, key=self._place))

    def explain(self, rule_id: str, features: Values, on: date | None = None) -> Explanation:
        """Return every condition of a rule with its value, whether the rule fires or not.

        Raises:
            NoSuchRule: an id that the pack does not have.
            BadFeatures: see `complete`.
        """
        rule = self._rule(rule_id)
        values = self.complete(features)
        self._fired(values, on)
        fires = is_in_effect(rule, on) and compiled(whole_condition(rule), self.vocabulary)(values)
        return Explanation(rule, fires, self._reasons(rule, values))

    def _stratum(self, rules: Iterable[Rule]) -> _Stratum:
        ready: list[_Compiled] = []
        woken_by: dict[str, list[int]] = {}
        awake: set[int] = set()
        for index, rule in enumerate(rules):
            condition = whole_condition(rule)
            holds = compiled(condition, self.vocabulary)
            ready.append(_Compiled(rule, self._order[rule.id], holds))
            guards = guards_of(condition, self.vocabulary, self._defaults)
            if guards is None:
                awake.add(index)
                continue
            for name in guards:
                woken_by.setdefault(name, []).append(index)
        return _Stratum(
            tuple(ready), {name: tuple(woken) for name, woken in woken_by.items()}, frozenset(awake)
        )

    def _fired(self, values: dict[str, Scalar], on: date | None) -> list[Rule]:
        """Return the rules that hold, and set their conclusions in `values`."""
        fired: list[Rule] = []
        defaults = self._defaults
        changed = [name for name, value in values.items() if value is not defaults[name]]
        for stratum in self._strata:
            due = set(stratum.awake)
            for name in changed:
                due.update(stratum.woken_by.get(name, ()))
            concluded: list[str] = []
            for index in due:
                ready = stratum.rules[index]
                if not ready.holds(values) or not is_in_effect(ready.rule, on):
                    continue
                fired.append(ready.rule)
                if ready.rule.concludes is not None:
                    concluded.append(ready.rule.concludes)
            for name in concluded:
                values[name] = True
                changed.append(name)
        return sorted(fired, key=self._place)

    def _place(self, rule: Rule) -> tuple[int, int]:
        return (-rule.priority, self._order[rule.id])

    def _rule(self, rule_id: str) -> Rule:
        if rule_id not in self._rules:
            raise NoSuchRule(rule_id)
        return self._rules[rule_id]

    def _finding(self, rule: Rule, values: Values) -> Finding:
        return Finding(
            rule=rule.id,
            kind=rule.kind,
            pack=self._ref,
            title=rule.title,
            source=rule.source,
            conclusion=conclusion(rule, values),
            reasons=self._reasons(rule, values),
        )

    def _reasons(self, rule: Rule, values: Values) -> tuple[Reason, ...]:
        parts = self._parts.get(rule.id)
        if parts is None:
            parts = self._parts[rule.id] = tuple(
                _Part(test.feature, test.op.value, shown(test.value), compiled(test, self.vocabulary), wanted)
                for test, wanted in polar_tests(whole_condition(rule))
            )
        return tuple(
            Reason(p.feature, p.op, p.expected, shown(values[p.feature]), p.holds(values), p.wanted)
            for p in parts
        )


def is_in_effect(rule: Rule, on: date | None) -> bool:
    """Return whether the rule's half-open range of dates holds `on`; without a date it always does."""
    if on is None:
        return True
    if rule.effective_from is not None and on < rule.effective_from:
        return False
    return rule.effective_to is None or on < rule.effective_to


def conclusion(rule: Rule, values: Values) -> str:
    """Return what a fired rule concludes: grade=…, concludes=…, dismisses=… or points=…."""
    if rule.grade is not None:
        return f"grade={rule.grade.value}"
    if rule.concludes is not None:
        return f"concludes={rule.concludes}"
    if rule.dismisses is not None:
        return f"dismisses={rule.dismisses}"
    points = dict(rule.points)
    amount = points.get(ANY_GRADE, points.get(str(values.get("grade"))))
    return f"points={amount}"
