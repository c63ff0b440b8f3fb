from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "term_statistics.py"


def run(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_words_of_each_class_come_first(tmp_path: Path):
    file = tmp_path / "rows.csv"
    rows = ["河道污染，请处理,环境", "河道污染严重,环境", "学校食堂，请处理,教育", "学校收费,教育|商贸"]
    file.write_text("text,label\n" + "\n".join(f'"{t}",{n}' for t, n in (r.rsplit(",", 1) for r in rows)))
    printed = dict(line.split(": ") for line in run(file, "--least", "1", "--top", "2").stdout.splitlines())

    assert set(printed) == {"环境", "教育", "商贸"}
    assert set(printed["环境"].split("、")) == {"河道", "污染"}
    assert printed["教育"].startswith("学校")


def test_a_file_without_the_column_is_refused_with_a_sentence(tmp_path: Path):
    file = tmp_path / "rows.csv"
    file.write_text("text,group\n甲,乙\n")
    result = run(file)

    assert result.returncode == 1
    assert "no column label" in result.stdout
