"""Opening a case from posts and putting further posts into it: the same for the machine and for a person.

It decides neither grade nor route; it writes what was decided, with what must never be forgotten at that
moment: who is shut out, which matter it is, and who is to be asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from casework.access import UnitId
from casework.desk.asking import Writing, arbitration_key, ask_person
from casework.events import EventKind
from casework.matter import Telling
from casework.states import CaseState
from casework.store.desk_items import ItemKind
from casework.store.settling import Proposal
from casework.store.tables import CasePostRow, CaseRow, ExclusionRow, MatterKeyRow, MatterRow
from casework.urgency import turn_of
from rules.model import DemandClass, Grade, Label

LONGEST_TITLE = 60
LONGEST_GIST = 200
"""Characters. **Source:** domain.md §6.2 (2), the gist on a dispatch slip."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened with.

    Attributes:
        lead: None where a ruling is needed, then `ruling_needed` says why.
        accused: for a confidential accusation; they and all below them are shut out.
        confidence: share 0..1 as text, "" where a person decided.
        proposed: where a person decided, what triage proposed; None where the case opens as proposed.
    """

    post_id: uuid.UUID
    title: str
    text: str
    grade: Grade
    demand: DemandClass
    topic: str | None
    place: str | None
    confidential: bool
    matter_id: uuid.UUID | None
    pack_ref: str
    calendar_version: str
    lead: str | None
    assist: tuple[str, ...] = ()
    basis: str = ""
    ruling_needed: Label | None = None
    candidates: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()
    confidence: str = ""
    proposed: Proposal | None = None

    @property
    def proposed_grade(self) -> str | None:
        """Return the grade that triage proposed, None where it proposed none."""
        grade = self.grade if self.proposed is None else self.proposed.grade
        return grade.value if grade else None


def open_case(writing: Writing, opening: Opening) -> uuid.UUID:
    """Add a case with its first post and return its id; lines of the timeline are noted.

    A unit that is accused, or below one, is taken out of the routing, whatever proposed it; if that was
    the lead, the case waits for a ruling.

    **Source:** 信访工作条例 §30 ¶3.
    """
    uow, case_id = writing.uow, writing.uow.new_id()
    shut_out = writing.shut_out(opening.accused) if opening.confidential else frozenset[UnitId]()
    lead = opening.lead if opening.lead not in shut_out else None
    ruling = opening.ruling_needed
    if lead is None and ruling is None:
        ruling = NOBODY_LEFT if opening.lead else NO_UNIT
    assist = [unit for unit in opening.assist if unit not in shut_out and unit != lead]
    writing.rows.add(
        CaseRow,
        id=case_id,
        county_id=uow.county,
        title=_short(opening.title or opening.text, LONGEST_TITLE),
        gist=_short(opening.text or opening.title, LONGEST_GIST),
        state=(CaseState.REGISTERED if ruling is None else CaseState.ARBITRATION).value,
        grade=opening.grade.value,
        proposed_grade=opening.proposed_grade,
        demand=opening.demand.value,
        topic=opening.topic,
        place=opening.place,
        lead_unit=lead,
        proposed_lead=_proposed_lead(opening, lead, shut_out),
        route_basis=opening.basis,
        assist_units=assist,
        confidential=opening.confidential,
        matter_id=opening.matter_id,
        pack_ref=opening.pack_ref,
        calendar_version=opening.calendar_version,
        policy={},
        opened_at=uow.now,
        updated_at=uow.now,
    )
    for unit in sorted(shut_out):
        writing.rows.add(ExclusionRow, county_id=uow.county, case_id=case_id, unit_code=unit)
    _put_in(writing, case_id, opening.post_id, joined="opened", reason="")
    uow.note(
        EventKind.CASE_OPENED,
        case_id=case_id,
        post_id=opening.post_id,
        data={
            "grade": opening.proposed_grade,
            "given": opening.grade.value,
            "demand": opening.demand.value,
            "topic": opening.topic,
            "lead": lead,
            "confidence": opening.confidence,
        },
    )
    if ruling is not None:
        _ask_for_ruling(writing, case_id, opening, ruling)
    return case_id


def _proposed_lead(opening: Opening, lead: str | None, shut_out: Collection[str]) -> str | None:
    """Return the lead that triage proposed; None also where it is shut out since."""
    if opening.proposed is None:
        return lead
    return opening.proposed.lead if opening.proposed.lead not in shut_out else None


def attach_post(writing: Writing, case_id: uuid.UUID, post_id: uuid.UUID, reason: Label) -> None:
    """Put a further post into a case; its citizen keeps an answer of their own."""
    _put_in(writing, case_id, post_id, joined="attached", reason=reason.zh)
    writing.uow.note(
        EventKind.POST_ATTACHED,
        case_id=case_id,
        post_id=post_id,
        data={"reason_zh": reason.zh, "reason_en": reason.en},
    )


def begin_matter(writing: Writing, matter_id: uuid.UUID, telling: Telling, *, title: str) -> None:
    """Add the matter that a post is the first to tell of."""
    writing.rows.add(
        MatterRow,
        id=matter_id,
        county_id=writing.uow.county,
        title=_short(title, LONGEST_TITLE),
        topic=telling.topic,
        place=telling.place,
        confidential=telling.confidential,
        sketch=list(telling.sketch),
        first_seen_at=telling.said_at,
        last_seen_at=telling.said_at,
    )
    for key in telling.keys:
        writing.rows.add(
            MatterKeyRow,
            matter_id=matter_id,
            key=key,
            county_id=writing.uow.county,
            seen_at=telling.said_at,
        )


NO_UNIT = Label(
    "没有找到可以主办的单位，请裁定。", "No unit was found that could lead it. A ruling is needed."
)
NOBODY_LEFT = Label(
    "拟定的主办单位是被检举单位或其下属单位，须回避，请裁定。",
    "The proposed lead is the accused unit or below it and is shut out. A ruling is needed.",
)


def _ask_for_ruling(writing: Writing, case_id: uuid.UUID, opening: Opening, ruling: Label) -> None:
    ask_person(
        writing,
        ItemKind.ARBITRATION,
        arbitration_key(case_id),
        ruling,
        post_id=opening.post_id,
        case_id=case_id,
        data={"candidates": list(opening.candidates), "basis": opening.basis},
        turn=turn_of(opening.grade),
    )
    writing.uow.note(
        EventKind.ARBITRATION_ASKED,
        case_id=case_id,
        data={"reason_zh": ruling.zh, "reason_en": ruling.en, "candidates": list(opening.candidates)},
    )


def _put_in(writing: Writing, case_id: uuid.UUID, post_id: uuid.UUID, *, joined: str, reason: str) -> None:
    writing.rows.add(
        CasePostRow,
        id=writing.uow.new_id(),
        county_id=writing.uow.county,
        case_id=case_id,
        post_id=post_id,
        joined=joined,
        reason=reason,
        attached_at=writing.uow.now,
    )


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
