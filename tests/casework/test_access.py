import uuid
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.access import (
    Actor,
    CaseSight,
    CountyId,
    Desk,
    Permission,
    Reach,
    Role,
    UnitId,
    UserId,
    desk_of,
    excluded_units,
    is_permitted,
    machine,
    may_see,
    permissions_of,
    person,
    require,
    visibility,
)
from casework.errors import IncompatibleRoles, NotPermitted
from casework.permission_words import PERMISSION_LABELS
from casework.roles import DESK_OF, GRANTABLE_ROLES, GRANTS, ROLE_LABELS
from rules.model import Grade

COUNTY, OTHER = CountyId("here"), CountyId("there")
OWN, FOREIGN, ABOVE = UnitId("own"), UnitId("foreign"), UnitId("above")
SOMEBODY = UserId(uuid.UUID(int=1))
UNIT_ROLES = (Role.UNIT_HANDLER, Role.UNIT_HEAD)
ADMINS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}


def an_actor(role: Role, unit: UnitId | None = None):
    if role is Role.MACHINE:
        return machine(COUNTY)
    return person(SOMEBODY, "n", roles={role}, county_id=COUNTY, unit_id=unit)


def a_case(**changes: object):
    facts = {
        "county_id": COUNTY,
        "grade": Grade.GENERAL,
        "confidential": False,
        "assigned": frozenset({OWN}),
        "excluded": frozenset(),
    }
    return CaseSight(**(facts | changes))


def seen_by(role: Role, case: CaseSight, unit: UnitId | None = None):
    return may_see(visibility(an_actor(role, unit)), case)


@pytest.mark.parametrize(("role", "permission"), list(product(Role, Permission)))
def test_require_lets_pass_exactly_what_the_role_is_granted(role: Role, permission: Permission):
    actor = an_actor(role, OWN)
    if permission in GRANTS[role]:
        require(actor, permission)
        assert is_permitted(actor, permission)
        return
    assert not is_permitted(actor, permission)
    with pytest.raises(NotPermitted) as refused:
        require(actor, permission)
    assert ("not-permitted", PERMISSION_LABELS[permission].zh) == (refused.value.code, refused.value.wanted)


def test_an_account_without_roles_may_do_and_see_nothing():
    nobody = person(SOMEBODY, "n", roles=(), county_id=COUNTY, unit_id=OWN)
    assert frozenset() == permissions_of(nobody)
    assert nobody.desk is None
    assert not may_see(visibility(nobody), a_case())


def test_only_the_duty_desk_can_reveal_an_identity():
    assert {Role.DUTY_OFFICER} == {role for role in Role if Permission.IDENTITY_REVEAL in GRANTS[role]}


def test_the_three_administrators_share_no_power_but_seeing_accounts():
    for one, other in combinations(ADMINS, 2):
        assert GRANTS[one] & GRANTS[other] <= {Permission.ACCOUNT_VIEW}


def test_no_administrator_sees_or_touches_a_case_a_post_or_a_score():
    for role in ADMINS:
        assert not [p for p in GRANTS[role] if p.startswith(("case:", "post:", "score:", "identity:"))]


def test_whoever_grants_roles_cannot_create_accounts_and_the_reverse():
    for role in Role:
        assert not {Permission.ROLE_GRANT, Permission.ACCOUNT_CREATE} <= GRANTS[role]


def test_no_permission_deletes_or_hides_anything():
    forbidden = ("delete", "hide", "block", "purge", "ban")
    assert not [p for p in Permission if any(word in p for word in forbidden)]


def test_every_permission_is_held_by_somebody():
    assert set(Permission) == set().union(*GRANTS.values())


@pytest.mark.parametrize(("one", "other"), list(combinations(Role, 2)))
def test_roles_of_different_desks_exclude_each_other(one: Role, other: Role):
    if DESK_OF[one] is DESK_OF[other]:
        assert DESK_OF[one] is desk_of({one, other})
        return
    with pytest.raises(IncompatibleRoles) as refused:
        desk_of({one, other})
    assert ROLE_LABELS[one].zh in refused.value.zh
    assert {DESK_OF[one], DESK_OF[other]} == set(refused.value.desks)


def test_each_administrator_excludes_every_other_role():
    for admin, other in product(ADMINS, Role):
        if admin is not other:
            with pytest.raises(IncompatibleRoles):
                person(SOMEBODY, "n", roles={admin, other}, county_id=COUNTY)


def test_nobody_can_be_given_the_role_of_the_machine():
    assert Role.MACHINE not in GRANTABLE_ROLES
    assert {*GRANTABLE_ROLES, Role.MACHINE} == set(Role)


def test_the_machine_is_nobody():
    assert Actor(None, "系统", frozenset({Role.MACHINE}), None, COUNTY, Desk.MACHINE) == machine(COUNTY)


# role: sees a general case, a major one, a case without grade; the same for confidential cases.
SIGHT = {
    Role.DUTY_OFFICER: "111 111",
    Role.DIRECTOR: "111 111",
    Role.UNIT_HANDLER: "111 111",  # of a unit with an assignment
    Role.UNIT_HEAD: "111 111",
    Role.SUPERVISOR: "010 010",
    Role.INSPECTOR: "111 000",
    Role.SECRET_INSPECTOR: "111 111",
    Role.PUBLISHER: "111 000",
    Role.HIGHER_AUTHORITY: "000 000",  # what every office of the county is accused in: see test_recusal
    Role.SYSTEM_ADMIN: "000 000",
    Role.SECURITY_ADMIN: "000 000",
    Role.AUDIT_ADMIN: "000 000",
    Role.MACHINE: "111 111",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_the_cases_of_the_table(role: Role):
    grades = (Grade.GENERAL, Grade.MAJOR, None)
    seen = " ".join(
        "".join(str(int(seen_by(role, a_case(grade=grade, confidential=secret), OWN))) for grade in grades)
        for secret in (False, True)
    )
    assert SIGHT[role] == seen


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_a_unit_sees_only_cases_assigned_to_it(role: Role):
    assert seen_by(role, a_case(), OWN)
    assert not seen_by(role, a_case(), FOREIGN)
    assert not seen_by(role, a_case(assigned=frozenset()), OWN)


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_the_accused_unit_does_not_see_a_confidential_case_even_when_assigned(role: Role):
    assert not seen_by(role, a_case(confidential=True, excluded=frozenset({OWN})), OWN)


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_somebody_of_a_unit_desk_whose_unit_is_unknown_sees_nothing(role: Role):
    sight = visibility(an_actor(role))
    assert (sight.cases, sight.confidential, sight.posts) == (Reach.NONE, Reach.NONE, Reach.NONE)
    assert not may_see(sight, a_case())


@pytest.mark.parametrize("role", Role)
def test_nobody_sees_a_case_of_another_county(role: Role):
    for grade, secret in product((*Grade, None), (False, True)):
        assert not seen_by(role, a_case(county_id=OTHER, grade=grade, confidential=secret), OWN)


@pytest.mark.parametrize(
    ("role", "posts"),
    [
        (Role.DUTY_OFFICER, Reach.ALL),
        (Role.MACHINE, Reach.ALL),
        (Role.INSPECTOR, Reach.ALL),  # audits dismissals, so must see what was dismissed
        (Role.SUPERVISOR, Reach.ASSIGNED),
        (Role.UNIT_HEAD, Reach.ASSIGNED),
        (Role.HIGHER_AUTHORITY, Reach.ASSIGNED),
        (Role.SYSTEM_ADMIN, Reach.NONE),
    ],
)
def test_posts_are_seen_with_their_cases_by_all_but_those_who_triage_and_audit(role: Role, posts: Reach):
    assert posts is visibility(an_actor(role, OWN)).posts


def test_the_supervising_grades_are_split_between_two_desks_and_nobody_else():
    supervising = {role: visibility(an_actor(role, OWN)).supervising for role in Role}
    assert {Grade.GENERAL} == supervising[Role.DUTY_OFFICER] == supervising[Role.DIRECTOR]
    assert {Grade.MAJOR, Grade.SERIOUS} == supervising[Role.SUPERVISOR]
    others = set(Role) - {Role.DUTY_OFFICER, Role.DIRECTOR, Role.SUPERVISOR}
    assert not any(supervising[role] for role in others)


def test_all_units_below_the_accused_are_shut_out_at_any_depth_and_none_above():
    tree = {ABOVE: None, OWN: ABOVE, UnitId("desk"): OWN, UnitId("team"): UnitId("desk"), FOREIGN: ABOVE}
    assert {OWN, UnitId("desk"), UnitId("team")} == excluded_units({OWN}, tree)
    assert set(tree) == excluded_units({ABOVE}, tree)
    assert frozenset() == excluded_units((), tree)


units = st.sampled_from([UnitId(letter) for letter in "abcdef"])


@given(
    superiors=st.dictionaries(units, st.none() | units),  # rings included: data is entered by people
    accused=st.frozensets(units),
    assigned=st.frozensets(units),
    viewer=units,
    grade=st.sampled_from([*Grade, None]),
)
def test_no_accusation_is_ever_seen_by_the_accused_or_anyone_below(
    superiors: dict[UnitId, UnitId | None],
    accused: frozenset[UnitId],
    assigned: frozenset[UnitId],
    viewer: UnitId,
    grade: Grade | None,
):
    above, unit = set(), viewer
    while unit is not None and unit not in above:
        above.add(unit)
        unit = superiors.get(unit)
    case = a_case(
        confidential=True, grade=grade, assigned=assigned, excluded=excluded_units(accused, superiors)
    )
    expected = viewer in assigned and not above & accused
    assert expected == seen_by(Role.UNIT_HEAD, case, viewer)
