"""Texts of posts for `flask rules check`: a column of a CSV file, or what the county has stored.

They are counted over and forgotten; none is printed.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from app.console import at_console
from app.csv_posts import LONGEST_CELL
from app.extensions import house
from casework.roles import Role
from casework.store.sample_texts import sample_texts

_USUAL = ("text", "content", "正文", "内容", "message")


def texts_of_file(named: str) -> Iterator[str]:
    """Yield the texts of `FILE.csv` or `FILE.csv:COLUMN`; without a column the usual names are looked for.

    Raises:
        click.BadParameter: there is no such file or column.
    """
    path, column = Path(named), None
    if not path.exists() and ":" in named:
        head, _, column = named.rpartition(":")
        path = Path(head)
    if not path.is_file():
        raise click.BadParameter(f"没有文件 {path}，请写 FILE.csv 或 FILE.csv:列名 / no such file: {path}")
    csv.field_size_limit(min(LONGEST_CELL, sys.maxsize))
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        columns = rows.fieldnames or ()
        wanted = next((name for name in ((column,) if column else _USUAL) if name in columns), None)
        if wanted is None:
            listed = ", ".join(columns)
            raise click.BadParameter(
                f"没有该列，请从中选择：{listed} / no such column; choose one of: {listed}"
            )
        for row in rows:
            yield row[wanted] or ""


def stored_texts() -> tuple[str, ...]:
    """Return the newest stored texts of the county."""
    home = house()
    with home.transactions.read(at_console(home.county, Role.DUTY_OFFICER)) as uow:
        return sample_texts(uow.session, uow.county)
