"""The score ledger of a county: entries added under one lock, read back for sheets and for verification.

What a failing costs is `casework.scoring`; how entries are sealed is `casework.ledger`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from casework.access import UnitId, Visibility
from casework.ledger import Kept, Sealed, seal
from casework.score_refusals import AlreadyReversed, NoSuchEntry
from casework.scoring import FailingKind, ScoreDraft, payload_of
from casework.store.case_parts import ScoreLine, evidence_of, score_line
from casework.store.tables import CaseRow, CountyRow, ScoreEntryRow
from casework.store.visible import visible_cases


def add_entries(
    session: Session,
    county: str,
    drafts: Iterable[ScoreDraft],
    *,
    by: str,
    now: datetime,
    new_id: Callable[[], uuid.UUID],
) -> tuple[ScoreLine, ...]:
    """Add those of the drafts that the ledger does not hold yet and return them as entered.

    The ledger's head is locked until the transaction ends, so that entries of two transactions never share a
    place in the chain, and a failing that was seen twice is entered once.

    Args:
        session: of a writing transaction.
        county: whose ledger.
        drafts: in the order in which they are to be entered; a reversal takes back an entry made before.
        by: who enters them.
        now: aware UTC.
        new_id: source of ids.

    Raises:
        AlreadyReversed: a draft takes back an entry that another one takes back already.
    """
    wanted = {draft.key: draft for draft in drafts}
    if not wanted:
        return ()
    head = _locked_head(session, county)
    for key in _known_keys(session, county, wanted):
        if wanted[key].reverses is not None:
            raise AlreadyReversed(key)
        del wanted[key]
    taken_back = _ids_of(session, county, [draft.reverses for draft in wanted.values() if draft.reverses])
    rows = []
    for draft in wanted.values():
        head = seal(head, payload_of(draft, by=by, entered_at=now), chain=county)
        row = _row(draft, head, county=county, entry_id=new_id(), by=by, now=now)
        row.reverses_id = taken_back[draft.reverses] if draft.reverses else None
        rows.append(row)
    session.add_all(rows)
    session.flush()  # the timeline may point to the entries
    return tuple(score_line(row) for row in rows)


def entry(session: Session, sight: Visibility, entry_id: uuid.UUID) -> ScoreDraft:
    """Return an entry of a visible case as the draft it was.

    Raises:
        NoSuchEntry: there is none, or its case may not be seen.
    """
    taken_back = aliased(ScoreEntryRow)
    found = session.execute(
        sa.select(ScoreEntryRow, taken_back.effect_key)
        .join(CaseRow, CaseRow.id == ScoreEntryRow.case_id)
        .outerjoin(taken_back, taken_back.id == ScoreEntryRow.reverses_id)
        .where(ScoreEntryRow.id == entry_id, visible_cases(sight))
    ).one_or_none()
    if found is None:
        raise NoSuchEntry(entry_id)
    row, reverses = found
    return _draft(row, reverses)


def earlier(
    session: Session, county: str, *, case_id: uuid.UUID, unit: str, failing: FailingKind
) -> tuple[ScoreDraft, ...]:
    """Return the ordinary entries for one kind of failing of a unit in a case, oldest first."""
    rows = session.scalars(
        sa.select(ScoreEntryRow)
        .where(
            ScoreEntryRow.county_id == county,
            ScoreEntryRow.case_id == case_id,
            ScoreEntryRow.unit_code == unit,
            ScoreEntryRow.failing == failing.value,
            ScoreEntryRow.reverses_id.is_(None),
        )
        .order_by(ScoreEntryRow.seq)
    )
    return tuple(_draft(row, None) for row in rows)


def ledger(session: Session, county: str) -> Iterator[Kept]:
    """Yield the whole ledger of a county in its order, for `casework.ledger.verify`.

    The payload is read from the columns beside the sealed bytes, so that a changed column shows.
    """
    taken_back = aliased(ScoreEntryRow)
    rows = session.execute(
        sa.select(ScoreEntryRow, taken_back.effect_key)
        .outerjoin(taken_back, taken_back.id == ScoreEntryRow.reverses_id)
        .where(ScoreEntryRow.county_id == county)
        .order_by(ScoreEntryRow.seq)
        .execution_options(yield_per=500)
    )
    for row, reverses in rows:
        payload = payload_of(_draft(row, reverses), by=row.by, entered_at=row.entered_at)
        yield Kept(_sealed(row), payload)


def head_of_ledger(session: Session, county: str) -> Sealed | None:
    """Return the last entry as sealed, None for an empty ledger."""
    row = session.scalar(
        sa.select(ScoreEntryRow)
        .where(ScoreEntryRow.county_id == county)
        .order_by(ScoreEntryRow.seq.desc())
        .limit(1)
    )
    return None if row is None else _sealed(row)


def _locked_head(session: Session, county: str) -> Sealed | None:
    # NO KEY UPDATE: rows that only point to the county, which is every row, need not wait.
    session.execute(
        sa.select(CountyRow.id).where(CountyRow.id == county).with_for_update(key_share=True)
    ).one()
    return head_of_ledger(session, county)


def _known_keys(session: Session, county: str, keys: Iterable[str]) -> tuple[str, ...]:
    found = session.scalars(
        sa.select(ScoreEntryRow.effect_key).where(
            ScoreEntryRow.county_id == county, ScoreEntryRow.effect_key.in_(tuple(keys))
        )
    )
    return tuple(found)


def _ids_of(session: Session, county: str, keys: list[str]) -> Mapping[str, uuid.UUID]:
    if not keys:
        return {}
    found = session.execute(
        sa.select(ScoreEntryRow.effect_key, ScoreEntryRow.id).where(
            ScoreEntryRow.county_id == county, ScoreEntryRow.effect_key.in_(keys)
        )
    )
    return {row.effect_key: row.id for row in found}


def _row(
    draft: ScoreDraft, sealed: Sealed, *, county: str, entry_id: uuid.UUID, by: str, now: datetime
) -> ScoreEntryRow:
    return ScoreEntryRow(
        id=entry_id,
        county_id=county,
        seq=sealed.seq,
        effect_key=draft.key,
        unit_code=draft.unit_id,
        case_id=draft.case_id,
        rule=draft.rule,
        pack_ref=draft.pack,
        clause=draft.clause,
        failing=draft.failing.value,
        points=draft.points,
        evidence={"items": [[item.key, item.text] for item in draft.evidence]},
        reason=draft.reason,
        by=by,
        entered_at=now,
        alg=sealed.alg,
        canonical=sealed.canonical,
        prev_hash=sealed.prev_hash,
        hash=sealed.hash,
    )


def _draft(row: ScoreEntryRow, reverses: str | None) -> ScoreDraft:
    return ScoreDraft(
        key=row.effect_key,
        unit_id=UnitId(row.unit_code),
        case_id=row.case_id,
        failing=FailingKind(row.failing),
        rule=row.rule,
        pack=row.pack_ref,
        clause=row.clause,
        points=Decimal(row.points),
        evidence=evidence_of(row),
        reverses=reverses,
        reason=row.reason,
    )


def _sealed(row: ScoreEntryRow) -> Sealed:
    return Sealed(row.seq, row.alg, bytes(row.canonical), row.prev_hash, row.hash)
