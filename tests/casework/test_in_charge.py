"""Papers and pages name who has a case in hand, with its own telephone; else nothing changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.in_charge import contact_of, issuer_of
from casework.recusal import KEEPERS, NOBODY, Recused, Seat
from casework.roles import Desk
from tests.demo import demo_pack

NET, WATCH, AIM, DISCIPLINE = Seat.CYBERSPACE, Seat.SUPERVISION, Seat.TARGET, Seat.DISCIPLINE
ALL = frozenset(KEEPERS)


def shut(*seats: Seat, named: frozenset[Seat] = frozenset()) -> Recused:
    return Recused(frozenset(seats), named or frozenset(seats))


@pytest.mark.parametrize(
    ("recused", "office", "phone"),
    [
        (NOBODY, "县网信办", "000-0000030"),
        (shut(WATCH), "县网信办", "000-0000030"),
        (shut(NET), "书记督查室", "000-0000015"),
        (shut(NET, WATCH), "目督办", "000-0000018"),
        (shut(NET, WATCH, AIM), "纪委监委", "000-0000021"),
        (Recused(ALL, frozenset({DISCIPLINE})), "目督办", "000-0000018"),
        (Recused(ALL, ALL), "上级受理机关", ""),
    ],
)
def test_the_contact_is_whoever_has_the_case_in_hand(recused: Recused, office: str, phone: str):
    found = contact_of(demo_pack(), recused)
    assert (found.short.zh, found.phone) == (office, phone)


@pytest.mark.parametrize(
    ("desk", "recused", "issuer", "phone"),
    [
        (Desk.OFFICE, NOBODY, "云岭县网信办", "000-0000030"),
        (Desk.SUPERVISION, NOBODY, "中共云岭县委书记督查室", "000-0000015"),
        (Desk.SUPERVISION, shut(NET), "中共云岭县委书记督查室", "000-0000015"),
        (Desk.OFFICE, shut(WATCH), "云岭县网信办", "000-0000030"),
        (Desk.SUPERVISION, shut(WATCH), "云岭县网信办", "000-0000030"),
        (Desk.OFFICE, shut(NET), "中共云岭县委书记督查室", "000-0000015"),
        (Desk.OFFICE, shut(NET, WATCH), "中共云岭县委云岭县人民政府目标督查办公室", "000-0000018"),
        (Desk.SUPERVISION, shut(NET, WATCH), "中共云岭县委云岭县人民政府目标督查办公室", "000-0000018"),
    ],
)
def test_an_order_is_given_by_the_desk_or_by_who_stands_in_for_it(
    desk: Desk, recused: Recused, issuer: str, phone: str
):
    found = issuer_of(demo_pack(), desk, recused)
    assert (found.full, found.phone) == (issuer, phone)


@pytest.mark.parametrize("recused", [NOBODY, shut(NET), shut(NET, WATCH)])
def test_a_register_without_its_telephone_leaves_it_out(recused: Recused):
    bare = replace(demo_pack(), units=())
    assert contact_of(bare, recused).phone == ""
    assert contact_of(bare, recused).full
