"""Whoever takes a case out of his own sight is led to his worklist and told where the case went."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.pages import case_offers, cases
from app.pages.case_forms import WAYS, CaseForm
from casework.access import CaseSight, CountyId, UnitId, UserId, may_see, person, visibility
from casework.actions import Action
from casework.desk.unit import UnitOfWork
from casework.performers import Part, is_performer
from casework.roles import Role
from casework.states import CaseState
from casework.store.tables import AssignmentRow, CaseRow
from rules.model import Grade
from tests.builders import new_id
from tests.page_kit import ASSIST, LEAD, OTHER, Desks, offered

COUNTY = CountyId("demo")
ROUTED = frozenset({Action.CORRECT_ROUTE, Action.DESIGNATE, Action.REASSIGN})
MADE_SECRET = frozenset({Action.MARK_ACCUSATION, Action.MERGE_INTO})
"""A case may be merged into a confidential one and becomes confidential with it."""
GRADED = frozenset({Action.CORRECT_GRADE, Action.REGRADE})
ALL_PARTS_END = frozenset({Action.MARK_ACCUSATION, Action.LIFT_SECRECY, Action.MERGE_INTO, Action.DISMISS})


def _cases_after(action: Action, before: CaseSight) -> list[CaseSight]:
    """Return what an action may make of the facts that decide who sees a case."""
    made = [before]
    if action in GRADED:
        made += [replace(before, grade=grade) for grade in Grade]
    if action in ROUTED:
        made.append(replace(before, assigned=frozenset({UnitId(OTHER)})))
    if action in ALL_PARTS_END:
        made.append(replace(before, assigned=frozenset()))
    if action in MADE_SECRET:
        made += [replace(one, confidential=True, excluded=before.assigned) for one in tuple(made)]
    if action is Action.LIFT_SECRECY:
        made += [replace(one, confidential=False, excluded=frozenset()) for one in tuple(made)]
    return made


def test_these_acts_take_a_case_out_of_the_sight_of_whoever_does_them():
    found = set()
    for role in (one for one in Role if one is not Role.MACHINE):
        unit = UnitId(LEAD) if role in {Role.UNIT_HANDLER, Role.UNIT_HEAD} else None
        sight = visibility(person(UserId(new_id()), "示例", roles=[role], county_id=COUNTY, unit_id=unit))
        for action in WAYS:
            for grade in Grade:
                for part in Part:
                    for is_secret in (False, True):
                        assigned = frozenset({UnitId(LEAD), UnitId(ASSIST)})
                        before = CaseSight(COUNTY, grade, is_secret, assigned, frozenset())
                        if not may_see(sight, before):
                            continue
                        if not is_performer(action, roles=frozenset({role}), grade=grade, part=part):
                            continue
                        if not all(may_see(sight, after) for after in _cases_after(action, before)):
                            found.add((role, action))

    assert found == {(Role.SUPERVISOR, Action.REGRADE)}, "a new one: is its whereabouts told in words?"


@pytest.mark.parametrize(
    ("language", "done", "where"),
    [
        ("zh", "已完成：调整等级（", "此件现为一般件，转由网信办督办，已不在您的查看范围内。"),
        ("en", "Done: ", "Its grade is now General: the cyberspace office supervises it"),
    ],
)
def test_a_supervisor_who_lowers_a_case_to_general_reads_that_the_office_has_it(
    desks: Desks, language: str, done: str, where: str
):
    case_id = desks.case(grade=Grade.MAJOR)
    duty, supervisor = desks.person(Role.DUTY_OFFICER), desks.person(Role.SUPERVISOR)
    desks.done(duty, case_id, "confirm")
    desks.done(desks.person(Role.DIRECTOR), case_id, "dispatch")
    supervisor.post("/language", {"to": language})

    answer = desks.act(supervisor, case_id, "regrade", grade="general", reason="只涉及一户")

    assert (answer.status_code, answer.location) == (302, "/work")
    worklist = supervisor.get("/work")
    assert worklist.status_code == 200
    assert done in worklist.text
    assert where in worklist.text
    assert supervisor.get(f"/cases/{case_id}").status_code == 404


def _hidden(uow: UnitOfWork, case_id: uuid.UUID, _form: CaseForm) -> object:
    """Take the case away from everybody who may lose it, whatever the action is."""
    uow.session.execute(
        sa.update(CaseRow)
        .where(CaseRow.id == case_id)
        .values(confidential=sa.true(), state=CaseState.REGISTERED.value)
    )
    uow.session.execute(
        sa.update(AssignmentRow).where(AssignmentRow.case_id == case_id).values(ended_at=uow.now)
    )
    return None


def _ended(uow: UnitOfWork, case_id: uuid.UUID, _form: CaseForm) -> object:
    uow.session.execute(
        sa.update(AssignmentRow).where(AssignmentRow.case_id == case_id).values(ended_at=uow.now)
    )
    return None


@pytest.mark.parametrize(
    ("role", "run", "where"),
    [
        (Role.INSPECTOR, _hidden, "此件现按保密件办理，只有指定的人员可以查看。"),
        (Role.UNIT_HANDLER, _hidden, "此件现按保密件办理，只有指定的人员可以查看。"),
        (Role.UNIT_HEAD, _ended, "此件已转由其他单位办理，已不在您的查看范围内。"),
    ],
)
def test_no_act_of_any_kind_ends_on_an_error_page(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, role: Role, run: object, where: str
):
    ways = {action: replace(way, form=CaseForm, run=run) for action, way in WAYS.items()}  # type: ignore[arg-type]
    for module in (cases, case_offers):
        monkeypatch.setattr(module, "WAYS", ways)
    browser = desks.person(role)

    for action in WAYS:
        answer = browser.post(f"/cases/{_dispatched(desks)}/{action.value}", {"version": 1})
        assert (answer.status_code, answer.location) == (302, "/work"), action
        assert where in browser.get("/work").text, action


def _dispatched(desks: Desks) -> uuid.UUID:
    """Return a case that its units have, without pressing a button."""
    case_id = desks.case()
    with Session(desks.web.home.transactions.engine) as session:
        session.add(
            AssignmentRow(
                id=new_id(),
                county_id=desks.county,
                case_id=case_id,
                unit_code=LEAD,
                role="lead",
                basis="",
                assigned_at=desks.web.clock(),
                by="示例",
            )
        )
        session.commit()
    return case_id


def test_whoever_still_sees_the_case_goes_back_to_it(desks: Desks):
    case_id = desks.case()
    answer = desks.act(desks.person(Role.DUTY_OFFICER), case_id, "confirm")
    assert answer.location == f"/cases/{case_id}"
    assert "dispatch" in offered(desks.page(desks.person(Role.DUTY_OFFICER), case_id))
