"""Chinese by default, English by switch, and not a text left behind in either."""

from __future__ import annotations

import re

import pytest

from casework.roles import GRANTABLE_ROLES, Role
from tests.web_kit import Web
from tools import translate

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PAGES = ("/account", "/account/password", "/account/factor", "/admin/accounts", "/admin/accounts/new")
MORE = ("/admin/audit", "/admin/health", "/no-such-page")


def test_every_text_of_the_code_is_translated():
    """Run `python -m tools.translate` and fill in what it names."""
    assert translate.untranslated(translate.renewed()) == ()


def test_the_catalogue_holds_no_text_that_is_gone():
    assert {m.id for m in translate.kept() if m.id} == {m.id for m in translate.renewed() if m.id}


def test_every_text_of_the_code_is_chinese_at_its_source():
    assert [found for found in translate.texts() if not CHINESE.search(found.text)] == []


def test_no_translation_holds_chinese():
    assert [m.string for m in translate.kept() if m.id and CHINESE.search(str(m.string))] == []


def test_translations_keep_the_placeholders():
    holder = re.compile(r"%\(\w+\)s")
    for message in translate.kept():
        if message.id:
            assert set(holder.findall(str(message.id))) == set(holder.findall(str(message.string))), (
                message.id
            )


def test_chinese_is_the_default(web: Web):
    page = web.browser().get("/sign-in").text

    assert '<html lang="zh-CN">' in page
    assert "登录名" in page


def test_a_guests_choice_lasts_through_signing_in_and_out(web: Web):
    web.account(Role.DUTY_OFFICER, login="zhiban")
    browser = web.browser()
    browser.post("/language", {"to": "en", "back": "/sign-in"})

    assert '<html lang="en">' in browser.get("/sign-in").text


def test_an_officers_choice_is_kept_with_the_account(web: Web):
    browser = web.signed_in(Role.DUTY_OFFICER)
    browser.post("/language", {"to": "en"})

    other = web.browser()
    other.sign_in("duty-officer")
    assert "My account" in other.get("/account").text
    other.post("/sign-out")
    assert "Sign in" in other.get("/sign-in").text


@pytest.mark.parametrize(("to", "status"), [("fr", 400), ("", 400), ("zh", 302)])
def test_only_the_two_languages_can_be_chosen(web: Web, to: str, status: int):
    assert web.browser().post("/language", {"to": to}).status_code == status


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_switch_sends_nobody_to_another_site(web: Web, back: str):
    assert web.browser().post("/language", {"to": "en", "back": back}).headers["Location"] == "/"


@pytest.mark.parametrize("role", GRANTABLE_ROLES)
def test_an_english_page_holds_no_chinese(web: Web, role: Role):
    browser = web.signed_in(role)
    with web.home.transactions.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE users SET name = login, language = 'en'")
        connection.exec_driver_sql("UPDATE units SET name_zh = name_en, short = name_en")
    for path in (*PAGES, *MORE):
        text = browser.get(path).text.replace('lang="zh-CN">中文', "")
        found = [line.strip() for line in text.splitlines() if CHINESE.search(line)]

        assert found == [], path
