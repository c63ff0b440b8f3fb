"""Putting a pack in force in one transaction of a test, as two people would in several days."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.desk.govern import SoundPack, install_first_pack
from casework.desk.unit import UnitOfWork
from casework.store.packs import (
    PackIdentity,
    last_ref,
    note_units_ref,
    ref_of_version,
    store_pack,
    sync_units,
)
from casework.store.tables import BacktestRow, PackActivationRow, PackDraftEditRow, PackDraftRow
from rules.backtest import Tally

WRITER, APPROVER = uuid.UUID(int=0xA), uuid.UUID(int=0xB)


def put_in_force(uow: UnitOfWork, sound: SoundPack) -> str:
    """Put a pack in force now, the county's first one or a later one; return its reference."""
    ref = sound.pack.ref
    if last_ref(uow.session, uow.county) is None:
        return install_first_pack(uow, sound).ref
    if ref_of_version(uow.session, uow.county, sound.pack.id, sound.pack.version) is None:
        _store(uow, sound)
    uow.session.add(
        PackActivationRow(
            id=uow.new_id(),
            county_id=uow.county,
            ref=ref,
            effective_at=uow.now,
            by=uow.actor.name,
            created_at=uow.now,
        )
    )
    sync_units(uow.session, uow.county, sound.pack.units)
    note_units_ref(uow.session, uow.county, ref)
    return ref


def ran(session: Session, backtest_id: uuid.UUID, *, done: int = 1) -> None:
    """End a back-test that waits as a process would that compared so many posts."""
    row = session.get_one(BacktestRow, backtest_id)
    row.state, row.owner, row.started_at, row.attempts = "running", "test/1/1", row.asked_at, 1
    session.flush()
    row.done = row.total = done
    row.result = {**Tally().to_json(), "posts": done}
    session.flush()
    row.state, row.owner, row.finished_at = "done", None, row.asked_at
    session.flush()


def let_go(session: Session, table: str) -> None:
    """Take the triggers of a table away, as somebody could who owns the database."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    named = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    for trigger in session.scalars(named, {"table": table}).all():
        session.execute(sa.text(f"DROP TRIGGER {trigger}"))


def _store(uow: UnitOfWork, sound: SoundPack) -> None:
    pack, session = sound.pack, uow.session
    files = {name: content.decode() for name, content in sound.files.items()}
    draft = PackDraftRow(
        id=uow.new_id(),
        county_id=uow.county,
        pack_id=pack.id,
        pack_version=pack.version,
        title="",
        files=files,
        digest=pack.digest,
        state="draft",
        author_id=WRITER,
        author="甲",
        created_at=uow.now,
        updated_at=uow.now,
    )
    session.add(draft)
    session.flush()
    _step(uow, draft, "create", "draft", WRITER)
    draft.checked_digest = pack.digest
    _step(uow, draft, "check", "checked", WRITER)
    tried = BacktestRow(
        id=uow.new_id(),
        county_id=uow.county,
        draft_id=draft.id,
        digest=pack.digest,
        base_ref=str(last_ref(session, uow.county)),
        period_from=uow.now,
        period_to=uow.now,
        state="queued",
        asked_by="甲",
        asked_at=uow.now,
    )
    session.add(tried)
    session.flush()
    ran(session, tried.id)
    _step(uow, draft, "submit", "submitted", WRITER)
    draft.approver_id, draft.approver = APPROVER, "乙"
    _step(uow, draft, "approve", "approved", APPROVER)
    people = (WRITER, APPROVER)
    identity = PackIdentity(pack.id, pack.version, pack.digest)
    assert store_pack(
        session, uow.new_id(), county=uow.county, identity=identity, files=files, people=people, now=uow.now
    )
    _step(uow, draft, "publish", "published", APPROVER)


def _step(uow: UnitOfWork, draft: PackDraftRow, step: str, to: str, who: uuid.UUID) -> None:
    """Keep a step, then move the draft: the database takes the move only after its step."""
    with uow.session.no_autoflush:
        uow.session.execute(
            sa.insert(PackDraftEditRow.__table__).values(
                id=uow.new_id(),
                county_id=uow.county,
                draft_id=draft.id,
                step=step,
                from_state=draft.state,
                to_state=to,
                editor_id=who,
                editor="某",
                digest=draft.digest,
                note="",
                at=uow.now,
            )
        )
    draft.state = to
    uow.session.flush()
