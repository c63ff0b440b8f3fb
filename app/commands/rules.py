"""`flask rules check PACKDIR`: what is wrong with a rule pack. Needs no setting and no database."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from app.cli import ReadableGroup
from app.config import data_directory, process_environment
from casework import tokens
from rules.check import check_folder, has_errors
from rules.problem import Level

rules = ReadableGroup("rules", help="Rule packs.")


@rules.command("check")
@click.argument("packdir", type=click.Path(path_type=Path))
def check(packdir: Path) -> None:
    """Print every problem of a pack as file:line:column: message; exit code 1 if it has an error.

    Warnings and notes are printed as well and leave the exit code at 0.
    """
    tokens.load(data_directory(process_environment()) / "jieba")
    problems = check_folder(packdir, tokens.word_starts)
    for problem in problems:
        at = problem.location
        click.echo(f"{packdir / at.file}:{at.line}:{at.column}: {problem.level}: {problem.zh} ({problem.en})")
    counts = Counter(problem.level for problem in problems)
    click.echo(
        f"{packdir}: "
        f"错误 {counts[Level.ERROR]}，警告 {counts[Level.WARNING]}，提示 {counts[Level.NOTE]}"
        f" (errors {counts[Level.ERROR]}, warnings {counts[Level.WARNING]}, notes {counts[Level.NOTE]})",
        err=True,
    )
    if has_errors(problems):
        raise SystemExit(1)
