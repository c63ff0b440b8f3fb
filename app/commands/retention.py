"""`flask retention run`: destroys identities and pseudonym keys whose time is over. Run it daily (cron)."""

from __future__ import annotations

import click

from app.cli import ReadableGroup
from app.extensions import house
from casework.access import CountyId, machine
from casework.desk.retention import run_retention

retention = ReadableGroup("retention", help="What is kept of people, and for how long.")


@retention.command("run")
def run() -> None:
    """Destroy what is due now, in short steps. Posts, verdicts and timelines stay."""
    home = house()
    identities = keys = answers = 0
    more = True
    while more:
        with home.transactions.write(machine(CountyId(home.county))) as uow:
            done = run_retention(uow)
        identities += done.identities
        keys += done.pseudonym_keys
        answers += done.answers
        more = done.more
    click.echo(
        f"已销毁发帖人信息 {identities}，假名密钥 {keys}，接口应答 {answers} / "
        f"destroyed: identities {identities}, pseudonym keys {keys}, kept answers {answers}"
    )
