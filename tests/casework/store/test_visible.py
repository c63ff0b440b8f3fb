"""The SQL predicate against the pure one: every actor sees exactly the same cases by both."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from casework.access import Actor, CaseSight, CountyId, Reach, Visibility, may_see, visibility
from casework.recusal import ASKED, Seat
from casework.roles import GRANTABLE_ROLES, Role
from casework.store.tables import CaseRow, PostRow
from casework.store.visible import sight_of, visible_cases, visible_posts
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
    officer,
    the_machine,
    unit_person,
)

UNITS = ("housing", "enforcement", "discipline", "town")
SEATS = {"net": Seat.CYBERSPACE, "watch": Seat.SUPERVISION, "aim": Seat.TARGET, "discipline": Seat.DISCIPLINE}
"""Units that hold the duty of a seat; all of them are below "committee", as the register has it."""
ALL_FOUR = ("net", "watch", "aim", "discipline")
SHUT = (*UNITS, "net", "watch", "aim", "committee", "named:discipline", "named:aim", ASKED)
OTHER = "elsewhere"

ACTORS: tuple[Actor, ...] = (
    *(officer(role) for role in GRANTABLE_ROLES if not role.value.startswith("unit_")),
    *(unit_person(unit, Role.UNIT_HEAD) for unit in UNITS),
    unit_person("housing", Role.UNIT_HANDLER, county=OTHER),
    officer(Role.DIRECTOR, county=OTHER),
    officer(),
    the_machine(),
)

parts = st.dictionaries(st.sampled_from(UNITS), st.sampled_from(("lead", "assist", "ended")), max_size=4)
cases = st.fixed_dictionaries(
    {
        "county": st.sampled_from((COUNTY, COUNTY, COUNTY, CountyId(OTHER))),
        "grade": st.sampled_from(Grade),
        "confidential": st.booleans(),
        "excluded": st.sets(st.sampled_from(UNITS), max_size=3)
        | st.sets(st.sampled_from(SHUT))
        | st.just({*ALL_FOUR})
        | st.just({*ALL_FOUR, "committee", *(f"named:{one}" for one in ALL_FOUR)}),
        "parts": parts,
        "confidential_post": st.booleans(),
    }
)


def _world(session: Session, drawn: list[dict]) -> list[tuple[uuid.UUID, uuid.UUID, dict]]:
    made = []
    for case in drawn:
        case_id = add_case(
            session,
            county=case["county"],
            grade=case["grade"],
            confidential=case["confidential"],
            excluded=case["excluded"],
        )
        lead_given = False
        for unit, part in case["parts"].items():
            role = "assist" if part == "lead" and lead_given else part
            lead_given = lead_given or part == "lead"
            ended = MONDAY if part == "ended" else None
            role = "lead" if part == "ended" else role
            assign(session, case_id, unit, role=role, county=case["county"], ended_at=ended)
        post_id = add_post(session, county=case["county"], confidential=case["confidential_post"])
        attach(session, case_id, post_id, county=case["county"])
        made.append((case_id, post_id, case))
    return made


@pytest.fixture
def counties(session: Session) -> Session:
    add_county(session)
    add_county(session, OTHER)
    for county in (COUNTY, OTHER):
        for unit in UNITS:
            add_unit(session, unit, county=county, **_of_seat(unit))
        for unit in ("net", "watch", "aim", "committee"):
            add_unit(session, unit, county=county, **_of_seat(unit))
    return session


def _of_seat(unit: str) -> dict:
    return {"superior": "committee", "duties": (SEATS[unit].value,)} if unit in SEATS else {}


@pytest.mark.no_cover  # it runs over the same lines often
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(cases, min_size=1, max_size=6))
def test_sql_and_pure_predicate_agree_for_every_actor_and_case(counties: Session, drawn: list[dict]):
    made = _world(counties, drawn)
    for actor in ACTORS:
        sight = visibility(actor)
        expected = {case for case, _, _ in made if may_see(sight, sight_of(counties, case))}

        ids = [case for case, _, _ in made]
        seen = set(counties.scalars(sa.select(CaseRow.id).where(visible_cases(sight), CaseRow.id.in_(ids))))

        assert seen == expected, actor


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(cases, min_size=1, max_size=6))
def test_a_post_is_seen_through_a_visible_case_or_by_a_desk_with_the_reach(
    counties: Session, drawn: list[dict]
):
    made = _world(counties, drawn)
    for actor in ACTORS:
        sight = visibility(actor)
        ids = [post for _, post, _ in made]
        seen = set(counties.scalars(sa.select(PostRow.id).where(visible_posts(sight), PostRow.id.in_(ids))))

        expected = {
            post for case_id, post, case in made if _post_seen(sight, sight_of(counties, case_id), case)
        }
        assert seen == expected, actor


def _post_seen(sight: Visibility, facts: CaseSight, case: dict) -> bool:
    if case["county"] != sight.county_id or sight.posts is Reach.NONE:
        return False
    if sight.posts is Reach.ALL:
        if sight.confidential is Reach.ALL:
            return not case["confidential"] or may_see(sight, facts)
        return not case["confidential"] and not case["confidential_post"]
    if case["confidential_post"] and not case["confidential"]:
        return False
    return may_see(sight, facts)


def test_the_accused_unit_and_those_below_it_see_nothing_even_when_assigned(counties: Session):
    case_id = add_case(counties, confidential=True, excluded=("town",))
    assign(counties, case_id, "town")
    assign(counties, case_id, "discipline", role="assist")

    def seen(unit: str) -> bool:
        found = counties.scalar(
            sa.select(sa.func.count())
            .select_from(CaseRow)
            .where(visible_cases(visibility(unit_person(unit))), CaseRow.id == case_id)
        )
        return bool(found)

    assert not seen("town")
    assert seen("discipline")


def test_a_post_without_a_case_is_seen_by_desks_that_see_every_post_only(counties: Session):
    post_id = add_post(counties)

    def seen(actor: Actor) -> bool:
        return bool(
            counties.scalar(
                sa.select(PostRow.id).where(visible_posts(visibility(actor)), PostRow.id == post_id)
            )
        )

    assert seen(officer(Role.DUTY_OFFICER))
    assert seen(officer(Role.INSPECTOR))
    assert not seen(officer(Role.SUPERVISOR))
    assert not seen(unit_person("housing"))
    assert not seen(officer(Role.SYSTEM_ADMIN))


@pytest.mark.parametrize(
    ("excluded", "is_seen"),
    [
        (ALL_FOUR, True),
        (("committee", *ALL_FOUR, *(f"named:{one}" for one in ALL_FOUR)), True),
        (("committee", *ALL_FOUR), False),  # discipline inspection is below the accused, and reads it
        (ALL_FOUR[:3], False),
        ((), False),
    ],
)
def test_the_higher_authority_sees_what_nobody_of_the_county_may_and_nothing_else(
    counties: Session,
    excluded: tuple[str, ...],
    is_seen: bool,  # noqa: FBT001 - a column of the table
):
    case_id = add_case(counties, confidential=True, excluded=excluded)
    post_id = add_post(counties, confidential=True)
    attach(counties, case_id, post_id)
    sight = visibility(officer(Role.HIGHER_AUTHORITY))

    def found(query: sa.Select[tuple[uuid.UUID]]) -> bool:
        return counties.scalar(query) is not None

    assert found(sa.select(CaseRow.id).where(visible_cases(sight), CaseRow.id == case_id)) is is_seen
    assert found(sa.select(PostRow.id).where(visible_posts(sight), PostRow.id == post_id)) is is_seen
    others = [
        actor for actor in ACTORS if actor.user_id is not None and Role.HIGHER_AUTHORITY not in actor.roles
    ]
    for actor in others if is_seen else ():
        assert not found(sa.select(CaseRow.id).where(visible_cases(visibility(actor)), CaseRow.id == case_id))


def test_a_case_that_is_not_there_has_no_sight(counties: Session):
    assert sight_of(counties, uuid.uuid4()) is None


def test_nobody_sees_a_case_of_another_county(counties: Session):
    case_id = add_case(counties, county=OTHER)
    sight = visibility(officer(Role.DIRECTOR))

    assert not may_see(sight, sight_of(counties, case_id))
    assert may_see(replace(sight, county_id=CountyId(OTHER)), sight_of(counties, case_id))
