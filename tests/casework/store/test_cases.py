"""Lists, counts and the page of a case: the same sight everywhere, pages by key, few queries."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Actor, may_see, visibility
from casework.refusals import BadCursor, NoSuchCase
from casework.roles import Desk, Role
from casework.states import CaseState
from casework.store.case_view import case_view
from casework.store.cases import CaseFilter, Order, case_page, counts
from casework.store.tables import CaseRow, DocumentRow
from casework.store.visible import sight_of
from rules.model import Grade
from tests.builders import (
    COUNTY,
    MONDAY,
    add_case,
    add_county,
    add_post,
    add_unit,
    assign,
    attach,
    new_id,
    officer,
    unit_person,
)

NOW = MONDAY + timedelta(days=10)
DIRECTOR = officer(Role.DIRECTOR)
SIGHT = visibility(DIRECTOR)


@pytest.fixture
def county(session: Session) -> Session:
    """A session with a county and two units."""
    add_county(session)
    for unit in ("housing", "town"):
        add_unit(session, unit)
    return session


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    engine = session.get_bind()
    session.flush()
    sa.event.listen(engine, "before_cursor_execute", hear)
    yield heard
    sa.event.remove(engine, "before_cursor_execute", hear)


def all_pages(session: Session, wanted: CaseFilter, limit: int, actor: Actor = DIRECTOR) -> list[uuid.UUID]:
    found, after = [], None
    while True:
        page = case_page(session, visibility(actor), wanted, now=NOW, after=after, limit=limit)
        found += [line.id for line in page.lines]
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("order", Order)
def test_pages_of_any_size_give_every_case_once_and_in_order(county: Session, limit: int, order: Order):
    opened = [MONDAY + timedelta(hours=hours) for hours in (0, 1, 1, 1, 2, 3, 3)]
    ids = [add_case(county, opened_at=at) for at in opened]
    for case_id, due in zip(ids, (9, None, 3, 3, None, 1, 12), strict=True):
        at = None if due is None else MONDAY + timedelta(days=due)
        county.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(next_due_at=at))
    whole = all_pages(county, CaseFilter(order=order), 50)

    assert all_pages(county, CaseFilter(order=order), limit) == whole
    assert sorted(whole) == sorted(ids)
    if order is Order.NEWEST:
        assert whole == list(reversed(ids))


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_grave_cases_that_nobody_dispatched_stand_before_what_is_due(county: Session, limit: int):
    due, general = add_case(county), add_case(county, opened_at=MONDAY + timedelta(hours=1))
    major = add_case(county, opened_at=MONDAY + timedelta(hours=3))
    under_way = add_case(county)
    serious = add_case(county, opened_at=MONDAY + timedelta(hours=5))
    for case_id, values in (
        (serious, {"grade": "serious"}),
        (major, {"grade": "major"}),
        (under_way, {"grade": "serious", "next_due_at": MONDAY + timedelta(days=1)}),
        (due, {"next_due_at": MONDAY}),
    ):
        county.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(**values))

    pressing = all_pages(county, CaseFilter(order=Order.PRESSING), limit)
    assert pressing == [serious, major, due, general, under_way]


@pytest.mark.parametrize(
    "cursor", ["", "x", "newest_1_2026_1", "pressing_2_2026-11-16T02:00:00+00:00_" + "0" * 32]
)
def test_a_cursor_that_no_page_gave_out_is_refused(county: Session, cursor: str):
    with pytest.raises(BadCursor):
        case_page(county, SIGHT, CaseFilter(), now=NOW, after=cursor)


def test_a_list_is_narrowed_by_state_grade_unit_lateness_and_words(county: Session):
    plain = add_case(county, title="翠湖路灯")
    lit = add_case(county, state="closed", title="河道垃圾 100%")
    major = add_case(county, grade=Grade.MAJOR, state="dispatched", lead="housing", title="欠薪")
    assign(county, major, "housing")
    assign(county, major, "town", role="assist")
    late = {"next_due_at": NOW - timedelta(hours=1)}
    county.execute(sa.update(CaseRow).where(CaseRow.id == major).values(**late))

    def found(**wanted: object) -> set[uuid.UUID]:
        return set(all_pages(county, CaseFilter(**wanted), 50))

    assert found() == {plain, lit, major}
    assert found(state=CaseState.CLOSED) == {lit}
    assert found(grade=Grade.MAJOR) == {major}
    assert found(unit="town") == {major}
    assert found(overdue=True) == {major}
    assert found(text="翠湖") == {plain}
    assert found(text="要求修复") == {plain, lit, major}  # in the gist
    assert found(text="100%") == {lit}
    assert found(text="%") == {lit}
    assert found(text="_") == set()
    assert found(desk=Desk.OFFICE) == {plain}
    assert found(desk=Desk.TARGET) == {lit}


def test_the_office_finds_a_case_by_the_number_of_an_older_paper(county: Session):
    case_id = add_case(county, lead="housing")
    assign(county, case_id, "housing")
    add_case(county)
    county.add(
        DocumentRow(
            id=new_id(),
            county_id=COUNTY,
            case_id=case_id,
            kind="dispatch_slip",
            number="云网信交〔2026〕2号",
            content=b"%PDF",
            sha256="0" * 64,
            made_at=MONDAY,
            by="示例值班员",
        )
    )
    county.flush()
    wanted = CaseFilter(text="〔2026〕2号")

    assert all_pages(county, wanted, 50) == [case_id]
    assert all_pages(county, wanted, 50, unit_person("housing")) == []


def test_every_desk_finds_its_own_work_and_the_counter_says_how_much(county: Session):
    made = {
        state: add_case(county, state=state, grade=grade, lead="housing")
        for state, grade in (
            ("registered", Grade.GENERAL),
            ("handling", Grade.GENERAL),
            ("replied", Grade.GENERAL),
            ("accepted", Grade.MAJOR),
            ("closed", Grade.GENERAL),
        )
    }
    for case_id in made.values():
        assign(county, case_id, "housing")
    work = {
        Desk.OFFICE: (DIRECTOR, {"registered", "replied"}),
        Desk.SUPERVISION: (officer(Role.SUPERVISOR), {"accepted"}),
        Desk.UNIT: (unit_person("housing"), {"handling"}),
        Desk.TARGET: (officer(Role.INSPECTOR), {"closed"}),
        Desk.SYSTEM: (officer(Role.SYSTEM_ADMIN), set()),
    }
    for desk, (actor, states) in work.items():
        ids = all_pages(county, CaseFilter(desk=desk), 50, actor)
        assert set(ids) == {made[state] for state in states}
        assert counts(county, visibility(actor), now=NOW, desk=desk).to_do == len(states)


def test_counts_add_up_over_what_the_reader_sees(county: Session):
    add_case(county)
    add_case(county, state="closed")
    secret = add_case(county, grade=Grade.SERIOUS, confidential=True)
    county.execute(sa.update(CaseRow).where(CaseRow.id == secret).values(next_due_at=NOW))

    office = counts(county, SIGHT, now=NOW, desk=Desk.OFFICE)
    inspector = counts(county, visibility(officer(Role.INSPECTOR)), now=NOW)

    assert (office.open, office.overdue, office.by_grade[Grade.SERIOUS]) == (2, 1, 1)
    assert office.by_state[CaseState.CLOSED] == 1
    assert (inspector.open, inspector.overdue, inspector.to_do) == (1, 0, 0)


def test_what_a_list_shows_is_what_the_page_opens(county: Session):
    """Every actor opens every case of his list, and no other."""
    ids = [
        add_case(county, grade=grade, confidential=confidential, excluded=["town"] if confidential else [])
        for grade in Grade
        for confidential in (False, True)
    ]
    for case_id in ids:
        assign(county, case_id, "town", role="assist")
    actors = [officer(role) for role in (Role.DIRECTOR, Role.SUPERVISOR, Role.INSPECTOR, Role.AUDIT_ADMIN)]
    for actor in (*actors, unit_person("town"), unit_person("housing")):
        sight = visibility(actor)
        listed = set(all_pages(county, CaseFilter(), 50, actor))
        assert listed == {case_id for case_id in ids if may_see(sight, sight_of(county, case_id))}
        for case_id in ids:
            if case_id in listed:
                assert case_view(county, sight, case_id).case.id == case_id
            else:
                with pytest.raises(NoSuchCase):
                    case_view(county, sight, case_id)


def test_the_number_of_queries_does_not_grow_with_the_cases(county: Session):
    sent = []
    for _ in range(2):
        for _ in range(6):
            case_id = add_case(county, lead="housing")
            attach(county, case_id, add_post(county))
            attach(county, case_id, add_post(county), joined="attached")
        county.expire_all()
        with statements(county) as heard:
            case_page(county, SIGHT, CaseFilter(), now=NOW)
            counts(county, SIGHT, now=NOW)
            listed = len(heard)
            case_view(county, SIGHT, case_id)
        sent.append((listed, len(heard) - listed))

    assert sent[0] == sent[1]
    assert sent[0][0] == 2
    assert sent[0][1] <= 20


def test_a_line_names_the_lead_unit_and_counts_the_posts(county: Session):
    case_id = add_case(county, lead="housing")
    for _ in range(3):
        attach(county, case_id, add_post(county))

    line = case_page(county, SIGHT, CaseFilter(), now=NOW).lines[0]

    assert (line.lead.zh, line.posts, line.is_overdue) == ("housing", 3, False)


def test_the_page_shows_no_confidential_post_inside_an_ordinary_case(county: Session):
    case_id = add_case(county)
    attach(county, case_id, add_post(county, confidential=True))
    attach(county, case_id, add_post(county))
    assign(county, case_id, "housing")

    assert len(case_view(county, SIGHT, case_id).posts) == 2
    assert len(case_view(county, visibility(unit_person("housing")), case_id).posts) == 1
    assert len(case_view(county, visibility(officer(Role.INSPECTOR)), case_id).posts) == 1
