"""Taking steps of the ladder: cards, orders and summons once for a unit in a case, reminders once a clock.

What has been earned is `casework.supervision`. A further clock that earns what the unit has already got is
noted on the existing one: no new number, no new paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from casework.desk.assign import DOCUMENT_BELL
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.in_charge import signing_seat
from casework.outages import DOWN_AFTER
from casework.recusal import NOBODY
from casework.store.case_parts import StepTaken
from casework.store.case_records import CaseHead
from casework.store.clock_rows import KeptClock
from casework.store.recused import recused_from
from casework.store.series import ORDERS, Issuer, county_prefix, secret_number, take_number
from casework.store.step_rows import add_steps, number_steps, own_steps
from casework.supervision import Step, own_key
from rules.model import StepAction

LATE_BY_SYSTEM = DOWN_AFTER
"""A step taken later than this after it was earned is late by the system."""
NUMBERED = frozenset({StepAction.ORDER, StepAction.SUMMONS})
"""Steps that go out as a numbered paper; a reminder or a card refers to the number of the case."""


@dataclass(frozen=True, slots=True)
class Earned:
    """A step that one clock of a case has earned."""

    case: CaseHead
    kept: KeptClock
    step: Step

    @property
    def own(self) -> str | None:
        """Return what makes it one of a kind in its case, None for a reminder."""
        ladder = self.step.ladder
        return own_key(self.kept.unit, step=ladder.id, action=ladder.action, card=ladder.card)

    @property
    def effect_key(self) -> str:
        """Return the unique key of the row."""
        return f"{self.case.id}/{self.own or self.step.key}"


def take_steps(uow: UnitOfWork, earned: Iterable[Earned]) -> int:
    """Take every step that is new, note the others on the existing ones, and return how many were taken.

    Two sweeps that hold different clocks of one case add their rows in the same order: the second waits for
    the first and then finds the step taken.
    """
    found = sorted(earned, key=lambda one: (one.effect_key, one.step.due_since))
    before = own_steps(uow.session, {one.case.id for one in found})
    fresh = {
        one.effect_key: one for one in reversed(found) if (one.case.id, one.own) not in before
    }  # the clock that earned a step first is the one that gets it
    rows = {key: _row(uow, fresh[key]) for key in sorted(fresh)}
    added = add_steps(uow.session, uow.county, [(fresh[key].case.id, key, row) for key, row in rows.items()])
    numbers = _numbers(uow, {key: fresh[key] for key in rows if key in added})
    number_steps(uow.session, {rows[key].id: number for key, number in numbers.items()})
    for key in numbers:
        uow.ring(DOCUMENT_BELL, f"{fresh[key].case.id}/{rows[key].id}")
    for one in sorted(found, key=lambda one: one.step.due_since):
        if fresh.get(one.effect_key) is one and one.effect_key in added:
            _tell(uow, one, replace(rows[one.effect_key], number=numbers.get(one.effect_key)))
        else:
            _note(uow, one, numbers.get(one.effect_key) or before.get((one.case.id, one.own)))
    return len(added)


def _row(uow: UnitOfWork, one: Earned) -> StepTaken:
    ladder = one.step.ladder
    return StepTaken(
        id=uow.new_id(),
        unit=one.kept.unit,
        clock_id=one.kept.id,
        step=ladder.id,
        action=ladder.action,
        card=ladder.card,
        title=ladder.title,
        desk=one.step.desk.value,
        due_since=one.step.due_since,
        taken_at=uow.now,
        number=None,
    )


def _numbers(uow: UnitOfWork, taken: Mapping[str, Earned]) -> Mapping[str, str]:
    wanted = {key: one for key, one in taken.items() if one.step.ladder.action in NUMBERED}
    prefix = county_prefix(uow.rulebook.pack) if wanted else ""
    open_ones = sorted(
        (ORDERS.get(signing_seat(one.step.desk, NOBODY), Issuer.SUPERVISION_ORDER), one.step.due_since, key)
        for key, one in wanted.items()
        if not one.case.is_confidential
    )
    numbers = {
        key: take_number(uow.session, county=uow.county, issuer=issuer, prefix=prefix, now=uow.now)
        for issuer, _, key in open_ones
    }
    for key, one in wanted.items():
        if one.case.is_confidential:
            numbers[key] = _secret(uow, one, prefix)
    return numbers


def _secret(uow: UnitOfWork, one: Earned, prefix: str) -> str:
    seat = signing_seat(one.step.desk, recused_from(uow.session, one.case.id))
    return secret_number(
        uow.session, county=uow.county, seat=seat, prefix=prefix, now=uow.now, new_id=uow.new_id
    )


def _tell(uow: UnitOfWork, one: Earned, row: StepTaken) -> None:
    late_by = uow.now - one.step.due_since
    uow.note(
        EventKind.STEP_TAKEN,
        case_id=one.case.id,
        data={
            "unit": row.unit,
            "step": row.step,
            "stage": one.kept.clock.stage.value,
            "action": row.action.value,
            "card": row.card,
            "desk": row.desk,
            "number": row.number,
            "title_zh": row.title.zh,
            "title_en": row.title.en,
            "why_zh": one.step.reason.zh,
            "why_en": one.step.reason.en,
            "due_since": one.step.due_since.isoformat(),
            "late_by_system": late_by > LATE_BY_SYSTEM,
            "late_minutes": late_by // timedelta(minutes=1),
        },
    )


def _note(uow: UnitOfWork, one: Earned, number: str | None) -> None:
    ladder = one.step.ladder
    uow.note(
        EventKind.STEP_NOTED,
        case_id=one.case.id,
        data={
            "unit": one.kept.unit,
            "clock": str(one.kept.id),
            "step": ladder.id,
            "stage": one.kept.clock.stage.value,
            "number": number,
            "title_zh": ladder.title.zh,
            "title_en": ladder.title.en,
            "due_since": one.step.due_since.isoformat(),
        },
    )
