"""What a dispatch slip (交办单) says of a case: from its page and the rule pack, without anybody's identity.

It draws nothing (`app.documents`) and reads nothing from the database.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.documents.slip_data import (
    CONFIDENTIAL_FEEDBACK,
    FEEDBACK_FORMAT,
    MOST_ASSISTING,
    MOST_LIMITS,
    MOST_OF_A_BASIS,
    MOST_OF_A_GIST,
    MOST_OF_A_LINE,
    MOST_OF_A_SUM,
    MOST_SOURCES,
    DispatchSlip,
    Duty,
    PostSource,
    TimeLimit,
    Urgency,
)
from casework.clock_words import how_counted
from casework.clocks import due
from casework.desk.watching import is_owed
from casework.events import EventKind
from casework.in_charge import InCharge, contact_of
from casework.masking import masked
from casework.recusal import Recused, Seat
from casework.store.case_view import CaseView
from casework.store.slips import Slip
from casework.workdays import Workdays, workdays_of
from rules.model import Grade, Pack

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
URGENCY = {
    Grade.GENERAL: Urgency.ORDINARY,
    Grade.MAJOR: Urgency.URGENT,
    Grade.SERIOUS: Urgency.MOST_URGENT,
}
"""**Source:** domain.md §6.2: the slip names grade and urgency; one follows from the other here."""
REQUIREMENTS = (
    "核实网帖反映的情况，认定属实、部分属实或不属实。",
    "通过县网信办联系诉求人，说明情况并听取意见。",
    "依法依规解决问题；一时不能解决的，写明办理期限或政策依据。",
    "拟定公开回应稿，写明事实、依据、措施和时限，报县网信办审核。",
)
"""**Source:** domain.md §6.2 (5): verify, contact, solve, draft the public reply."""
CONFIDENTIAL_REQUIREMENTS = (
    "本件属检举控告，按规定保密办理，不得向被检举单位和个人透露内容。",
    "依规依纪依法核查，结果按程序反馈{office}。",
)
"""**Source:** 信访工作条例 §30 ¶3."""


def slip_of(view: CaseView, pack: Pack, number: str = "", *, recused: Recused) -> DispatchSlip | None:
    """Return a slip of a dispatched case, None if there is no such one or the case is at the office again.

    Where every office of the county is accused by name nobody dispatches.

    Args:
        view: as the machine sees it.
        pack: in force, for names.
        number: of the slip; empty for the newest one.
        recused: the desks that must not read the case; whoever has it in hand stands in their place.
    """
    case = view.case
    slips = [slip for slip in view.slips if number in {"", slip.number}]
    office = contact_of(pack, recused)
    if case.number is None or not slips or office.seat is Seat.HIGHER:
        return None
    slip = slips[-1]
    # A slip from the secret time is not named to who was kept from it.
    lifted = max((one.at for one in view.timeline if one.kind is EventKind.SECRECY_LIFTED), default=None)
    parts = [part for part in view.assignments if part.assigned_at == slip.at and part.unit in slip.units]
    lead = next(part for part in parts if part.unit == slip.lead)
    assisting = [_duty(view, part.unit, part.basis) for part in parts if part.unit != slip.lead]
    before = (one for one in view.slips if lifted is None or one.at >= lifted)
    former = next((one.number for one in before if one.superseded_by == slip.number), "")
    place = next((place.name for place in pack.places if place.id == case.place), "")
    return DispatchSlip(
        county=pack.county.zh,
        number=slip.number,
        grade=case.grade,
        urgency=URGENCY[case.grade],
        issued_at=_local(slip.at),
        sources=_sources(view),
        title=_short(masked(case.title), MOST_OF_A_LINE),
        gist=_short(masked(case.gist), MOST_OF_A_GIST),
        place=place,
        subject="",
        lead=_duty(view, lead.unit, lead.basis),
        assisting=tuple(assisting[:MOST_ASSISTING]),
        assisting_in_all=len(assisting),
        requirements=_requirements(view, office),
        feedback_format=CONFIDENTIAL_FEEDBACK if case.is_confidential else FEEDBACK_FORMAT,
        limits=_limits(view, slip, workdays_of(pack.calendar)),
        issuer=office.full,
        contact=office.short.zh,
        contact_phone=office.phone,
        replaces=former,
    )


def _requirements(view: CaseView, office: InCharge) -> tuple[str, ...]:
    if not view.case.is_confidential:
        return REQUIREMENTS
    return tuple(one.format(office=office.short.zh) for one in CONFIDENTIAL_REQUIREMENTS)


def _sources(view: CaseView) -> tuple[PostSource, ...]:
    return tuple(
        PostSource(
            platform=_short(post.platform, MOST_OF_A_LINE) or "—",
            link=post.url or "",
            found_at=_local(post.received_at),
            first_posted_at=_local(post.posted_at) if post.posted_at else None,
        )
        for post in view.posts[:MOST_SOURCES]
    )


def _limits(view: CaseView, slip: Slip, workdays: Workdays) -> tuple[TimeLimit, ...]:
    """Return what the lead was held to from that slip on, even where it did so before the paper was made."""
    started = [
        kept
        for kept in view.clocks
        if (kept.unit, kept.clock.started_at) == (slip.lead, slip.at) and is_owed(view.case, kept.clock.stage)
    ]
    return tuple(
        TimeLimit(
            stage=kept.clock.stage,
            due_at=_local(kept.due_at),
            how=_short(how_counted(kept.clock, due(kept.clock, workdays)).zh, MOST_OF_A_SUM),
            is_provisional=kept.is_provisional,
        )
        for kept in sorted(started, key=lambda kept: kept.due_at)[:MOST_LIMITS]
    )


def _duty(view: CaseView, unit: str, basis: str) -> Duty:
    name = view.units[unit].zh if unit in view.units else unit
    return Duty(_short(name, MOST_OF_A_LINE), _short(basis, MOST_OF_A_BASIS))


def _local(at: datetime) -> datetime:
    return at.astimezone(COUNTY_TIME)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
