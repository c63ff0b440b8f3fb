"""How a command that a person types fails: one readable line on standard error, exit code 1.

One of the three places that catch broadly. The commands themselves are in `app.commands`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import click
from flask.cli import AppGroup

from app.extensions import is_database_failure
from casework.errors import CaseworkError

log = logging.getLogger(__name__)
T = TypeVar("T")
NO_DATABASE = (
    "数据库没有应答：请检查 DATABASE_URL 所指的服务器是否在运行、地址和口令是否正确，"
    "并已执行 flask migrate。 / The database does not answer: see that the server named by DATABASE_URL "
    "runs, that its address and password are right, and that `flask migrate` was run."
)


class ReadableCommand(click.Command):
    """A command whose errors are one readable line."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        return _in_one_line(lambda: click.Command.invoke(self, ctx))


class ReadableGroup(AppGroup):
    """A group of commands, run inside the application, whose errors are one readable line."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command of the group that was named."""
        return _in_one_line(lambda: AppGroup.invoke(self, ctx))


def _in_one_line(run: Callable[[], T]) -> T:
    try:
        return run()
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except CaseworkError as error:
        raise click.ClickException(f"{error.zh} / {error.en}") from error
    except Exception as error:
        log.debug("command failed", exc_info=error)
        if is_database_failure(error):
            raise click.ClickException(NO_DATABASE) from error
        said = " ".join(str(error).partition("\n[SQL:")[0].split()) or "no further message"
        raise click.ClickException(f"{type(error).__name__}: {said}") from error
