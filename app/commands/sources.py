"""`flask sources …`: where posts come from, and how the last pull or import of each went."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from app.cli import ReadableGroup
from app.console import at_console
from app.counties import ensure_county
from app.extensions import house
from casework.desk import sources as desk
from casework.desk.govern import ensure_sources
from casework.desk.sources import NewSource
from casework.roles import Role
from casework.store.sources import SourceLine
from rules.builtin_features import MEDIA_LEVELS

sources = ReadableGroup("sources", help="Where posts come from.")

_COUNTY_TIME = ZoneInfo("Asia/Shanghai")


@sources.command("add")
@click.argument("code")
@click.argument("url", required=False)
@click.option("--name", required=True, help="as lists and timelines show it")
@click.option(
    "--kind",
    default="rss",
    show_default=True,
    type=click.Choice(["rss", "json", "api", "import"]),
    help="rss reads RSS and Atom, json reads JSON Feed; api and import have no address",
)
@click.option("--platform", help="of its posts; the name of the source if left out")
@click.option("--media-level", default="none", show_default=True, type=click.Choice(list(MEDIA_LEVELS)))
@click.option("--every", default=15, show_default=True, help="minutes between two pulls")
def add(
    code: str, url: str | None, *, name: str, kind: str, platform: str | None, media_level: str, every: int
) -> None:
    """Register a source; a feed is pulled from the next minute on. Only feeds that their publisher offers."""
    home = house()
    new = NewSource(code, name, kind, platform or name, url, media_level, every)
    with home.transactions.write(at_console(home.county, Role.DIRECTOR)) as uow:
        ensure_county(uow)
        ensure_sources(uow)
        desk.add_source(uow, new)
    click.echo(f"来源 {code} 已登记")


@sources.command("list")
def show() -> None:
    """List every source with its last run; exit code 1 if a feed that is switched on is failing."""
    home = house()
    with home.transactions.read(at_console(home.county, Role.DIRECTOR)) as uow:
        lines = desk.list_sources(uow)
    for line in lines:
        click.echo(_line(line))
    if any(line.active and line.failures for line in lines):
        raise SystemExit(1)


@sources.command("disable")
@click.argument("code")
def disable(code: str) -> None:
    """Switch a source off; its posts stay."""
    _switch(code, on=False)
    click.echo(f"来源 {code} 已停用")


@sources.command("enable")
@click.argument("code")
def enable(code: str) -> None:
    """Switch a source on again and pull it soon, whatever failed before."""
    _switch(code, on=True)
    click.echo(f"来源 {code} 已启用")


def _switch(code: str, *, on: bool) -> None:
    home = house()
    with home.transactions.write(at_console(home.county, Role.DIRECTOR)) as uow:
        desk.switch_source(uow, code, on=on)


def _line(line: SourceLine) -> str:
    state = "启用" if line.active else "停用"
    run = line.last_run
    last = "尚未运行"
    if run is not None:
        counts = f"收 {run.taken} 重 {run.duplicate} 拒 {run.refused}"
        last = f"{_local(run.started_at)} {run.outcome} {counts} {run.message}".rstrip()
    failing = f" 连续失败 {line.failures} 次，下次 {_local(line.next_due_at)}" if line.failures else ""
    return f"{line.code:<16} {line.kind:<6} {state}  {line.name}  {line.url or ''}\n    {last}{failing}"


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(_COUNTY_TIME):%Y-%m-%d %H:%M}" if at else "—"
