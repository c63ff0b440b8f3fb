"""Signing in, working and signing out on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from casework.roles import Role
from tests.web_kit import make_web, settings_for


def test_a_day_of_an_administrator(database_url: str, tmp_path: Path):
    web = make_web(settings_for(database_url, tmp_path))
    account_id = web.account(login="xinren")
    security = web.signed_in(Role.SECURITY_ADMIN)
    auditor = web.signed_in(Role.AUDIT_ADMIN)

    security.post(f"/admin/accounts/{account_id}/roles", {"version": 1, "roles": ["director"]})
    security.post("/language", {"to": "en"})
    page = auditor.get("/admin/audit?action=roles_changed")

    assert "变更角色" in page.text
    assert "director" in page.text
    assert "Accounts" in security.get("/admin/accounts").text
    security.post("/sign-out")
    assert security.get("/admin/accounts").status_code == 302
    web.home.transactions.engine.dispose()
