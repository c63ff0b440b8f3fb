"""What a unit's reply may come to, and what each outcome must carry.

It leaves out whether the words of a reply are any good: that is a reviewer's judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from casework.actions import Action
from casework.errors import InvalidOutcome
from rules.model import Label

LONGEST_PROMISE = timedelta(days=365)
"""**Source:** ours: scores are counted by the year, and nobody can be held to a date beyond the next one."""


class Outcome(StrEnum):
    """How a matter ends: done, promised for a date, or explained. **Source:** domain.md §0."""

    RESOLVED = "resolved"
    PROMISED = "promised"
    EXPLAINED = "explained"


OUTCOME_LABELS: Mapping[Outcome, Label] = MappingProxyType(
    {
        Outcome.RESOLVED: Label("办结", "Resolved"),
        Outcome.PROMISED: Label("承诺", "Promised"),
        Outcome.EXPLAINED: Label("解释", "Explained"),
    }
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """An outcome with what belongs to it.

    Attributes:
        promised_on: the day (Asia/Shanghai) by which a promise is kept; None for the other outcomes.
        basis: the law or policy that an explanation stands on; else empty.
    """

    outcome: Outcome
    promised_on: date | None = None
    basis: str = ""


def settlement(outcome: Outcome, *, promised_on: date | None, basis: str, today: date) -> Settlement:
    """Return the settlement of a reply, checked; what the outcome has no use for is left out.

    Args:
        outcome: what the unit says came of it.
        promised_on: local day of a promise.
        basis: law or policy of an explanation.
        today: local day (Asia/Shanghai) of the reply.

    Raises:
        InvalidOutcome: a promise without a date within the next year, or an explanation without its basis.
    """
    if outcome is Outcome.PROMISED:
        if promised_on is None:
            raise InvalidOutcome(
                outcome,
                "promised_on",
                "承诺事项必须写明办结日期。",
                "A commitment needs the date by which it is met.",
            )
        if promised_on <= today:
            raise InvalidOutcome(
                outcome,
                "promised_on",
                f"承诺日期 {promised_on:%Y-%m-%d} 必须晚于今天。",
                f"The promised date {promised_on:%Y-%m-%d} must lie after today.",
            )
        if promised_on > today + LONGEST_PROMISE:
            last = today + LONGEST_PROMISE
            raise InvalidOutcome(
                outcome,
                "promised_on",
                f"承诺日期不能晚于 {last:%Y-%m-%d}（一年内）。更久的事项，请先承诺下一阶段的日期。",
                f"The promised date may be {last:%Y-%m-%d} at the latest (a year). "
                "For longer matters promise the date of the next stage.",
            )
        return Settlement(outcome, promised_on=promised_on)
    if outcome is Outcome.EXPLAINED:
        if not basis.strip():
            raise InvalidOutcome(
                outcome,
                "basis",
                "解释类答复必须写明政策或法律依据。",
                "An explanation needs the law or policy it stands on.",
            )
        return Settlement(outcome, basis=basis.strip())
    return Settlement(outcome)


def acceptance_of(outcome: Outcome) -> Action:
    """Return the action by which a reply with `outcome` is accepted: a promise leaves the case open."""
    return Action.ACCEPT_PROMISE if outcome is Outcome.PROMISED else Action.ACCEPT
