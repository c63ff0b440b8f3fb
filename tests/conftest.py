"""Fixtures that every part of the tests may use: databases and the queue, real ones, each kind on each test.

Only what several folders share stands here; values that matter to a test stand in the test.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from coverage import Coverage
from hypothesis import HealthCheck, settings
from redis import Redis

from tests import servers

# A busy machine is no reason for a property to fail; how long tests take is watched as a whole.
settings.register_profile(
    "jianjian",
    parent=settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("jianjian")

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
SLOW_FOLDERS = ("journeys", "browser", "workers", "packs")
"""Their files hold single tests of many seconds: begun last, one of them would run alone at the end."""

TRACED_FOLDERS = ("rules", "casework", "workers")
"""Only their tests count for the coverage of rules and casework, and these once: on SQLite.

What pages pass on their way is proved by no assertion there, and tracing takes half as long again: on Python
3.11 also in code that is not measured. The marker no_cover names tests that run over the same lines often."""
_tracers: list[Coverage] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Trace the lines of a test, its fixtures among them, only where they count."""
    running = Coverage.current()
    if running is not None and not _counts(item):
        running.stop()
        _tracers.append(running)
    elif running is None and _tracers and _counts(item):
        _tracers.pop().start()
    return (yield)


def _counts(item: pytest.Item) -> bool:
    folder = item.path.relative_to(ROOT / "tests").parts[0]
    return folder in TRACED_FOLDERS and not any(map(item.get_closest_marker, ("postgres", "no_cover")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow folders first; else the order stays, which must be the same in every process."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        return SLOW_FOLDERS.index(folder) if folder in SLOW_FOLDERS else len(SLOW_FOLDERS)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def _postgres() -> Iterator[servers.PostgresServer | None]:
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def _quick() -> Iterator[Path]:
    with servers.quick_directory() as directory:
        yield directory


@pytest.fixture(scope="session")
def _migrated(_quick: Path) -> Path:
    """A SQLite file with the newest schema, to be copied."""
    path = _quick / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@contextmanager
def _sqlite(quick: Path, template: Path | None) -> Iterator[str]:
    """Yield the address of a SQLite database of its own, gone afterwards with all that belongs to it."""
    with TemporaryDirectory(dir=quick, ignore_cleanup_errors=True) as directory:
        path = Path(directory) / "test.sqlite3"
        if template:
            shutil.copyfile(template, path)
        yield f"sqlite:///{path}"


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server: servers.PostgresServer) -> Iterator[str]:
    """The address of a PostgreSQL database with the newest schema, to be cloned."""
    url = postgres_server.create()
    _migrate(url)
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def postgres_server(_postgres: servers.PostgresServer | None) -> servers.PostgresServer:
    """A PostgreSQL server where databases may be created; skips by name where there is none."""
    servers.demand("postgres", _postgres, servers.NO_POSTGRES)
    assert _postgres is not None
    return _postgres


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, _quick: Path) -> Iterator[str]:
    """The address of a database without any table: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        with _sqlite(_quick, None) as url:
            yield url
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, _quick: Path) -> Iterator[str]:
    """The address of a fresh database with the newest schema and no row: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        with _sqlite(_quick, request.getfixturevalue("_migrated")) as url:
            yield url
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create(template=request.getfixturevalue("_migrated_postgres"))
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def _queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """The address of a queue server for the run. Imported late: tests of rules need no application."""
    queue_server = importlib.import_module("app.queue_server")
    if queue_server.find_program() is None:
        yield None
        return
    with queue_server.running(queue_server.plan_queue_server(tmp_path_factory.mktemp("queue"))) as plan:
        yield plan.url


@pytest.fixture
def redis_url(_queue: str | None) -> str:
    """The address of an empty Redis-protocol server; skips by name where there is none."""
    servers.demand("redis", _queue, servers.NO_REDIS)
    assert _queue is not None
    with closing(Redis.from_url(_queue)) as client:
        client.flushall()
    return _queue


def _migrate(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
