"""The application for a server and for the command line.

`waitress-serve --call wsgi:serve`, `gunicorn 'wsgi:serve()'`, `flask --app wsgi …`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from flask import Flask

from app import create_app as build
from app.config import Settings, SettingsError, load_command_settings, load_settings, process_environment
from app.extensions import read_rules
from app.memory import settle_memory
from app.web.logs import log_as_json


def serve() -> Flask:
    """Return the application for a server process, which logs lines of JSON."""
    log_as_json()
    app = _built(load_settings)
    read_rules(app)
    settle_memory()
    return app


def create_app() -> Flask:
    """Return the application for `flask --app wsgi`, where a person may have set nothing."""
    return _built(load_command_settings)


def _built(load: Callable[[Mapping[str, str]], Settings]) -> Flask:
    try:
        return build(load(process_environment()))
    except SettingsError as error:
        sys.exit(str(error))
