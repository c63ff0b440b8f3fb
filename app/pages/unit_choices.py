"""Units and topics of the rules in force as lists to choose from: what was proposed first, then by kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.web.language import in_language
from rules.model import Label, Pack
from rules.value_words import UNIT_KIND_WORDS


def unit_choices(
    pack: Pack, proposed: Iterable[str] = (), among: Collection[str] | None = None
) -> list[SelectChoice]:
    """Return every unit of a pack once.

    Args:
        pack: in force.
        proposed: codes that stand first, in this order; what the pack does not have is left out.
        among: only these codes; None for all.
    """
    names = {unit.id: in_language(unit.name) for unit in pack.units if among is None or unit.id in among}
    first = [code for code in dict.fromkeys(proposed) if code in names]
    found = [SelectChoice(value=code, label=names[code], optgroup=_("系统建议")) for code in first]
    kinds = dict.fromkeys((*UNIT_KIND_WORDS, *(unit.kind for unit in pack.units)))
    for kind in kinds:
        group = in_language(UNIT_KIND_WORDS.get(kind, Label(kind, kind)))
        found += [
            SelectChoice(value=unit.id, label=names[unit.id], optgroup=group)
            for unit in pack.units
            if unit.kind == kind and unit.id in names and unit.id not in first
        ]
    return found


def topic_choices(pack: Pack, among: Collection[str] | None = None) -> list[SelectChoice]:
    """Return the topics of a pack, by group: every one, or those `among`."""
    return [
        SelectChoice(value=topic.id, label=in_language(topic.title), optgroup=group)
        for group in pack.groups
        for topic in pack.topics
        if topic.group == group and (among is None or topic.id in among)
    ]
