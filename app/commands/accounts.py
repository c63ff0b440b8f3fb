"""`flask accounts …`: the first accounts of an installation, before any administrator exists."""

from __future__ import annotations

import click

from app.accounts import administration, passwords
from app.cli import ReadableGroup
from app.counties import ensure_county
from app.extensions import house
from casework.access import CountyId, machine
from casework.roles import GRANTABLE_ROLES, Role

accounts = ReadableGroup("accounts", help="Accounts from the command line.")


@accounts.command("create")
@click.option("--login", required=True, help="3 to 32 small letters, digits, . _ -")
@click.option("--name", required=True, help="the person's name, as the timeline shows it")
@click.option("--unit", help="code of the responsible unit, for people of a unit")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in GRANTABLE_ROLES]),
    help="may be given more than once; roles of different desks exclude one another",
)
def create(login: str, name: str, unit: str | None, roles: tuple[str, ...]) -> None:
    """Create an account and print its temporary password, this once."""
    home = house()
    password = passwords.temporary_password()
    new = administration.NewAccount(
        login=login,
        name=name,
        unit_code=unit,
        password_hash=home.parts.hasher.hash(password),
        roles=frozenset(Role(role) for role in roles),
    )
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        ensure_county(uow)
        administration.bootstrap_account(uow, new, wall_time=home.wall_time())
    click.echo(f"账号 {login} 已创建，临时密码（首次登录须修改）：{password}")
