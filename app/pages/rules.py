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
from app.pages.screen_words import feature_names
from app.web.forms import ProtectedForm, at_most, needed
from app.web.language import in_language
from casework.intake import LONGEST_TEXT, LONGEST_TITLE
from casework.roles import Permission
from rules.model import Rule

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
    )


@blueprint.get("/<rule_id>")
@permitted(Permission.RULES_VIEW)
def rule(rule_id: str) -> ResponseReturnValue:
    """Show one rule in words, with its source and its examples."""
    with house().transactions.read(current_actor()) as uow:
        pack = uow.rulebook.pack
    found = next((one for one in (*pack.severity, *pack.scoring) if one.id == rule_id), None)
    if found is None:
        raise NotFound
    names = feature_names(pack)
    return render_template(
        "pages/rule.html",
        rule=found,
        names=names,
        when=condition_lines(found.when, names),
        unless=condition_lines(found.unless, names) if found.unless else (),
        conclusion=_conclusion(found),
    )


@blueprint.post("/try")
@permitted(Permission.RULES_VIEW)
def attempt() -> ResponseReturnValue:
    """Show what a text would come to under the rules in force. Nothing is stored."""
    form = TrialForm()
    template = "pages/_trial.html" if request.headers.get("HX-Request") else "pages/trial.html"
    if not form.validate():
        return render_template(template, form=form, tried=None), 400
    with house().transactions.read(current_actor()) as uow:
        book = uow.rulebook
    tried = trial.of(book, form.title.data or "", form.text.data, cache=house().settings.data_dir / "jieba")
    return render_template(
        template,
        form=form,
        tried=tried,
        names=feature_names(book.pack),
        topics={topic.id: topic.title for topic in book.pack.topics},
        units={unit.id: in_language(unit.name) for unit in book.pack.units},
    )


def _conclusion(found: Rule) -> str:
    if found.grade:
        return f"grade={found.grade.value}"
    if found.concludes:
        return f"concludes={found.concludes}"
    if found.dismisses:
        return f"dismisses={found.dismisses}"
    return "points=" + "，".join(f"{grade} {points}" for grade, points in found.points)
