"""The nouns of a rule pack, as frozen values, by what they are about.

They read no file, know no case and decide nothing: `pack` builds these, `check` criticises them,
`signals`, `reference` and `compiler` run them.
"""

from __future__ import annotations

from rules.model.conditions import (
    ASK_PERSON,
    AllOf,
    AnyOf,
    Condition,
    Example,
    Not,
    Op,
    Rule,
    RuleKind,
    RuleStatus,
    Scalar,
    Test,
)
from rules.model.findings import Finding, Hit, Reason, Span
from rules.model.ladder import LadderStep, StepAction
from rules.model.matchers import (
    Combine,
    Days,
    Lexicon,
    Matcher,
    Near,
    Number,
    Pattern,
    Places,
    Quantifier,
    Signal,
    SignalKind,
    SignalRef,
    Terms,
)
from rules.model.pack import DismissalReason, Pack
from rules.model.routing import BasisKind, Contact, Designation, Route, Target, UnitEntry
from rules.model.time import (
    CalendarTable,
    CalendarYear,
    ClockPolicy,
    DeadlinePolicy,
    Limit,
    LimitUnit,
    ServicePeriod,
    Stage,
)
from rules.model.topics import Place, Topic, WeightedTerms
from rules.model.words import DemandClass, Grade, Label, Location

__all__ = [
    "ASK_PERSON",
    "AllOf",
    "AnyOf",
    "BasisKind",
    "CalendarTable",
    "CalendarYear",
    "ClockPolicy",
    "Combine",
    "Condition",
    "Contact",
    "Days",
    "DeadlinePolicy",
    "DemandClass",
    "Designation",
    "DismissalReason",
    "Example",
    "Finding",
    "Grade",
    "Hit",
    "Label",
    "LadderStep",
    "Lexicon",
    "Limit",
    "LimitUnit",
    "Location",
    "Matcher",
    "Near",
    "Not",
    "Number",
    "Op",
    "Pack",
    "Pattern",
    "Place",
    "Places",
    "Quantifier",
    "Reason",
    "Route",
    "Rule",
    "RuleKind",
    "RuleStatus",
    "Scalar",
    "ServicePeriod",
    "Signal",
    "SignalKind",
    "SignalRef",
    "Span",
    "Stage",
    "StepAction",
    "Target",
    "Terms",
    "Test",
    "Topic",
    "UnitEntry",
    "WeightedTerms",
]
