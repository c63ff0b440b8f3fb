"""`flask ledger verify`: whether the chain of the score ledger is whole."""

from __future__ import annotations

import click

from app.cli import ReadableGroup
from app.console import at_console
from app.extensions import house
from casework.access import Permission, require
from casework.ledger import verify
from casework.roles import Role
from casework.store.score_ledger import head_of_ledger, ledger

ledger_group = ReadableGroup("ledger", help="The ledger of score entries.")


@ledger_group.command("verify")
def check() -> None:
    """Read every entry and its seal; exit code 1 if one was changed, removed, added or moved."""
    home = house()
    with home.transactions.read(at_console(home.county, Role.AUDIT_ADMIN)) as uow:
        require(uow.actor, Permission.LEDGER_VERIFY)
        head = head_of_ledger(uow.session, uow.county)
        problems = verify(ledger(uow.session, uow.county), chain=uow.county)
    for problem in problems:
        click.echo(f"第 {problem.position} 条（序号 {problem.seq}）：{problem.why.zh} / {problem.why.en}")
    if problems:
        raise SystemExit(1)
    if head is None:
        click.echo("计分台账为空 the ledger is empty")
        return
    click.echo(f"计分台账完整，共 {head.seq} 条，末条 {head.hash} / whole, entries: {head.seq}")
