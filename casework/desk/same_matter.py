"""Asking a person whether two cases are one matter, and keeping the answer that they are not.

That they are one is said by merging them (`merging`), which settles the question as well.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from functools import partial

from casework.access import Permission, require, visibility
from casework.desk.asking import Writing, ask_person
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.likeness import CaseSpot, possibly_same
from casework.masking import masked
from casework.matter import SPECIFIC_PLACES
from casework.post_refusals import ItemClosed, NoSuchItem
from casework.store.desk_items import ItemKind, close_item, item
from casework.store.same_matters import open_cases_at, pair_key
from casework.wording import worded_or_empty
from rules.model import Label, Pack

DIFFERENT = "different"


def ask_about_same(uow: UnitOfWork, opened: Mapping[uuid.UUID, uuid.UUID], places: Collection[str]) -> int:
    """Ask about each pair of a new case and an open one that are possibly one matter; return how many.

    One query for all new cases, none where none of them is at a small place.

    Args:
        uow: a writing one; the cases are written already.
        opened: new case at a small place -> the post it was opened for.
        places: the places of these cases, see `matter.SPECIFIC_PLACES`.
    """
    if not opened:
        return 0
    known = {spot.id: spot for spot in open_cases_at(uow.session, uow.county, places)}
    older: dict[str, list[CaseSpot]] = {place: [] for place in places}
    for spot in known.values():
        if spot.id not in opened:
            older[spot.place].append(spot)
    writing, asked = Writing(uow), 0
    for case_id, post_id in opened.items():
        new = known.get(case_id)
        if new is None:
            continue
        for other, reason in possibly_same(new, older[new.place], partial(_group, uow)):
            _ask(writing, new, other, reason, post_id)
            asked += 1
        older[new.place].append(new)
    writing.rows.write(uow.session)
    return asked


def is_small(pack: Pack, place: str | None) -> bool:
    """Return whether a place of the gazetteer is small enough to name a matter together with the topic."""
    return any(one.id == place and one.kind in SPECIFIC_PLACES for one in pack.places)


def say_different(uow: UnitOfWork, item_id: uuid.UUID, *, note: str = "") -> None:
    """Settle the question of an item: the two cases are not one matter. It is not asked again.

    Raises:
        NotPermitted: the actor may not merge cases.
        NoSuchItem, ItemClosed: there is no such question, or it is settled.
        TextRefused: the note cannot be kept.
    """
    require(uow.actor, Permission.CASE_MERGE)
    found = item(uow.session, visibility(uow.actor), item_id)
    if found is None or found.kind is not ItemKind.SAME_MATTER:
        raise NoSuchItem(item_id)
    remark = worded_or_empty(note, field="note")
    if not close_item(uow.session, item_id, by=uow.actor.name, resolution=DIFFERENT, now=uow.now):
        raise ItemClosed(item_id, found.resolution or "")
    uow.note(
        EventKind.DESK_ITEM_CLOSED,
        case_id=found.case_id,
        data={
            "kind": found.kind.value,
            "resolution": DIFFERENT,
            "note": remark,
            "other": str(found.data["other"]),
        },
    )


AFTER_NAME = Label("”可能是同一事项：", "”: ")
"""Stands in the kept sentence between the name of the older case and what both have in common."""


def _ask(writing: Writing, new: CaseSpot, other: CaseSpot, reason: Label, post_id: uuid.UUID) -> None:
    ask_person(
        writing,
        ItemKind.SAME_MATTER,
        pair_key(new.id, other.id),
        Label(
            f"与“{masked(other.name)}{AFTER_NAME.zh}{reason.zh}。",
            f"Possibly the same as “{masked(other.name)}{AFTER_NAME.en}{reason.en}.",
        ),
        post_id=post_id,
        case_id=new.id,
        data={"other": str(other.id)},
    )


def _group(uow: UnitOfWork, topic: str) -> str | None:
    return next((one.group for one in uow.rulebook.pack.topics if one.id == topic), None)
