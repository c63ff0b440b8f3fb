"""`flask tokens …`: tokens of programs that hand over posts. A token is printed once and kept nowhere."""

from __future__ import annotations

import uuid

import click

from app.accounts import api_tokens
from app.accounts.api_tokens import SCOPES_OF_A_SOURCE, Scope
from app.cli import ReadableGroup
from app.console import at_console
from app.extensions import house
from casework.roles import Role

tokens = ReadableGroup("tokens", help="Tokens of programs that hand over posts.")

DAYS = 365


@tokens.command("issue")
@click.option("--source", required=True, help="code of the source whose posts the program hands over")
@click.option("--name", help="of the program, as timelines show it; the code of the source if left out")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="may be given more than once; all but rules:read if left out",
)
@click.option("--days", default=DAYS, show_default=True, help="how long it is good for")
def issue(source: str, name: str | None, scopes: tuple[str, ...], days: int) -> None:
    """Issue a token and print it, this once."""
    home = house()
    with home.transactions.write(at_console(home.county, Role.SECURITY_ADMIN)) as uow:
        token = api_tokens.issue_token(
            uow,
            source=source,
            name=name or source,
            scopes=[Scope(scope) for scope in scopes] or SCOPES_OF_A_SOURCE,
            days=days,
            wall_time=home.wall_time(),
        )
    click.echo(f"来源 {source} 的令牌（只显示这一次，有效 {days} 天）：{token}")


@tokens.command("list")
def show() -> None:
    """List the tokens, the newest first, without the tokens themselves."""
    home = house()
    with home.transactions.read(at_console(home.county, Role.SECURITY_ADMIN)) as uow:
        lines = api_tokens.tokens(uow)
    now = home.wall_time()
    for line in lines:
        ends = f"至 {line.expires_at:%Y-%m-%d}" if line.expires_at else "长期"
        ended = line.expires_at is not None and line.expires_at <= now
        state = "已吊销" if line.revoked_at else "已到期" if ended else ends
        click.echo(f"{line.id}  {line.source:<16} {line.name:<20} {state}  {' '.join(line.scopes)}")


@tokens.command("revoke")
@click.argument("token_id", type=click.UUID)
def revoke(token_id: uuid.UUID) -> None:
    """End the token with this id (see `tokens list`) at once."""
    home = house()
    with home.transactions.write(at_console(home.county, Role.SECURITY_ADMIN)) as uow:
        is_new = api_tokens.revoke_token(uow, token_id, wall_time=home.wall_time())
    click.echo("令牌已吊销" if is_new else "令牌此前已吊销，没有变化")
