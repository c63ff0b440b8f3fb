"""`flask evaluate grades|routing|topics FILE.csv`: how well a pack judges annotated messages.

Needs no setting, no server and no database: the pack of a folder, and the same `propose` as the worker.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from app.cli import ReadableGroup
from app.config import DEMO_PACK
from casework.post_refusals import PackRefused
from casework.understanding.evaluate import Report, evaluate_file
from casework.understanding.rows import Kind
from rules.pack import load_pack
from rules.rulebook import Rulebook

evaluate = ReadableGroup("evaluate", help="Score a rule pack on annotated messages.")


def _add(kind: Kind, columns: str) -> None:
    @evaluate.command(kind.value, help=f"Score {kind} on a CSV file with the columns {columns}.")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option(
        "--pack",
        "packdir",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=DEMO_PACK,
        help="folder of the rule pack; the demo's if left out",
    )
    @click.option("--json", "only_json", is_flag=True, help="print nothing but the line of JSON")
    def run(file: Path, packdir: Path, *, only_json: bool) -> None:
        loaded = load_pack(packdir)
        if loaded.pack is None:
            raise PackRefused(tuple(str(problem) for problem in loaded.problems))
        with file.open("rb") as lines:
            report = evaluate_file(kind, lines, Rulebook(loaded.pack), time.perf_counter)
        if not only_json:
            for line in _lines(report):
                click.echo(line)
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))


def _lines(report: Report) -> list[str]:
    overall = ("accuracy", "macro_f1", "kappa", "accepted", "triaged", "confident_wrong")
    head = [f"n {report.n}", *(f"{name} {getattr(report, name):.3f}" for name in overall)]
    return ["  ".join(head)] + [
        f"  {name:<24} P {one.precision:.3f}  R {one.recall:.3f}  F1 {one.f1:.3f}  n {one.support}"
        for name, one in report.per_class.items()
    ]


for _kind, _columns in (
    (Kind.GRADES, "id,text,grade"),
    (Kind.ROUTING, "id,text,lead,alt"),
    (Kind.TOPICS, "text,label"),
):
    _add(_kind, _columns)
