"""`flask demo …`: load the fictional county, and move its clock. Refused outside the demo."""

from __future__ import annotations

import unicodedata

import click

from app.accounts.demo import DemoAccount, demo_accounts
from app.cli import ReadableGroup
from app.counties import advance_demo_clock, parse_span
from app.demo_county import load_demo_county
from app.extensions import house

demo = ReadableGroup("demo", help="The demo county and its clock.")

_WIDTHS = (18, 22, 16)


@demo.command("load")
def load() -> None:
    """Load the demo county and print its accounts. A second run adds nothing."""
    load_demo_county(house())
    for line in account_table(demo_accounts()):
        click.echo(line)


@demo.command("advance")
@click.argument("span")
def advance(span: str) -> None:
    """Shift the demo's clock forward by SPAN: 3d, 12h or 30m. Deadlines pass at the next sweep."""
    shift = advance_demo_clock(house(), parse_span(span))
    click.echo(f"演示时钟已前移，共 {shift.days} 天 {shift.seconds // 3600} 小时")


def account_table(accounts: tuple[DemoAccount, ...]) -> tuple[str, ...]:
    """Return the demo's accounts as lines of a table; the password is the same for all."""
    head = _row("登录名 login", "角色 role", "单位 unit", "")
    lines = (_row(one.login, one.role_label.zh, one.unit or "—", one.role_label.en) for one in accounts)
    return (f"演示密码 password: {accounts[0].password}", head, *lines)


def _row(login: str, role: str, unit: str, english: str) -> str:
    cells = (_padded(text, width) for text, width in zip((login, role, unit), _WIDTHS, strict=True))
    return f"  {''.join(cells)}{english}".rstrip()


def _padded(text: str, width: int) -> str:
    """Return `text` filled with blanks; a Chinese character takes two columns of a terminal."""
    columns = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * (width - columns)
