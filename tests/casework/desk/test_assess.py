"""Second looks, confirmed failings and reversals: what is added, and that nothing is changed."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.desk.assess import (
    BY_CLOCK,
    ReauditVerdict,
    confirm_failing,
    reaudit_case,
    reaudit_dismissal,
    reverse_entry,
)
from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.settle import acknowledge
from casework.desk.supervise import reopen_case
from casework.errors import AlreadyOpposite, IllegalTransition, NotPermitted
from casework.grade_refusals import ReauditNotNoted
from casework.lifecycle import CaseState
from casework.refusals import NoSuchCase, NoSuchDismissal, NoSuchUnit, TextRefused
from casework.score_refusals import (
    AlreadyReversed,
    AlreadyScored,
    NoSuchEntry,
    NotForThisFailing,
    ScoredBefore,
)
from casework.scoring import FailingKind
from casework.store.policies import FrozenPolicy, freeze
from casework.store.tables import DeskItemRow, DismissalRow, PostRow, ScoreEntryRow
from tests.builders import add_dismissal, assign
from tests.case_kit import LEAD, OTHER, House
from tests.case_pack import case_book

FALSE = {"unit": LEAD, "failing": FailingKind.FALSE_REPLY, "evidence": "照片系旧照。"}


@pytest.fixture
def case_id(house: House) -> uuid.UUID:
    """A dispatched general case."""
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    house.on(house.duty, dispatch_case, case_id)
    return case_id


def points(house: House, case_id: uuid.UUID) -> list[Decimal]:
    return [line.points for line in house.view(case_id).scores]


def test_a_confirmed_failing_is_charged_by_its_rule_with_its_evidence(house: House, case_id: uuid.UUID):
    confirmed = house.do(house.inspector, confirm_failing, case_id, **FALSE)

    line = house.view(case_id, house.head).scores[0]
    assert confirmed.entry.id == line.id
    assert (line.unit, line.rule, line.points, line.by) == (LEAD, "score_false_reply", 1, "示例目督员")
    assert line.clause == "考核细则（示例）"
    assert ("evidence", "照片系旧照。") in {(item.key, item.text) for item in line.evidence}


def test_a_failing_that_no_rule_prices_costs_nothing_and_says_so(house: House, case_id: uuid.UUID):
    confirmed = house.do(
        house.inspector, confirm_failing, case_id, **FALSE | {"failing": FailingKind.LEAKED_IDENTITY}
    )

    assert confirmed.entry is None
    assert points(house, case_id) == []


def test_the_same_failing_on_the_same_evidence_counts_once(house: House, case_id: uuid.UUID):
    house.do(house.inspector, confirm_failing, case_id, **FALSE)
    with pytest.raises(AlreadyScored):
        house.do(house.inspector, confirm_failing, case_id, **FALSE)
    second = FALSE | {"evidence": "第二次答复又失实。"}
    with pytest.raises(ScoredBefore):
        house.do(house.inspector, confirm_failing, case_id, **second)
    assert points(house, case_id) == [1]
    house.do(house.inspector, confirm_failing, case_id, **second, again=True)

    assert points(house, case_id) == [1, 1]


def test_what_a_clock_or_a_review_proves_is_not_confirmed_by_hand(house: House, case_id: uuid.UUID):
    for failing in BY_CLOCK:
        with pytest.raises(NotForThisFailing):
            house.do(house.inspector, confirm_failing, case_id, **FALSE | {"failing": failing})


def test_only_a_unit_of_the_case_can_fail_in_it_and_only_the_inspector_says_so(
    house: House, case_id: uuid.UUID
):
    with pytest.raises(NoSuchUnit):
        house.do(house.inspector, confirm_failing, case_id, **FALSE | {"unit": OTHER})
    with pytest.raises(TextRefused):
        house.do(house.inspector, confirm_failing, case_id, **FALSE | {"evidence": ""})
    for actor in (house.director, house.supervisor, house.head, house.duty):
        with pytest.raises(NotPermitted):
            house.do(actor, confirm_failing, case_id, **FALSE)


def test_a_reversal_is_an_opposite_entry_and_there_is_one_of_it(house: House, case_id: uuid.UUID):
    entry = house.do(house.inspector, confirm_failing, case_id, **FALSE).entry
    back = house.do(house.inspector, reverse_entry, entry.id, reason="复核后成立。")

    assert (back.points, back.reverses_id, back.reason) == (-entry.points, entry.id, "复核后成立。")
    assert points(house, case_id) == [1, -1]
    with pytest.raises(AlreadyReversed):
        house.do(house.inspector, reverse_entry, entry.id, reason="再次。")
    with pytest.raises(AlreadyOpposite):
        house.do(house.inspector, reverse_entry, back.id, reason="反悔。")
    with pytest.raises(NoSuchEntry):
        house.do(house.inspector, reverse_entry, uuid.uuid4(), reason="没有。")
    with pytest.raises(NotPermitted):
        house.do(house.director, reverse_entry, entry.id, reason="越权。")


def test_a_second_look_is_for_closed_cases_and_changes_nothing(house: House, case_id: uuid.UUID):
    look = {"verdict": ReauditVerdict.NOT_CONFIRMED, "notes": "仍未修复。"}
    with pytest.raises(IllegalTransition):
        house.do(house.inspector, reaudit_case, case_id, **look)
    closed = house.registered(state="closed")
    version = house.view(closed).case.version
    with pytest.raises(TextRefused):
        house.do(house.inspector, reaudit_case, closed, **look | {"notes": ""})

    house.do(house.inspector, reaudit_case, closed, **look)

    view = house.view(closed)
    assert (view.case.state, view.case.version) == (CaseState.CLOSED, version)
    assert [(one.verdict, one.notes) for one in view.reaudits] == [("not_confirmed", "仍未修复。")]


def test_a_dismissal_that_does_not_hold_comes_back_to_a_persons_desk(house: House):
    post_id = add_dismissal(house.desk.transactions.engine, county=house.county)
    with pytest.raises(NoSuchDismissal):
        house.do(
            house.inspector,
            reaudit_dismissal,
            uuid.uuid4(),
            verdict=ReauditVerdict.CONFIRMED,
            notes="",
        )

    house.do(
        house.inspector, reaudit_dismissal, post_id, verdict=ReauditVerdict.NOT_CONFIRMED, notes="有诉求。"
    )

    assert house.scalar(sa.select(PostRow.triage_state).where(PostRow.id == post_id)) == "desk"
    item = house.scalar(sa.select(DeskItemRow.reason_zh).where(DeskItemRow.post_id == post_id))
    assert "有诉求" in item
    mark = sa.select(DismissalRow.reaudit_verdict).where(DismissalRow.post_id == post_id)
    assert house.scalar(mark) == "not_confirmed"


def test_an_inspector_does_not_see_an_accusation_even_to_assess_it(house: House):
    secret = house.registered(state="closed", confidential=True, lead="discipline_commission")

    with pytest.raises(NoSuchCase):
        house.do(house.inspector, reaudit_case, secret, verdict=ReauditVerdict.CONFIRMED, notes="")
    assert house.scalar(sa.select(sa.func.count()).where(ScoreEntryRow.case_id == secret)) == 0


def test_a_result_that_does_not_hold_waits_on_a_desk_until_somebody_acts(house: House):
    case_id = house.registered(state=CaseState.CLOSED.value)
    with Session(house.desk.transactions.engine) as session:
        assign(session, case_id, LEAD, county=house.county)
        pack = case_book().pack
        freeze(session, case_id, FrozenPolicy(pack.ref, pack.deadlines, pack.ladder))
        session.commit()

    def waiting() -> list[tuple[str, str]]:
        with Session(house.desk.transactions.engine) as session:
            rows = session.scalars(
                sa.select(DeskItemRow).where(DeskItemRow.case_id == case_id, DeskItemRow.closed_at.is_(None))
            )
            return [(row.kind, row.reason_zh) for row in rows]

    found = {"verdict": ReauditVerdict.NOT_CONFIRMED, "notes": "现场仍有三盏不亮。"}
    house.do(house.inspector, reaudit_case, case_id, **found)

    [(kind, reason)] = waiting()
    assert kind == "reaudit"
    assert "现场仍有三盏不亮。" in reason
    item_id = house.scalar(sa.select(DeskItemRow.id).where(DeskItemRow.case_id == case_id))
    with pytest.raises(ReauditNotNoted):
        house.do(house.duty, acknowledge, item_id, note="知道了。")
    house.on(house.duty, reopen_case, case_id, reason="抽查不属实。")
    assert waiting() == []
