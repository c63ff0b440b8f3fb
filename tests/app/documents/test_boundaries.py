"""What this package may touch: read from the source, so that nobody has to remember it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "app" / "documents"
MODULES = sorted(FOLDER.glob("*.py"))


def imports(path: Path) -> set[str]:
    """Return every imported name as `module` or `module.name`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_uses_a_part_of_reportlab_that_parses_text(path: Path):
    assert {name for name in imports(path) if "aragraph" in name or "xpreformatted" in name.lower()} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_knows_the_web_the_database_or_another_part_of_the_application(path: Path):
    allowed = ("app.documents", "casework.errors", "rules.model")
    ours = {name for name in imports(path) if name.startswith(("app.", "casework.", "rules.", "workers."))}

    assert {name for name in ours if not name.startswith(allowed)} == set()
    assert {name for name in imports(path) if name.startswith(("flask", "sqlalchemy", "os", "time"))} == set()
