"""Who has an accusation in hand when the desks themselves are accused: never the accused, never nobody."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from casework.actions import Action
from casework.performers import PERFORMERS, is_performer
from casework.recusal import (
    DESKS_OF_PERSONS,
    KEEPERS,
    NOBODY,
    WHO_ACTS,
    Recused,
    Seat,
    blames_each_desk,
    is_shut_out,
    keeper_of,
    marks,
    may_wait_apart,
    named_mark,
    tops,
    who_acts,
)
from casework.roles import Role
from rules.model import Grade

C, S, T, D, H = Seat.CYBERSPACE, Seat.SUPERVISION, Seat.TARGET, Seat.DISCIPLINE, Seat.HIGHER


def concerning(*shut: Seat, named: tuple[Seat, ...] | None = None) -> Recused:
    return Recused(frozenset(shut), frozenset(shut if named is None else named))


@pytest.mark.parametrize(
    ("recused", "keeper"),
    [
        (NOBODY, C),
        (concerning(S), C),
        (concerning(C), S),
        (concerning(C, S), T),
        (concerning(C, T), S),
        (concerning(C, S, T), D),
        (concerning(C, S, T, D, named=()), D),  # the county's leadership: all of them are below the accused
        (concerning(C, S, T, D, named=(D,)), T),
        (concerning(C, S, T, D, named=(D, T)), S),
        (concerning(C, S, T, D, named=(D, T, S)), C),
        (concerning(C, S, T, D), H),
    ],
)
def test_an_accusation_is_in_the_hands_of_the_first_who_is_not_accused(recused: Recused, keeper: Seat):
    assert keeper_of(recused) is keeper


@pytest.mark.parametrize(
    ("recused", "waits_apart", "becomes_an_accusation"),
    [
        (NOBODY, True, False),
        (concerning(C), True, False),
        (concerning(D), True, False),
        (concerning(C, S), True, False),
        (concerning(C, S, T), False, True),  # the head of discipline inspection has no desk, only cases
        (concerning(C, S, T, D), False, False),  # criticism of everybody: the office reads it
        (concerning(C, S, T, D, named=()), False, False),
        (concerning(C, S, T, D, named=(D,)), True, False),
    ],
)
def test_what_may_be_an_accusation_waits_apart_where_a_desk_is_left_to_decide(
    recused: Recused,
    waits_apart: bool,  # noqa: FBT001 - a column of the table
    becomes_an_accusation: bool,  # noqa: FBT001 - a column of the table
):
    assert (may_wait_apart(recused), blames_each_desk(recused)) == (waits_apart, becomes_an_accusation)
    assert not waits_apart or keeper_of(recused) in DESKS_OF_PERSONS


@pytest.mark.parametrize("shut", list(chain.from_iterable(combinations(KEEPERS, n) for n in range(5))))
def test_nobody_who_is_accused_reads_it_and_somebody_else_always_does(shut: tuple[Seat, ...]):
    for named in chain.from_iterable(combinations(shut, n) for n in range(len(shut) + 1)):
        recused = concerning(*shut, named=named)
        readers = {seat for seat in Seat if not is_shut_out(seat, recused)}
        assert not readers & recused.named
        assert keeper_of(recused) in readers
        assert (H in readers) is (set(named) == set(KEEPERS))
        assert who_acts(recused) is None or keeper_of(recused) in WHO_ACTS


OFFICE_ACTIONS = (Action.CONFIRM, Action.CORRECT_ROUTE, Action.DESIGNATE, Action.DISPATCH)
REVIEW = (Action.ACCEPT, Action.SEND_BACK, Action.CLOSE)


@pytest.mark.parametrize(
    ("recused", "role", "actions", "grade"),
    [
        (concerning(C), Role.SUPERVISOR, (*OFFICE_ACTIONS, *REVIEW), Grade.GENERAL),
        (concerning(C), Role.SUPERVISOR, OFFICE_ACTIONS, Grade.SERIOUS),
        (concerning(S), Role.DIRECTOR, REVIEW, Grade.SERIOUS),
        (concerning(C, S), Role.SECRET_INSPECTOR, (*OFFICE_ACTIONS, *REVIEW), Grade.MAJOR),
    ],
)
def test_whoever_has_it_in_hand_does_the_work_of_the_recused_and_nobody_else_may(
    recused: Recused, role: Role, actions: tuple[Action, ...], grade: Grade
):
    for action in actions:
        assert is_performer(action, roles=frozenset({role}), grade=grade, recused=recused)
        for other in Role:
            if other is not role and other not in {who.role for who in PERFORMERS[action]}:
                assert not is_performer(action, roles=frozenset({other}), grade=grade, recused=recused)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SECRET_INSPECTOR])
@pytest.mark.parametrize("action", OFFICE_ACTIONS)
def test_where_nobody_is_recused_the_work_of_the_office_stays_with_the_office(role: Role, action: Action):
    for grade in Grade:
        assert not is_performer(action, roles=frozenset({role}), grade=grade)


def test_no_stand_in_lifts_the_secrecy_and_so_shows_a_case_to_the_accused():
    for recused in (concerning(C), concerning(C, S)):
        for role in (Role.SUPERVISOR, Role.SECRET_INSPECTOR):
            assert not is_performer(
                Action.LIFT_SECRECY, roles=frozenset({role}), grade=Grade.MAJOR, recused=recused
            )


def test_the_head_of_discipline_inspection_corrects_who_is_accused_only_where_no_desk_is_left():
    head = frozenset({Role.UNIT_HEAD})
    for recused in (NOBODY, concerning(C), concerning(C, S), concerning(D), concerning(C, S, T)):
        may = is_performer(Action.CORRECT_ACCUSED, roles=head, grade=Grade.MAJOR, recused=recused)
        assert may is (keeper_of(recused) is D)
        for action in (*OFFICE_ACTIONS, Action.LIFT_SECRECY):
            assert not is_performer(action, roles=head, grade=Grade.MAJOR, recused=recused)


def test_the_higher_authority_takes_over_and_corrects_what_no_seat_of_the_county_may_read_and_nothing_else():
    contact = frozenset({Role.HIGHER_AUTHORITY})
    for shut in chain.from_iterable(combinations(KEEPERS, n) for n in range(5)):
        for named in chain.from_iterable(combinations(shut, n) for n in range(len(shut) + 1)):
            recused = concerning(*shut, named=named)
            may = {
                action
                for action in Action
                if is_performer(action, roles=contact, grade=Grade.MAJOR, recused=recused)
            }
            assert may == ({Action.TAKE_OVER, Action.CORRECT_ACCUSED} if keeper_of(recused) is H else set())


def test_where_it_is_asked_the_higher_authority_corrects_who_is_accused_and_does_nothing_else():
    contact, recused = frozenset({Role.HIGHER_AUTHORITY}), Recused(asked=True)
    may = {one for one in Action if is_performer(one, roles=contact, grade=Grade.MAJOR, recused=recused)}
    assert may == {Action.CORRECT_ACCUSED}
    assert not is_shut_out(H, recused)
    assert keeper_of(recused) is C, "it stays in hand where it was"


@pytest.mark.parametrize(
    ("recused", "role"),
    [
        (concerning(D), Role.DIRECTOR),
        (concerning(D, S), Role.DIRECTOR),
        (concerning(D, C), Role.SUPERVISOR),
        (concerning(D, C, S), Role.SECRET_INSPECTOR),
        (concerning(C, S, T, named=()), Role.UNIT_HEAD),
        (concerning(C, S, T, D, named=()), Role.UNIT_HEAD),
        (concerning(C, S, T, D, named=(D,)), Role.SECRET_INSPECTOR),
        (concerning(C, S, T, D, named=(D, T, S)), Role.DIRECTOR),
        (concerning(C, S, T, D), Role.HIGHER_AUTHORITY),
        (concerning(C), None),
        (concerning(C, S), None),
        (NOBODY, None),
    ],
)
def test_whoever_has_in_hand_what_discipline_inspection_may_not_have_gives_it_up_and_nobody_else(
    recused: Recused, role: Role | None
):
    for grade in Grade:
        may = {
            one for one in Role if is_performer(Action.TAKE_OVER, roles={one}, grade=grade, recused=recused)
        }
        assert may == ({role} if role else set())


def test_a_unit_that_is_accused_below_another_accused_one_is_marked():
    above = {"committee": None, "discipline": "committee", "net": "committee"}
    barred = {"committee", "discipline", "net"}
    assert marks(("committee", "discipline"), barred, above) == {named_mark("discipline")}
    assert marks(("committee",), barred, above) == frozenset()
    assert tops({*barred, named_mark("discipline")}, above) == {"committee", "discipline"}
