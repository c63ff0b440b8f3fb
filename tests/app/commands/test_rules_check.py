"""`flask rules check` with texts to count terms in: of a file, or of the county's stored posts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import Result

from tests.small_pack import small_pack
from tests.web_kit import MakeWeb, Web

TEXTS = ["路边有人身亡"] * 6 + ["今天下雨"] * 94


@pytest.fixture
def web(make: MakeWeb) -> Web:
    return make(demo=False)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, content in small_pack().items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["编号", "诉求内容"])
        rows.writerows(enumerate(TEXTS))
    return path


def check(web: Web, *arguments: object) -> Result:
    return web.app.test_cli_runner().invoke(args=["rules", "check", *map(str, arguments)])


def test_each_line_has_place_level_code_and_what_to_do(web: Web, pack: Path):
    pack.joinpath("lexicons.yaml").write_text(
        "lexicons: [{id: death_words, title: 死亡, terms: [死亡, 意外死亡]}]", encoding="utf-8"
    )
    answer = check(web, pack)

    (line,) = [line for line in answer.stdout.splitlines() if "R207" in line]
    assert line.startswith(f"{pack}/lexicons.yaml:1:12: note: R207 ")
    assert line.endswith("; drop the longer one, or make the shorter one more exact)")


def test_terms_that_are_common_in_a_column_of_a_file_are_named(web: Web, pack: Path, table: Path):
    answer = check(web, pack, "--posts", f"{table}:诉求内容")

    assert '"身亡" 6.0%' in answer.stdout
    assert answer.exit_code == 0


@pytest.mark.parametrize(
    ("named", "said"), [("{}", "诉求内容"), ("{}:正文", "编号"), ("{}.txt", "no such file")]
)
def test_a_wrong_file_or_column_is_said_in_one_line(web: Web, pack: Path, table: Path, named: str, said: str):
    answer = check(web, pack, "--posts", named.format(table))

    assert answer.exit_code != 0
    assert said in answer.output


def test_too_few_stored_posts_are_said_to_be_too_few(web: Web, pack: Path):
    answer = check(web, pack, "--stored")

    assert "R209" in answer.stdout
    assert "only 0 stored posts" in answer.stdout
