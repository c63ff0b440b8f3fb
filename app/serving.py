"""Refuses to answer requests with settings that are for offline commands only."""

from __future__ import annotations

from flask import Flask, Response

from app.config import Settings

NOT_TO_SERVE = (
    "此进程只供命令使用。演示请用 make run；正式运行请设置 JIANJIAN_SECRET_KEY 等变量，见 docs/deploy.md。\n"
    "These settings are for commands only. For the demo use `make run`; for a county set JIANJIAN_SECRET_KEY "
    "and the other variables (docs/deploy.md)."
)


def refuse_to_serve_offline(app: Flask, settings: Settings) -> None:
    """Answer every request of `app` with 503 and the reason if `settings` may not serve."""
    if settings.serves:
        return

    def refuse() -> Response:
        return Response(NOT_TO_SERVE + "\n", status=503, mimetype="text/plain")

    app.before_request(refuse)
