"""Every route says who may enter, and the door holds to it: generated from the application itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.guard import Declaration, Door, declaration_of, permitted
from app.web.headers import EVERYWHERE
from casework.roles import GRANTABLE_ROLES, GRANTS, Permission, Role
from tests.web_kit import Browser, MakeWeb, Web

ARGUMENTS = {
    "uuid": "01a206ad-6fd3-7000-bf2d-3103316ab8b8",
    "integer": "2026",
    "path": "css/jianjian.css",
    "default": "x",
    "string": "x",
}


@dataclass(frozen=True)
class Way:
    """A method on a route, with an address whose ids lead to nothing."""

    rule: Rule
    method: str
    declared: Declaration | None

    @property
    def address(self) -> str:
        converters = self.rule._converters
        values = {name: _value(converters[name]) for name in self.rule.arguments}
        built = self.rule.build(values, append_unknown=False)
        assert built is not None
        return built[1]

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def _value(converter: object) -> object:
    name = type(converter).__name__.removesuffix("Converter").lower()
    return uuid.UUID(ARGUMENTS["uuid"]) if name == "uuid" else ARGUMENTS.get(name, "x")


def ways(app: Flask) -> Iterator[Way]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Way(rule, method, declaration_of(app.view_functions[rule.endpoint]))


@pytest.fixture
def open_web(web: Web) -> Web:
    """Without form tokens, so that what is measured is the door alone."""
    web.app.config["WTF_CSRF_ENABLED"] = False
    return web


def test_every_route_declares_who_may_enter(web: Web):
    assert [str(way) for way in ways(web.app) if way.declared is None] == []


def test_only_the_routes_named_here_are_open_to_guests(web: Web):
    """Opening one more door to everybody must be a deliberate act."""
    public = {way.rule.endpoint for way in ways(web.app) if way.declared and way.declared.door is Door.PUBLIC}

    assert public == {
        "static",
        "health.probe",
        "home.language",
        "sign_in.form",
        "sign_in.enter",
        "sign_in.code_form",
        "sign_in.enter_code",
        "api_document",
    }


def test_a_route_without_declaration_lets_nobody_in(web: Web):
    web.app.add_url_rule("/forgotten", "forgotten", lambda: "open")

    assert web.signed_in(Role.DIRECTOR).get("/forgotten").status_code == 403


@pytest.mark.parametrize("role", GRANTABLE_ROLES)
def test_each_role_passes_exactly_the_doors_its_permissions_open(open_web: Web, role: Role):
    browser = open_web.signed_in(role)
    last = sorted(ways(open_web.app), key=lambda way: way.rule.endpoint == "sign_in.leave")

    for way in last:
        if way.declared is None or way.declared.door is not Door.PERMITTED:
            continue
        answer = browser.client.open(way.address, method=way.method, buffered=True)
        is_granted = bool(way.declared.permissions & GRANTS[role])

        assert (answer.status_code == 403) == (not is_granted), f"{role} {way}: {answer.status_code}"
        assert answer.status_code < 500, f"{role} {way}: {answer.status_code}"


def test_a_guest_is_sent_to_the_sign_in_page_from_every_closed_door(open_web: Web):
    client = open_web.app.test_client()
    for way in ways(open_web.app):
        if way.declared is None or way.declared.door not in {Door.PERMITTED, Door.SIGNED_IN}:
            continue
        answer = client.open(way.address, method=way.method, buffered=True)
        if way.rule.rule.startswith("/api/"):
            assert answer.status_code == 401, str(way)
        else:
            assert answer.status_code == 302, str(way)
            assert answer.headers["Location"].startswith("/sign-in"), str(way)


def test_a_door_for_machines_opens_to_no_cookie(open_web: Web):
    browser = open_web.signed_in(Role.DIRECTOR)
    for way in ways(open_web.app):
        if way.declared is not None and way.declared.door is Door.TOKEN:
            assert browser.client.open(way.address, method=way.method, buffered=True).status_code == 401, str(
                way
            )


def test_every_form_of_ours_is_refused_without_its_token(web: Web):
    browsers = {role: web.signed_in(role) for role in GRANTABLE_ROLES}
    for way in ways(web.app):
        if way.method == "GET" or way.declared is None or way.declared.door is Door.TOKEN:
            continue
        opened = [role for role in GRANTABLE_ROLES if way.declared.permissions & GRANTS[role]]
        browser = browsers[opened[0] if opened else Role.DUTY_OFFICER]

        answer = browser.client.open(way.address, method=way.method, buffered=True)

        assert answer.status_code == 400, str(way)
        assert "表单已失效" in answer.text, str(way)


def test_a_token_of_another_session_is_refused(web: Web):
    from tests.web_kit import TOKEN  # noqa: PLC0415

    mine, other = web.signed_in(Role.DUTY_OFFICER), web.signed_in(Role.DIRECTOR)
    foreign = TOKEN.search(other.get("/account").text)
    assert foreign is not None

    answer = mine.client.post("/language", data={"to": "en", "csrf_token": foreign[1]})

    assert answer.status_code == 400


def test_every_answer_carries_the_headers(open_web: Web):
    browser = open_web.signed_in(Role.SYSTEM_ADMIN)
    answers = [
        browser.client.open(way.address, method=way.method, buffered=True)
        for way in sorted(ways(open_web.app), key=lambda way: way.rule.endpoint == "sign_in.leave")
    ]
    answers.append(browser.get("/no-such-page"))

    for answer in answers:
        for name, value in EVERYWHERE.items():
            assert answer.headers[name] == value, answer.request.path
        is_static = answer.request.path.startswith("/static/") and answer.status_code == 200
        assert ("no-store" in answer.headers["Cache-Control"]) != is_static, answer.request.path


def test_the_policy_allows_no_inline_script_or_style_and_no_frame():
    policy = EVERYWHERE["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "*" not in policy


def test_tls_is_demanded_for_a_year_where_the_page_came_over_tls(web: Web):
    client = web.app.test_client()

    assert "Strict-Transport-Security" in client.get("/healthz", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_cookies_are_locked_to_the_site_and_to_tls_outside_the_demo(make: MakeWeb):
    web = make(demo=False)
    answer = web.app.test_client().get("/sign-in", base_url="https://localhost")

    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-jianjian-guest=")
    for mark in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert mark in cookie


@pytest.mark.parametrize(("hops", "address"), [(0, "127.0.0.1"), (1, "10.0.0.9"), (2, "10.0.0.5")])
def test_forwarded_addresses_are_believed_from_as_many_proxies_as_are_trusted(
    make: MakeWeb, hops: int, address: str
):
    web = make(trusted_proxies=hops)
    browser = web.browser()

    browser.post("/sign-in", {"login": "a", "password": "b"}, X_Forwarded_For="10.0.0.5, 10.0.0.9")

    [failure] = [row for row in web.audit() if row.action == "sign_in_failed"]
    assert failure.data == {"client": address}


def test_a_refused_door_is_audited_with_its_name(web: Web):
    web.signed_in(Role.DUTY_OFFICER).get("/admin/audit")

    [row] = [row for row in web.audit() if row.action == "refused"]
    assert (row.object_kind, row.object_id, row.outcome) == ("route", "audit.table", "refused")


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "您没有此项权限（查看审计日志）"), ("en", "You may not do this (read the audit log)")],
)
def test_a_refused_door_says_in_words_what_is_missing(web: Web, language: str, told: str):
    browser = web.signed_in(Role.DUTY_OFFICER)
    browser.post("/language", {"to": language})

    page = browser.get("/admin/audit").text

    assert told in page
    assert "audit:read" not in page


def test_a_fragment_asked_for_after_the_session_ended_sends_the_whole_page_to_sign_in(web: Web):
    answer = web.browser().get("/admin/accounts", HX_Request="true")

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")


def test_any_one_of_several_permissions_opens_a_door(web: Web):
    view = permitted(Permission.AUDIT_READ, Permission.OPERATION_VIEW)(lambda: "in")
    web.app.add_url_rule("/either", "either", view)
    browsers: dict[Role, Browser] = {role: web.signed_in(role) for role in (Role.SYSTEM_ADMIN, Role.DIRECTOR)}

    assert browsers[Role.SYSTEM_ADMIN].get("/either").status_code == 200
    assert browsers[Role.DIRECTOR].get("/either").status_code == 403


def test_what_was_typed_into_a_form_that_came_after_the_session_ended_is_shown_once_more(web: Web):
    client = web.app.test_client()
    sent = {"text": "路灯坏了半个月<b>，老人摔了两次", "grade": "general", "csrf_token": "secret-of-a-form"}
    here = {"base_url": "https://localhost", "data": sent}

    answer = client.post("/posts/new", headers={"Referer": "https://localhost/posts/new"}, **here)
    elsewhere = client.post("/posts/new", headers={"Referer": "https://elsewhere.example/x"}, **here)

    assert answer.status_code == 401
    assert "路灯坏了半个月&lt;b&gt;，老人摔了两次" in answer.text
    assert "secret-of-a-form" not in answer.text
    assert 'href="/sign-in?next=/posts/new"' in answer.text
    assert elsewhere.status_code == 302, "no page of ours repeats what another site wrote"
