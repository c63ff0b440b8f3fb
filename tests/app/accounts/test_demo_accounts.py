"""The demo's people."""

from __future__ import annotations

import pytest

from app.accounts.demo import DEMO_PASSWORD, OnlyInTheDemo, create_demo_accounts, demo_accounts
from app.config import DEMO_PACK
from casework.access import CountyId, machine
from casework.roles import DESK_OF, Desk, Role
from casework.store.tables import UserRow
from rules.pack import load_pack_bytes, pack_files
from tests.builders import add_unit
from tests.web_kit import MakeWeb, Web


@pytest.fixture
def demo(web: Web) -> Web:
    units = sorted({one.unit_code for one in demo_accounts() if one.unit_code})
    with web.home.transactions.write(machine(CountyId("demo"))) as uow:
        for code in units:
            add_unit(uow.session, code)
    return web


def test_there_is_one_account_for_each_role_and_two_units_with_handler_and_head():
    roles = [one.role for one in demo_accounts()]
    by_unit: dict[str | None, set[Role]] = {}
    for one in demo_accounts():
        by_unit.setdefault(one.unit_code, set()).add(one.role)

    assert set(roles) == set(Role) - {Role.MACHINE}
    assert sum(held == {Role.UNIT_HANDLER, Role.UNIT_HEAD} for held in by_unit.values()) >= 2
    assert all((DESK_OF[one.role] is Desk.UNIT) == (one.unit_code is not None) for one in demo_accounts())


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.HIGHER_AUTHORITY])
def test_there_are_two_of_those_who_act_on_an_accusation_in_twos(role: Role):
    assert sum(one.role is role for one in demo_accounts()) == 2


def test_their_units_are_units_of_the_demo_pack():
    loaded = load_pack_bytes(pack_files(DEMO_PACK))
    assert loaded.pack is not None
    known = {unit.id for unit in loaded.pack.units}

    assert {one.unit_code for one in demo_accounts() if one.unit_code} <= known


def test_everybody_can_sign_in_and_keeps_the_password(demo: Web):
    create_demo_accounts(demo.home)

    for one in demo_accounts():
        browser = demo.browser()
        assert browser.sign_in(one.login, DEMO_PASSWORD).headers["Location"] == "/"
        assert browser.get("/account").status_code == 200


def test_a_second_run_creates_nobody_and_resets_no_password(demo: Web):
    assert create_demo_accounts(demo.home) == len(demo_accounts())
    with demo.home.transactions.write(machine(CountyId("demo"))) as uow:
        uow.session.query(UserRow).filter_by(login="zhiban").one().password_hash = "changed"

    assert create_demo_accounts(demo.home) == 0
    with demo.home.transactions.read(machine(CountyId("demo"))) as uow:
        assert uow.session.query(UserRow).filter_by(login="zhiban").one().password_hash == "changed"


def test_people_of_a_unit_wait_until_the_unit_is_there(web: Web):
    of_no_unit = [one for one in demo_accounts() if one.unit_code is None]

    assert create_demo_accounts(web.home) == len(of_no_unit)


def test_outside_the_demo_none_can_be_made(make: MakeWeb):
    with pytest.raises(OnlyInTheDemo):
        create_demo_accounts(make(demo=False).home)
