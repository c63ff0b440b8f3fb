"""The application for a server: `waitress-serve wsgi:app`, `gunicorn wsgi:app`, `flask --app wsgi …`."""

from __future__ import annotations

import sys

from app import create_app
from app.config import SettingsError, load_command_settings, process_environment

try:
    app = create_app(load_command_settings(process_environment()))
except SettingsError as error:
    sys.exit(str(error))
