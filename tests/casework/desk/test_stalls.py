"""A stalled case is put before a person once, comes back while it is stalled, and goes when it moves."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.access import visibility
from casework.desk.assign import confirm_case
from casework.desk.settle import acknowledge
from casework.desk.stalls import BATCH, StallChanges, stall_changes, tell_of_stalls
from casework.errors import NotPermitted
from casework.store.desk_items import DeskItem, ItemKind, open_items
from casework.store.tables import AuditRow, DeskItemRow
from tests.case_kit import House


def check(house: House) -> int:
    """Check as the worker does and return how many writes it took."""
    changes = house.look(house.machine, stall_changes)
    parts = list(changes.parts())
    for part in parts:
        house.do(house.machine, tell_of_stalls, part)
    return len(parts)


def waiting(house: House) -> list[DeskItem]:
    return list(
        house.look(
            house.duty,
            lambda uow: open_items(uow.session, visibility(uow.actor), kind=ItemKind.STALLED).items,
        )
    )


@pytest.fixture
def case_id(house: House) -> uuid.UUID:
    """A case that its desk has held for too long."""
    opened = house.registered()
    house.desk.clock.advance(hours=6)
    return opened


def test_a_stalled_case_is_one_item_however_often_it_is_checked(house: House, case_id: uuid.UUID):
    house.registered()  # fresh: nothing to say

    assert [check(house), check(house)] == [1, 0]

    [item] = waiting(house)
    assert (item.case_id, item.post_id) == (case_id, None)
    assert "停留时间超过规定" in item.reason_zh
    assert house.look(house.machine, stall_changes) == StallChanges(1)


def test_two_checks_at_once_open_one_item(house: House, case_id: uuid.UUID):
    changes = house.look(house.machine, stall_changes)
    for _ in range(2):
        house.do(house.machine, tell_of_stalls, changes)

    assert [item.case_id for item in waiting(house)] == [case_id]
    found = sa.select(sa.func.count()).where(
        AuditRow.action == "stall_found", AuditRow.object_id == str(case_id)
    )
    assert house.scalar(found) == 1


def test_the_item_goes_when_the_case_moves_and_comes_back_when_it_stalls_again(
    house: House, case_id: uuid.UUID
):
    check(house)
    house.on(house.duty, confirm_case, case_id)

    check(house)
    assert waiting(house) == []
    closed = sa.select(DeskItemRow.resolution).where(DeskItemRow.case_id == case_id)
    assert house.scalar(closed) == "under_way"

    house.desk.clock.advance(hours=6)
    check(house)
    assert [item.case_id for item in waiting(house)] == [case_id]


def test_who_took_note_has_a_working_day_before_the_item_comes_back(house: House, case_id: uuid.UUID):
    check(house)
    [item] = waiting(house)
    house.do(house.duty, acknowledge, item.id, note="已电话催办")

    check(house)
    assert waiting(house) == []

    house.desk.clock.advance(days=2)
    check(house)
    assert [(again.id, again.case_id) for again in waiting(house)] == [(item.id, case_id)]


def test_many_stalls_are_written_in_short_parts():
    parts = list(StallChanges(60, tell=tuple(range(60)), settle=tuple(range(30))).parts())  # type: ignore[arg-type] # figures stand for rows

    assert [(len(part.tell), len(part.settle)) for part in parts] == [(BATCH, BATCH), (BATCH, 5), (10, 0)]


def test_only_who_may_supervise_checks(house: House):
    with pytest.raises(NotPermitted):
        house.do(house.head, stall_changes)
    with pytest.raises(NotPermitted):
        house.do(house.head, tell_of_stalls, StallChanges(0))
