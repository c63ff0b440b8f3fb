"""A case opened by hand tells what triage proposed, what the person decided instead, and why."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa

from casework.desk.assign import correct_grade
from casework.desk.by_hand import open_by_hand
from casework.events import EventKind
from casework.store.case_view import CaseView
from casework.store.decisions import decision_insert, decision_values
from casework.store.overrides import overrides
from casework.store.tables import CaseRow, DeskItemRow
from rules.model import DemandClass, Finding, Grade, Label, RuleKind
from tests.builders import MONDAY, assign, unit_person
from tests.case_kit import ASSIST, LEAD, OTHER, House
from tests.casework.desk.test_lowering import judgement, on_the_desk

GENERAL, MAJOR, SERIOUS = Grade.GENERAL, Grade.MAJOR, Grade.SERIOUS
DISCIPLINE = "discipline_commission"
WHY = "经核实无人受伤。"


def opened(house: House, proposed: Grade | None, **changes: object) -> CaseView:
    form = {
        "grade": GENERAL,
        "demand": DemandClass.COMPLAINT,
        "topic": None,
        "lead": LEAD,
        "reason": WHY,
        **changes,
    }
    item_id = on_the_desk(house, proposed)
    return house.view(house.do(house.director, open_by_hand, item_id, **form))


def lines(view: CaseView, kind: EventKind) -> list[dict[str, object]]:
    return [dict(line.data) for line in view.timeline if line.kind is kind]


@pytest.mark.parametrize("proposed", [MAJOR, SERIOUS])
def test_another_grade_is_kept_as_a_correction_of_the_proposed_one(house: House, proposed: Grade):
    view = opened(house, proposed)

    assert (view.case.grade, view.case.proposed_grade) == (GENERAL, proposed)
    (kept,) = view.corrections
    assert (kept.field, kept.old, kept.new) == ("grade", proposed.value, "general")
    assert (kept.reason, kept.by, kept.at) == (WHY, house.director.name, house.desk.clock.at)
    (told,) = lines(view, EventKind.GRADE_CORRECTED)
    assert (told["old"], told["new"], told["reason"]) == (proposed.value, "general", WHY)
    assert lines(view, EventKind.CASE_OPENED)[0]["grade"] == proposed.value


def test_what_is_opened_as_proposed_is_corrected_in_nothing(house: House):
    view = opened(house, GENERAL)

    assert (view.case.proposed_grade, view.case.proposed_lead) == (GENERAL, LEAD)
    assert view.corrections == ()
    assert {line.kind for line in view.timeline} == {EventKind.CASE_OPENED, EventKind.DESK_ITEM_CLOSED}


def test_where_triage_proposed_nothing_nothing_is_said_to_have_been_proposed(house: House):
    view = opened(house, None)

    assert (view.case.grade, view.case.proposed_grade) == (GENERAL, None)
    assert (view.case.lead_unit, view.case.proposed_lead) == (LEAD, None)
    assert view.corrections == ()
    (told,) = lines(view, EventKind.CASE_OPENED)
    assert (told["grade"], told["given"]) == (None, "general")


@pytest.mark.parametrize(
    ("changes", "new"),
    [
        ({"lead": OTHER}, f"{OTHER} ({WHY})"),
        ({"assist": (ASSIST,)}, f"{LEAD} + {ASSIST} ({WHY})"),
    ],
)
def test_other_units_are_kept_as_a_correction_of_the_proposed_ones(
    house: House, changes: dict[str, object], new: str
):
    view = opened(house, GENERAL, **changes)

    assert view.case.proposed_lead == LEAD
    (kept,) = view.corrections
    assert (kept.field, kept.old, kept.new, kept.reason) == ("route", f"{LEAD} (职责)", new, WHY)
    (told,) = lines(view, EventKind.ROUTE_CORRECTED)
    assert (told["old"], told["new"]) == (kept.old, kept.new)


def test_discipline_inspection_is_not_told_that_the_accused_was_proposed(house: House):
    view = opened(house, GENERAL, demand=DemandClass.ACCUSATION, lead=DISCIPLINE, accused=(LEAD,))
    assert view.case.proposed_lead is None
    assert LEAD in repr(view.corrections), "the office reads what it corrected"
    case_id = view.case.id
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(state="dispatched"))
    give(house, case_id, DISCIPLINE)

    read = house.view(case_id, unit_person(DISCIPLINE, county=house.county))
    assert LEAD not in repr((read.case, read.corrections, read.timeline))


def give(house: House, case_id: uuid.UUID, unit: str) -> None:
    with house.desk.transactions.write(house.machine) as uow:
        assign(uow.session, case_id, unit, county=house.county)


@pytest.mark.parametrize(
    ("given", "later", "corrected"),
    [(SERIOUS, None, 0), (MAJOR, None, 1), (SERIOUS, MAJOR, 1), (MAJOR, SERIOUS, 1)],
)
def test_the_rule_whose_grade_did_not_stand_is_counted_once(
    house: House, given: Grade, later: Grade | None, corrected: int
):
    found = Finding(
        "sev_flood", RuleKind.SEVERITY, "demo@1", Label("规则", "Rule"), "示例", "grade=serious", ()
    )
    item_id = on_the_desk(house, None)
    with house.desk.transactions.write(house.machine) as uow:
        post_id = uow.session.get_one(DeskItemRow, item_id).post_id
        kept = {"id": uow.new_id(), "county_id": house.county, "post_id": post_id, "decided_at": uow.now}
        row = kept | decision_values(replace(judgement(SERIOUS), findings=(found,)))
        uow.session.execute(decision_insert(uow.session.get_bind().dialect.name), [row])
    case_id = house.do(
        house.director,
        open_by_hand,
        item_id,
        grade=given,
        demand=DemandClass.COMPLAINT,
        topic=None,
        lead=LEAD,
        reason=WHY,
    )
    if later is not None:
        house.on(house.director, correct_grade, case_id, grade=later, reason=WHY)

    figures = house.look(
        house.director, lambda uow: overrides(uow.session, uow.county, "sev_flood", since=MONDAY)
    )
    assert (figures.looked_at, figures.corrected) == (1, corrected)
