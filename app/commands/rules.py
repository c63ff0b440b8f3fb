"""`flask rules …`: what is wrong with a pack, why a text is graded so, a county's first pack.

`check` needs no setting and no database. Later versions of a pack go through the rules pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from app.cli import ReadableGroup
from app.commands.explain import explain
from app.commands.schema import schema
from app.commands.stored_texts import stored_texts, texts_of_file
from app.config import data_directory, process_environment
from app.console import at_console
from app.counties import ensure_county
from app.extensions import house
from casework import tokens
from casework.desk.govern import install_first_pack, sound_pack
from casework.post_refusals import PackAlreadyInForce
from casework.roles import Role
from rules.check import check_folder, has_errors
from rules.checks import line_of
from rules.pack import pack_files
from rules.problem import Level

rules = ReadableGroup("rules", help="Rule packs.")
rules.add_command(explain)
rules.add_command(schema)


@rules.command("check")
@click.argument("packdir", type=click.Path(path_type=Path))
@click.option("--posts", metavar="FILE.csv[:COLUMN]", help="find terms that are too common in these texts")
@click.option("--stored", is_flag=True, help="find terms that are too common in the county's stored posts")
def check(packdir: Path, posts: str | None, *, stored: bool) -> None:
    """Print every problem of a pack as file:line:column: level: code message; exit code 1 if it has an error.

    Warnings and notes are printed as well and leave the exit code at 0; docs/rules/checks.md has every code.
    """
    texts: Iterable[str] | None = None
    if stored:
        texts = stored_texts()
    elif posts is not None:
        texts = texts_of_file(posts)
    if not _is_sound(packdir, texts):
        raise SystemExit(1)


@rules.command("install")
@click.argument("packdir", type=click.Path(path_type=Path))
def install(packdir: Path) -> None:
    """Put the county's first pack in force; refused where a pack is in force already.

    The pack is checked first and its problems are printed as `rules check` prints them; a pack with an error
    is not installed, exit code 1.
    """
    home = house()
    if not _is_sound(packdir):
        raise SystemExit(1)
    sound = sound_pack(pack_files(packdir), tokens.word_starts)
    with home.transactions.write(at_console(home.county, Role.DIRECTOR)) as uow:
        ensure_county(uow, name_zh=sound.pack.county.zh, name_en=sound.pack.county.en)
        published = install_first_pack(uow, sound)
        if not published.is_new:
            raise PackAlreadyInForce(published.ref)
    click.echo(
        f"规则包 {published.ref} 已生效，责任单位 {published.units_changed} 个 / "
        f"pack {published.ref} is in force, units: {published.units_changed}"
    )


def _is_sound(packdir: Path, texts: Iterable[str] | None = None) -> bool:
    """Print every problem of a pack and the counts; return whether none is an error."""
    tokens.load(data_directory(process_environment()) / "jieba")
    problems = check_folder(packdir, tokens.word_starts, texts)
    for problem in problems:
        click.echo(f"{packdir}/{line_of(problem)}")
    counts = Counter(problem.level for problem in problems)
    click.echo(
        f"{packdir}: "
        f"错误 {counts[Level.ERROR]}，警告 {counts[Level.WARNING]}，提示 {counts[Level.NOTE]}"
        f" (errors {counts[Level.ERROR]}, warnings {counts[Level.WARNING]}, notes {counts[Level.NOTE]})",
        err=True,
    )
    return not has_errors(problems)
