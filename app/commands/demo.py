"""`flask demo …`: load the fictional county, and move its clock. Refused outside the demo."""

from __future__ import annotations

import click

from app.accounts.demo import OnlyInTheDemo, create_demo_accounts
from app.cli import ReadableGroup
from app.counties import advance_demo_clock, ensure_county, parse_span
from app.extensions import house
from casework.access import CountyId, machine

demo = ReadableGroup("demo", help="The demo county and its clock.")


@demo.command("load")
def load() -> None:
    """Load the demo county: its rules, units, accounts and posts. A second run adds nothing."""
    home = house()
    if not home.settings.demo:
        raise OnlyInTheDemo
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        ensure_county(uow)
    created = create_demo_accounts(home)
    click.echo(f"演示账号：新建 {created} 个")


@demo.command("advance")
@click.argument("span")
def advance(span: str) -> None:
    """Shift the demo's clock forward by SPAN: 3d, 12h or 30m. Deadlines pass at the next sweep."""
    shift = advance_demo_clock(house(), parse_span(span))
    click.echo(f"演示时钟已前移，共 {shift.days} 天 {shift.seconds // 3600} 小时")
