from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import DEMO_PACK, PROJECT_ROOT
from casework.understanding.explain import explain_text
from casework.understanding.explain_json import text_bytes
from casework.understanding.inputs import PostText
from tests.demo import demo_book
from tests.web_kit import Web

TEXT = "烟花仓库发生爆炸，造成三人死亡"
EXPLAIN = ("rules", "explain", "--text", TEXT, "--title", "爆炸")


def explained(web: Web, *arguments: str, **streams: str) -> tuple[int, str, str]:
    answer = web.app.test_cli_runner().invoke(args=["rules", "explain", *arguments], **streams)
    return answer.exit_code, answer.stdout, answer.stderr


def test_a_text_is_explained_on_a_machine_where_nothing_is_set(tmp_path: Path):
    """The one test that starts the real program, with a pack, no setting and no database."""
    answer = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *EXPLAIN, "--pack", str(DEMO_PACK), "--json"],
        cwd=PROJECT_ROOT,
        env={"JIANJIAN_DATA_DIR": str(tmp_path / "var"), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    told = json.loads(answer.stdout)["explained"]
    assert (told["disposition"], told["grade"]) in {("case", "serious"), ("desk", "serious")}
    assert "sev_accident" in told["graded_by"]
    assert list(json.loads(answer.stdout)) == sorted(json.loads(answer.stdout))


def test_the_command_prints_what_the_function_says(web: Web):
    code, out, err = explained(web, "--text", TEXT, "--pack", str(DEMO_PACK), "--json")

    assert code == 0, err
    from_function = json.loads(text_bytes(explain_text(PostText("", TEXT), demo_book())))
    assert json.loads(out)["explained"]["graded_by"] == from_function["explained"]["graded_by"]


def test_without_a_pack_the_rules_in_force_explain(web: Web):
    code, out, err = explained(web, "--text", "三户人家的路灯坏了", "--json")

    assert code == 0, err
    assert json.loads(out)["explained"]["rules"]["on"] == "2026-11-16", "the day at the county"
    assert json.loads(out)["explained"]["rules"]["pack"] == web.outside.active(None, web.clock()).pack.ref  # type: ignore[arg-type] # the fake looks at nothing


def test_a_person_reads_conditions_values_and_clauses_in_both_languages(web: Web):
    code, out, err = explained(web, "--text", "-", "--pack", str(DEMO_PACK), input=TEXT)

    assert code == 0, err
    assert "重大 / Serious" in out
    assert "✓ 有人死亡 / Somebody died（实际：是 / seen: yes）" in out
    assert "依据 clause: 研判指引·重大：火灾、爆炸、坍塌、群体中毒" in out
    assert "差 1 项 / 1 short" in out
    assert "爆炸」" in out


@pytest.mark.parametrize(
    "arguments",
    [("--pack", str(DEMO_PACK)), ("--text", "x", "--on", "gestern"), ("--text", "x", "--pack", "nowhere")],
)
def test_what_cannot_be_explained_is_said(web: Web, arguments: tuple[str, ...]):
    code, out, err = explained(web, *arguments)

    assert code != 0
    assert out == ""
    assert "Error" in err


def test_a_pack_with_an_error_is_refused_with_its_problem(web: Web, tmp_path: Path):
    (tmp_path / "pack.yaml").write_text("pack: [\n", encoding="utf-8")
    code, out, err = explained(web, "--text", "x", "--pack", str(tmp_path))

    assert (code, out) == (1, "")
    assert f"flask rules check {tmp_path}" in err
