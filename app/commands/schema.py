"""`flask rules schema`: JSON Schemas for editors, of any pack or of one with its names."""

from __future__ import annotations

from pathlib import Path

import click

from rules.pack import load_pack
from rules.schema import schemas


@click.command("schema")
@click.argument("packdir", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs/rules/schema"),
    show_default=True,
    help="folder to write to",
)
def schema(packdir: Path | None, out: Path) -> None:
    """Write a JSON Schema for each file of a pack; with PACKDIR its own names are offered and required.

    Of a pack with errors the names are not known yet: the general schemas are written, and a line says so.
    """
    pack = None
    if packdir is not None:
        pack = load_pack(packdir).draft
        if pack is None:
            click.echo(
                "规则包尚有错误，只写出通用的结构（先运行 rules check） / "
                "the pack has errors: general schemas only (run rules check first)",
                err=True,
            )
    out.mkdir(parents=True, exist_ok=True)
    made = schemas(pack)
    for name, text in made.items():
        (out / name).write_text(text, encoding="utf-8")
    click.echo(f"{out}: {len(made)}")
