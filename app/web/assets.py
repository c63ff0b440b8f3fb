"""Addresses of our static files with a piece of their hash, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, url_for

STATIC = Path(__file__).resolve().parent.parent / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"


@dataclass(frozen=True, slots=True)
class Vendored:
    """A file of another project, as the manifest records it."""

    path: str
    name: str
    version: str
    licence: str
    sha256: str


def serve_assets(app: Flask) -> None:
    """Give the templates of `app` the addresses of static files."""
    app.add_template_global(asset)


def asset(name: str) -> str:
    """Return the address of a file under `static/`."""
    return url_for("static", filename=name, v=_digest(name)[:12])


def vendored() -> tuple[Vendored, ...]:
    """Return the manifest of the files of other projects."""
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return tuple(Vendored(**entry) for entry in entries)


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
