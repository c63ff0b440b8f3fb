"""Files of other projects: exactly those of the manifest, unchanged, with their licences."""

from __future__ import annotations

import hashlib

import pytest

from app.web.assets import STATIC, Vendored, vendored

VENDOR = STATIC / "vendor"
LICENCES = STATIC.parent.parent / "docs" / "licences.md"


@pytest.mark.parametrize("entry", vendored(), ids=lambda entry: entry.path)
def test_a_vendored_file_is_the_one_that_the_manifest_names(entry: Vendored):
    path = VENDOR / entry.path

    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry.sha256
    assert path.parent.name.endswith(f"-{entry.version}")
    assert (path.parent / "LICENSE").is_file()
    assert f"{entry.name} {entry.version}" in LICENCES.read_text(encoding="utf-8")


def test_nothing_else_is_in_the_folder():
    listed = {entry.path for entry in vendored()}
    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert {path for path in found if not path.endswith("/LICENSE")} == listed | {"manifest.json"}


def test_no_vendored_file_calls_home():
    for entry in vendored():
        text = (VENDOR / entry.path).read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text
        assert "@import" not in text
