"""The source as syntax trees, for tests about its shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("rules", "casework", "app", "workers", "migrations")
OURS = frozenset((*PACKAGES, "wsgi", "tests", "tools"))


@dataclass(frozen=True)
class Module:
    """One source file.

    Attributes:
        name: dotted, without `__init__`.
        path: relative to the root of the project.
    """

    name: str
    path: Path
    text: str
    tree: ast.Module

    def is_in(self, *owners: str) -> bool:
        """Return whether the module is one of `owners` or below one of them."""
        return any(self.name == owner or self.name.startswith(f"{owner}.") for owner in owners)

    def imports(self) -> Iterator[str]:
        """Yield the dotted name of everything the module imports, wherever it does so."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    @cache  # noqa: B019 - modules() keeps every module anyway
    def uses(self) -> frozenset[str]:
        """Return every dotted name that is read, with imported names spelt out: `datetime.datetime.now`.

        Also as it stands: a function may import under a name that means something else further up.
        """
        spelt = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                spelt |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                spelt |= {alias.asname: alias.name for alias in node.names if alias.asname}
        dotted = {found for node in ast.walk(self.tree) if (found := _dotted(node))[0]}
        whole = {".".join((spelt.get(first, first), *rest)) for first, *rest in dotted}
        return frozenset(whole | {".".join(found) for found in dotted})


def _dotted(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return (*before, node.attr) if before != ("",) else ("",)
    return ("",)


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the product: no tests, no tools."""
    paths = [
        ROOT / "wsgi.py",
        *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))),
    ]
    return tuple(_module(path) for path in paths)


def _module(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
    text = path.read_text(encoding="utf-8")
    return Module(name, relative, text, ast.parse(text, str(relative)))
