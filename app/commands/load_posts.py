"""`flask load-posts FILE.csv --map …`: a table of posts, taken in once however often it is loaded."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli import ReadableCommand
from app.console import at_console
from app.counties import ensure_county
from app.csv_posts import BadTable, RowEmpty, RowPost, RowRefused, parsed_map, rows_of
from app.extensions import house
from app.stride import Stride
from app.transaction import Transactions
from casework.access import Actor
from casework.desk.govern import ensure_sources
from casework.desk.receive import receive_post
from casework.desk.sources import RunCounts, begin_import, end_import
from casework.post_refusals import BadPost
from casework.roles import Role
from rules.model import Label

UNFORESEEN = "导入中断"
UNWRITTEN = "结果的说明写不进去 what came of it could not be written"
MOST_SHOWN = 100  # refused rows that are listed one by one


@dataclass
class Loading:
    """A load under way."""

    transactions: Transactions
    actor: Actor
    taken: int = 0
    duplicate: int = 0
    revised: int = 0  # of the duplicates, those with other words
    empty: int = 0
    refused: list[RowRefused] = field(default_factory=list)
    stride: Stride = field(default_factory=Stride)

    @property
    def counts(self) -> RunCounts:
        """Return the counts for the record of the run."""
        return RunCounts(self.taken, self.duplicate, len(self.refused))

    def take(self, batch: list[RowPost]) -> None:
        """Take posts in, in one short transaction."""
        if not batch:
            return
        taken, revised, refused = 0, 0, []
        with self.transactions.write(self.actor) as uow:
            for row in batch:
                try:
                    received = receive_post(uow, row.post)
                    taken += received.is_new
                    revised += received.is_revised
                except BadPost as bad:
                    refused.append(RowRefused(row.line, Label(bad.zh, bad.en)))
        self.stride.took(self.transactions.figures.last_ms)
        self.taken += taken
        self.revised += revised
        self.duplicate += len(batch) - taken - len(refused)
        self.refused += refused


@click.command("load-posts", cls=ReadableCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "maps",
    multiple=True,
    required=True,
    help="field=column,…  fields: text title url external_id posted_at platform media_level reads likes "
    "comments shares author handle contact",
)
@click.option("--source", default="import", show_default=True, help="code of the source they come from")
@with_appcontext
def load_posts(file: Path, maps: tuple[str, ...], source: str) -> None:
    """Take the posts of a CSV file (UTF-8, GB18030 or UTF-16) in; triage follows by itself.

    Times without a zone are those of the county. Exit code 0: every row was taken or known before;
    1: rows were refused, each listed with its line, or the file cannot be used.
    """
    home = house()
    columns = parsed_map(maps)
    loading = Loading(home.transactions, at_console(home.county, Role.DUTY_OFFICER))
    with home.transactions.write(loading.actor) as uow:
        ensure_county(uow)
        ensure_sources(uow)
        run_id = begin_import(uow, source)
    outcome, why = "failed", UNFORESEEN
    try:
        _load(loading, file, columns=columns, source=source)
        outcome, why = "done", _first_reason(loading)
    except BadTable as error:
        why = error.zh
        raise
    finally:
        _end(loading, run_id, outcome, why)
        _report(loading)
    if loading.refused:
        raise SystemExit(1)


def _load(loading: Loading, file: Path, *, columns: Mapping[str, str], source: str) -> None:
    batch: list[RowPost] = []
    with click.progressbar(length=file.stat().st_size, label="导入", file=sys.stderr) as bar:
        try:
            for row in rows_of(file, columns, source_code=source, progress=bar.update):
                if isinstance(row, RowRefused):
                    loading.refused.append(row)
                    continue
                if isinstance(row, RowEmpty):
                    loading.empty += 1
                    continue
                batch.append(row)
                if len(batch) >= loading.stride.size:
                    loading.take(batch)
                    batch = []
        finally:
            loading.take(batch)  # also where the file cannot be read to its end


def _end(loading: Loading, run_id: uuid.UUID, outcome: str, why: str) -> None:
    """Write how the import ended; where that fails, in words that nothing can be wrong with."""
    is_written = False
    try:
        with loading.transactions.write(loading.actor) as uow:
            end_import(uow, run_id, outcome, loading.counts, why)
        is_written = True
    finally:
        if not is_written:
            with loading.transactions.write(loading.actor) as uow:
                end_import(uow, run_id, outcome, loading.counts, UNWRITTEN)


def _report(loading: Loading) -> None:
    refused = sorted(loading.refused, key=lambda row: row.line)
    for row in refused[:MOST_SHOWN]:
        click.echo(f"第 {row.line} 行：{row.why.zh} / line {row.line}: {row.why.en}")
    if len(refused) > MOST_SHOWN:
        click.echo(f"……另有 {len(refused) - MOST_SHOWN} 行被拒 / and more refused")
    counts = loading.counts
    click.echo(
        f"收 {counts.taken}，重复 {counts.duplicate}，拒 {counts.refused} / "
        f"taken {counts.taken}, duplicate {counts.duplicate}, refused {counts.refused}"
    )
    if loading.empty:
        click.echo(f"另有空行 {loading.empty} 行 / and {loading.empty} rows with nothing in them")
    if loading.revised:
        click.echo(
            f"重复的行中有 {loading.revised} 行文字有修改，新旧文字都已保留 / "
            f"{loading.revised} of the duplicates came in other words, which are kept, too"
        )


def _first_reason(loading: Loading) -> str:
    return f"第 {loading.refused[0].line} 行：{loading.refused[0].why.zh}" if loading.refused else ""
