"""The clocks of one case during one use case: started, stopped, reopened, regraded or voided.

Every change is in the database at once. Lateness is charged when a clock ends, so that an act between two
sweeps is charged like one before them, and once. What a clock is and comes to is `casework.clocks`.

| what the unit did | clocks that stop, at that instant |
|---|---|
| signed for | sign_for |
| filed the first report | first_report |
| first contact recorded | first_contact |
| public reply recorded | public_reply, first_contact |
| head signed the reply | all that still run: close, public_reply, first_contact, commitment |

A review costs the unit no time: when a reply is sent back the clocks that it stopped go on, and the time
of the review does not count. An objection is a right, not a duty: its stage has no clock.
**Source:** domain.md §2.3 (first public response is due long before the close), §2.7; clocks.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from casework.clock_entries import commitment_clock, limit_for, morning_after, opened, recorded
from casework.clocks import Clock, ClockEvent, ClockEventKind, due, is_live
from casework.desk.charging import charge, scored_case
from casework.desk.docket import Docket
from casework.desk.watching import is_owed, next_look, outages_of, watched
from casework.refusals import NoLimitSet
from casework.scoring import LATE, late_failings
from casework.store.case_records import CaseHead
from casework.store.clock_rows import KeptClock, add_clock, clocks_of, save_clock
from casework.store.policies import FrozenPolicy, policies_of
from casework.store.step_rows import steps_taken
from casework.workdays import Workdays, workdays_of
from rules.model import Grade, Limit, Stage

DUTIES: tuple[Stage, ...] = tuple(stage for stage in Stage if stage in LATE and stage is not Stage.COMMITMENT)
"""Stages that a lead unit is held to from dispatch on, in their order."""
NEEDED = (Stage.SIGN_FOR, Stage.CLOSE)
"""Without these two a dispatched case would have nothing that brings it back."""


@dataclass
class CaseClocks:
    """The clocks of a case that is on a docket.

    Attributes:
        policy: frozen at dispatch.
        kept: by id; as they are in the database now.
    """

    docket: Docket
    policy: FrozenPolicy
    workdays: Workdays
    kept: dict[uuid.UUID, KeptClock] = field(default_factory=dict)
    steps: dict[uuid.UUID, frozenset[str]] = field(default_factory=dict)

    def next_due(self, case: CaseHead) -> CaseHead:
        """Return `case` with the earliest due instant of a running clock that is owed."""
        owed = (one.due_at for one in self.running() if is_owed(case, one.clock.stage))
        return replace(case, next_due_at=min(owed, default=None))

    def running(self) -> tuple[KeptClock, ...]:
        """Return the clocks that are neither stopped nor voided."""
        return tuple(one for one in self.kept.values() if is_live(one.clock))

    def start_duties(self, case: CaseHead, unit: str, stages: Iterable[Stage] = DUTIES) -> None:
        """Start the clocks of the lead unit by the frozen policy, those that it owes in this case.

        Raises:
            NoLimitSet: the policy has no limit for a stage without which the case would fall asleep.
        """
        deadlines = self.policy.deadlines
        for stage in stages:
            if not is_owed(case, stage):
                continue
            line = limit_for(deadlines, stage, case.grade, case.demand)
            if line is None and stage in NEEDED:
                raise NoLimitSet(stage.value, case.grade.value)
            if line is not None:
                uow = self.docket.uow
                clock = opened(
                    line,
                    deadlines,
                    uow.now,
                    calendar_version=self.workdays.version,
                    by=uow.actor.name,
                )
                self._start(case, unit, clock)

    def start_commitment(self, case: CaseHead, unit: str, promised_on: date) -> None:
        """Start the clock of a promise that was accepted."""
        uow = self.docket.uow
        clock = commitment_clock(
            promised_on,
            uow.now,
            grade=case.grade,
            policy_version=self.policy.deadlines.version,
            calendar_version=self.workdays.version,
            by=uow.actor.name,
        )
        self._start(case, unit, clock)

    def stop(self, stages: Iterable[Stage], *, why: str) -> None:
        """Stop the running clocks of these stages now and charge those that ended late.

        Args:
            stages: which.
            why: what stopped them, e.g. "reply/2"; `reopen` finds them by it.
        """
        wanted = frozenset(stages)
        for one in self.running():
            if one.clock.stage in wanted:
                self._write(one, self._event(ClockEventKind.STOPPED), stopped_by=why)
        self._charge(one for one in self.kept.values() if one.stopped_by == why)

    def reopen(self, case: CaseHead, *, why: str, reason: str, least: Limit | None) -> None:
        """Let the clocks that `why` stopped go on, under the limits of the grade that the case has by now.

        Args:
            case: after the change.
            why: what stopped them.
            reason: why they go on.
            least: the least that is left for the redo.
        """
        for one in tuple(self.kept.values()):
            if one.stopped_by == why and one.clock.events[-1].kind is ClockEventKind.STOPPED:
                event = replace(self._event(ClockEventKind.REOPENED, reason), limit=least)
                self._write(one, event, stopped_by=None, case=case)
                self._limit_by_grade(self.kept[one.id], case, reason)

    def void(self, reason: str, *, uncharged: Iterable[Stage] = ()) -> None:
        """End every running clock without its duty being done; what is overdue is charged first.

        Args:
            reason: why.
            uncharged: stages that were never owed, as it turns out: these end without a charge.
        """
        running, free = self.running(), frozenset(uncharged)
        self._charge(one for one in running if one.clock.stage not in free)
        for one in running:
            self._write(one, self._event(ClockEventKind.VOIDED, reason), stopped_by="void")

    def regrade(self, case: CaseHead, reason: str) -> None:
        """Put every running clock under the limits of the case's new grade; what is overdue stays overdue.

        Args:
            case: with the new grade.
            reason: why.
        """
        self._charge(self.running())
        for one in self.running():
            self._limit_by_grade(one, case, reason)

    def _start(self, case: CaseHead, unit: str, clock: Clock) -> None:
        uow = self.docket.uow
        rounds = [
            one.round for one in self.kept.values() if (one.unit, one.clock.stage) == (unit, clock.stage)
        ]
        reckoned = due(clock, self.workdays)
        fresh = KeptClock(
            id=uow.new_id(),
            case_id=case.id,
            unit=unit,
            round=max(rounds, default=0) + 1,
            clock=clock,
            due_at=reckoned.at,
            is_provisional=reckoned.is_provisional,
            stopped_at=None,
            stopped_by=None,
            next_step_at=None,
        )
        fresh = self._looked_at(fresh, case)
        add_clock(uow.session, uow.county, fresh, iter(uow.new_id, None))
        self.kept[fresh.id] = fresh

    def _limit_by_grade(self, one: KeptClock, case: CaseHead, reason: str) -> None:
        line = limit_for(self.policy.deadlines, one.clock.stage, case.grade, case.demand)
        if line is not None and _grade_of(one.clock) is not case.grade:
            event = self._event(ClockEventKind.REGRADED, reason)
            morning = morning_after(self.policy.deadlines, one.clock.started_at) if line.night_defer else None
            self._write(
                one,
                replace(event, limit=line.limit, grade=case.grade, until=morning),
                stopped_by=None,
                case=case,
            )

    def _write(
        self, one: KeptClock, event: ClockEvent, *, stopped_by: str | None, case: CaseHead | None = None
    ) -> None:
        uow = self.docket.uow
        clock = recorded(one.clock, event, self.workdays)
        reckoned = due(clock, self.workdays)
        after = replace(
            one,
            clock=replace(clock, calendar_version=self.workdays.version),
            due_at=reckoned.at,
            is_provisional=reckoned.is_provisional,
            stopped_at=None if is_live(clock) else uow.now,
            stopped_by=stopped_by,
        )
        after = self._looked_at(after, case or self.docket.case)
        save_clock(uow.session, uow.county, before=one, after=after, event_ids=iter(uow.new_id, None))
        self.kept[one.id] = after

    def _looked_at(self, one: KeptClock, case: CaseHead) -> KeptClock:
        at = next_look(
            case,
            one,
            steps=self.steps.get(one.id, frozenset()),
            ladder=self.policy.ladder,
            now=self.docket.uow.now,
            workdays=self.workdays,
            outages=outages_of(self.docket.uow, [one]),
        )
        return replace(one, next_step_at=at)

    def _charge(self, clocks: Iterable[KeptClock]) -> None:
        case, uow = self.docket.case, self.docket.uow
        ended = tuple(one for one in clocks if is_owed(case, one.clock.stage))
        late = late_failings(
            scored_case(case),
            [watched(case, one) for one in ended],
            now=uow.now,
            workdays=self.workdays,
            outages=outages_of(uow, ended),
        )
        charge(uow, late)

    def _event(self, kind: ClockEventKind, reason: str = "") -> ClockEvent:
        return ClockEvent(kind, self.docket.uow.now, self.docket.uow.actor.name, reason)


def _grade_of(clock: Clock) -> Grade:
    """Return the grade whose limit the clock runs under."""
    given = [event.grade for event in clock.events if event.grade is not None]
    return given[-1] if given else clock.grade


def clocks_on(docket: Docket) -> CaseClocks:
    """Return the clocks of a dispatched case, locked until the transaction ends."""
    session, case_id = docket.uow.session, docket.case.id
    kept = kept_clocks(docket)
    return CaseClocks(
        docket=docket,
        policy=policies_of(session, [case_id])[case_id],
        workdays=county_workdays(docket),
        kept=kept,
        steps=dict(steps_taken(session, kept)),
    )


def kept_clocks(docket: Docket) -> dict[uuid.UUID, KeptClock]:
    """Return every clock that the case has or had, locked until the transaction ends."""
    clocks = clocks_of(docket.uow.session, docket.case.id, for_change=True)
    return {one.id: one for one in clocks}


def county_workdays(docket: Docket) -> Workdays:
    """Return the calendar in force."""
    return workdays_of(docket.uow.rulebook.pack.calendar)
