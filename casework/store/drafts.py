"""Drafts of rule packs: lists, one draft with its history, and the row that a step works on.

Which step may be taken is `casework.packs`; who may take it, and what it writes, is `casework.desk.drafting`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.pack_refusals import NoSuchDraft, StaleDraft
from casework.packs import EDITING, OPEN, DraftState, DraftStep, PackDraft
from casework.store.tables import BacktestRow, PackDraftEditRow, PackDraftRow, PostRow
from casework.store.trial_posts import COUNTED_IN_POSTS, LEFT_OUT, is_tried_on
from rules.model import Location
from rules.problem import Level, Problem


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as a list shows it. `ref` is the reference that it has, or will have, as a published pack."""

    id: uuid.UUID
    ref: str
    pack_id: str
    pack_version: int
    title: str
    state: DraftState
    author: str
    approver: str | None
    effective_at: datetime | None
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """One step in the life of a draft."""

    step: DraftStep
    from_state: DraftState | None
    to_state: DraftState
    editor: str
    file: str | None
    digest: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with everything a page shows of it.

    Attributes:
        origin: of one that came from outside; empty for one that was written here.
        is_checked: the last check was of these very files.
        problems: of the last check, by file and line.
        history: the oldest step first.
    """

    draft: PackDraft
    note: str
    origin: str
    is_checked: bool
    checked_at: datetime | None
    problems: tuple[Problem, ...]
    approval_note: str
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime
    history: tuple[DraftEvent, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote and approved a stored pack; empty for one that no draft became, such as the first."""

    author: str
    approver: str
    approved_at: datetime | None
    draft_id: uuid.UUID | None


def provenance_of(session: Session, county: str, ref: str) -> Provenance:
    """Return who wrote and approved the pack that is stored under a reference."""
    row = PackDraftRow
    name = row.pack_id + "@" + sa.cast(row.pack_version, sa.Text) + "+" + row.digest
    found = session.execute(
        sa.select(row.author, row.approver, row.approved_at, row.id).where(
            row.county_id == county, row.state == DraftState.PUBLISHED.value, name == ref
        )
    ).first()
    if found is None:
        return Provenance("", "", None, None)
    return Provenance(found.author, found.approver or "", found.approved_at, found.id)


def draft_lines(session: Session, county: str, *, only_open: bool = False) -> tuple[DraftLine, ...]:
    """Return the drafts of a county, the one touched last first."""
    query = sa.select(
        PackDraftRow.id,
        PackDraftRow.pack_id,
        PackDraftRow.pack_version,
        PackDraftRow.digest,
        PackDraftRow.title,
        PackDraftRow.state,
        PackDraftRow.author,
        PackDraftRow.approver,
        PackDraftRow.effective_at,
        PackDraftRow.updated_at,
        PackDraftRow.version,
        _is_tried().label("is_tried"),
    ).where(PackDraftRow.county_id == county)
    if only_open:
        query = query.where(PackDraftRow.state.in_([state.value for state in OPEN]))
    rows = session.execute(query.order_by(PackDraftRow.updated_at.desc(), PackDraftRow.id.desc()))
    return tuple(
        DraftLine(
            row.id,
            f"{row.pack_id}@{row.pack_version}+{row.digest}",
            row.pack_id,
            row.pack_version,
            row.title,
            _state(row.state, is_tried=row.is_tried),
            row.author,
            row.approver,
            row.effective_at,
            row.updated_at,
            row.version,
        )
        for row in rows
    )


def draft_view(session: Session, county: str, draft_id: uuid.UUID) -> DraftView:
    """Return a draft with its history.

    Raises:
        NoSuchDraft: there is none in this county.
    """
    row = _found(session, county, draft_id)
    return DraftView(
        draft=draft_of(session, row),
        note=row.note,
        origin=row.origin,
        is_checked=row.checked_digest == row.digest,
        checked_at=row.checked_at,
        problems=tuple(_problem(kept) for kept in row.problems if _may_be_shown(kept)),
        approval_note=row.approval_note,
        approved_at=row.approved_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        history=draft_history(session, draft_id),
    )


def find_draft(session: Session, county: str, draft_id: uuid.UUID) -> PackDraft:
    """Return a draft.

    Raises:
        NoSuchDraft: there is none in this county.
    """
    return draft_of(session, _found(session, county, draft_id))


def draft_history(session: Session, draft_id: uuid.UUID) -> tuple[DraftEvent, ...]:
    """Return the steps that a draft went through, the oldest first."""
    rows = session.scalars(
        sa.select(PackDraftEditRow)
        .where(PackDraftEditRow.draft_id == draft_id)
        .order_by(PackDraftEditRow.at, PackDraftEditRow.id)
    )
    return tuple(
        DraftEvent(
            DraftStep(row.step),
            DraftState(row.from_state) if row.from_state else None,
            DraftState(row.to_state),
            row.editor,
            row.file,
            row.digest,
            row.note,
            row.at,
        )
        for row in rows
    )


def draft_row(session: Session, county: str, draft_id: uuid.UUID, *, version: int) -> PackDraftRow:
    """Return the row of a draft for a step, locked until the transaction ends.

    Raises:
        NoSuchDraft: there is none in this county.
        StaleDraft: somebody changed it since `version` was shown.
    """
    row = session.scalar(
        sa.select(PackDraftRow)
        .where(PackDraftRow.county_id == county, PackDraftRow.id == draft_id)
        .with_for_update()
    )
    if row is None:
        raise NoSuchDraft(draft_id)
    if row.version != version:
        raise StaleDraft(draft_id, seen=version, now=row.version)
    return row


def state_of(session: Session, row: PackDraftRow) -> DraftState:
    """Return where a draft stands: a checked one whose files were back-tested counts as back-tested.

    The back-test itself writes nothing but its own result, so this is worked out and not stored.
    """
    is_tried = session.scalar(sa.select(_is_tried()).where(PackDraftRow.id == row.id))
    return _state(row.state, is_tried=bool(is_tried))


def tried_on(session: Session, draft_id: uuid.UUID, digest: str) -> frozenset[str]:
    """Return the packs with which these very files of a draft were compared on posts."""
    refs = session.scalars(
        sa.select(BacktestRow.base_ref)
        .join(PackDraftRow, PackDraftRow.id == BacktestRow.draft_id)
        .where(BacktestRow.draft_id == draft_id, BacktestRow.digest == digest, _counts())
    )
    return frozenset(refs)


def compared_posts(session: Session, draft_id: uuid.UUID, digest: str) -> int:
    """Return on how many posts these very files of a draft were tried at most."""
    most = session.scalar(
        sa.select(sa.func.max(BacktestRow.done)).where(
            BacktestRow.draft_id == draft_id, BacktestRow.digest == digest, BacktestRow.state == "done"
        )
    )
    return most or 0


def editors_of(session: Session, draft_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return everybody who wrote any of a draft."""
    return frozenset(
        session.scalars(
            sa.select(PackDraftEditRow.editor_id).where(
                PackDraftEditRow.draft_id == draft_id,
                PackDraftEditRow.step.in_([step.value for step in EDITING]),
                PackDraftEditRow.editor_id.is_not(None),
            )
        )
    )


def highest_version(session: Session, county: str, pack_id: str) -> int:
    """Return the highest version that a draft still open wants for a pack, 0 for none."""
    highest = session.scalar(
        sa.select(sa.func.max(PackDraftRow.pack_version)).where(
            PackDraftRow.county_id == county,
            PackDraftRow.pack_id == pack_id,
            PackDraftRow.state.in_([state.value for state in OPEN]),
        )
    )
    return highest or 0


def draft_of(session: Session, row: PackDraftRow) -> PackDraft:
    """Return the draft that a row holds."""
    return PackDraft(
        id=row.id,
        pack_id=row.pack_id,
        pack_version=row.pack_version,
        title=row.title,
        files=row.files,
        base_ref=row.base_ref,
        digest=row.digest,
        state=state_of(session, row),
        author_id=row.author_id,
        author=row.author,
        editors=editors_of(session, row.id),
        approver_id=row.approver_id,
        approver=row.approver,
        effective_at=row.effective_at,
        version=row.version,
    )


def problems_json(problems: Iterable[Problem]) -> list[Any]:
    """Return problems as a draft keeps them."""
    return [
        {
            "level": one.level.value,
            "rule": one.rule_id,
            "at": [one.location.file, one.location.line, one.location.column],
            "zh": one.zh,
            "en": one.en,
            "code": one.code,
            LEFT_OUT: True,
        }
        for one in problems
    ]


def _problem(kept: dict[str, Any]) -> Problem:
    at = Location(*kept["at"])
    return Problem(Level(kept["level"]), kept["rule"], at, kept["zh"], kept["en"], kept["code"])


def _may_be_shown(kept: dict[str, Any]) -> bool:
    """Return False for a share of posts that was counted when accusations were among them."""
    return kept["code"] not in COUNTED_IN_POSTS or bool(kept.get(LEFT_OUT))


def _found(session: Session, county: str, draft_id: uuid.UUID) -> PackDraftRow:
    row = session.scalar(
        sa.select(PackDraftRow).where(PackDraftRow.county_id == county, PackDraftRow.id == draft_id)
    )
    if row is None:
        raise NoSuchDraft(draft_id)
    return row


def _is_tried() -> sa.ColumnElement[bool]:
    return sa.exists(
        sa.select(BacktestRow.id)
        .where(
            BacktestRow.draft_id == PackDraftRow.id,
            BacktestRow.digest == PackDraftRow.digest,
            _counts(),
        )
        .correlate(PackDraftRow)
    )


def _counts() -> sa.ColumnElement[bool]:
    """Return whether a back-test tells anything: it compared posts, or there were none in the county."""
    there_were = sa.exists(
        sa.select(PostRow.id).where(
            PostRow.county_id == BacktestRow.county_id,
            PostRow.received_at <= BacktestRow.asked_at,
            is_tried_on(),
        )
    ).correlate(BacktestRow)
    return sa.and_(BacktestRow.state == "done", sa.or_(BacktestRow.done > 0, sa.not_(there_were)))


def _state(stored: str, *, is_tried: bool) -> DraftState:
    state = DraftState(stored)
    return DraftState.BACKTESTED if state is DraftState.CHECKED and is_tried else state
