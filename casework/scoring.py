"""From confirmed failings of units to drafts of score entries, and back by opposite entries.

It leaves out which rule matches (`rules`, by the features given here) and the chain that keeps the
entries (`ledger`). A unit can lose points only for a failing of its own handling: no input of this
module says how many posts it received, what they reached, or which media wrote.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType

from casework.access import UnitId
from casework.clocks import ClockEventKind, due, is_live, state_at
from casework.errors import AlreadyOpposite, ReasonMissing
from casework.ledger import LedgerValue
from casework.outages import Outage, excused_until
from casework.supervision import WatchedClock
from casework.workdays import Workdays
from rules.model import DemandClass, Finding, Grade, Scalar, Stage

# Points that all entries of a year may cost a unit at most. **Source:** domain.md §3.2: the target for
# online opinion is capped apart at 3 to 5 of 100 points.
YEAR_CAP = Decimal(5)


class FailingKind(StrEnum):
    """What a unit can fail in: the words of the feature `failing`. **Source:** domain.md §3.2."""

    LATE_SIGN_FOR = "late_sign_for"
    LATE_FIRST_CONTACT = "late_first_contact"
    LATE_FIRST_REPORT = "late_first_report"
    LATE_PUBLIC_REPLY = "late_public_reply"
    LATE_CLOSE = "late_close"
    COMMITMENT_BROKEN = "commitment_broken"
    MISSED_REPORT = "missed_report"
    CONCEALED_REPORT = "concealed_report"
    REDO = "redo"
    UNFOUNDED_OBJECTION = "unfounded_objection"
    UNSATISFIED_VERIFIED = "unsatisfied_verified"
    FALSE_REPLY = "false_reply"
    FALSE_CLOSE = "false_close"
    RECURRENCE = "recurrence"
    MISHANDLED_ESCALATION = "mishandled_escalation"
    SUPPRESSED_POSTER = "suppressed_poster"
    LEAKED_IDENTITY = "leaked_identity"


LATE: Mapping[Stage, FailingKind] = MappingProxyType(
    # An objection that comes too late is not a failing: the unit has accepted the case by silence.
    {
        Stage.SIGN_FOR: FailingKind.LATE_SIGN_FOR,
        Stage.FIRST_CONTACT: FailingKind.LATE_FIRST_CONTACT,
        Stage.FIRST_REPORT: FailingKind.LATE_FIRST_REPORT,
        Stage.PUBLIC_REPLY: FailingKind.LATE_PUBLIC_REPLY,
        Stage.CLOSE: FailingKind.LATE_CLOSE,
        Stage.COMMITMENT: FailingKind.COMMITMENT_BROKEN,
    }
)


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """What scoring needs to know of a case."""

    case_id: uuid.UUID
    grade: Grade
    demand: DemandClass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that a failing rests on: a stable key for machines and the text that a person reads."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Failing:
    """A failing of a unit in a case.

    Attributes:
        stage: the clock concerned, None where no clock is.
        round: of that clock, 1 for the first.
        nth: how often this unit failed in this way in this case, from 1.
        nth_90d: how often at this spot within 90 days, from 1.
        late: how far past the due instant; zero where no clock is concerned.
        is_confirmed: a clock's ledger proves it, or a reviewer found the unit responsible. Nothing
            else is ever scored.
        is_final: it cannot grow any more.
    """

    kind: FailingKind
    case: ScoredCase
    unit_id: UnitId
    is_confirmed: bool
    evidence: tuple[Evidence, ...]
    stage: Stage | None = None
    round: int = 1
    nth: int = 1
    nth_90d: int = 1
    late: timedelta = timedelta()
    is_lead: bool = True
    is_self_reported: bool = False
    is_corrected: bool = False
    is_final: bool = True

    @property
    def key(self) -> str:
        """Return what makes this failing one of a kind; the UNIQUE key of its score entry."""
        clock = f"{self.stage or '-'}/{self.round}"
        return f"score/{self.case.case_id}/{self.unit_id}/{self.kind}/{clock}/{self.nth}"


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """A score entry that has not been written yet.

    Attributes:
        key: UNIQUE; the same failing never counts twice.
        points: points lost; a reversal has the opposite sign.
        clause: the source (依据) of the rule.
        reverses: key of the entry that this one takes back, None for an ordinary entry.
    """

    key: str
    unit_id: UnitId
    case_id: uuid.UUID
    failing: FailingKind
    rule: str
    pack: str
    clause: str
    points: Decimal
    evidence: tuple[Evidence, ...]
    reverses: str | None = None
    reason: str = ""


def late_failings(
    case: ScoredCase,
    clocks: Iterable[WatchedClock],
    *,
    now: datetime,
    workdays: Workdays,
    outages: Sequence[Outage] = (),
) -> tuple[Failing, ...]:
    """Return the failings that the clocks of a case prove at `now` (aware UTC), in the order of the clocks.

    A voided clock proves nothing: its unit was not the right one. A due instant that stands on a year
    without notice (暂定) proves nothing yet either, so such a failing is not confirmed. What fell due while
    the system was down is late only from when the time that was left has been given back.
    """
    found = []
    for watched in clocks:
        kind = LATE.get(watched.clock.stage)
        last = watched.clock.events[-1]
        standing = state_at(watched.clock, now, workdays)
        if kind is None or last.kind is ClockEventKind.VOIDED or not standing.is_late:
            continue
        reckoned = due(watched.clock, workdays)
        given_back = excused_until(reckoned.at, outages) - reckoned.at
        if standing.overdue <= given_back:
            continue
        done = "" if is_live(watched.clock) else last.at.isoformat()
        evidence = (
            Evidence("due_at", reckoned.at.isoformat()),
            Evidence("done_at", done),
            *([Evidence("done_by", watched.stood_in)] if done and watched.stood_in else ()),
            Evidence("limit", str(watched.clock.limit_in_force)),
            Evidence("limit_source", watched.clock.source),
            Evidence("policy", watched.clock.policy_version),
            Evidence("calendar", watched.clock.calendar_version),
            *([Evidence("given_back_seconds", f"{given_back.total_seconds():.0f}")] if given_back else ()),
        )
        found.append(
            Failing(
                kind=kind,
                case=case,
                unit_id=watched.unit_id,
                is_confirmed=not reckoned.is_provisional,
                evidence=evidence,
                stage=watched.clock.stage,
                round=watched.round,
                late=standing.overdue - given_back,
                is_lead=watched.is_lead,
                is_final=not is_live(watched.clock),
            )
        )
    return tuple(found)


def features_of(failing: Failing) -> Mapping[str, Scalar]:
    """Return the features of the scoring rules for one failing; `rules.vocabulary` explains each."""
    hours = Decimal(failing.late // timedelta(seconds=1)) / 3600
    return MappingProxyType(
        {
            "failing": failing.kind.value,
            "grade": failing.case.grade.value,
            "demand": failing.case.demand.value,
            "stage": failing.stage.value if failing.stage else "none",
            "nth": failing.nth,
            "nth_90d": failing.nth_90d,
            "hours_late": hours.quantize(Decimal("0.01")),
            "self_reported": failing.is_self_reported,
            "corrected": failing.is_corrected,
            "lead_unit": failing.is_lead,
            "responsible_confirmed": failing.is_confirmed,
        }
    )


def score_draft(failing: Failing, findings: Iterable[Finding]) -> ScoreDraft | None:
    """Return the entry that a failing costs, None if it costs nothing.

    One failing counts once: where several rules hold it is the one with the most points, and among
    equals the first. An unconfirmed failing costs nothing, whatever the rules say.

    Args:
        failing: what the unit failed in.
        findings: of the scoring rules on `features_of(failing)`.
    """
    priced = [(points, found) for found in findings if (points := _points(found)) is not None]
    if not priced or not failing.is_confirmed:
        return None
    points, found = max(priced, key=lambda pair: pair[0])
    return ScoreDraft(
        key=failing.key,
        unit_id=failing.unit_id,
        case_id=failing.case.case_id,
        failing=failing.kind,
        rule=found.rule,
        pack=found.pack,
        clause=found.source,
        points=points,
        evidence=(*failing.evidence, *(Evidence(reason.feature, reason.seen) for reason in found.reasons)),
    )


def opposite(entry: ScoreDraft, *, reason: str, evidence: tuple[Evidence, ...] = ()) -> ScoreDraft:
    """Return the entry that takes `entry` back. Nothing is ever changed or removed.

    Raises:
        AlreadyOpposite: `entry` takes back another one; correct by a new failing instead.
        ReasonMissing: a reversal without a reason.
    """
    if entry.reverses is not None:
        raise AlreadyOpposite(entry.key)
    if not reason.strip():
        raise ReasonMissing("reverse")
    return replace(
        entry,
        key=f"reversal/{entry.key}",
        points=-entry.points,
        reverses=entry.key,
        reason=reason.strip(),
        evidence=evidence,
    )


def total(entries: Iterable[ScoreDraft]) -> Decimal:
    """Return the points lost by all entries together, exact; rounded only where it is shown."""
    return sum((entry.points for entry in entries), Decimal(0))


def counted(points: Decimal, cap: Decimal = YEAR_CAP) -> Decimal:
    """Return what counts of a year's points: never more than the cap, never less than nothing."""
    return max(Decimal(0), min(points, cap))


def payload_of(entry: ScoreDraft, *, by: str, entered_at: datetime) -> Mapping[str, LedgerValue]:
    """Return what the ledger seals of an entry: every column that means something.

    Args:
        entry: as it is written.
        by: who entered it.
        entered_at: aware.
    """
    return MappingProxyType(
        {
            "key": entry.key,
            "unit": entry.unit_id,
            "case": entry.case_id,
            "failing": entry.failing.value,
            "rule": entry.rule,
            "pack": entry.pack,
            "clause": entry.clause,
            "points": entry.points,
            "evidence": tuple((item.key, item.text) for item in entry.evidence),
            "reverses": entry.reverses,
            "reason": entry.reason,
            "by": by,
            "entered_at": entered_at,
        }
    )


def _points(found: Finding) -> Decimal | None:
    kind, _, amount = found.conclusion.partition("=")
    try:
        points = Decimal(amount) if kind == "points" else None
    except InvalidOperation:  # a rule that has no points for this grade concludes "points=None"
        return None
    return points or None
