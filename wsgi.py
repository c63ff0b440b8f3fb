"""The application for a server and for the command line.

`waitress-serve --call wsgi:serve`, `gunicorn 'wsgi:serve()'`, `flask --app wsgi …`.
"""

from __future__ import annotations

import sys

from flask import Flask

from app import create_app as build
from app.config import SettingsError, load_command_settings, load_settings, process_environment
from app.extensions import read_rules
from app.memory import settle_memory
from app.web.logs import log_as_json

BOOT_FAILED = 3
"""What gunicorn takes for a worker that can never start (its `WORKER_BOOT_ERROR`)."""


def serve() -> Flask:
    """Return the application for a server process, which logs lines of JSON.

    Settings that cannot be end the process with status 3: gunicorn then gives up, so that its service manager
    sees the failure; after any other status it would start a new worker every few seconds for ever.
    """
    log_as_json()
    try:
        app = build(load_settings(process_environment()))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(BOOT_FAILED)
    read_rules(app)
    settle_memory()
    return app


def create_app() -> Flask:
    """Return the application for `flask --app wsgi`, where a person may have set nothing."""
    try:
        return build(load_command_settings(process_environment()))
    except SettingsError as error:
        sys.exit(str(error))
