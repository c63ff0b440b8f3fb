"""The pages of the rules in force: what they say and on what ground. Nothing is changed here."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.pages.condition_words import condition_lines
from app.pages.screen_words import feature_names
from app.web.language import in_language
from casework.roles import Permission
from rules.model import Rule

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


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


def _conclusion(found: Rule) -> str:
    if found.grade:
        return f"grade={found.grade.value}"
    if found.concludes:
        return f"concludes={found.concludes}"
    if found.dismisses:
        return f"dismisses={found.dismisses}"
    return "points=" + "，".join(f"{grade} {points}" for grade, points in found.points)
