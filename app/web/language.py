"""The language of a page: Chinese by default, English by switch.

Texts in the code are Chinese and are their own catalogue; English comes from the .po file, read as it
is, so that there is no compiled file that could be older than its source.
"""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale

from app.accounts.websession import web_session
from rules.model import Label

CATALOGUE = Path(__file__).resolve().parent.parent / "translations" / "en" / "messages.po"
LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"
COUNTY_ZONE = "Asia/Shanghai"
_SESSION_KEY = "language"


class _Catalogues(Domain):
    """Finds English in the .po file and leaves Chinese as it stands in the code."""

    @cached_property
    def english(self) -> Translations:
        """Return the English catalogue."""
        with CATALOGUE.open("rb") as source:
            catalogue = read_po(source, locale="en")
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        return Translations(compiled)

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of this request's language."""
        return self.english if language() == "en" else NullTranslations()


class _Babel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        """Return our catalogues instead of compiled files."""
        return _Catalogues()


def speak(app: Flask) -> None:
    """Bind languages and the county's zone to `app`."""
    _Babel().init_app(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone=COUNTY_ZONE,
        locale_selector=chosen_language,
    )
    app.add_template_filter(in_language, "label")
    app.add_template_global(language, "language")


def chosen_language() -> str:
    """Return the language that this browser or account has chosen; programs say it in Accept-Language."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if request.path.startswith("/api/"):
        return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
    kept = web_session()
    chosen = kept.account.language if kept.account else kept.get(_SESSION_KEY, DEFAULT_LANGUAGE)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def choose_for_guest(chosen: str) -> None:
    """Keep a guest's choice in the session."""
    web_session()[_SESSION_KEY] = chosen


def language() -> str:
    """Return "zh" or "en" for this request."""
    locale = get_locale()
    return locale.language if locale is not None else DEFAULT_LANGUAGE


def in_language(label: Label | None) -> str:
    """Return a label's name in this request's language; empty for None."""
    if label is None:
        return ""
    return label.en if language() == "en" else label.zh


def either(zh: str, en: str) -> str:
    """Return whichever of two texts is in this request's language."""
    return en if language() == "en" else zh
