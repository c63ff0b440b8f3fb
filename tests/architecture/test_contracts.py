"""Who may import whom: the contracts of pyproject.toml, and what they cannot say."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import ROOT, modules


@pytest.fixture
def loggers_kept() -> Iterator[None]:
    """Give every logger back as it was: import-linter configures logging and silences those made before."""
    before = {
        name: known.disabled
        for name, known in logging.Logger.manager.loggerDict.items()
        if isinstance(known, logging.Logger)
    }
    yield
    for name, disabled in before.items():
        logging.getLogger(name).disabled = disabled


@pytest.mark.usefixtures("loggers_kept")
def test_the_import_contracts_of_the_project_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(ROOT)

    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert status == 0, capsys.readouterr().out


def test_the_nouns_of_the_domain_know_neither_the_store_nor_the_desk():
    wrong = {
        (str(module.path), name)
        for module in modules()
        if module.is_in("casework") and not module.is_in("casework.store", "casework.desk")
        for name in module.imports()
        if name.startswith(("casework.store", "casework.desk"))
    }

    assert wrong == set()


def test_a_migration_never_depends_on_todays_code():
    wrong = {
        (str(module.path), name)
        for module in modules()
        if module.is_in("migrations.versions")
        for name in module.imports()
        if name.split(".")[0] in {"rules", "casework", "app", "workers"}
    }

    assert wrong == set()
