"""Texts as one reader may read them: masked for everybody who may not look at an identity.

What is hidden is `casework.masking`, for whom is `casework.access`; every query for screens passes here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.access import Visibility
from casework.masking import Masked, masked, masking, may_be_hidden
from casework.store.case_parts import ScoreLine
from casework.store.decisions import Decision
from casework.store.listed import among
from casework.store.visible import Predicate
from rules.model import Hit, Label, Span

V = TypeVar("V")

_NAMES = frozenset({"number", "sha256"})
"""Keys of a line whose values name a paper: they are made here and lead to nobody."""


def as_read(sight: Visibility, text: str) -> str:
    """Return a text as this reader may read it."""
    return masked(text) if sight.is_masked else text


def label_as_read(sight: Visibility, label: Label) -> Label:
    """Return a text in both languages as this reader may read it."""
    return Label(masked(label.zh), masked(label.en)) if sight.is_masked else label


def line_as_read(sight: Visibility, data: Mapping[str, V]) -> Mapping[str, V]:
    """Return the data of a line of a timeline as this reader may read it; ids and numbers of papers stay."""
    if not sight.is_masked:
        return data
    return MappingProxyType(
        {
            key: masked(value) if isinstance(value, str) and not _is_name(key, value) else value  # type: ignore[misc]
            for key, value in data.items()
        }
    )


def decision_as_read(sight: Visibility, decision: Decision, title: str, text: str) -> Decision:
    """Return a decision whose signals point into title and text as this reader may read them.

    A signal that stands on hidden characters alone is not shown, nor the value that it read there.

    Args:
        sight: of the reader.
        decision: about the post.
        title: of the post, as it was written.
        text: of the post, as it was written.
    """
    if not sight.is_masked:
        return decision
    parts = {"title": masking(title), "text": masking(text)}
    if not any(part.hidden for part in parts.values()):
        return decision
    hits = tuple(_hit(hit, parts) for hit in decision.hits)
    veiled = frozenset(hit.signal for hit, left in zip(decision.hits, hits, strict=True) if left is None)
    return replace(
        decision,
        hits=tuple(hit for hit in hits if hit is not None),
        findings=tuple(
            replace(
                finding,
                reasons=tuple(reason for reason in finding.reasons if reason.feature not in veiled),
            )
            for finding in decision.findings
        ),
        veiled=veiled,
    )


_WRITTEN = frozenset({"reason", "evidence"})
"""Keys of evidence that a person wrote; the others are instants, ids and limits."""


def entry_as_read(sight: Visibility, entry: ScoreLine) -> ScoreLine:
    """Return a score entry as this reader may read it: what people wrote may repeat a number of the post."""
    if not sight.is_masked:
        return entry
    return replace(
        entry,
        reason=masked(entry.reason),
        evidence=tuple(
            replace(one, text=masked(one.text)) if one.key in _WRITTEN else one for one in entry.evidence
        ),
    )


def found_in(
    session: Session,
    sight: Visibility,
    wanted: str,
    key: InstrumentedAttribute[uuid.UUID],
    fields: tuple[InstrumentedAttribute[str], ...],
    visible: Predicate,
) -> Predicate:
    """Return the condition that one of `fields` contains `wanted`, as this reader reads them.

    Whoever reads a text masked must not find it by what is hidden: that would tell that it is there.

    Args:
        session: open.
        sight: of the reader.
        wanted: what is searched for.
        key: id of the rows.
        fields: columns of texts.
        visible: the condition under which the reader sees a row.
    """
    contains = sa.or_(*(field.icontains(wanted, autoescape=True) for field in fields))
    if not (sight.is_masked and may_be_hidden(wanted)):
        return contains
    rows = session.execute(sa.select(key, *fields).where(visible, contains))
    low = wanted.lower()
    return among(
        session, key, [row[0] for row in rows if any(low in masked(text).lower() for text in row[1:])]
    )


def _hit(hit: Hit, parts: Mapping[str, Masked]) -> Hit | None:
    moved = [(span, parts[span.part].span(span.start, span.end)) for span in hit.spans]
    spans = tuple(Span(place[0], place[1], span.part) for span, place in moved if place is not None)
    return hit._replace(spans=spans) if spans or not hit.spans else None


def _is_name(key: str, value: str) -> bool:
    if key in _NAMES:
        return True
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
