"""`flask rules schema` writes what editors read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from rules.schema import schemas
from tests.small_pack import small_book, small_pack
from tests.web_kit import MakeWeb, Web


@pytest.fixture
def web(make: MakeWeb) -> Web:
    return make(demo=False)


def schema(web: Web, *arguments: object) -> Result:
    return web.app.test_cli_runner().invoke(args=["rules", "schema", *map(str, arguments)])


def written(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_without_a_pack_the_schemas_of_any_pack_are_written(web: Web, tmp_path: Path):
    answer = schema(web, "--out", tmp_path / "schema")

    assert answer.exit_code == 0, answer.output
    assert written(tmp_path / "schema") == schemas()


def test_with_a_pack_its_names_are_offered(web: Web, tmp_path: Path):
    for name, content in small_pack().items():
        (tmp_path / name).write_bytes(content)
    schema(web, tmp_path, "--out", tmp_path / "schema")

    assert written(tmp_path / "schema") == schemas(small_book().pack)
    routes = json.loads(written(tmp_path / "schema")["routing.schema.json"])["properties"]["routes"]
    assert "labour_bureau" in json.dumps(routes)


def test_of_a_pack_with_errors_the_general_schemas_are_written_and_it_is_said(web: Web, tmp_path: Path):
    (tmp_path / "pack.yaml").write_text("pack: [", encoding="utf-8")
    answer = schema(web, tmp_path, "--out", tmp_path / "schema")

    assert written(tmp_path / "schema") == schemas()
    assert "general schemas only" in answer.output
