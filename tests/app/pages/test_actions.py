"""The page of a case offers each person exactly what the table of the lifecycle lets this person do."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.pages.case_forms import WAYS
from app.pages.screen_words import case_states
from casework.actions import Action
from casework.lifecycle import TRANSITIONS
from casework.performers import Part, is_performer
from casework.roles import Role
from casework.states import CaseState
from casework.store.tables import CaseRow, ReplyRow
from rules.model import Grade
from tests.builders import MONDAY, new_id
from tests.page_kit import ASSIST, LEAD, OTHER, Desks, offered

DESKS = (Role.DUTY_OFFICER, Role.DIRECTOR, Role.SUPERVISOR, Role.INSPECTOR, Role.PUBLISHER)
UNITS = [
    (role, unit, part)
    for role in (Role.UNIT_HANDLER, Role.UNIT_HEAD)
    for unit, part in ((LEAD, Part.LEAD), (ASSIST, Part.ASSIST))
]
WITHOUT_FORM = {
    Action.ASK_ARBITRATION,
    Action.DRAFT_REPLY,
    Action.RETURN_DRAFT,
    Action.ASK_EXTENSION,
    Action.GRANT_EXTENSION,
    Action.PAUSE,
    Action.RESUME,
    Action.SUPERVISE,
    Action.ARCHIVE,
    Action.MERGE_POST,
    Action.RECORD_POST_GONE,
}
"""Known to the lifecycle, not yet on the page of a case; a new one must be put here or get a form."""


def _case(desks: Desks) -> uuid.UUID:
    """Return a case with both units in it and a reply under review that says: resolved."""
    case_id = desks.case("小区路灯坏了半个月，晚上看不清路。")
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    with Session(desks.web.home.transactions.engine) as session:
        session.add(
            ReplyRow(
                id=new_id(),
                county_id=desks.county,
                case_id=case_id,
                unit_code=LEAD,
                round=1,
                outcome="resolved",
                text="已修好。",
                basis="",
                by="示例负责人",
                at=MONDAY,
            )
        )
        session.commit()
    return case_id


def _put(desks: Desks, case_id: uuid.UUID, state: CaseState, grade: Grade) -> None:
    with Session(desks.web.home.transactions.engine) as session:
        session.execute(
            sa.update(CaseRow).where(CaseRow.id == case_id).values(state=state.value, grade=grade.value)
        )
        session.commit()


def _allowed(role: Role, state: CaseState, grade: Grade, part: Part) -> list[str]:
    """Return the actions of the two tables that have an object.

    There is no promise to accept (the reply promises nothing), no secrecy to lift and nobody accused (an
    ordinary case).
    """
    return [
        action.value
        for action in Action
        if action not in WITHOUT_FORM | {Action.ACCEPT_PROMISE, Action.LIFT_SECRECY, Action.CORRECT_ACCUSED}
        and (state, action) in TRANSITIONS
        and is_performer(action, roles=frozenset({role}), grade=grade, part=part)
    ]


def test_every_action_has_a_form_or_is_named_as_one_that_has_none():
    assert set(WAYS) | WITHOUT_FORM == set(Action)
    assert set(WAYS) & WITHOUT_FORM == set()


def test_a_list_is_narrowed_to_states_that_a_case_can_come_to():
    reached = {CaseState.ARBITRATION, CaseState.REGISTERED}  # where triage leaves it
    for _ in CaseState:
        reached |= {to for (state, action), to in TRANSITIONS.items() if state in reached and action in WAYS}
    assert set(case_states()) == reached


@pytest.mark.parametrize("role", DESKS)
def test_a_desk_is_offered_its_actions_and_no_others(desks: Desks, role: Role):
    case_id, browser = _case(desks), desks.person(role)
    for state in CaseState:
        for grade in (Grade.GENERAL, Grade.MAJOR):
            _put(desks, case_id, state, grade)
            answer = browser.get(f"/cases/{case_id}")
            if role is Role.SUPERVISOR and grade is Grade.GENERAL:
                assert answer.status_code == 404
                continue
            assert sorted(offered(answer.text)) == sorted(
                [
                    *_allowed(role, state, grade, Part.NONE),
                    *(["failing"] if role is Role.INSPECTOR else []),
                ]
            ), (state, grade)


@pytest.mark.parametrize(("role", "unit", "part"), UNITS)
def test_a_unit_is_offered_the_actions_of_its_part_and_no_others(
    desks: Desks, role: Role, unit: str, part: Part
):
    case_id, browser = _case(desks), desks.person(role, unit)
    for state in CaseState:
        _put(desks, case_id, state, Grade.GENERAL)
        page = browser.get(f"/cases/{case_id}").text
        assert sorted(offered(page)) == sorted(_allowed(role, state, Grade.GENERAL, part)), state


@pytest.mark.parametrize("role", [Role.UNIT_HANDLER, Role.UNIT_HEAD])
def test_a_unit_finds_no_case_of_another_unit(desks: Desks, role: Role):
    case_id, stranger = _case(desks), desks.person(role, OTHER)

    assert stranger.get(f"/cases/{case_id}").status_code == 404
    assert stranger.post(f"/cases/{case_id}/sign_for", {"version": 1}).status_code == 404
    assert "路灯坏了" not in stranger.get("/cases").text
    assert "路灯坏了" not in stranger.get("/cases?text=路灯").text
    assert "路灯坏了" not in stranger.get("/work").text


def test_an_action_that_is_not_offered_is_refused_when_sent_all_the_same(desks: Desks):
    case_id = _case(desks)
    _put(desks, case_id, CaseState.REPLIED, Grade.GENERAL)

    handler, head = desks.person(Role.UNIT_HANDLER), desks.person(Role.UNIT_HEAD)

    by_handler = handler.post(f"/cases/{case_id}/accept", {"version": 3})
    by_head = head.post(f"/cases/{case_id}/reply", {"version": 3, "outcome": "resolved", "text": "抢先答复"})

    assert by_handler.status_code == 403
    assert by_head.status_code == 409
    assert "抢先答复" in by_head.text, "what was typed is not lost"
    assert desks.person(Role.DIRECTOR).post(f"/cases/{case_id}/no_such", {"version": 1}).status_code == 404
