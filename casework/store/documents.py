"""Documents as they were issued: their bytes, found through the one predicate of `visible`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Reach, Visibility
from casework.store.secrets import unread_until
from casework.store.slips import DISPATCH_SLIP, slips_of
from casework.store.tables import CaseRow, DocumentRow, StepRow
from casework.store.visible import Predicate, visible_cases

SUPERVISION_ORDER = "supervision_order"
SUMMONS = "summons"
OF_ONE_UNIT = (SUPERVISION_ORDER, SUMMONS)
"""Kinds of papers that only the unit they went to and the desks read."""


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A document with its bytes. `content` is a PDF."""

    kind: str
    number: str
    sha256: str
    content: bytes


def document_content(
    session: Session, sight: Visibility, case_id: uuid.UUID, document_id: uuid.UUID
) -> IssuedDocument | None:
    """Return a document of a case that the reader may see; None where there is none."""
    row = session.scalar(
        sa.select(DocumentRow)
        .join(CaseRow, CaseRow.id == DocumentRow.case_id)
        .where(
            DocumentRow.id == document_id,
            DocumentRow.case_id == case_id,
            visible_cases(sight),
            _is_for(sight),
            *_made_out_to(session, sight, case_id),
            *_since(session, sight, case_id),
        )
    )
    return IssuedDocument(row.kind, row.number, row.sha256, row.content) if row else None


def _since(session: Session, sight: Visibility, case_id: uuid.UUID) -> list[Predicate]:
    """Return the condition that nobody reads a paper from the time when the case was secret to him."""
    since = unread_until(session, sight, case_id)
    return [] if since is None else [DocumentRow.made_at >= since]


def _made_out_to(session: Session, sight: Visibility, case_id: uuid.UUID) -> list[Predicate]:
    """Return the condition that a unit reads no slip that was made out to others."""
    others = [slip.number for slip in slips_of(session, case_id) if not slip.is_for(sight)]
    return [sa.or_(DocumentRow.kind != DISPATCH_SLIP, DocumentRow.number.not_in(others))] if others else []


def _is_for(sight: Visibility) -> Predicate:
    if sight.cases is Reach.ALL:
        return sa.true()
    own = sa.select(StepRow.number).where(
        StepRow.case_id == DocumentRow.case_id,
        StepRow.unit_code.in_(sorted(sight.unit_ids)),
        StepRow.number.is_not(None),
    )
    return sa.or_(DocumentRow.kind.not_in(OF_ONE_UNIT), DocumentRow.number.in_(own))
