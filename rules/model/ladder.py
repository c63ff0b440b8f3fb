"""What happens to who is late: the steps of supervision."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.model.time import Limit, Stage
from rules.model.words import Grade, Label, Location


class StepAction(StrEnum):
    """What a step of the ladder does."""

    REMINDER = "reminder"
    CARD = "card"
    ORDER = "order"
    SUMMONS = "summons"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the supervision ladder. Exactly one of share and after is set."""

    id: str
    title: Label
    stages: tuple[Stage, ...]
    grades: tuple[Grade, ...]
    share: Decimal | None  # of the clock's run, 0..1
    after: Limit | None  # since the due instant; 0h = at due
    redo_at_least: int | None  # also reached by this many redos
    dissatisfied_at_least: int | None
    action: StepAction
    card: str | None  # blue, yellow, red
    source: str
    at: Location
