"""The pages of the application, by blueprint. A new page is added to the tuple."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.admin import accounts, audit, health, home, own_account, sign_in

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    sign_in.blueprint,
    own_account.blueprint,
    accounts.blueprint,
    audit.blueprint,
    health.blueprint,
)


def register_pages(app: Flask) -> None:
    """Register every page with `app`."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
