"""Signing in and out, through the pages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest

from app.accounts import sessions
from app.accounts.sign_in import WINDOW, Lockout, after_attempt
from casework.access import Actor, CountyId, machine
from casework.roles import Role
from casework.store.tables import UserRow, WebSessionRow
from tests.web_kit import MONDAY, PASSWORD, MakeWeb, Web


def rows(web: Web, kind: type) -> list[object]:
    with web.home.transactions.read(_machine(web)) as uow:
        found = uow.session.query(kind).all()
        uow.session.expunge_all()
        return found


def _machine(web: Web) -> Actor:
    return machine(CountyId(web.home.county))


def test_the_right_password_opens_a_session_and_is_audited(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)

    assert browser.get("/account").status_code == 200
    assert "signed_in" in web.actions()


@pytest.mark.parametrize(
    ("login", "password"), [("zhiban", "wrong"), ("nobody-here", PASSWORD), ("zhiban", "")]
)
def test_a_wrong_login_or_password_says_the_same_and_opens_nothing(web: Web, login: str, password: str):
    web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()

    answer = browser.sign_in(login, password)

    assert answer.status_code in {400, 401}
    assert browser.cookie() is None
    assert browser.get("/account").status_code == 302


def test_what_was_typed_as_login_is_kept_nowhere(web: Web):
    web.browser().sign_in("My-Secret-Typed-Here", "x")

    [failure] = [row for row in web.audit() if row.action == "sign_in_failed"]
    assert failure.outcome == "refused"
    assert "Secret" not in str(vars(failure)).replace("sign_in_failed", "")


def test_a_login_is_found_whatever_the_case_of_its_letters(web: Web):
    web.account(Role.DUTY_OFFICER, login="zhiban")

    assert web.browser().sign_in(" ZhiBan ").status_code == 302


def test_signing_in_makes_a_new_session_and_ignores_one_that_was_planted(web: Web):
    """Session fixation: a token that the server did not make never becomes a signed-in one."""
    web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()
    browser.client.set_cookie("jianjian", "planted-by-somebody-else")

    browser.sign_in("zhiban")

    assert browser.cookie() not in {None, "planted-by-somebody-else"}
    assert browser.get("/account").status_code == 200
    stranger = web.browser()
    stranger.client.set_cookie("jianjian", "planted-by-somebody-else")
    assert stranger.get("/account").status_code == 302


def test_a_second_sign_in_gets_another_token_than_the_first(web: Web):
    web.account(Role.DUTY_OFFICER, login="zhiban")
    first, second = web.browser(), web.browser()
    first.sign_in("zhiban")
    second.sign_in("zhiban")

    assert first.cookie() != second.cookie()


def test_the_guests_cookie_is_worth_nothing_after_signing_in(web: Web):
    web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()
    browser.get("/sign-in")
    guest = browser.cookie("jianjian-guest")
    browser.sign_in("zhiban")

    assert browser.cookie("jianjian-guest") is None
    other = web.browser()
    other.client.set_cookie("jianjian-guest", guest or "")
    assert other.get("/account").status_code == 302


def test_the_database_keeps_no_token_that_could_be_used(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)

    [row] = rows(web, WebSessionRow)
    assert row.token_hash == sessions.hash_of(browser.cookie() or "")
    assert row.token_hash != browser.cookie()


def test_signing_out_kills_the_cookie_on_the_server(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)
    token = browser.cookie()

    browser.post("/sign-out")

    thief = web.browser()
    thief.client.set_cookie("jianjian", token or "")
    assert thief.get("/account").status_code == 302
    assert "signed_out" in web.actions()


def test_a_link_cannot_sign_anybody_out(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)

    assert browser.get("/sign-out").status_code == 405
    assert browser.client.post("/sign-out").status_code == 400
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        (19.9, 200),  # within the idle limit
        (20, 302),  # at it
    ],
)
def test_an_idle_session_ends_after_twenty_minutes(web: Web, minutes: float, status: int):
    browser = web.signed_in(Role.DUTY_OFFICER)

    web.clock.advance(minutes=minutes)

    assert browser.get("/account").status_code == status


def test_a_session_in_use_lives_on_but_never_longer_than_eight_hours(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)
    for _ in range(31):
        web.clock.advance(minutes=15)
        assert browser.get("/account").status_code == 200

    web.clock.advance(minutes=15)  # 8 h

    assert browser.get("/account").status_code == 302


def test_a_page_that_refreshes_by_itself_keeps_nobody_signed_in(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)
    for _ in range(2):
        web.clock.advance(minutes=9)
        assert browser.get("/account", X_Background="1").status_code == 200

    web.clock.advance(minutes=2)

    assert browser.get("/account").status_code == 302


def test_advancing_the_demo_clock_signs_nobody_out(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)

    answer = web.app.test_cli_runner().invoke(args=["demo", "advance", "3d"])

    assert answer.exit_code == 0
    assert browser.get("/account").status_code == 200


def test_five_failures_lock_for_fifteen_minutes_and_not_for_good(web: Web):
    web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()
    for _ in range(5):
        assert browser.sign_in("zhiban", "wrong").status_code == 401

    assert browser.sign_in("zhiban").status_code == 401  # right, but locked
    web.clock.advance(minutes=14.9)
    assert browser.sign_in("zhiban").status_code == 401
    web.clock.advance(minutes=0.2)
    assert browser.sign_in("zhiban").status_code == 302


def test_a_success_forgets_the_failures_before_it(web: Web):
    web.account(Role.DUTY_OFFICER, login="zhiban")
    for _ in range(3):
        for _ in range(4):
            web.browser().sign_in("zhiban", "wrong")
        assert web.browser().sign_in("zhiban").status_code == 302


NOW = MONDAY
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "after", "is_looked_at"),
    [
        (Lockout(0, None, None), Lockout(1, NOW, None), True),
        (Lockout(3, NOW - MINUTE, None), Lockout(4, NOW - MINUTE, None), True),
        (Lockout(4, NOW - MINUTE, None), Lockout(5, NOW - MINUTE, NOW + WINDOW), True),
        # four failures long ago do not count towards today's five
        (Lockout(4, NOW - WINDOW, None), Lockout(1, NOW, None), True),
        # while locked nothing is looked at and the lock grows no longer
        (Lockout(5, NOW - MINUTE, NOW + MINUTE), Lockout(5, NOW - MINUTE, NOW + MINUTE), False),
        # the lock is over: counting begins anew
        (Lockout(5, NOW - WINDOW, NOW), Lockout(1, NOW, None), True),
    ],
)
def test_an_attempt_is_counted_before_it_is_looked_at(before: Lockout, after: Lockout, *, is_looked_at: bool):
    assert after_attempt(before, NOW) == (after, is_looked_at)


def test_an_unknown_login_costs_a_password_check_like_a_known_one(web: Web, monkeypatch: pytest.MonkeyPatch):
    """Same work, so the time tells nothing about which logins exist."""
    web.account(Role.DUTY_OFFICER, login="zhiban")
    verified: list[str] = []
    hasher = type(web.home.parts.hasher)
    real = hasher.verify
    monkeypatch.setattr(
        hasher, "verify", lambda self, kept, typed: (verified.append(kept), real(self, kept, typed))[1]
    )

    web.browser().sign_in("zhiban", "wrong")
    web.browser().sign_in("nobody-here", "wrong")

    known, unknown = verified
    assert known.split("$")[1:4] == unknown.split("$")[1:4]  # algorithm, version and cost


def test_a_disabled_account_cannot_sign_in_and_is_thrown_out(web: Web):
    account_id = web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()
    browser.sign_in("zhiban")
    with web.home.transactions.write(_machine(web)) as uow:
        uow.session.get_one(UserRow, account_id).disabled_at = web.clock()

    assert browser.get("/account").status_code == 302
    assert web.browser().sign_in("zhiban").status_code == 401


def test_a_person_lands_on_the_page_he_asked_for_but_never_on_another_site(web: Web):
    web.account(Role.AUDIT_ADMIN, login="shenji")
    browser = web.browser()
    assert browser.get("/admin/audit?actor=x").headers["Location"] == "/sign-in?next=/admin/audit?actor%3Dx"

    wanted = browser.post("/sign-in?next=/admin/audit", {"login": "shenji", "password": PASSWORD})
    assert wanted.headers["Location"] == "/admin/audit"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"):
        outside = web.browser().post(f"/sign-in?next={elsewhere}", {"login": "shenji", "password": PASSWORD})
        assert outside.headers["Location"] == "/"


# --- second factor -------------------------------------------------------------------------------


def code_at(key: str, now: datetime) -> str:
    return pyotp.TOTP(key).at(now)


def with_factor(web: Web, login: str = "zhiban") -> str:
    """Sign in, set a second factor up through its page, and return the key."""
    web.account(Role.DUTY_OFFICER, login=login)
    browser = web.browser()
    browser.sign_in(login)
    page = browser.get("/account/factor").text
    key = page.split('name="key" type="hidden" value="')[1].split('"')[0]
    answer = browser.post(
        "/account/factor", {"key": key, "present": PASSWORD, "code": code_at(key, web.clock())}
    )
    assert answer.status_code == 302
    browser.post("/sign-out")
    return key


def test_the_second_factor_is_asked_for_and_lets_in(web: Web):
    key = with_factor(web)
    web.clock.advance(minutes=1)
    browser = web.browser()

    assert browser.sign_in("zhiban").headers["Location"] == "/sign-in/code"
    assert browser.get("/account").status_code == 302  # the password alone opens nothing
    answer = browser.post("/sign-in/code", {"code": code_at(key, web.clock())})

    assert answer.status_code == 302
    assert browser.get("/account").status_code == 200


def test_a_code_serves_once(web: Web):
    key = with_factor(web)
    web.clock.advance(minutes=1)
    code = code_at(key, web.clock())
    first, second = web.browser(), web.browser()
    for browser in (first, second):
        browser.sign_in("zhiban")
    first.post("/sign-in/code", {"code": code})

    assert second.post("/sign-in/code", {"code": code}).status_code == 401


def test_wrong_codes_lock_the_account_too(web: Web):
    key = with_factor(web)
    web.clock.advance(minutes=1)
    browser = web.browser()
    browser.sign_in("zhiban")  # the first of five
    for _ in range(4):
        browser.post("/sign-in/code", {"code": "000000"})

    assert browser.post("/sign-in/code", {"code": code_at(key, web.clock())}).status_code == 401


def test_a_half_finished_sign_in_is_forgotten_after_five_minutes(web: Web):
    key = with_factor(web)
    browser = web.browser()
    browser.sign_in("zhiban")
    web.clock.advance(minutes=5)

    answer = browser.post("/sign-in/code", {"code": code_at(key, web.clock())})

    assert answer.headers["Location"] == "/sign-in"


def test_the_key_of_a_second_factor_is_kept_sealed(web: Web):
    key = with_factor(web)

    [row] = rows(web, UserRow)
    assert row.totp_ciphertext
    assert key.encode() not in row.totp_ciphertext


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_outside_the_demo_an_administrator_sets_a_second_factor_up_first(make: MakeWeb, role: Role):
    web = make(demo=False)
    web.account(role, login="guanli")
    browser = web.browser()
    answer = browser.client.get("/sign-in", base_url="https://localhost")
    token = answer.text.split('name="csrf_token" value="')[1].split('"')[0]
    headers = {"Referer": "https://localhost/sign-in"}
    browser.client.post(
        "/sign-in",
        base_url="https://localhost",
        data={"csrf_token": token, "login": "guanli", "password": PASSWORD},
        headers=headers,
    )

    answer = browser.client.get("/admin/accounts", base_url="https://localhost")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/account/factor"


def test_rows_of_sessions_long_dead_are_swept_out_when_somebody_signs_in(web: Web):
    web.signed_in(Role.DUTY_OFFICER, login="zhiban")
    web.clock.advance(days=6)
    web.browser().sign_in("zhiban")
    assert len(rows(web, WebSessionRow)) == 2

    web.clock.advance(days=2)
    web.browser().sign_in("zhiban")

    assert len(rows(web, WebSessionRow)) == 2
