"""The first page, which sends a person to his own work, and the switch of language."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.accounts import administration
from app.accounts.current import current_account
from app.extensions import house
from app.guard import public, signed_in
from app.web.forms import came_from
from app.web.language import LANGUAGES, choose_for_guest
from app.web.navigation import home_address

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def start() -> ResponseReturnValue:
    """Send the person to the page on which his work starts."""
    return redirect(home_address())


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    """Switch this browser, and the account if there is one, to another language."""
    chosen = request.form.get("to", "")
    if chosen not in LANGUAGES:
        raise BadRequest
    account = current_account()
    if account is None:
        choose_for_guest(chosen)
    else:
        administration.choose_language(house(), account, chosen)
    return redirect(came_from(url_for("home.start")))
