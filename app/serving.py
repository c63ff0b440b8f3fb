"""Refuses to answer requests with settings that are for offline commands only."""

from __future__ import annotations

from flask import Flask, Response

from app.config import Settings

NOT_TO_SERVE = "These settings are for offline commands: set JIANJIAN_SECRET_KEY and the other variables."


def refuse_to_serve_offline(app: Flask, settings: Settings) -> None:
    """Answer every request of `app` with 503 and the reason if `settings` may not serve."""
    if settings.serves:
        return

    def refuse() -> Response:
        return Response(NOT_TO_SERVE + "\n", status=503, mimetype="text/plain")

    app.before_request(refuse)
