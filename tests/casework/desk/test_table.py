"""Every use case in every state: it does what the table of the lifecycle says, or nothing at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.desk.assign import confirm_case, correct_grade, correct_route, dispatch_case
from casework.desk.dismissing import dismiss_case, reinstate_case
from casework.desk.docket import Docket, take_up
from casework.desk.handle import (
    ReportKind,
    file_report,
    record_contact,
    record_public_reply,
    reply,
    sign_for,
)
from casework.desk.supervise import accept_reply, close_case, reopen_case, send_back
from casework.desk.topics import correct_topic
from casework.errors import IllegalTransition
from casework.lifecycle import TRANSITIONS, Action, CaseState, Part
from casework.outcome import Outcome
from casework.recusal import NOBODY
from casework.refusals import NoLeadUnit, NoLimitSet, NoSuchCase
from casework.store.policies import FrozenPolicy, freeze
from casework.store.tables import AuditRow, EventRow
from rules.model import DemandClass, Grade, Stage
from tests.builders import assign
from tests.case_kit import LEAD, OTHER, House
from tests.case_pack import case_book
from tests.desk_kit import OneRulebook


@dataclass(frozen=True)
class Act:
    """A use case as somebody who may do it calls it."""

    actor: str
    use_case: Callable[..., object]
    actions: tuple[Action, ...]
    values: dict[str, object]


ACTS = {
    act.use_case.__name__: act
    for act in (
        Act("director", confirm_case, (Action.CONFIRM,), {}),
        Act(
            "director",
            correct_grade,
            (Action.CORRECT_GRADE, Action.REGRADE),
            {"grade": Grade.SERIOUS, "reason": "更正"},
        ),
        Act(
            "director",
            correct_route,
            (Action.CORRECT_ROUTE, Action.DESIGNATE, Action.REASSIGN),
            {"lead": OTHER, "basis": "纪要", "reason": "更正"},
        ),
        Act(
            "duty",
            correct_topic,
            (Action.CORRECT_TOPIC,),
            {"topic": "wage_arrears", "demand": DemandClass.COMPLAINT, "reason": "更正"},
        ),
        Act("director", dispatch_case, (Action.DISPATCH,), {}),
        Act("handler", sign_for, (Action.SIGN_FOR,), {}),
        Act("handler", file_report, (Action.FILE_REPORT,), {"kind": ReportKind.FIRST, "text": "首报"}),
        Act("handler", record_contact, (Action.RECORD_CONTACT,), {"note": "已联系"}),
        Act("handler", record_public_reply, (Action.RECORD_PUBLIC_REPLY,), {"text": "已受理"}),
        Act("head", reply, (Action.REPLY,), {"outcome": Outcome.RESOLVED, "text": "已办结"}),
        Act("duty", accept_reply, (Action.ACCEPT,), {}),
        Act("duty", send_back, (Action.SEND_BACK,), {"reason": "重办"}),
        Act("duty", close_case, (Action.CLOSE,), {}),
        Act("duty", dismiss_case, (Action.DISMISS,), {"reason_id": "praise", "note": "误立"}),
        Act("inspector", reinstate_case, (Action.REINSTATE,), {"reason": "应当办理"}),
        Act("inspector", reopen_case, (Action.REOPEN,), {"reason": "重新办理"}),
    )
}


def standing(house: House, state: CaseState) -> uuid.UUID:
    """Return a case that stands in a state without having come there, seen by its lead unit."""
    case_id = house.registered(state=state.value)
    with Session(house.desk.transactions.engine) as session:
        assign(session, case_id, LEAD, county=house.county)
        pack = case_book().pack
        freeze(session, case_id, FrozenPolicy(pack.ref, pack.deadlines, pack.ladder))
        session.commit()
    return case_id


def written(house: House) -> tuple[int | None, ...]:
    return tuple(
        house.scalar(sa.select(sa.func.count()).where(row.county_id == house.county))
        for row in (EventRow, AuditRow)
    )


ON_SQLITE = pytest.mark.parametrize("house", ["sqlite"], indirect=True)  # the table is the same on both


@ON_SQLITE
@pytest.mark.parametrize("name", ACTS)
def test_a_use_case_is_refused_in_every_state_where_the_table_has_no_line(house: House, name: str):
    act = ACTS[name]
    open_in = {state for state, action in TRANSITIONS if action in act.actions}
    for state in sorted(set(CaseState) - open_in):
        case_id = standing(house, state)
        before = written(house)

        with pytest.raises(IllegalTransition):
            house.on(getattr(house, act.actor), act.use_case, case_id, **act.values)

        assert written(house) == before
        assert house.view(case_id).case.state is state


@ON_SQLITE
@pytest.mark.parametrize("name", ["confirm_case", "sign_for", "file_report", "close_case", "reopen_case"])
def test_where_the_table_has_a_line_the_case_goes_where_it_says_and_leaves_one_trace(house: House, name: str):
    act = ACTS[name]
    for state in sorted(state for state, action in TRANSITIONS if action in act.actions):
        case_id = standing(house, state)
        events, audits = written(house)

        house.on(getattr(house, act.actor), act.use_case, case_id, **act.values)

        target = next(TRANSITIONS[state, action] for action in act.actions if (state, action) in TRANSITIONS)
        assert house.view(case_id).case.state is target
        assert written(house) == (events + 1, audits + 1)


def test_a_docket_without_the_part_it_needs_says_that_there_is_no_case(house: House):
    case_id = house.registered()
    with house.desk.transactions.read(house.director) as uow:
        docket = take_up(uow, case_id, version=1)
        bare = Docket(uow, docket.case, (), Part.NONE, NOBODY)

    for ask in (bare.lead_unit, bare.own):
        with pytest.raises(NoSuchCase):
            ask()


def test_a_case_that_lost_its_lead_is_not_dispatched(house: House):
    case_id = house.registered(state="confirmed", lead=None)

    with pytest.raises(NoLeadUnit):
        house.on(house.director, dispatch_case, case_id)


@pytest.mark.parametrize("stage", [Stage.SIGN_FOR, Stage.CLOSE])
def test_a_case_is_not_dispatched_under_a_policy_that_would_let_it_fall_asleep(house: House, stage: Stage):
    case_id = house.registered(state="confirmed")
    book = case_book()
    lines = tuple(line for line in book.pack.deadlines.clocks if line.stage is not stage)
    thin = replace(book.pack, deadlines=replace(book.pack.deadlines, clocks=lines))

    class Thin(type(book)):  # the same rules under fewer limits
        def __init__(self) -> None:
            self.__dict__.update(book.__dict__)
            self.pack = thin

    house.desk.transactions.rulebooks = OneRulebook(Thin())
    with pytest.raises(NoLimitSet) as refused:
        house.on(house.director, dispatch_case, case_id)

    assert refused.value.stage == stage.value
    assert house.view(case_id).clocks == ()
