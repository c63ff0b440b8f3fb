"""The commands of `flask --app wsgi …`, one module per subject. A new command is added to the tuple."""

from __future__ import annotations

import click
from flask import Flask

from app.commands import accounts, demo, evaluate, ledger, migrate, rules, sources, tokens

COMMANDS: tuple[click.Command, ...] = (
    migrate.migrate,
    accounts.accounts,
    demo.demo,
    tokens.tokens,
    sources.sources,
    rules.rules,
    evaluate.evaluate,
    ledger.ledger_group,
)


def register_commands(app: Flask) -> None:
    """Add every command to `app`."""
    for command in COMMANDS:
        app.cli.add_command(command)
