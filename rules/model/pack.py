"""A whole rule pack."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.model.conditions import Rule, Scalar
from rules.model.ladder import LadderStep
from rules.model.matchers import Lexicon, Signal
from rules.model.routing import Designation, Route, UnitEntry
from rules.model.time import CalendarTable, DeadlinePolicy, ServicePeriod
from rules.model.topics import Place, Topic
from rules.model.words import Label


@dataclass(frozen=True, slots=True)
class DismissalReason:
    """A reason for opening no case, in words a citizen can read."""

    id: str
    title: Label


@dataclass(frozen=True)
class Pack:
    """A whole rule pack. Equal digests mean equal bytes of all its files."""

    id: str
    version: int
    digest: str  # "sha256:" + hex over sorted file names and contents
    title: Label
    county_code: str
    county: Label
    groups: tuple[str, ...]
    lexicons: tuple[Lexicon, ...]
    signals: tuple[Signal, ...]
    topics: tuple[Topic, ...]
    places: tuple[Place, ...]
    units: tuple[UnitEntry, ...]
    designations: tuple[Designation, ...]
    routes: tuple[Route, ...]
    severity: tuple[Rule, ...]
    scoring: tuple[Rule, ...]
    dismissals: tuple[DismissalReason, ...]
    deadlines: DeadlinePolicy
    calendar: CalendarTable
    ladder: tuple[LadderStep, ...]
    settings: tuple[tuple[str, Scalar], ...] = field(default=())
    periods: tuple[ServicePeriod, ...] = field(default=())

    @property
    def ref(self) -> str:
        """Return id@version+digest, the name that every decision stores."""
        return f"{self.id}@{self.version}+{self.digest}"
