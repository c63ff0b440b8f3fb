"""An application with its interface on each kind of database, and a program that holds a token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.api_tokens import Scope, issue_token
from app.console import at_console
from casework.access import CountyId, machine
from casework.desk.govern import ensure_sources
from casework.roles import Role
from tests.web_kit import Web, make_web, settings_for

POSTS = "/api/v1/posts"
LAMP = {"text": "幸福路的路灯坏了半个月，晚上看不见路。", "title": "路灯"}


def rows(web: Web, row: type) -> int:
    with Session(web.home.transactions.engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(row)) or 0


@dataclass
class Program:
    """Somebody's program with a token."""

    client: FlaskClient
    token: str

    def post(self, path: str, json: object, **headers: str) -> TestResponse:
        return self.client.post(path, json=json, headers=self._with(headers))

    def raw(self, path: str, body: bytes, **headers: str) -> TestResponse:
        sent = {"Content_Type": "application/json"} | headers
        return self.client.post(path, data=body, headers=self._with(sent))

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=self._with(headers))

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.token}"} | named


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Web]:
    """An application with the sources that every county has."""
    web = make_web(settings_for(database_url, tmp_path))
    with web.home.transactions.write(machine(CountyId(web.home.county))) as uow:
        ensure_sources(uow)
    yield web
    web.home.transactions.engine.dispose()


def new_token(web: Web, *scopes: Scope, source: str = "api", name: str = "热线平台") -> str:
    with web.home.transactions.write(at_console(web.home.county, Role.SECURITY_ADMIN)) as uow:
        return issue_token(
            uow, source=source, name=name, scopes=scopes or tuple(Scope), days=30, wall_time=web.clock()
        )


def program(web: Web, *scopes: Scope, source: str = "api") -> Program:
    return Program(web.app.test_client(), new_token(web, *scopes, source=source))


@pytest.fixture
def hotline(service: Web) -> Program:
    """A program of the source "api" that may do everything."""
    return program(service)
