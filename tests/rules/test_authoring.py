"""The worked example for authors does what it says, block by block."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from app import create_app
from rules.pack import FILES, load_pack
from tests.rules.test_schema import faults
from tests.web_kit import settings_for

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules" / "authoring.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(yaml|console) ?(\S*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def _steps(block: str) -> list[tuple[str, list[str]]]:
    """Return each command of a block with the lines that it must print."""
    steps: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line.removeprefix("$ "), []))
        else:
            steps[-1][1].append(line)
    return steps


def test_every_block_of_the_example_is_done_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    app = create_app(settings_for("sqlite://", tmp_path / "var", demo=False, serves=False))
    done = 0
    try:
        for kind, name, content in BLOCKS:
            if kind == "yaml":
                Path(name).write_text(content, encoding="utf-8")
                continue
            for command, lines in _steps(content):
                program, *arguments = shlex.split(command)
                if program == "mkdir":
                    Path(arguments[0]).mkdir()
                    continue
                assert program == "flask"
                answer = app.test_cli_runner().invoke(args=arguments)
                for line in lines:
                    assert line in answer.output, answer.output
                done += 1
    finally:
        app.extensions["jianjian"].transactions.engine.dispose()

    assert done == 4
    assert load_pack(tmp_path / "mypack").pack is not None
    assert {path.name for path in (tmp_path / "mypack").glob("*.yaml")} == set(FILES)


@pytest.mark.parametrize(("name", "content"), [block[1:] for block in BLOCKS if block[0] == "yaml"])
def test_every_file_of_the_example_passes_the_schema_that_it_names(name: str, content: str):
    file = name.removeprefix("mypack/")

    assert content.startswith(
        f"# yaml-language-server: $schema=schema/{file.replace('.yaml', '.schema.json')}\n"
    )
    assert faults(file, content.encode()) == []
