"""What our forms share: protection, and messages that are ours in both languages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import flash, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import DataRequired, Length

from app.web.language import either
from casework.errors import CaseworkError


class ProtectedForm(FlaskForm):
    """A form without fields of its own, for a button that changes something."""


def needed() -> DataRequired:
    """Return the check that something was filled in."""
    return DataRequired(_l("此项必填。"))


def at_most(characters: int) -> Length:
    """Return the check that a text is not too long."""
    return Length(max=characters, message=_l("此项最多 %(n)s 个字。", n=characters))


def put_error(field: Field, error: CaseworkError) -> None:
    """Show an error of the domain beside the field that it is about."""
    field.errors = [*field.errors, either(error.zh, error.en)]


def flash_error(error: CaseworkError) -> None:
    """Show an error of the domain above the next page."""
    flash(either(error.zh, error.en), "danger")


def safe_address(wanted: str | None, otherwise: str) -> str:
    """Return `wanted` if it is a page of ours, else `otherwise`: nobody is sent to another site."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return otherwise
    if any(ord(character) < ord(" ") for character in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted


def came_from(otherwise: str) -> str:
    """Return the page of ours that a form names in its field `back`."""
    return safe_address(request.form.get("back"), otherwise)
