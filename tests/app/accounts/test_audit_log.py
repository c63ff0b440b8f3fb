"""The audit log: read by one role, changed by nobody."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.audit_log import PAGE_LINES
from casework.access import CountyId, machine
from casework.roles import GRANTABLE_ROLES, Role
from tests.web_kit import Browser, Web


@pytest.fixture
def auditor(web: Web) -> Browser:
    return web.signed_in(Role.AUDIT_ADMIN)


def write(web: Web, count: int, action: str = "pack_published", object_id: str = "x") -> None:
    for _ in range(count):
        web.clock.advance(seconds=1)
        with web.home.transactions.write(machine(CountyId("demo"))) as uow:
            uow.audit(action, "pack", object_id)


@pytest.mark.parametrize("role", [role for role in GRANTABLE_ROLES if role is not Role.AUDIT_ADMIN])
def test_nobody_else_reads_it(web: Web, role: Role):
    assert web.signed_in(role).get("/admin/audit").status_code == 403


@pytest.mark.parametrize("verb", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"])
def test_the_database_refuses_to_change_it(web: Web, auditor: Browser, verb: str):
    before = len(web.audit())

    with (
        pytest.raises(sa.exc.IntegrityError, match="append-only"),
        web.home.transactions.engine.begin() as connection,
    ):
        connection.exec_driver_sql(verb)

    assert len(web.audit()) == before > 0
    assert auditor.get("/admin/audit").status_code == 200


def test_it_is_paged_by_a_cursor_newest_first(web: Web, auditor: Browser):
    write(web, PAGE_LINES + 5)

    first = auditor.get("/admin/audit?action=pack_published").text
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = auditor.get(address).text

    assert first.count("<tr>") - 1 == PAGE_LINES
    assert second.count("<tr>") - 1 == 5
    assert 'rel="next"' not in second


def test_it_is_filtered_by_action_person_and_object(web: Web, auditor: Browser):
    write(web, 1, object_id="the-pack")

    assert auditor.get("/admin/audit?object=the-pack").text.count("<tr>") - 1 == 1
    assert auditor.get("/admin/audit?action=signed_in&actor=Tester").text.count("<tr>") - 1 == 1
    assert "没有内容" in auditor.get("/admin/audit?actor=%25").text  # a wildcard is a letter like any other


@pytest.mark.parametrize("cursor", ["", "x", "'; --"])
def test_a_cursor_that_is_none_starts_at_the_newest(auditor: Browser, cursor: str):
    assert auditor.client.get("/admin/audit", query_string={"before": cursor}).status_code == 200


def test_names_in_the_log_are_shown_as_text_and_never_as_markup(web: Web):
    account = web.account(Role.AUDIT_ADMIN, login="shenji")
    with web.home.transactions.engine.begin() as connection:
        connection.execute(sa.text("UPDATE users SET name = '<b>x</b>' WHERE id = :id"), {"id": account.hex})
    browser = web.browser()
    browser.sign_in("shenji")

    page = browser.get("/admin/audit").text

    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
