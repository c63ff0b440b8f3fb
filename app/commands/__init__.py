"""The commands of `flask --app wsgi …`, one module per subject. A new command is added to the tuple."""

from __future__ import annotations

import click
from flask import Flask

from app.commands import (
    accounts,
    demo,
    evaluate,
    ledger,
    load_posts,
    migrate,
    packs_steps,
    replay,
    retention,
    rules,
    sources,
    tokens,
)

COMMANDS: tuple[click.Command, ...] = (
    migrate.migrate,
    accounts.accounts,
    demo.demo,
    tokens.tokens,
    sources.sources,
    load_posts.load_posts,
    rules.rules,
    packs_steps.packs,
    evaluate.evaluate,
    replay.replay,
    ledger.ledger_group,
    retention.retention,
)


def register_commands(app: Flask) -> None:
    """Add every command to `app`."""
    for command in COMMANDS:
        app.cli.add_command(command)
