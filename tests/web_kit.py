"""A browser for tests of pages: an application on a fresh database, accounts of any role, forms with tokens.

Time is a number that the test moves; the queue is a list; passwords are hashed cheaply.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.accounts.administration import NewAccount, bootstrap_account
from app.config import DEMO_PACK, Settings
from app.config_values import IdentityKey
from app.counties import ensure_county
from app.parts import House, Parts
from app.vault import Vault
from casework.access import CountyId, machine
from casework.desk.unit import UnitOfWork
from casework.post_refusals import NoPackInForce
from casework.roles import DESK_OF, Desk, Role
from casework.store.tables import AuditRow, UnitRow
from rules.rulebook import Rulebook
from tests.builders import add_unit
from tests.case_pack import case_book

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
PASSWORD = "Ample-Herons-77"
UNIT = "labour"
KEYS = (IdentityKey("test-1", base64.b64decode("c2VjcmV0IG9mIHRlc3RzLCBub3QgZm9yIGFueSB1c2U=")),)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """The wall clock of a test."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


class KeptTemplates(BytecodeCache):
    """Compiled templates of the whole test run: every test has an application of its own."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = KeptTemplates()


@dataclass
class FakeOutside:
    """Bell, queue and rulebooks that only take notes."""

    rung: list[str] = field(default_factory=list)
    is_up: bool = True
    until: date | None = date(2026, 12, 31)
    rulebook: Rulebook | None = None
    older: dict[str, Rulebook] = field(default_factory=dict)
    prepared: list[datetime] = field(default_factory=list)

    def ring(self, kind: str) -> None:
        self.rung.append(kind)

    def answers(self) -> bool:
        return self.is_up

    def is_ready(self, session: Session, now: datetime) -> bool:  # noqa: ARG002 - a protocol's signature
        return now in self.prepared

    def prepare(self, session: Session, now: datetime) -> None:  # noqa: ARG002 - a protocol's signature
        """Note it; there is nothing to do: it is in memory."""
        self.prepared.append(now)

    def active(self, session: Session, now: datetime) -> Rulebook:  # noqa: ARG002 - a protocol's signature
        return self.rulebook or case_book()

    def of(self, session: Session, ref: str) -> Rulebook:
        book = self.active(session, MONDAY)
        if ref == book.pack.ref:
            return book
        if ref not in self.older:
            raise NoPackInForce("demo")
        return self.older[ref]

    def announced_until(self, uow: UnitOfWork) -> date | None:  # noqa: ARG002 - a protocol's signature
        return self.until


class Browser:
    """A browser that fills the token into forms, as pages do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, data: dict[str, object] | None = None, **headers: str) -> TestResponse:
        """Post a form of ours: with the token of this browser's session."""
        token = TOKEN.search(self.get("/account").text) or TOKEN.search(self.get("/sign-in").text)
        assert token is not None
        sent = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.post(path, data={"csrf_token": token[1], **(data or {})}, headers=sent)

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", {"login": login, "password": password})

    def cookie(self, name: str = "jianjian") -> str | None:
        found = self.client.get_cookie(name)
        return found.value if found else None


@dataclass
class Web:
    """An application under test."""

    app: Flask
    clock: Clock
    outside: FakeOutside

    @property
    def home(self) -> House:
        return self.app.extensions["jianjian"]

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def account(self, *roles: Role, login: str = "", unit: str | None = None, **more: bool) -> uuid.UUID:
        """Add an account; people of a unit are of `UNIT` unless another is named."""
        if unit is None and any(DESK_OF[role] is Desk.UNIT for role in roles):
            unit = UNIT
        new = NewAccount(
            login=login or "-".join(role.value.replace("_", "-") for role in roles) or "nobody",
            name=f"Tester {login or roles[0].value}",
            unit_code=unit,
            password_hash=self.home.parts.hasher.hash(PASSWORD),
            roles=frozenset(roles),
            keeps_password=more.get("keeps_password", True),
        )
        with self.home.transactions.write(machine(CountyId(self.home.county))) as uow:
            if unit and uow.session.get(UnitRow, (uow.county, unit)) is None:
                add_unit(uow.session, unit, county=uow.county)
            return bootstrap_account(uow, new, wall_time=self.clock())

    def signed_in(self, *roles: Role, **kwargs: str) -> Browser:
        """Return the browser of somebody new who has just signed in."""
        login = kwargs.get("login", "-".join(role.value.replace("_", "-") for role in roles))
        self.account(*roles, login=login, unit=kwargs.get("unit"))
        browser = self.browser()
        assert browser.sign_in(login).status_code == 302
        return browser

    def audit(self) -> list[AuditRow]:
        """Return the audit log, oldest first."""
        with Session(self.home.transactions.engine, expire_on_commit=False) as session:
            return list(session.query(AuditRow).order_by(AuditRow.id))

    def actions(self) -> list[str]:
        return [row.action for row in self.audit()]


MakeWeb = Callable[..., Web]
"""`make(demo=False, …)`: an application with settings changed as named."""


def settings_for(database: Path | str, tmp_path: Path, *, demo: bool = True, **changes: object) -> Settings:
    """Return settings of a test's installation."""
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    values: dict[str, object] = {
        "database_url": url,
        "owner_database_url": url,
        "redis_url": None,
        "data_dir": tmp_path,
        "secret_key": "tests-only-4f9a2b7c6d1e8f305a7b9c2d4e6f8a1b",
        "identity_keys": KEYS,
        "county": "demo",
        "pack_dir": DEMO_PACK,
        "demo": demo,
        "serves": True,
        "host": "127.0.0.1",
        "port": 8000,
        "trusted_proxies": 0,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


def make_web(settings: Settings, **config: object) -> Web:
    """Return an application with its county in the database."""
    clock, outside = Clock(), FakeOutside()
    parts = Parts(
        rulebooks=outside,
        cipher=Vault(KEYS),
        bell=outside,
        queue=outside,
        announced_until=outside.announced_until,
        clock=clock,
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
    )
    app = create_app(settings, parts=parts)
    app.config.update(config)
    app.jinja_env.bytecode_cache = TEMPLATES
    web = Web(app, clock, outside)
    if settings.is_sqlite:
        sa.event.listen(web.home.transactions.engine, "connect", _wait_for_no_disk)
    with web.home.transactions.write(machine(CountyId(settings.county))) as uow:
        ensure_county(uow)
    return web


def _wait_for_no_disk(connection, _record) -> None:  # noqa: ANN001 - DBAPI objects
    """A test's database need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")
