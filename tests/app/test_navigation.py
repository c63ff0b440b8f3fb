"""The navigation offers what a person may open, and nothing else."""

from __future__ import annotations

import re

import pytest

from app.web.navigation import ENTRIES
from casework.roles import GRANTABLE_ROLES, Role
from tests.web_kit import Web

LINKS = re.compile(r'<li><a href="([^"]+)"')


@pytest.mark.parametrize("role", GRANTABLE_ROLES)
def test_every_entry_that_is_offered_opens(web: Web, role: Role):
    browser = web.signed_in(role)

    for address in LINKS.findall(browser.get("/account").text):
        assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.SYSTEM_ADMIN, "/admin/health"),
        (Role.AUDIT_ADMIN, "/admin/audit"),
        (Role.SECURITY_ADMIN, "/admin/accounts"),
    ],
)
def test_an_administrator_is_offered_his_own_pages(web: Web, role: Role, address: str):
    assert address in LINKS.findall(web.signed_in(role).get("/account").text)


def test_the_page_that_is_open_is_marked(web: Web):
    page = web.signed_in(Role.SYSTEM_ADMIN).get("/admin/health").text

    assert re.findall(r'href="([^"]+)" aria-current="page"', page) == ["/admin/health"]


def test_every_entry_has_a_name_in_both_languages():
    for entry in ENTRIES:
        assert entry.label.zh
        assert entry.label.en
        assert entry.permissions


def test_a_person_starts_where_his_work_is(web: Web):
    assert web.signed_in(Role.SECURITY_ADMIN).get("/").headers["Location"] == "/admin/accounts"
