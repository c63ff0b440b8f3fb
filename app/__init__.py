"""The web application: pages, JSON, documents, and the launcher. It holds no decision."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts.websession import keep_sessions
from app.api import open_api
from app.blueprints import register_pages
from app.commands import register_commands
from app.config import Settings
from app.errors import answer_errors
from app.extensions import bind_extensions
from app.guard import stand_guard
from app.parts import Parts
from app.real_parts import real_parts
from app.serving import refuse_to_serve_offline
from app.web.assets import serve_assets
from app.web.headers import set_headers
from app.web.language import speak
from app.web.logs import log_requests
from app.web.navigation import navigate
from app.web.page import dress_pages
from app.web.times import show_times
from app.web.wording import word_events

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request: a day's CSV export of a feed; a single post is held to 64 KB by its use case."""


def create_app(settings: Settings, *, parts: Parts | None = None) -> Flask:
    """Return the application of one installation.

    Args:
        settings: from `app.config`.
        parts: replaces the outside world; tests pass fakes. None: the real ones.
    """
    app = Flask(__name__)
    _configure(app, settings)
    log_requests(app)
    set_headers(app)
    refuse_to_serve_offline(app, settings)
    stand_guard(app)
    bind_extensions(app, settings, parts or real_parts(settings))
    keep_sessions(app)
    answer_errors(app)
    speak(app)
    show_times(app)
    serve_assets(app)
    navigate(app)
    dress_pages(app)
    word_events(app)
    register_pages(app)
    open_api(app)
    register_commands(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    guest = "jianjian-guest"
    token = "jianjian"  # noqa: S105 — a cookie's name
    host = "__Host-" if settings.secure_cookies else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME=host + guest,
        JIANJIAN_TOKEN_COOKIE=host + token,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=1),
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its session
        WTF_I18N_ENABLED=False,  # every message of a form is our own
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_options["autoescape"] = True
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way
