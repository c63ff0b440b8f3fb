"""What a unit does with a case, and what it may not do."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.handle import (
    ReportKind,
    file_report,
    record_contact,
    record_public_reply,
    reply,
    sign_for,
)
from casework.errors import IllegalTransition, InvalidOutcome, NotPermitted
from casework.lifecycle import CaseState
from casework.outcome import Outcome
from casework.refusals import NoSuchCase, StaleVersion, TextRefused
from rules.model import Stage
from tests.builders import unit_person
from tests.case_kit import ASSIST, OTHER, House


@pytest.fixture
def case_id(house: House) -> uuid.UUID:
    """A dispatched general case with an assisting unit."""
    case_id = house.registered(assist_units=[ASSIST])
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    return case_id


def in_hand(house: House, case_id: uuid.UUID) -> None:
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")


def running(house: House, case_id: uuid.UUID) -> set[Stage]:
    return {one.clock.stage for one in house.view(case_id).clocks if one.stopped_at is None}


def test_each_act_stops_its_own_clock_at_its_own_instant(house: House, case_id: uuid.UUID):
    assert running(house, case_id) == {
        Stage.SIGN_FOR,
        Stage.FIRST_CONTACT,
        Stage.FIRST_REPORT,
        Stage.PUBLIC_REPLY,
        Stage.CLOSE,
    }
    house.on(house.handler, sign_for, case_id)
    assert Stage.SIGN_FOR not in running(house, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    assert Stage.FIRST_REPORT not in running(house, case_id)
    house.on(house.duty, record_contact, case_id, note="经平台私信告知已受理。")
    assert running(house, case_id) == {Stage.PUBLIC_REPLY, Stage.CLOSE}
    house.on(house.handler, record_public_reply, case_id, text="已受理，正在核查。")
    assert running(house, case_id) == {Stage.CLOSE}
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已修复。")
    assert running(house, case_id) == set()
    kinds = [report.kind for report in house.view(case_id).reports]
    assert sorted(kinds) == ["contact", "first", "public_reply"]


def test_a_signed_reply_stands_in_for_a_public_reply_that_nobody_recorded(house: House, case_id: uuid.UUID):
    in_hand(house, case_id)
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已修复。")

    assert running(house, case_id) == set()
    assert house.view(case_id).case.next_due_at is None


def test_only_the_head_signs_a_reply(house: House, case_id: uuid.UUID):
    in_hand(house, case_id)

    with pytest.raises(NotPermitted):
        house.on(house.handler, reply, case_id, outcome=Outcome.RESOLVED, text="已修复。")
    assert house.view(case_id).case.state is CaseState.HANDLING


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outcome": Outcome.PROMISED}, "promised_on"),
        ({"outcome": Outcome.PROMISED, "promised_on": date(2026, 11, 16)}, "promised_on"),
        ({"outcome": Outcome.EXPLAINED, "basis": " "}, "basis"),
    ],
    ids=["promise without a day", "promise for today", "explanation without its basis"],
)
def test_an_outcome_needs_what_belongs_to_it(
    house: House, case_id: uuid.UUID, values: dict[str, object], field: str
):
    in_hand(house, case_id)

    with pytest.raises(InvalidOutcome) as refused:
        house.on(house.head, reply, case_id, text="答复。", **values)
    assert refused.value.field == field


@pytest.mark.parametrize("text", ["", " \n ", "a\0b", "\ud800", "长" * 20_001])
def test_a_text_that_cannot_be_kept_is_refused_with_its_field(house: House, case_id: uuid.UUID, text: str):
    house.on(house.handler, sign_for, case_id)

    with pytest.raises(TextRefused) as refused:
        house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text=text)
    assert refused.value.field == "text"


def test_an_assisting_unit_signs_and_reports_without_moving_the_case(house: House, case_id: uuid.UUID):
    assisting = unit_person(ASSIST, county=house.county)
    house.on(assisting, sign_for, case_id)
    house.on(assisting, file_report, case_id, kind=ReportKind.PROGRESS, text="协办情况。")

    view = house.view(case_id)
    assert view.case.state is CaseState.DISPATCHED
    assert {part.unit: part.signed_for_at is not None for part in view.assignments}[ASSIST]
    assert Stage.SIGN_FOR in running(house, case_id)
    with pytest.raises(NotPermitted):
        house.on(assisting, reply, case_id, outcome=Outcome.RESOLVED, text="答复。")


def test_a_unit_without_a_part_finds_no_case(house: House, case_id: uuid.UUID):
    with pytest.raises(NoSuchCase):
        house.on(unit_person(OTHER, county=house.county), sign_for, case_id)


def test_reports_come_in_their_order(house: House, case_id: uuid.UUID):
    with pytest.raises(IllegalTransition):
        house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    in_hand(house, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FINAL, text="终报。")
    with pytest.raises(IllegalTransition):
        house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="又一次首报。")


def test_a_page_that_is_older_than_the_case_is_refused(house: House, case_id: uuid.UUID):
    version = house.view(case_id).case.version
    house.on(house.handler, sign_for, case_id)

    with pytest.raises(StaleVersion) as refused:
        house.do(house.handler, sign_for, case_id, version=version)
    assert (refused.value.seen, refused.value.now) == (version, version + 1)
