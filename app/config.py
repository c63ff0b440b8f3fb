"""What this installation is set to, read once from the environment and checked as a whole.

The only module that reads `os.environ`. It opens no connection and creates no file; the demo's secrets
are made by `app.launcher`, which hands them to its children.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from app import config_values as values
from app.config_values import IdentityKey, PackKey, TrustedKey

T = TypeVar("T")

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEMO_PACK = PROJECT_ROOT / "rules" / "packs" / "demo"
DEMO_COUNTY = "demo"
DEMO_FILE = "demo.env"
"""File in the data directory with the settings of the demo, mode 0600."""

SESSION_IDLE = timedelta(minutes=20)
"""Source: domain.md §12 `session.idle` (classified protection level 3, automatic end of idle sessions)."""
SESSION_ABSOLUTE = timedelta(hours=8)
"""One working day. Source: OWASP ASVS 5.0 §7.3.2 asks for an absolute limit set by the risk analysis."""


class SettingsError(Exception):
    """The environment does not describe an installation that may start.

    Attributes:
        problems: one sentence each, all that were found, saying what to do.
    """

    code = "settings"

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("Jianjian cannot start:\n" + "\n".join(f"  - {p}" for p in problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Immutable; `repr` shows no secret.

    Attributes:
        database_url: SQLAlchemy address with driver, for the running application.
        owner_database_url: the same database as the role that owns the tables; used by migrations only.
        redis_url: `unix://…` or `redis://…`; None where no queue was named (commands without a queue).
        data_dir: absolute; the SQLite file, the queue's socket and the demo's secrets live here.
        secret_key: signs cookies and forms.
        identity_keys: the first encrypts, all decrypt.
        county: id on every business row.
        pack_dir: rule pack to load at the first start.
        demo: demo accounts, demo clock and their banner exist.
        serves: False for offline commands: such an application must not answer requests.
        trusted_proxies: how many reverse proxies in front may be believed (`X-Forwarded-*`).
        session_idle, session_absolute: ends of a sign-in.
        pack_signing_key: signs exported rule packs; None exports them unsigned.
        pack_trusted_keys: of counties whose packs are taken as theirs.
    """

    database_url: str = field(repr=False)
    owner_database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    data_dir: Path
    secret_key: str = field(repr=False)
    identity_keys: tuple[IdentityKey, ...]
    county: str
    pack_dir: Path
    demo: bool
    serves: bool
    host: str
    port: int
    trusted_proxies: int
    session_idle: timedelta = SESSION_IDLE
    session_absolute: timedelta = SESSION_ABSOLUTE
    pack_signing_key: PackKey | None = field(default=None, repr=False)
    pack_trusted_keys: tuple[TrustedKey, ...] = ()

    @property
    def secure_cookies(self) -> bool:
        """Return whether cookies travel over TLS only: everywhere but in the demo on this machine."""
        return not self.demo

    @property
    def is_sqlite(self) -> bool:
        """Return whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")


def process_environment() -> Mapping[str, str]:
    """Return a copy of this process's environment."""
    return dict(os.environ)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings of an installation that serves.

    Args:
        environ: variable name to value; docs/deploy.md lists them.

    Raises:
        SettingsError: with every problem found, not only the first.
    """
    reader = _Reader(environ)
    demo = reader.parsed("JIANJIAN_DEMO", "0", values.flag, broken=False)
    data_dir = data_directory(environ)
    sqlite = _sqlite_in(data_dir)
    running = reader.parsed("DATABASE_URL", sqlite, values.database_url, "")
    settings = Settings(
        database_url=running,
        owner_database_url=reader.parsed("DATABASE_OWNER_URL", running or sqlite, values.database_url, ""),
        redis_url=reader.parsed("REDIS_URL", None, values.redis_url, None),
        data_dir=data_dir,
        secret_key=reader.parsed("JIANJIAN_SECRET_KEY", None, partial(values.secret, demo=demo), ""),
        identity_keys=reader.parsed(
            "JIANJIAN_IDENTITY_KEYS", None, partial(values.identity_keys, demo=demo), ()
        ),
        county=reader.parsed("JIANJIAN_COUNTY", DEMO_COUNTY if demo else None, values.county, ""),
        pack_dir=reader.parsed("JIANJIAN_PACK", str(DEMO_PACK) if demo else None, values.pack_dir, DEMO_PACK),
        demo=demo,
        serves=True,
        host=environ.get("JIANJIAN_HOST", "") or "127.0.0.1",
        port=reader.parsed("PORT", "8000", values.port, 0),
        trusted_proxies=reader.parsed("JIANJIAN_TRUSTED_PROXIES", "0", values.count, 0),
        pack_signing_key=reader.parsed(
            "JIANJIAN_PACK_SIGNING_KEY", "", partial(values.pack_signing_key, demo=demo), None
        ),
        pack_trusted_keys=reader.parsed("JIANJIAN_PACK_TRUSTED_KEYS", "", values.trusted_keys, ()),
    )
    if reader.problems:
        raise SettingsError(tuple(reader.problems))
    return settings


def load_command_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings for a command typed by a person, who may have set nothing.

    Configured like a server: the same as `load_settings`. Nothing configured: the demo of this data
    directory where there is one, also where its own DATABASE_URL is still exported; else an offline
    installation with throw-away secrets and a database in memory, good for `rules check` and `evaluate`. Both
    are refused by everything that serves (`serves` is False): the passwords of the demo are public, so it is
    served only where somebody asked for it.

    Raises:
        SettingsError: as `load_settings`, for a half-configured environment.
    """
    data_dir = data_directory(environ)
    demo = read_demo_file(data_dir)
    named = {name for name in _CONFIGURES if environ.get(name)}
    if named == {"DATABASE_URL"} and demo:
        _check_is_of_demo(environ["DATABASE_URL"], demo, data_dir)
    elif named:
        return load_settings(environ)
    if demo:
        return replace(load_settings({**environ, **demo}), serves=False)
    return Settings(
        database_url="sqlite://",
        owner_database_url="sqlite://",
        redis_url=None,
        data_dir=data_dir,
        secret_key=secrets.token_urlsafe(48),
        identity_keys=(IdentityKey("offline", secrets.token_bytes(values.KEY_BYTES)),),
        county=DEMO_COUNTY,
        pack_dir=DEMO_PACK,
        demo=False,
        serves=False,
        host="127.0.0.1",
        port=8000,
        trusted_proxies=0,
    )


def _check_is_of_demo(url: str, demo: Mapping[str, str], data_dir: Path) -> None:
    """Return when the one thing that is configured, an address, is that of the demo's database.

    Raises:
        SettingsError: it is another's; what else is missing for that one is of no use to know yet.
    """
    own = demo.get("DATABASE_URL") or _sqlite_in(data_dir)
    with suppress(values.RefusedError):  # an address of no kind is not the demo's either
        if values.database_url(url) == values.database_url(own):
            return
    problem = (
        f"DATABASE_URL names another database than that of the demo in {data_dir}: "
        "`unset DATABASE_URL` for the demo, or set up the other one as docs/deploy.md says. "
        "DATABASE_URL 所指的不是该目录演示系统的数据库：用演示系统请先 unset DATABASE_URL。"
    )
    raise SettingsError((problem,))


_CONFIGURES = ("JIANJIAN_SECRET_KEY", "JIANJIAN_IDENTITY_KEYS", "JIANJIAN_DEMO", "DATABASE_URL")


def _sqlite_in(data_dir: Path) -> str:
    return f"sqlite:///{data_dir / 'jianjian.sqlite3'}"


def data_directory(environ: Mapping[str, str]) -> Path:
    """Return the absolute data directory: JIANJIAN_DATA_DIR, else `var` beside the code."""
    return Path(environ.get("JIANJIAN_DATA_DIR", "") or PROJECT_ROOT / "var").absolute()


def read_demo_file(data_dir: Path) -> Mapping[str, str]:
    """Return the demo's variables that the launcher wrote into `data_dir`; empty when there is no demo."""
    try:
        lines = (data_dir / DEMO_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


class _Reader:
    """Reads variables one by one and keeps what was wrong with each."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def parsed(self, name: str, default: str | None, parse: Callable[[str], T], broken: T) -> T:
        """Return the variable `name` parsed, or `default` parsed when it is unset or empty.

        A problem is noted and `broken` returned, so that the reader can go on to the next variable.
        """
        raw = self.environ.get(name, "") or default
        if raw is None:
            self.problems.append(f"{name} is missing: {values.HOW_TO_SET[name]}")
            return broken
        try:
            return parse(raw)
        except values.RefusedError as refused:
            self.problems.append(f"{name} {refused}")
            return broken
