"""Cards, orders and summons belong to case and unit: late in five ways, a unit gets each of them once."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.pages.event_words import SENTENCES
from casework.desk.assign import confirm_case, correct_route, dispatch_case
from casework.desk.sweep import next_sweep_at, sweep
from casework.events import EventKind
from casework.store.tables import StepRow
from rules.model import StepAction
from rules.rulebook import Rulebook
from tests.case_kit import LEAD, OTHER, House, house_on, shared_engine
from tests.case_pack import case_book
from tests.demo import demo_pack


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """A county at work with the ladder of the demo pack."""
    book = Rulebook(replace(case_book().pack, ladder=demo_pack().ladder))
    url = request.getfixturevalue(f"house_{request.param}")
    with house_on(url, book, shared_engine(url).execution_options()) as opened:
        yield opened


def dispatched(house: House) -> uuid.UUID:
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    return case_id


def left_alone(house: House, **span: float) -> None:
    """Let time pass and sweep at each moment at which there is something to do."""
    until = house.desk.clock.at + timedelta(**span)
    while (at := house.look(house.machine, next_sweep_at)) is not None and at <= until:
        house.desk.clock.at = max(at, house.desk.clock.at)
        house.swept()
    house.desk.clock.at = until
    house.swept()


def got(house: House, case_id: uuid.UUID, unit: str = LEAD) -> Counter[str]:
    return Counter(
        step.card or step.action.value
        for step in house.view(case_id).steps
        if step.unit == unit and step.action is not StepAction.REMINDER
    )


def test_a_unit_that_is_nine_days_late_gets_each_card_and_each_paper_once(house: House):
    case_id = dispatched(house)
    left_alone(house, days=9)

    assert got(house, case_id) == {"blue": 1, "yellow": 1, "order": 1, "red": 1, "summons": 1}
    numbers = sorted(step.number for step in house.view(case_id).steps if step.number)
    assert numbers == ["云网信督〔2026〕1号", "云网信督〔2026〕2号"]


def test_it_comes_to_the_same_when_the_sweep_wakes_up_after_nine_days(house: House):
    case_id = dispatched(house)
    house.desk.clock.advance(days=9)
    house.swept()

    assert got(house, case_id) == {"blue": 1, "yellow": 1, "order": 1, "red": 1, "summons": 1}


def test_a_reminder_still_belongs_to_its_clock(house: House):
    case_id = dispatched(house)
    left_alone(house, days=9)

    reminders = [step for step in house.view(case_id).steps if step.action is StepAction.REMINDER]
    assert len(reminders) >= 2
    assert len({step.clock_id for step in reminders}) == len(reminders)


def test_a_further_clock_is_noted_once_on_the_existing_order_with_its_number(house: House):
    case_id = dispatched(house)
    left_alone(house, days=9)

    view = house.view(case_id)
    order = next(step for step in view.steps if step.action is StepAction.ORDER)
    noted = [
        (line.data["stage"], line.data["number"])
        for line in view.timeline
        if line.kind is EventKind.STEP_NOTED and line.data["step"] == "supervision_order"
    ]
    assert noted == [("public_reply", order.number)]
    assert EventKind.STEP_NOTED in SENTENCES


def test_lateness_is_charged_for_every_clock_all_the_same(house: House):
    case_id = dispatched(house)
    left_alone(house, days=9)

    failings = Counter(line.failing for line in house.view(case_id).scores)
    assert failings == {
        "late_sign_for": 1,
        "late_first_contact": 1,
        "late_first_report": 1,
        "late_public_reply": 1,
    }


def test_the_next_unit_gets_cards_of_its_own(house: House):
    case_id = dispatched(house)
    left_alone(house, days=3)
    house.on(house.director, correct_route, case_id, lead=OTHER, basis="示例依据", reason="改派。")
    left_alone(house, days=3)

    assert got(house, case_id)["blue"] == got(house, case_id, OTHER)["blue"] == 1
    assert got(house, case_id)["order"] == got(house, case_id, OTHER)["order"] == 1


def test_sweeps_that_hold_different_clocks_of_a_case_give_one_order_and_leave_no_gap(house: House):
    cases = [dispatched(house) for _ in range(4)]
    house.desk.clock.advance(days=9)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [house.do(house.machine, sweep, 1) for _ in range(4)], range(8)))
    house.swept()

    for case_id in cases:
        assert got(house, case_id) == {"blue": 1, "yellow": 1, "order": 1, "red": 1, "summons": 1}
    numbers = [step.number for case_id in cases for step in house.view(case_id).steps if step.number]
    assert sorted(numbers) == sorted(f"云网信督〔2026〕{n}号" for n in range(1, 2 * len(cases) + 1))


def test_what_older_versions_gave_once_a_clock_is_not_given_again(house: House):
    case_id = dispatched(house)
    left_alone(house, hours=26)
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(
            sa.update(StepRow)
            .where(StepRow.case_id == case_id)
            .values(effect_key=StepRow.effect_key + sa.literal("/of-old"))
        )
    left_alone(house, days=2)

    assert got(house, case_id)["blue"] == 1
