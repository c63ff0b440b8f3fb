"""What falls due while the system is down is not charged to the unit (reliability goal R11)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.handle import sign_for
from casework.desk.outage import watch
from casework.errors import NotPermitted
from casework.store.tables import AuditRow, OutageRow
from tests.case_kit import House


@pytest.fixture
def case_id(house: House) -> uuid.UUID:
    """A case that must be signed for within two hours, under supervision for the first one and a half."""
    opened = house.registered()
    house.on(house.duty, confirm_case, opened)
    house.on(house.director, dispatch_case, opened)
    house.desk.clock.advance(hours=1, minutes=30)
    minute(house)
    return opened


def minute(house: House) -> int:
    """Do what the job of each minute does and return how many charges it made."""
    house.do(house.machine, watch)
    return house.swept().charged


def charged(house: House, case_id: uuid.UUID) -> list[str]:
    return [line.failing for line in house.view(case_id).scores]


def outages(house: House) -> int:
    count = sa.select(sa.func.count()).select_from(OutageRow).where(OutageRow.county_id == house.county)
    return house.scalar(count) or 0


def test_a_step_that_fell_due_in_an_outage_is_taken_marked_and_not_charged(house: House, case_id: uuid.UUID):
    house.desk.clock.advance(hours=2)  # down from 1:30 to 3:30; due at 2:00
    assert minute(house) == 0

    [line] = [line for line in house.view(case_id).timeline if line.kind == "step_taken"]
    assert line.data["late_by_system"] is True
    house.desk.clock.advance(minutes=30)
    house.on(house.handler, sign_for, case_id)
    house.swept()
    assert charged(house, case_id) == []


def test_a_unit_that_acts_before_the_first_sweep_after_an_outage_is_not_charged(
    house: House, case_id: uuid.UUID
):
    house.desk.clock.advance(hours=2, minutes=29)
    house.on(house.handler, sign_for, case_id)
    minute(house)

    assert charged(house, case_id) == []


def test_who_does_not_act_in_the_time_given_back_is_charged_for_what_is_beyond(
    house: House, case_id: uuid.UUID
):
    house.desk.clock.advance(hours=2)
    minute(house)
    house.desk.clock.advance(minutes=9)
    assert minute(house) == 0
    house.desk.clock.advance(minutes=9)
    minute(house)
    house.desk.clock.advance(minutes=9)
    minute(house)
    house.desk.clock.advance(minutes=3, seconds=1)  # a second after the half hour that was left

    assert minute(house) == 1
    [entry] = house.view(case_id).scores
    assert entry.failing == "late_sign_for"
    assert ("given_back_seconds", "7200") in [(one.key, one.text) for one in entry.evidence]


def test_what_was_overdue_before_an_outage_is_charged(house: House, case_id: uuid.UUID):
    for _ in range(4):
        house.desk.clock.advance(minutes=9)
        house.do(house.machine, watch)  # under supervision until 2:06
    house.desk.clock.advance(hours=5)

    assert minute(house) >= 1
    assert "late_sign_for" in charged(house, case_id)


def test_a_sweep_in_time_finds_no_outage_and_two_at_once_keep_one(house: House, case_id: uuid.UUID):
    house.desk.clock.advance(minutes=10)
    assert house.do(house.machine, watch) is None
    assert outages(house) == 0

    house.desk.clock.advance(hours=1)
    found = [house.do(house.machine, watch) for _ in range(2)]

    assert found[0] is not None
    assert found[0].ended_at - found[0].began_at == timedelta(hours=1)
    assert found[1] is None
    assert outages(house) == 1
    audited = sa.select(sa.func.count()).where(
        AuditRow.county_id == house.county, AuditRow.action == "outage_found"
    )
    assert house.scalar(audited) == 1
    assert case_id


def test_a_county_that_never_swept_was_not_down(house: House):
    assert house.do(house.machine, watch) is None


def test_only_who_may_supervise_watches(house: House):
    with pytest.raises(NotPermitted):
        house.do(house.head, watch)
