"""Supervision orders as papers: one a number, for the unit it went to, with nobody's identity."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from casework.access import visibility
from casework.desk.assign import confirm_case, correct_route, dispatch_case
from casework.desk.handle import ReportKind, file_report, reply, sign_for
from casework.desk.supervise import send_back
from casework.outcome import Outcome
from casework.recusal import NOBODY
from casework.store.documents import SUMMONS, SUPERVISION_ORDER, document_content
from rules.model import Grade, StepAction
from rules.rulebook import Rulebook
from tests.builders import unit_person
from tests.case_kit import ASSIST, LEAD, OTHER, House, house_on
from tests.case_pack import case_book
from tests.demo import demo_pack
from workers import orders
from workers.orders import order_of
from workers.papers import PaperDrain


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with house_on(database_url) as opened:
        yield opened


def ordered(house: House, grade: Grade = Grade.GENERAL) -> uuid.UUID:
    """Return a case whose lead unit has got an order, with every paper made."""
    case_id = house.registered(grade, assist_units=[ASSIST])
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    house.desk.clock.advance(days=4)
    house.swept()
    PaperDrain(house.desk.transactions, house.machine, lambda: False).run()
    return case_id


@pytest.mark.parametrize(
    ("grade", "issuer"), [(Grade.GENERAL, "云岭县网信办"), (Grade.MAJOR, "中共云岭县委书记督查室")]
)
def test_an_order_becomes_a_paper_once(house: House, grade: Grade, issuer: str):
    case_id = ordered(house, grade)
    PaperDrain(house.desk.transactions, house.machine, lambda: False).run()

    view = house.view(case_id)
    (paper,) = [one for one in view.documents if one.kind == SUPERVISION_ORDER]
    (number,) = [step.number for step in view.steps if step.number]
    assert paper.number == number
    found = house.look(
        house.duty, lambda uow: document_content(uow.session, visibility(uow.actor), case_id, paper.id)
    )
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(found.content)).pages)
    text = "".join(text.split())
    for said in (issuer, number, view.case.number, "超期", "书面报告", view.units[LEAD].zh):
        assert "".join(said.split()) in text


def test_an_order_of_the_supervision_office_gives_its_own_telephone(house: House):
    case_id = ordered(house, Grade.MAJOR)
    view = house.view(case_id)
    (step,) = [step for step in view.steps if step.number]

    order = order_of(view, step.id, demo_pack(), recused=NOBODY)

    assert order is not None
    (office,) = [unit for unit in demo_pack().units if "supervision" in unit.duties]
    assert order.contact_phone == office.liaison.phone != ""


def test_a_paper_about_a_unit_is_not_for_the_others_of_the_case(house: House):
    case_id = ordered(house)
    (paper,) = [one for one in house.view(case_id).documents if one.kind == SUPERVISION_ORDER]
    for unit, may_read in ((LEAD, True), (ASSIST, False)):
        reader = unit_person(unit, county=house.county)
        kinds = {one.kind for one in house.view(case_id, reader).documents}
        assert (SUPERVISION_ORDER in kinds) is may_read
        assert "dispatch_slip" in kinds
        found = house.look(
            reader, lambda uow: document_content(uow.session, visibility(uow.actor), case_id, paper.id)
        )
        assert (found is not None) is may_read
        lines = house.view(case_id, reader).timeline
        assert any(line.data.get("kind") == SUPERVISION_ORDER for line in lines) is may_read


@pytest.fixture
def house_with_summons(database_url: str) -> Iterator[House]:
    """A county at work with the ladder of the demo pack."""
    book = Rulebook(replace(case_book().pack, ladder=demo_pack().ladder))
    with house_on(database_url, book) as opened:
        yield opened


def test_a_summons_becomes_a_paper_for_its_unit_alone_with_blanks_for_time_and_place(
    house_with_summons: House,
):
    house = house_with_summons
    case_id = ordered(house)
    house.desk.clock.advance(days=14)
    house.swept()
    PaperDrain(house.desk.transactions, house.machine, lambda: False).run()

    view = house.view(case_id)
    numbers = {step.action: step.number for step in view.steps if step.number}
    assert {paper.number for paper in view.documents if paper.kind == SUMMONS} == {
        numbers[StepAction.SUMMONS]
    }
    (paper,) = [one for one in view.documents if one.kind == SUMMONS]
    for unit, may_read in ((LEAD, True), (ASSIST, False)):
        reader = unit_person(unit, county=house.county)
        found = house.look(
            reader, lambda uow: document_content(uow.session, visibility(uow.actor), case_id, paper.id)
        )
        assert (found is not None) is may_read
        assert (SUMMONS in {one.kind for one in house.view(case_id, reader).documents}) is may_read
    found = house.look(
        house.duty, lambda uow: document_content(uow.session, visibility(uow.actor), case_id, paper.id)
    )
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(found.content)).pages)
    text = "".join(text.split())
    for said in (
        "约谈通知",
        "约谈事项",
        "约谈对象",
        "第一责任人",
        "约谈时间和地点",
        "整改期限",
        view.case.number,
    ):
        assert said in text, said
    assert "督办单" not in text


def test_an_order_after_another_lead_got_the_case_names_the_slip_of_that_unit(house: House):
    case_id = house.registered(assist_units=[ASSIST])
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    house.on(house.director, correct_route, case_id, lead=OTHER, basis="纪要", reason="改派城管局。")
    house.desk.clock.advance(days=4)
    house.swept()

    view = house.view(case_id)
    step = next(step for step in view.steps if step.number)
    order = order_of(view, step.id, demo_pack(), recused=NOBODY)

    assert order is not None
    assert order.contact_phone == "000-0000030", "that of the office, which gives it"
    assert step.unit == OTHER
    assert order.slip_number == f"{view.case.number}（改派1）"


def test_a_summons_for_redos_says_so_and_speaks_of_nothing_that_did_not_happen(house_with_summons: House):
    house = house_with_summons
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报。")
    for _ in range(3):
        house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="已处理。")
        house.desk.clock.advance(minutes=1)
        house.on(house.duty, send_back, case_id, reason="未解决。")
    house.desk.clock.advance(minutes=1)
    house.swept()

    view = house.view(case_id)
    (step,) = [one for one in view.steps if one.action is StepAction.SUMMONS]
    summons = order_of(view, step.id, demo_pack(), recused=NOBODY)

    assert summons is not None
    assert "3 次被退回重办" in summons.grounds
    assert "答复未通过审核的原因" in summons.requirements[0]
    assert "逾期" not in "".join(summons.requirements)


def test_an_order_goes_in_copy_to_who_is_in_charge_in_the_unit(house: House):
    case_id = ordered(house)
    view = house.view(case_id)
    (step,) = [step for step in view.steps if step.number]
    pack = demo_pack()
    unit = next(one for one in pack.units if "discipline" in one.duties)

    order = order_of(
        replace(
            view,
            steps=tuple(replace(one, unit=unit.id) if one.id == step.id else one for one in view.steps),
            slips=tuple(replace(one, units=frozenset({unit.id})) for one in view.slips),
        ),
        step.id,
        pack,
        recused=NOBODY,
    )

    assert order is not None
    assert order.copies_to == (f"{unit.short}分管负责人（{unit.deputy.title}{unit.deputy.name}）",)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=5), "截至发单刚刚超期"),
        (timedelta(hours=3), "截至发单已超期 3 小时"),
        (timedelta(days=1), "截至发单已超期 1 天"),
        (timedelta(days=1, hours=2, minutes=59), "截至发单已超期 1 天 2 小时"),
    ],
)
def test_how_late_it_is_is_said_without_empty_hours(span: timedelta, said: str):
    assert orders._overdue(span) == said
