"""Storing documents as they were issued, once a number; and telling a person of one that cannot be made."""

from __future__ import annotations

import hashlib
import uuid

from casework.access import Permission, require
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.store.desk_items import ItemKind
from casework.store.inserting import insert_if_new
from casework.store.tables import DeskItemRow, DocumentRow
from casework.store.turns import turn_about
from rules.model import Label

CANNOT_BE_MADE = Label(
    "交办单多次生成失败，请联系系统管理员；交办本身有效。",
    "The dispatch slip could not be made. Tell the system administrator; the dispatch itself stands.",
)


def store_document(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    *,
    kind: str,
    number: str,
    content: bytes,
    unit: str | None = None,
) -> bool:
    """Store a document and note it; return False where this number was issued before.

    Args:
        uow: a writing one, of the machine.
        case_id: of the case it belongs to.
        kind: of document.
        number: as printed on it.
        content: PDF.
        unit: the one whose record it is part of, so that other units of the case do not read of it.
    """
    require(uow.actor, Permission.CASE_SUPERVISE)
    digest = hashlib.sha256(content).hexdigest()
    new = insert_if_new(
        uow.session,
        DocumentRow,
        {
            "id": uow.new_id(),
            "county_id": uow.county,
            "case_id": case_id,
            "kind": kind,
            "number": number,
            "content": content,
            "sha256": digest,
            "made_at": uow.now,
            "by": uow.actor.name,
        },
    )
    if new:
        uow.note(
            EventKind.DOCUMENT_ISSUED,
            case_id=case_id,
            data={"kind": kind, "number": number, "sha256": digest} | ({"unit": unit} if unit else {}),
        )
    return new


def give_up(uow: UnitOfWork, case_id: uuid.UUID, *, where: str) -> None:
    """Tell a person that the document of a case cannot be made, once a case."""
    require(uow.actor, Permission.CASE_SUPERVISE)
    insert_if_new(
        uow.session,
        DeskItemRow,
        {
            "id": uow.new_id(),
            "county_id": uow.county,
            "kind": ItemKind.DOCUMENT.value,
            "effect_key": f"document/{case_id}",
            "case_id": case_id,
            "reason_zh": CANNOT_BE_MADE.zh,
            "reason_en": CANNOT_BE_MADE.en,
            "data": {"where": where},
            "turn": turn_about(uow.session, post_id=None, case_id=case_id).value,
            "opened_at": uow.now,
        },
    )
