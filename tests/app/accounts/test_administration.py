"""Three administrators: one creates, one grants, one reads the log, and nobody is two of them."""

from __future__ import annotations

import itertools
import re
import uuid

import pytest

from app.accounts.account import ADMINISTRATORS
from casework.access import CountyId, machine
from casework.errors import IncompatibleRoles
from casework.roles import GRANTABLE_ROLES, GRANTS, Permission, Role
from casework.store.tables import UserRow
from tests.web_kit import PASSWORD, UNIT, Browser, Web

P = Permission


def row(web: Web, account_id: uuid.UUID) -> UserRow:
    with web.home.transactions.read(machine(CountyId("demo"))) as uow:
        found = uow.session.get_one(UserRow, account_id)
        uow.session.expunge(found)
        return found


def act(web: Web, browser: Browser, account_id: uuid.UUID, what: str, **data: object):
    sent = {"version": row(web, account_id).version, **data}
    return browser.post(f"/admin/accounts/{account_id}/{what}", sent)


@pytest.fixture
def system(web: Web) -> Browser:
    return web.signed_in(Role.SYSTEM_ADMIN)


@pytest.fixture
def security(web: Web) -> Browser:
    return web.signed_in(Role.SECURITY_ADMIN)


# --- exclusive -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), tuple(itertools.combinations(sorted(ADMINISTRATORS), 2)))
def test_no_administrator_can_do_what_another_can(one: Role, other: Role):
    """What two of them share, they only read."""
    assert GRANTS[one] & GRANTS[other] <= {P.ACCOUNT_VIEW, P.LEDGER_VERIFY}


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_sees_a_case_or_a_post(role: Role):
    assert not GRANTS[role] & {P.CASE_VIEW, P.POST_LIST, P.IDENTITY_REVEAL, P.SCORE_VIEW}


@pytest.mark.parametrize(
    "pair",
    [pair for pair in itertools.combinations(GRANTABLE_ROLES, 2) if set(pair) & ADMINISTRATORS],
    ids="+".join,
)
def test_an_administrators_role_goes_with_no_other(web: Web, pair: tuple[Role, Role]):
    with pytest.raises(IncompatibleRoles):
        web.account(*pair, login="erren")


def test_the_page_refuses_roles_of_two_desks_and_keeps_the_old_ones(web: Web, security: Browser):
    account_id = web.account(Role.DUTY_OFFICER, login="zhiban")

    act(web, security, account_id, "roles", roles=["system_admin", "audit_admin"])

    assert "不能兼任" in security.get(f"/admin/accounts/{account_id}").text
    assert row(web, account_id).roles == ["duty_officer"]


# --- creating ------------------------------------------------------------------------------------


def test_a_new_account_has_no_role_and_a_password_shown_once(web: Web, system: Browser):
    answer = system.post("/admin/accounts/new", {"login": "Xinren", "name": "新人", "unit_code": ""})

    assert answer.status_code == 201
    shown = re.search(r'class="key">([^<]+)<', answer.text)
    assert shown is not None
    [created] = [one for one in web.audit() if one.action == "account_created" and one.actor_id]
    account_id = uuid.UUID(created.object_id)
    assert row(web, account_id).roles == []
    assert row(web, account_id).login == "xinren"
    assert shown[1] not in system.get(f"/admin/accounts/{account_id}").text
    assert shown[1] not in str([one.data for one in web.audit()])
    browser = web.browser()
    browser.sign_in("xinren", shown[1])
    assert browser.get("/").headers["Location"] == "/account/password"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"login": "a", "name": "甲"}, "登录名须为"),
        ({"login": "甲乙丙", "name": "甲"}, "登录名须为"),
        ({"login": "system-admin", "name": "甲"}, "已被使用"),
        ({"login": "", "name": ""}, "此项必填"),
        ({"login": "laowang", "name": "甲" * 41}, "最多 40 个字"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_what_is_wrong(
    system: Browser, data: dict[str, object], said: str
):
    answer = system.post("/admin/accounts/new", {"unit_code": "", **data})

    assert answer.status_code == 400
    assert said in answer.text


def test_a_unit_must_be_one_of_the_list(system: Browser):
    answer = system.post("/admin/accounts/new", {"login": "laowang", "name": "甲", "unit_code": "nowhere"})

    assert answer.status_code == 400


# --- granting ------------------------------------------------------------------------------------


def test_granted_roles_work_with_the_next_click_and_are_audited(web: Web, security: Browser):
    account_id = web.account(login="xinren")
    browser = web.browser()
    browser.sign_in("xinren")
    assert browser.get("/admin/audit").status_code == 403

    act(web, security, account_id, "roles", roles=["audit_admin"])

    assert browser.get("/admin/audit").status_code == 200
    [change] = [one for one in web.audit() if one.action == "roles_changed"]
    assert change.data == {"before": [], "after": ["audit_admin"]}


def test_roles_of_a_unit_need_a_unit_and_the_other_way_round(web: Web, security: Browser):
    of_none = web.account(login="xinren")
    of_unit = web.account(login="renshe", unit=UNIT)

    act(web, security, of_none, "roles", roles=["unit_head"])
    act(web, security, of_unit, "roles", roles=["director"])

    assert row(web, of_none).roles == row(web, of_unit).roles == []
    act(web, security, of_unit, "roles", roles=["unit_head", "unit_handler"])
    assert row(web, of_unit).roles == ["unit_handler", "unit_head"]


def test_who_changes_unit_loses_roles_and_sessions_until_they_are_granted_anew(web: Web, system: Browser):
    account_id = web.account(Role.UNIT_HANDLER, login="xinren", unit=UNIT)
    browser = web.browser()
    browser.sign_in("xinren")

    act(web, system, account_id, "unit", unit_code="")

    after = row(web, account_id)
    assert (after.unit_code, after.roles) == (None, [])
    assert browser.get("/cases").status_code in {302, 401}
    [moved] = [one for one in web.audit() if one.action == "account_moved"]
    assert moved.data == {"unit_before": UNIT, "unit_after": None, "roles_ended": ["unit_handler"]}


def test_an_account_without_a_unit_can_be_given_one_later(web: Web, system: Browser, security: Browser):
    web.account(login="renshe", unit=UNIT)
    account_id = web.account(login="xinren")

    act(web, system, account_id, "unit", unit_code=UNIT)
    act(web, security, account_id, "roles", roles=["unit_head"])

    after = row(web, account_id)
    assert (after.unit_code, after.roles) == (UNIT, ["unit_head"])


@pytest.mark.parametrize("unit", ["no_such_unit", "'; --"])
def test_nobody_is_put_into_a_unit_that_is_not_there(web: Web, system: Browser, unit: str):
    account_id = web.account(login="xinren")

    assert act(web, system, account_id, "unit", unit_code=unit).status_code == 400
    assert row(web, account_id).unit_code is None


@pytest.mark.parametrize("roles", [["machine"], ["nonsense"]])
def test_a_role_that_is_none_of_a_person_cannot_be_granted(web: Web, security: Browser, roles: list[str]):
    account_id = web.account(login="xinren")

    assert act(web, security, account_id, "roles", roles=roles).status_code == 400
    assert row(web, account_id).roles == []


# --- disabling, resetting ------------------------------------------------------------------------


def test_a_disabled_account_is_thrown_out_at_once_and_can_come_back(web: Web, system: Browser):
    account_id = web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()
    browser.sign_in("zhiban")

    act(web, system, account_id, "disable")
    assert browser.get("/account").status_code == 302
    assert web.browser().sign_in("zhiban").status_code == 401

    act(web, system, account_id, "enable")
    assert browser.get("/account").status_code == 302  # the old session stays dead
    assert web.browser().sign_in("zhiban").status_code == 302


def test_a_reset_password_ends_sessions_and_the_lock(web: Web, system: Browser):
    account_id = web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()
    browser.sign_in("zhiban")
    for _ in range(5):
        web.browser().sign_in("zhiban", "wrong")

    answer = act(web, system, account_id, "password")

    shown = re.search(r'class="key">([^<]+)<', answer.text)
    assert shown is not None
    assert browser.get("/account").status_code == 302
    assert web.browser().sign_in("zhiban", PASSWORD).status_code == 401
    assert web.browser().sign_in("zhiban", shown[1]).status_code == 302


@pytest.mark.parametrize("what", ["disable", "enable", "password"])
def test_the_system_administrator_cannot_change_his_own_account(web: Web, what: str):
    account_id = web.account(Role.SYSTEM_ADMIN, login="xitong")
    browser = web.browser()
    browser.sign_in("xitong")

    act(web, browser, account_id, what)

    assert browser.get("/admin/accounts").status_code == 200
    assert row(web, account_id).version == 1


def test_the_security_administrator_cannot_grant_himself_anything(web: Web):
    account_id = web.account(Role.SECURITY_ADMIN, login="anquan")
    browser = web.browser()
    browser.sign_in("anquan")

    act(web, browser, account_id, "roles", roles=["audit_admin"])

    assert row(web, account_id).roles == ["security_admin"]


def test_a_change_on_a_page_that_is_out_of_date_is_refused(web: Web, system: Browser):
    account_id = web.account(Role.DUTY_OFFICER, login="zhiban")
    act(web, system, account_id, "disable")

    act(web, system, account_id, "enable", version=1)

    assert row(web, account_id).disabled_at is not None
    assert "刚被他人修改" in system.get(f"/admin/accounts/{account_id}").text


def test_an_account_that_does_not_exist_is_not_found(system: Browser):
    nobody = uuid.uuid4()

    assert system.get(f"/admin/accounts/{nobody}").status_code == 404
    assert system.post(f"/admin/accounts/{nobody}/password", {"version": 1}).status_code == 404


def test_a_page_offers_only_what_its_reader_may_do(web: Web, system: Browser, security: Browser):
    account_id = web.account(Role.DUTY_OFFICER, login="zhiban")
    auditor = web.signed_in(Role.AUDIT_ADMIN)
    page = f"/admin/accounts/{account_id}"

    assert "停用账号" in system.get(page).text
    assert "授予角色" not in system.get(page).text
    assert "授予角色" in security.get(page).text
    assert "停用账号" not in security.get(page).text
    assert '<form class="action"' not in auditor.get(page).text
