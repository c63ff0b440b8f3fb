"""Documents as they were issued: their bytes, found through the one predicate of `visible`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Visibility
from casework.store.tables import CaseRow, DocumentRow
from casework.store.visible import visible_cases


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
        .where(DocumentRow.id == document_id, DocumentRow.case_id == case_id, visible_cases(sight))
    )
    return IssuedDocument(row.kind, row.number, row.sha256, row.content) if row else None
