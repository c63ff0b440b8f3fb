"""Habits of the source that no linter holds: where the outside may be read, where errors may be caught."""

from __future__ import annotations

import ast

from tests.architecture.source import Module, modules

ENVIRONMENT = ("os.environ", "os.getenv", "os.environb", "os.putenv")
WALL_CLOCK = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
)
STOPWATCH = ("time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns")
MAY_STOP_TIME = (
    "rules.engine",
    "rules.guarded_child",  # ends a reading that does not get on
    "rules.guarded_warm",  # ends a child that does not answer
    "app.commands.evaluate",  # how long judging took
    "app.queue_server",
    "app.supervised",
    "app.supervisor",
    "app.transaction",  # how long a write took
    "app.web.logs",  # how long a request took
    "workers",
)
EDGES = ("app.errors", "app.cli", "workers.failures")
LONGEST = 400  # lines; aim at 300
LONGER = {"migrations/versions/0001_first_schema.py"}
"""A schema written once. This set may only shrink."""


def readers(names: tuple[str, ...], *allowed: str) -> set[str]:
    """Return "path: name" for every module outside `allowed` that uses one of `names`."""
    return {
        f"{module.path}: {name}"
        for module in modules()
        if not module.is_in(*allowed)
        for name in module.uses()
        if name in names
    }


def catches_everything(module: Module) -> list[int]:
    """Return the lines where `module` catches Exception, BaseException or anything at all."""
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or any(
                isinstance(part, ast.Name) and part.id in {"Exception", "BaseException"}
                for part in ast.walk(node.type)
            )
        )
    ]


def test_only_the_configuration_reads_the_environment():
    assert readers(ENVIRONMENT, "app.config") == set()


def test_only_the_transaction_reads_the_wall_clock():
    assert readers(WALL_CLOCK, "app.transaction") == set()


def test_stopwatches_run_only_where_processes_are_watched():
    assert readers(STOPWATCH, *MAY_STOP_TIME) == set()


def test_the_tests_above_would_see_a_reader():
    assert "app/config.py: os.environ" in readers(ENVIRONMENT)
    assert "app/transaction.py: datetime.datetime.now" in readers(WALL_CLOCK)
    assert "app/supervisor.py: time.monotonic" in readers(STOPWATCH)


def test_everything_is_caught_at_the_three_edges_only():
    broad = {str(module.path): catches_everything(module) for module in modules() if not module.is_in(*EDGES)}

    assert {path: lines for path, lines in broad.items() if lines} == {}


def test_every_module_says_what_it_is_for():
    assert [str(module.path) for module in modules() if not ast.get_docstring(module.tree)] == []


def test_no_module_grows_beyond_what_can_be_read_at_a_sitting():
    long = {str(module.path) for module in modules() if len(module.text.splitlines()) > LONGEST}

    assert long <= LONGER


def test_pseudonyms_are_read_for_one_question_only():
    readers_of = {
        module.name
        for module in modules()
        if any(name.endswith(".PseudonymRow") for name in module.imports())
    }

    # Written by intake, counted by `voices`; listed with the other tables.
    assert readers_of == {"casework.store.identity_rows", "casework.store.voices", "casework.store.tables"}
