"""The pages of the rules in force: what they say, on what ground, and what a text would come to.

Nothing is changed or stored here.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from wtforms import StringField, TextAreaField

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.pages import trial
from app.pages.condition_words import condition_lines
from app.web.forms import ProtectedForm, at_most, needed
from app.web.language import in_language
from casework.desk.unit import UnitOfWork
from casework.intake import LONGEST_TEXT, LONGEST_TITLE
from casework.post_refusals import NoPackInForce, PackRefused
from casework.roles import Permission
from casework.store.overrides import PERIOD, overrides
from casework.workdays import local_day
from rules.condition_words import ConditionWords
from rules.rulebook import Rulebook

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


class TrialForm(ProtectedForm):
    """A text to be tried; nothing of it is kept."""

    title = StringField(_l("标题"), [at_most(LONGEST_TITLE)])
    text = TextAreaField(_l("正文"), [needed(), at_most(LONGEST_TEXT)])


@blueprint.get("")
@permitted(Permission.RULES_VIEW)
def overview() -> ResponseReturnValue:
    """Show the rules in force, the routing table and what the county has not designated yet."""
    with house().transactions.read(current_actor()) as uow:
        pack = uow.rulebook.pack
    topics = {topic.id: topic.title for topic in pack.topics}
    return render_template(
        "pages/rules.html",
        pack=pack,
        topics=topics,
        units={unit.id: in_language(unit.name) for unit in pack.units},
        form=TrialForm(formdata=None),
        tried=None,
        is_empty=True,
    )


@blueprint.get("/<rule_id>")
@permitted(Permission.RULES_VIEW)
def rule(rule_id: str) -> ResponseReturnValue:
    """Show one rule in words, with its source and its examples; of an older pack, if one is named."""
    with house().transactions.read(current_actor()) as uow:
        in_force = uow.rulebook
        book = _older(uow, request.args.get("pack", "")) or in_force
        pack = book.pack
        figure = overrides(uow.session, uow.county, rule_id, since=uow.now - PERIOD)
    found = next((one for one in (*pack.severity, *pack.scoring) if one.id == rule_id), None)
    if found is None:
        raise NotFound
    words = ConditionWords(pack, book.vocabulary(found.kind))
    return render_template(
        "pages/rule.html",
        rule=found,
        examples=[
            (one, [(words.name(name), words.value(name, value)) for name, value in one.features])
            for one in found.examples
        ],
        when=condition_lines(found.when, words),
        unless=condition_lines(found.unless, words) if found.unless else (),
        conclusion=words.conclusion(found),
        overrides=figure,
        older=pack.ref if pack.ref != in_force.pack.ref else None,
    )


@blueprint.post("/try")
@permitted(Permission.RULES_VIEW)
def attempt() -> ResponseReturnValue:
    """Show what a text would come to under the rules in force. Nothing is stored."""
    form = TrialForm()
    is_live = bool(request.headers.get("HX-Request"))
    template = "pages/_trial.html" if is_live else "pages/trial.html"
    if is_live and not (form.text.data or "").strip():
        return render_template(template, form=form, tried=None, is_empty=True)
    if not form.validate():
        return render_template(template, form=form, tried=None), 400
    with house().transactions.read(current_actor()) as uow:
        book, today = uow.rulebook, local_day(uow.now)
    cache = house().settings.data_dir / "jieba"
    tried = trial.of(book, form.title.data or "", form.text.data, cache=cache, on=today)
    return render_template(
        template,
        form=form,
        tried=tried,
        is_live=is_live,
        units={unit.id: in_language(unit.name) for unit in book.pack.units},
    )


def _older(uow: UnitOfWork, ref: str) -> Rulebook | None:
    """Return the rulebook of a stored pack; None where there is none, or it no longer loads."""
    if not ref:
        return None
    try:
        return house().parts.rulebooks.of(uow.session, ref)
    except (NoPackInForce, PackRefused):
        return None
