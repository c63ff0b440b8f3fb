"""The pages of the application, by blueprint. A new page is added to the tuple."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.admin import accounts, audit, health, home, own_account, sign_in
from app.pages import cases, packs, person_desk, posts, rules, sources, units, worklist
from app.pages.packs_words import word_packs
from app.pages.score_words import word_scores
from app.pages.screen_words import speak_of_cases

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    sign_in.blueprint,
    own_account.blueprint,
    accounts.blueprint,
    audit.blueprint,
    health.blueprint,
    worklist.blueprint,
    cases.blueprint,
    posts.blueprint,
    person_desk.blueprint,
    sources.blueprint,
    units.blueprint,
    rules.blueprint,
    packs.blueprint,
)


def register_pages(app: Flask) -> None:
    """Register every page with `app`."""
    speak_of_cases(app)
    word_scores(app)
    word_packs(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
