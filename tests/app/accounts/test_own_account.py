"""One's own account: password, its age, second factor."""

from __future__ import annotations

import pyotp
import pytest

from app.accounts.account import PASSWORD_LIFE
from app.accounts.sign_in import FAILURES
from casework.roles import Role
from tests.web_kit import PASSWORD, Browser, Web

NEW = "Quite-Other-88"


def change(browser: Browser, present: str = PASSWORD, wanted: str = NEW, again: str | None = None):
    data = {"present": present, "wanted": wanted, "again": wanted if again is None else again}
    return browser.post("/account/password", data)


def test_a_new_password_ends_every_session_and_opens_the_next(web: Web):
    first = web.signed_in(Role.DUTY_OFFICER, login="zhiban")
    second = web.browser()
    second.sign_in("zhiban")

    assert change(first).headers["Location"] == "/sign-in"

    assert first.get("/account").status_code == 302
    assert second.get("/account").status_code == 302
    assert web.browser().sign_in("zhiban", PASSWORD).status_code == 401
    assert web.browser().sign_in("zhiban", NEW).status_code == 302
    assert "password_changed" in web.actions()


def test_the_present_password_must_be_right(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER, login="zhiban")

    answer = change(browser, present="wrong")

    assert answer.status_code == 400
    assert "当前密码不正确" in answer.text
    assert web.browser().sign_in("zhiban").status_code == 302


def test_what_is_wrong_with_a_new_password_stands_beside_it(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER, login="zhiban")

    assert "至少 10 位" in change(browser, wanted="short").text
    assert "最近 5 次" in change(browser, wanted=PASSWORD).text
    assert "不一致" in change(browser, again="Another-99-one").text


def test_a_temporary_password_opens_nothing_but_the_page_to_change_it(web: Web):
    web.account(Role.AUDIT_ADMIN, login="shenji", keeps_password=False)
    browser = web.browser()
    browser.sign_in("shenji")

    for path in ("/", "/admin/audit", "/admin/accounts"):
        assert browser.get(path).headers["Location"] == "/account/password"
    assert "临时密码" in browser.get("/account/password").text
    change(browser)
    browser.sign_in("shenji", NEW)

    assert browser.get("/admin/audit").status_code == 200


def test_a_password_is_to_be_changed_after_ninety_days(web: Web):
    web.account(Role.DUTY_OFFICER, login="zhiban")
    web.clock.advance(days=PASSWORD_LIFE.days)
    browser = web.browser()
    browser.sign_in("zhiban")

    assert browser.get("/").headers["Location"] == "/account/password"


def test_a_second_factor_is_not_set_up_by_a_wrong_code_or_a_made_up_key(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)
    key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    wrong = browser.post("/account/factor", {"key": key, "present": PASSWORD, "code": "000000"})
    made_up = browser.post("/account/factor", {"key": "<b>", "present": PASSWORD, "code": "000000"})

    assert wrong.status_code == made_up.status_code == 400
    assert "JBSW Y3DP" in wrong.text  # the same key, to try again
    assert "<b>" not in made_up.text
    assert "factor_set" not in web.actions()


FIRST, SECOND = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"


def at(web: Web, key: str) -> str:
    return pyotp.TOTP(key).at(web.clock())


def asked(web: Web, browser: Browser, key: str, **proof: str):
    web.clock.advance(minutes=1)
    given = {name: at(web, FIRST) if value == "now" else value for name, value in proof.items()}
    return browser.post("/account/factor", {"key": key, "code": at(web, key), **given})


@pytest.mark.parametrize("present", ["", "Wrong-Word-99"])
def test_an_open_session_alone_sets_up_no_second_factor(web: Web, present: str):
    browser = web.signed_in(Role.DUTY_OFFICER)

    answer = asked(web, browser, FIRST, present=present)

    assert (answer.status_code, "factor_set" in web.actions()) == (400, False)
    assert asked(web, browser, FIRST, present=PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("proof", "beside"),
    [
        ({}, "此项必填"),
        ({"old_code": "now"}, "此项必填"),
        ({"present": PASSWORD}, "动态口令不正确"),
        ({"present": PASSWORD, "old_code": "000000"}, "动态口令不正确"),
        ({"present": "Wrong-Word-99", "old_code": "now"}, "当前密码不正确"),
    ],
)
def test_a_second_factor_is_replaced_only_with_the_password_and_a_code_of_the_old_one(
    web: Web, proof: dict[str, str], beside: str
):
    browser = web.signed_in(Role.DUTY_OFFICER, login="zhiban")
    assert asked(web, browser, FIRST, present=PASSWORD).status_code == 302

    answer = asked(web, browser, SECOND, **proof)

    assert answer.status_code == 400
    assert beside in answer.text
    assert web.actions().count("factor_set") == 1
    web.clock.advance(minutes=1)
    again = web.browser()
    again.sign_in("zhiban")
    assert again.post("/sign-in/code", {"code": at(web, FIRST)}).status_code == 302, "the old one stands"
    assert asked(web, browser, SECOND, present=PASSWORD, old_code="now").status_code == 302
    web.clock.advance(minutes=1)
    last = web.browser()
    last.sign_in("zhiban")
    assert last.post("/sign-in/code", {"code": at(web, SECOND)}).status_code == 302


def test_guessing_the_old_code_locks_the_account_as_at_sign_in(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER, login="zhiban")
    asked(web, browser, FIRST, present=PASSWORD)
    for _ in range(FAILURES):
        assert asked(web, browser, SECOND, present=PASSWORD, old_code="000000").status_code == 400

    assert asked(web, browser, SECOND, present=PASSWORD, old_code="now").status_code == 400
    assert web.actions().count("factor_set") == 1
    assert "sign_in_failed" in web.actions()


def test_an_account_without_a_role_can_sign_in_and_do_nothing(web: Web):
    browser = web.signed_in(login="xinren")

    assert browser.get("/").headers["Location"] == "/account"
    assert "尚未授予角色" in browser.get("/account").text
    assert browser.get("/admin/accounts").status_code == 403
