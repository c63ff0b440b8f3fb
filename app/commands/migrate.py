"""`flask migrate`: bring the database to the newest schema."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.cli import ReadableCommand
from app.extensions import house
from app.migrating import migrate_to_head


@click.command("migrate", cls=ReadableCommand)
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest schema, as the role that owns the tables."""
    before, after = migrate_to_head(house().settings.owner_database_url)
    click.echo(
        f"数据库结构已是最新版本 {after}" if before == after else f"数据库结构 {before or '空'} → {after}"
    )
