"""A case gets another topic or class of demand: what is kept, what is refused, whom the duty table names."""

from __future__ import annotations

import pytest

from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.topics import by_duty, correct_topic
from casework.errors import IllegalTransition, NotPermitted
from casework.post_refusals import UnknownChoice
from casework.refusals import DemandStands, NoSuchCase, NothingToCorrect, TextRefused
from casework.routing import Arbitration, Routed
from casework.states import CaseState
from casework.store.case_records import CaseHead
from rules.model import DemandClass, Stage
from tests.case_kit import LEAD, House

LAMPS, WAGES, FUMES, MISCONDUCT = "street_lamps", "wage_arrears", "cooking_fumes", "misconduct"
COMPLAINT, REQUEST = DemandClass.COMPLAINT, DemandClass.REQUEST


def duty(house: House, case: CaseHead) -> Routed | Arbitration | None:
    return house.look(house.director, by_duty, case)


def close_limit(house: House, demand: DemandClass) -> str:
    case_id = house.registered(topic=LAMPS, demand="complaint")
    if demand is not COMPLAINT:
        house.on(house.duty, correct_topic, case_id, topic=LAMPS, demand=demand, reason="只是求助。")
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    close = next(one for one in house.view(case_id).clocks if one.clock.stage is Stage.CLOSE)
    return str(close.clock.allowance)


def test_both_values_and_the_reason_are_kept_and_the_unit_stays(house: House):
    case_id = house.registered(topic=LAMPS, demand="request")

    house.on(house.duty, correct_topic, case_id, topic=WAGES, demand=COMPLAINT, reason="说的是施工队的工资。")

    view = house.view(case_id)
    assert (view.case.topic, view.case.demand, view.case.lead_unit) == (WAGES, COMPLAINT, LEAD)
    kept = {one.field: (one.old, one.new, one.reason) for one in view.corrections}
    assert kept == {
        "topic": (LAMPS, WAGES, "说的是施工队的工资。"),
        "demand": ("request", "complaint", "说的是施工队的工资。"),
    }
    line = view.timeline[-1]
    assert (line.kind, line.data["title_old_zh"], line.data["title_new_zh"]) == (
        "topic_corrected",
        "路灯",
        "欠薪",
    )


def test_the_duty_table_is_asked_with_the_topic_as_it_stands_now(house: House):
    case_id = house.registered(topic=LAMPS, demand="request", place="e_cuihu")
    lamps = duty(house, house.view(case_id).case)
    assert isinstance(lamps, Routed)
    assert (lamps.lead, lamps.assist) == ("housing_bureau", ("center_office",))

    house.on(house.duty, correct_topic, case_id, topic=WAGES, demand=COMPLAINT, reason="工资。")
    wages = duty(house, house.view(case_id).case)
    assert isinstance(wages, Routed)
    assert wages.lead == "labour_bureau"

    house.on(house.duty, correct_topic, case_id, topic=FUMES, demand=COMPLAINT, reason="油烟。")
    assert isinstance(duty(house, house.view(case_id).case), Arbitration)

    house.on(house.duty, correct_topic, case_id, topic=None, demand=COMPLAINT, reason="说不清。")
    assert duty(house, house.view(case_id).case) is None


def test_an_accusation_goes_by_no_topic(house: House):
    case_id = house.registered(topic=LAMPS, demand="accusation", confidential=True)
    assert duty(house, house.view(case_id).case) is None


def test_the_limits_at_dispatch_are_those_of_the_corrected_demand(house: House):
    asked = {demand: close_limit(house, demand) for demand in (COMPLAINT, REQUEST)}
    assert asked == {COMPLAINT: "15wd", REQUEST: "7wd"}


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"topic": "no_such_topic"}, UnknownChoice),
        ({"reason": "  "}, TextRefused),
        ({"topic": LAMPS, "demand": REQUEST}, NothingToCorrect),
        ({"demand": DemandClass.ACCUSATION}, DemandStands),
        ({"topic": MISCONDUCT}, DemandStands),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    house: House, given: dict[str, object], refusal: type[Exception]
):
    case_id = house.registered(topic=LAMPS, demand="request")
    values = {"topic": WAGES, "demand": REQUEST, "reason": "更正。", **given}

    with pytest.raises(refusal):
        house.on(house.duty, correct_topic, case_id, **values)

    view = house.view(case_id)
    assert (view.case.topic, view.case.demand, view.corrections) == (LAMPS, REQUEST, ())


def test_after_dispatch_the_topic_can_be_corrected_and_the_demand_stands(house: House):
    case_id = house.registered(topic=LAMPS, demand="request")
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    clocks = house.view(case_id).clocks

    with pytest.raises(DemandStands):
        house.on(house.duty, correct_topic, case_id, topic=LAMPS, demand=COMPLAINT, reason="是投诉。")
    house.on(house.duty, correct_topic, case_id, topic=WAGES, demand=REQUEST, reason="工资。")

    view = house.view(case_id)
    assert (view.case.topic, view.case.demand, view.clocks) == (WAGES, REQUEST, clocks)


def test_a_unit_and_a_supervisor_correct_no_topic_and_a_settled_case_has_its_own(house: House):
    case_id = house.registered(topic=LAMPS, demand="request")
    values = {"topic": WAGES, "demand": REQUEST, "reason": "更正。"}
    for actor, refusal in ((house.head, NoSuchCase), (house.inspector, NotPermitted)):
        with pytest.raises(refusal):
            house.on(actor, correct_topic, case_id, **values)
    closed = house.registered(topic=LAMPS, demand="request", state=CaseState.CLOSED.value)
    with pytest.raises(IllegalTransition):
        house.on(house.duty, correct_topic, closed, **values)
