"""What the database itself refuses about drafts of rule packs, whoever writes to it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

from app.transaction import make_engine
from casework.store.tables import CountyRow, PackDraftEditRow, PackDraftRow, PackRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AUTHOR, EDITOR, OTHER, DRAFT = (uuid.UUID(int=number) for number in (1, 2, 3, 9))
FILES = {"pack.yaml": "pack: x"}


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(database_url)
    with Session(engine) as session:
        session.add(CountyRow(id="c", name_zh="县", name_en="County", created_at=NOW))
        session.flush()
        session.add(_draft())
        session.flush()
        session.add_all(_edit(editor, step) for editor, step in ((AUTHOR, "create"), (EDITOR, "edit")))
        session.commit()
    yield engine
    engine.dispose()


def _draft() -> PackDraftRow:
    return PackDraftRow(
        id=DRAFT,
        county_id="c",
        pack_id="x",
        pack_version=1,
        title="",
        files=FILES,
        digest="d",
        state="draft",
        author_id=AUTHOR,
        author="甲",
        created_at=NOW,
        updated_at=NOW,
    )


def _edit(editor: uuid.UUID, step: str) -> PackDraftEditRow:
    return PackDraftEditRow(
        id=uuid.uuid4(),
        county_id="c",
        draft_id=DRAFT,
        step=step,
        to_state="draft",
        editor_id=editor,
        editor="某",
        digest="d",
        at=NOW,
    )


def _set(engine: sa.Engine, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(PackDraftRow).where(PackDraftRow.id == DRAFT).values(**values))


@pytest.mark.parametrize("editor", [AUTHOR, EDITOR])
def test_no_editor_can_be_the_approver(engine: sa.Engine, editor: uuid.UUID):
    _set(engine, state="submitted")

    with pytest.raises(sa.exc.DBAPIError):
        _set(engine, state="approved", approver_id=editor)

    _set(engine, state="approved", approver_id=OTHER)


def test_nothing_is_approved_or_published_by_nobody(engine: sa.Engine):
    for state in ("approved", "published"):
        with pytest.raises(sa.exc.DBAPIError):
            _set(engine, state=state)


@pytest.mark.parametrize("state", ["submitted", "approved", "published", "withdrawn"])
@pytest.mark.parametrize(
    "change",
    [{"files": {"pack.yaml": "pack: y"}}, {"digest": "e"}, {"pack_version": 2}, {"pack_id": "y"}],
    ids=["files", "digest", "version", "id"],
)
def test_what_was_submitted_does_not_change(engine: sa.Engine, state: str, change: dict[str, object]):
    _set(engine, **change)  # a draft may
    _set(engine, files=FILES, digest="d", pack_version=1, pack_id="x", state=state, approver_id=OTHER)

    with pytest.raises(sa.exc.DBAPIError, match="refused"):
        _set(engine, **change)

    _set(engine, approval_note="noted")


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_an_end_is_an_end(engine: sa.Engine, state: str):
    _set(engine, state=state, approver_id=OTHER)

    with pytest.raises(sa.exc.DBAPIError, match="refused"):
        _set(engine, state="draft")


def test_an_author_is_never_replaced_and_no_draft_disappears(engine: sa.Engine):
    with pytest.raises(sa.exc.DBAPIError, match="refused"):
        _set(engine, author_id=OTHER)
    for table in ("pack_draft_edits", "pack_drafts", "backtests", "shadow_runs"):
        with engine.begin() as connection:
            if connection.scalar(sa.text(f"SELECT count(*) FROM {table}")):  # noqa: S608 - names from above
                with pytest.raises(sa.exc.DBAPIError, match="refused"):
                    connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names from above


def test_a_published_pack_has_two_people(engine: sa.Engine):
    def pack(approver: uuid.UUID | None) -> PackRow:
        return PackRow(
            id=uuid.uuid4(),
            county_id="c",
            pack_id="x",
            version=1 if approver else 2,
            digest="d",
            ref=f"x@{approver}",
            files=json.loads("{}"),
            author_id=AUTHOR,
            approver_id=approver,
            created_at=NOW,
        )

    with Session(engine) as session:
        session.add(pack(AUTHOR))
        with pytest.raises(sa.exc.IntegrityError):
            session.commit()
    with Session(engine) as session:
        session.add_all([pack(OTHER), pack(None)])  # the first pack of an installation has no approver
        session.commit()


def test_packs_of_before_are_kept_through_the_migration_and_back(empty_database_url: str):
    engine = make_engine(empty_database_url)  # with foreign keys on, as the application migrates
    pack = {"id": uuid.uuid4().hex, "ref": "x@1", "now": NOW.isoformat(sep=" ")}
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            sa.text("INSERT INTO counties VALUES ('c', '县', 'County', 0, :now)"), {"now": pack["now"]}
        )
        connection.execute(
            sa.text(
                "INSERT INTO packs (id, county_id, pack_id, version, digest, ref, files, created_at) "
                "VALUES (:id, 'c', 'x', 1, 'd', :ref, '{}', :now)"
            ),
            pack,
        )

    for revision in ("0003", "0002", "head"):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            (command.downgrade if revision == "0002" else command.upgrade)(config, revision)
            assert connection.scalars(sa.text("SELECT ref FROM packs")).all() == ["x@1"]
        with pytest.raises(sa.exc.DBAPIError, match="refused"), engine.begin() as connection:
            connection.execute(sa.text("UPDATE packs SET ref = 'y'"))
    engine.dispose()
