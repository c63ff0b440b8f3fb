"""Makes `app` importable without the web application behind it, for small programs that tests start."""

from __future__ import annotations

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def install() -> None:
    """Put an empty package `app` in the place of the real one; its modules are found as ever."""
    package = types.ModuleType("app")
    package.__path__ = [str(ROOT / "app")]
    sys.modules["app"] = package


install()
