"""Commands that need no setting, no database and no server, run as a person runs them on a bare machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from app import create_app
from app.config import DEMO_PACK, PROJECT_ROOT
from rules.pack import load_pack
from tests.web_kit import settings_for


def flask(tmp_path: Path, *arguments: str) -> Result:
    """Run a command of an installation where nothing is set and the database has no table."""
    app = create_app(settings_for("sqlite://", tmp_path, demo=False, serves=False))
    answer = app.test_cli_runner().invoke(args=list(arguments))
    app.extensions["jianjian"].transactions.engine.dispose()
    return answer


def test_a_pack_is_checked_on_a_machine_where_nothing_is_set(tmp_path: Path):
    """The one test that starts the real program; with nothing but where its files may go."""
    (tmp_path / "pack").mkdir()
    answer = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "rules", "check", str(tmp_path / "pack")],
        cwd=PROJECT_ROOT,
        env={"JIANJIAN_DATA_DIR": str(tmp_path / "var"), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert answer.returncode == 1
    assert f"{tmp_path / 'pack' / 'pack.yaml'}:1:1: error: " in answer.stdout


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO_PACK, tmp_path / "pack"))


def test_the_demo_pack_has_no_error(tmp_path: Path):
    answer = flask(tmp_path, "rules", "check", str(DEMO_PACK))

    assert answer.exit_code == 0, answer.stdout


def test_every_problem_of_a_pack_is_a_line_with_its_place(tmp_path: Path, pack: Path):
    units = pack / "units.yaml"
    units.write_text(units.read_text(encoding="utf-8").replace("kind:", "knid:", 1), encoding="utf-8")
    (pack / "calendar.yaml").write_text("calendar: [\n", encoding="utf-8")

    answer = flask(tmp_path, "rules", "check", str(pack))

    assert answer.exit_code == 1
    lines = [line for line in answer.stdout.splitlines() if ": error: " in line]
    for name in ("units.yaml", "calendar.yaml"):
        assert any(line.startswith(f"{pack / name}:") for line in lines)
    place = lines[0].removeprefix(str(pack)).split(":")
    assert all(part.isdigit() for part in place[1:3])


def test_a_folder_that_is_not_there_is_a_problem_too(tmp_path: Path):
    answer = flask(tmp_path, "rules", "check", str(tmp_path / "nothing"))

    assert answer.exit_code == 1
    assert "does not exist" in answer.stdout


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("grades", "id,text,grade\n1,路灯坏了半个月没人修,general\n2,谢谢你们,none\n"),
        ("routing", "id,text,lead,alt\n1,路灯坏了半个月没人修,{family},\n"),
        ("topics", "text,label\n路灯坏了半个月没人修,{group}\n"),
    ],
)
def test_an_evaluation_ends_with_one_line_of_json(tmp_path: Path, kind: str, table: str):
    demo = load_pack(DEMO_PACK).pack
    rows = tmp_path / "rows.csv"
    rows.write_text(table.format(family=demo.units[0].family, group=demo.groups[0]), encoding="utf-8")

    answer = flask(tmp_path, "evaluate", kind, str(rows), "--json")

    assert answer.exit_code == 0, answer.stderr
    report = json.loads(answer.stdout.splitlines()[-1])
    shares = {"accuracy", "macro_f1", "kappa", "accepted", "triaged", "confident_wrong"}
    assert report.keys() >= shares | {"n", "per_class", "confusion", "seconds"}


def test_a_table_that_cannot_be_evaluated_is_one_line(tmp_path: Path):
    rows = tmp_path / "rows.csv"
    rows.write_text("id,text\n1,x\n", encoding="utf-8")

    answer = flask(tmp_path, "evaluate", "grades", str(rows))

    assert answer.exit_code == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "grade" in answer.stderr
