"""What a post asks for, whom it accuses, and whether somebody's life is in danger. It grades nothing.

The signals named here are read by their ids; a pack without one of them simply never says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casework.understanding.addressing import is_only_addressed
from casework.urgency import DANGER_TO_LIFE
from rules.model import DemandClass, Label, Pack, Span
from rules.scan import Mention, Scan

SAYS_QUESTION = "says_question"
SAYS_REQUEST = "says_request"
SAYS_COMPLAINT = "says_complaint"
SAYS_ACCUSATION = "says_accusation"
SPEAKS_OF_TROUBLE = "speaks_of_trouble"
ASKS = (SAYS_QUESTION, SAYS_REQUEST, SAYS_COMPLAINT, "asks_for_something", SPEAKS_OF_TROUBLE)
"""Signals of which one holds where a post wants something or tells of something amiss."""
MAY_ACCUSE = "may_accuse"
SAYS_PRAISE = "says_praise"
ACCUSES_LOCALLY = "accuses_village_or_town"

CALL_FOR_HELP = Label(
    "可能有人生命安全受到威胁：请立即拨打 110 或 120，提供原文和链接；不查找发帖人身份。",
    "Somebody's life may be in danger: call 110 or 120 at once with text and link. Do not trace anybody.",
)
LEAD_MAY_BE_MEANT = Label(
    "可能指称公职人员，又没有写明是哪个单位：被指称的可能正是按主题应主办的单位，请先弄清再选主办单位。",
    "It may speak against somebody in office of a unit that it does not name, perhaps the very one that "
    "leads by topic: find out first, then choose who leads.",
)


def demand_of(scan: Scan, by_topic: DemandClass | None) -> DemandClass:
    """Return what the post asks for; the first line of the table that fits.

    | the text | class |
    |---|---|
    | accuses officials, or its topic is an accusation | accusation |
    | complains | complaint |
    | asks a question, and tells of trouble with what people complain about | complaint |
    | asks a question | consultation |
    | asks for something | request |
    | none of these | that of the topic, else request |
    """
    said = scan.features
    if said.get(SAYS_ACCUSATION) or by_topic is DemandClass.ACCUSATION:
        return DemandClass.ACCUSATION
    if said.get(SAYS_COMPLAINT):
        return DemandClass.COMPLAINT
    if said.get(SAYS_QUESTION):
        # 请问这个归谁管 at the end of a complaint asks nothing that would be answered in three days.
        if by_topic is DemandClass.COMPLAINT and said.get(SPEAKS_OF_TROUBLE):
            return DemandClass.COMPLAINT
        return DemandClass.CONSULTATION
    if said.get(SAYS_REQUEST):
        return DemandClass.REQUEST
    return by_topic or DemandClass.REQUEST


def may_accuse(scan: Scan) -> bool:
    """Return whether a post that is no clear accusation may be one: a rule sends it to a person."""
    return bool(scan.features.get(MAY_ACCUSE))


def speaks_of_whom_it_names(scan: Scan, demand: DemandClass) -> bool:
    """Return whether a post that names a desk's own office may be more than a question to it or its praise.

    No list hears every accusation. What is said of an office that reads posts is read elsewhere first.
    """
    asks = demand is DemandClass.CONSULTATION and scan.features.get(SAYS_QUESTION)
    return not asks and not scan.features.get(SAYS_PRAISE)


def accused_units(scan: Scan, pack: Pack, *, title: str, text: str, territory: str | None) -> tuple[str, ...]:
    """Return the units that an accusation may concern, in the order of the pack.

    Every unit that the post names counts, unless each time it is only spoken to (请县纪委查处). Where a
    village or town official is accused, the unit of the territory counts, too. Too many is safe: an excluded
    unit merely does not get the post.

    Args:
        scan: of the post.
        pack: whose units these are.
        title: of the post as written.
        text: of the post as written.
        territory: unit of the place, None where unknown.
    """
    parts = {"title": title, "text": text}
    named = {one for one, spans in _named(scan.units, pack) if not is_only_addressed(spans, parts)}
    if scan.features.get(ACCUSES_LOCALLY) and territory is not None:
        named.add(territory)
    return tuple(unit.id for unit in pack.units if unit.id in named)


def _named(mentions: Iterable[Mention], pack: Pack) -> Iterator[tuple[str, list[Span]]]:
    """Yield each unit that is named, with where; 县委 in 县委组织部 only says whose department that is."""
    superior_of = {unit.id: unit.superior for unit in pack.units}
    found = tuple(mentions)
    begins = {(span.part, span.start): one.id for one in found for span in one.spans}

    def is_first_half(span: Span, unit: str) -> bool:
        whole = begins.get((span.part, span.end))
        above = superior_of.get(whole) if whole is not None else None
        while above is not None and above != unit:
            above = superior_of.get(above)
        return above == unit

    for one in found:
        spans = [span for span in one.spans if not is_first_half(span, one.id)]
        if spans:
            yield one.id, spans


def advice_of(scan: Scan, demand: DemandClass, accused: tuple[str, ...]) -> tuple[Label, ...]:
    """Return what the desk is told beside the verdict; never to look for the person who wrote.

    Args:
        scan: of the post.
        demand: what it asks for.
        accused: units that it may accuse.
    """
    urgent = (CALL_FOR_HELP,) if scan.features.get(DANGER_TO_LIFE) else ()
    blames_somebody = may_accuse(scan) and demand is not DemandClass.ACCUSATION and not accused
    return (*urgent, LEAD_MAY_BE_MEANT) if blames_somebody else urgent
