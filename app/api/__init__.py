"""The JSON interface for programs. Pages never call it, and no cookie opens it."""

from __future__ import annotations

from flask import Flask

from app.api import explanations
from app.api.document import publish_document
from app.extensions import csrf

__all__ = ["open_api"]


def open_api(app: Flask) -> None:
    """Register the interface and its OpenAPI document with `app`."""
    api = explanations.api  # the routes of posts came with it
    csrf.exempt(api)  # a token in a header cannot be sent by another site's page
    app.register_blueprint(api)
    publish_document(app, api)
