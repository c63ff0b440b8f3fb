"""Who may import whom: the contracts of pyproject.toml, and what they cannot say."""

from __future__ import annotations

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import ROOT, modules


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
