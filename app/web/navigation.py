"""The entries of the navigation and who is offered which. A page that is not built yet is not offered."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from app.accounts.current import current_account
from app.web.language import in_language
from casework.access import permissions_of
from casework.roles import Desk, Permission
from rules.model import Label

P = Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        endpoint: of the page; its blueprint marks the entry as current.
        permissions: any one of them offers the entry.
        desks: only people of these desks are offered it; empty for everybody.
    """

    endpoint: str
    label: Label
    permissions: frozenset[Permission]
    desks: frozenset[Desk] = frozenset()


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the template needs it."""

    address: str
    text: str
    is_current: bool


ENTRIES: tuple[Entry, ...] = (
    Entry("worklist.mine", Label("我的工作台", "My worklist"), frozenset({P.CASE_VIEW})),
    Entry("person_desk.items", Label("人工研判台", "Person's desk"), frozenset({P.CASE_DISMISS})),
    Entry("cases.table", Label("舆情件", "Cases"), frozenset({P.CASE_VIEW})),
    Entry("posts.table", Label("网帖", "Posts"), frozenset({P.POST_LIST})),
    Entry("posts.form", Label("登记网帖", "Register a post"), frozenset({P.POST_CREATE})),
    Entry("sources.table", Label("网帖来源", "Sources"), frozenset({P.SOURCE_VIEW})),
    Entry("units.sheet_list", Label("单位与计分", "Units and scores"), frozenset({P.SCORE_VIEW})),
    Entry("rules.overview", Label("规则", "Rules"), frozenset({P.RULES_VIEW})),
    Entry("packs.table", Label("规则包", "Rule packs"), frozenset({P.RULES_VIEW})),
    Entry("accounts.table", Label("账号", "Accounts"), frozenset({P.ACCOUNT_VIEW})),
    Entry("audit.table", Label("审计日志", "Audit log"), frozenset({P.AUDIT_READ})),
    Entry("health.page", Label("运行状态", "Health"), frozenset({P.OPERATION_VIEW})),
)
"""In the order of the screen. Add the entry of a new page here."""

HOMES: tuple[str, ...] = ("worklist.mine", "accounts.table", "own_account.page")
"""Where a person lands after signing in: the first of these that exists and is open to him."""


def navigate(app: Flask) -> None:
    """Give the templates of `app` the navigation."""
    app.add_template_global(navigation)


def navigation() -> tuple[Shown, ...]:
    """Return the entries for the person at the screen."""
    offered = tuple(entry for entry in ENTRIES if _is_offered(entry))
    current = _current(offered)
    return tuple(
        Shown(url_for(entry.endpoint), in_language(entry.label), is_current=entry is current)
        for entry in offered
    )


def home_address() -> str:
    """Return the address of the page on which the person at the screen starts."""
    offered = {entry.endpoint for entry in ENTRIES if _is_offered(entry)}
    endpoint = next((home for home in HOMES if home in offered), HOMES[-1])
    return url_for(endpoint)


def _current(offered: tuple[Entry, ...]) -> Entry | None:
    """Return the entry of the page that is open: its own, else the first of the same blueprint."""
    exact = (entry for entry in offered if entry.endpoint == request.endpoint)
    related = (entry for entry in offered if entry.endpoint.partition(".")[0] in request.blueprints)
    return next(exact, None) or next(related, None)


def _is_offered(entry: Entry) -> bool:
    account = current_account()
    if account is None or entry.endpoint not in current_app.view_functions:
        return False
    actor = account.actor()
    in_desk = not entry.desks or actor.desk in entry.desks
    return in_desk and bool(entry.permissions & permissions_of(actor))
