"""Checks rules that ask for a service period which the pack does not list: no day makes them fire."""

from __future__ import annotations

from rules import checks
from rules.domains import Domain, encoded
from rules.model import Pack, RuleKind
from rules.paths import Path, TooManyPaths, paths_of
from rules.periods import NONE
from rules.problem import Notes
from rules.reference import ACTIVE
from rules.strata import whole_condition
from rules.vocabulary import of_pack
from rules.walk import features_of

_FEATURES = frozenset({"service_period", "sensitive_period"})


def check_periods(pack: Pack, notes: Notes) -> None:
    """File active rules that wait, in every way to hold, for a period that is not listed."""
    words = of_pack(pack, RuleKind.SEVERITY)
    kinds = (NONE, *(period.kind for period in pack.periods))
    listed = {
        "service_period": frozenset(encoded(words["service_period"], kind) for kind in kinds),
        "sensitive_period": frozenset({0, int(any(period.sensitive for period in pack.periods))}),
    }
    for rule in pack.severity:
        if rule.status not in ACTIVE or not features_of(rule) & _FEATURES:
            continue
        try:
            paths = paths_of(whole_condition(rule), words)
        except TooManyPaths:
            continue
        if paths and not any(_can_hold(path, listed) for path in paths):
            notes.about(rule.id).found(
                checks.NO_PERIOD,
                rule.at,
                "规则要求的服务时段没有列在 calendar.yaml 的 periods 中，不会命中",
                "it asks for a service period that calendar.yaml does not list: no day makes it fire",
            )


def _can_hold(path: Path, listed: dict[str, frozenset[int]]) -> bool:
    domains: dict[str, Domain] = dict(path)
    return all(
        any(value in domains[name] for value in values) for name, values in listed.items() if name in domains
    )
