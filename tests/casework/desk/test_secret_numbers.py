"""Numbers of papers of confidential cases are in no series, so that no gap tells anybody of them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.desk.assign import confirm_case, correct_route, dispatch_case
from casework.desk.secrecy import mark_accusation
from casework.roles import Role
from casework.store.tables import NumberSeriesRow
from rules.rulebook import Rulebook
from tests.builders import add_unit, officer
from tests.case_kit import LEAD, OTHER, House, house_on, shared_engine
from tests.case_pack import case_book
from tests.demo import demo_pack

DISCIPLINE, NET, WATCH = "discipline_commission", "cyberspace_office", "supervision_office"
ORDINARY = re.compile(r"云网信[交督]〔2026〕(\d+)号")
SECRET = re.compile(r"云(网信|督查|目督|纪检)密〔2026〕[2-9A-HJ-NP-Z]{6}号")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """A county at work with the ladder of the demo pack."""
    book = Rulebook(replace(case_book().pack, ladder=demo_pack().ladder))
    url = request.getfixturevalue(f"house_{request.param}")
    with house_on(url, book, shared_engine(url).execution_options()) as opened:
        with Session(opened.desk.transactions.engine) as session:
            for unit, duty in ((NET, "cyberspace"), (WATCH, "supervision")):
                add_unit(session, unit, county=opened.county, duties=[duty])
            session.commit()
        yield opened


def dispatched(house: House, *accused: str) -> uuid.UUID:
    """Return a case that is with its unit: an accusation, where somebody is accused."""
    keeper = {(): Role.DIRECTOR, (NET,): Role.SUPERVISOR, (NET, WATCH): Role.SECRET_INSPECTOR}
    actor = officer(keeper.get(accused, Role.DIRECTOR), county=house.county)
    values = {"confidential": True, "excluded": accused, "lead": DISCIPLINE} if accused else {}
    case_id = house.registered(**values)
    for step in (confirm_case, dispatch_case):
        house.do(actor, step, case_id, version=house.view(case_id, actor).case.version)
    return case_id


def numbers(house: House, case_id: uuid.UUID) -> list[str]:
    view = house.view(case_id, house.machine)
    return [str(view.case.number), *(step.number for step in view.steps if step.number)]


def test_no_gap_in_a_series_tells_of_papers_of_an_accusation(house: House):
    ordinary, secret = [], []
    for accused in ((), (LEAD,), (NET,), (), (NET, WATCH), ()):
        (secret if accused else ordinary).append(dispatched(house, *accused))
    house.desk.clock.advance(days=9)
    house.swept()

    shown = [number for case_id in ordinary for number in numbers(house, case_id)]
    hidden = [number for case_id in secret for number in numbers(house, case_id)]
    for kind in "交督":
        counted = sorted(int(ORDINARY.fullmatch(one)[1]) for one in shown if f"网信{kind}" in one)
        assert counted == list(range(1, len(counted) + 1))
        assert counted
    assert all(SECRET.fullmatch(one) for one in hidden), hidden
    assert len(set(hidden)) == len(hidden) > len(secret), "orders and summons among them"
    stems = [{one.partition("〔")[0] for one in numbers(house, case_id)} for case_id in secret]
    assert stems == [{"云网信密"}, {"云督查密"}, {"云目督密"}]
    series = house.scalar(
        sa.select(sa.func.count())
        .select_from(NumberSeriesRow)
        .where(NumberSeriesRow.county_id == house.county)
    )
    assert series == 2, "slips and orders of ordinary cases"


def test_a_case_that_becomes_confidential_gets_such_a_number_with_its_next_slip(house: House):
    case_id = dispatched(house)
    first = numbers(house, case_id)[0]
    house.on(house.director, mark_accusation, case_id, accused=(LEAD,), reason="反映干部收受好处。")
    house.on(house.director, confirm_case, case_id)
    assert ORDINARY.fullmatch(first)
    assert SECRET.fullmatch(house.on(house.director, dispatch_case, case_id))
    assert ORDINARY.fullmatch(numbers(house, dispatched(house))[0])[1] == "2"


def test_an_ordinary_case_given_to_another_unit_keeps_its_number(house: House):
    case_id = dispatched(house)
    house.on(house.director, correct_route, case_id, lead=OTHER, basis="示例依据", reason="改派。")
    assert numbers(house, case_id)[0] == "云网信交〔2026〕1号"
