"""Where no unit is chosen beforehand although a route would name one. It names no other unit instead.

| the post | decision |
|---|---|
| speaks of a petition or assembly alone, and the police would lead | none: a person decides |
| speaks of one beside a matter that is not plain, and the police would lead | none: a person decides |
| a life may be in danger, and the topic is not sure | none: a person helps first and chooses afterwards |
| anything else | as routed |
"""

from __future__ import annotations

from casework.routing import Decision, Routed, Unrouted
from casework.understanding.topic import TopicView
from casework.urgency import DANGER_TO_LIFE
from rules.model import Label
from rules.scan import Scan

PETITION_TALK = ("assembly_without_matter", "papers_by_the_way", "papers_on_the_way")
"""Signals of a pack: people speak of petitions or assemblies, and of nothing else but papers to bring along
or of filing as such. Whoever only speaks so is never handed to the police beforehand."""
ASSEMBLY_TALK = ("assembly_talk", "heads_for_government")
"""Signals of a pack: people speak of petitions or assemblies, or call each other to a seat of government,
whatever else they say."""
POLICE = "POLICE"  # family of units
SURE_SCORE = (
    5.0  # evidence of the best topic, i.e. three strong words: fewer are mostly the place of a danger
)
SURE_SHARE = 0.9
"""Share (0..1) of the topics that lead to the same kind of unit. **Source:** both are ours; in sentences on
dangers a bridge or river alone reached 4.5 and a share of 0.90."""

_NOT_THE_POLICE = Label(
    "只说到上访、聚集，没有说明事项：不预先交公安机关，请先弄清诉求再选主办单位。",
    "It speaks of a petition or an assembly and names no matter: it is not given to the police beforehand; "
    "find out what is asked, then choose who leads.",
)
_NOT_PLAINLY_THE_POLICE = Label(
    "说到上访、聚集，所反映的事项又不够明确：不预先交公安机关，请先弄清诉求再选主办单位。",
    "It speaks of a petition or an assembly, and its matter is not plain: it is not given to the police "
    "beforehand; find out what is asked, then choose who leads.",
)
_LIFE_FIRST = Label(
    "可能有人生命安全受到威胁，主题不能确定：先救人，弄清情况后再选主办单位。",
    "Somebody's life may be in danger and the topic is not sure: help first, then choose who leads.",
)
_HELD_BACK = frozenset({_NOT_THE_POLICE, _NOT_PLAINLY_THE_POLICE, _LIFE_FIRST})


def held_back(
    decision: Decision, family: str | None, scan: Scan, topics: TopicView, share: float, backstop: str | None
) -> Decision:
    """Return the decision, or one without a lead where the table above says so.

    Args:
        decision: by the routes of the pack.
        family: of the unit that would lead.
        scan: of the post.
        topics: what it is about.
        share: of the topics (0..1) that lead to this family.
        backstop: unit that stands ready where nobody is named.
    """
    if not isinstance(decision, Routed) or decision.route is None:
        return decision
    said = scan.features
    best = topics.best
    plain = best is not None and best.score >= SURE_SCORE
    if family == POLICE and any(said.get(signal) for signal in PETITION_TALK):
        return Unrouted(backstop, (_NOT_THE_POLICE,))
    if family == POLICE and any(map(said.get, ASSEMBLY_TALK)) and not plain:
        return Unrouted(backstop, (_NOT_PLAINLY_THE_POLICE,))
    if said.get(DANGER_TO_LIFE) and not (plain and share >= SURE_SHARE):
        return Unrouted(backstop, (_LIFE_FIRST,), family)
    return decision


def doubt_about(decision: Decision) -> tuple[Label, ...]:
    """Return why a person must choose the lead, where this module held it back."""
    if not isinstance(decision, Unrouted):
        return ()
    return tuple(reason for reason in decision.reasons if reason in _HELD_BACK)
