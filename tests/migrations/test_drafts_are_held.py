"""What the database itself refuses about drafts of rule packs, whoever writes to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

from app.transaction import make_engine
from casework.store.base import Base
from casework.store.tables import (
    BacktestRow,
    CountyRow,
    PackActivationRow,
    PackDraftEditRow,
    PackDraftRow,
    PackRow,
)
from tests.two_people import ran

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AUTHOR, EDITOR, OTHER, DRAFT, TRIED = (uuid.UUID(int=number) for number in (1, 2, 3, 9, 10))
FILES = {"pack.yaml": "pack: x"}


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(database_url)
    with Session(engine) as session:
        session.add(CountyRow(id="c", name_zh="县", name_en="County", created_at=NOW))
        session.flush()
        session.add(_draft())
        session.flush()
        session.add(_step(AUTHOR, "create", "draft"))
        session.flush()
        session.add(_step(EDITOR, "edit", "draft"))
        session.commit()
    yield engine
    engine.dispose()


def _draft(**other: object) -> PackDraftRow:
    given: dict[str, object] = {
        "id": DRAFT,
        "county_id": "c",
        "pack_id": "x",
        "pack_version": 2,
        "title": "",
        "files": FILES,
        "digest": "d",
        "state": "draft",
        "author_id": AUTHOR,
        "author": "甲",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return PackDraftRow(**{**given, **other})


def _step(
    editor: uuid.UUID | None, step: str, to: str, *, digest: str = "d", minute: int = 0
) -> PackDraftEditRow:
    return PackDraftEditRow(
        id=uuid.uuid4(),
        county_id="c",
        draft_id=DRAFT,
        step=step,
        to_state=to,
        editor_id=editor,
        editor="某",
        digest=digest,
        at=NOW + timedelta(minutes=minute),
    )


def _backtest(**other: object) -> BacktestRow:
    given: dict[str, object] = {
        "id": TRIED,
        "county_id": "c",
        "draft_id": DRAFT,
        "digest": "d",
        "base_ref": "x@1+d",
        "period_from": NOW,
        "period_to": NOW,
        "state": "queued",
        "asked_by": "甲",
        "asked_at": NOW,
    }
    return BacktestRow(**{**given, **other})


def _add(engine: sa.Engine, *rows: Base) -> None:
    with Session(engine) as session:
        session.add_all(rows)
        session.commit()


def _set(engine: sa.Engine, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(PackDraftRow).where(PackDraftRow.id == DRAFT).values(**values))


def _set_run(engine: sa.Engine, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(BacktestRow).where(BacktestRow.id == TRIED).values(**values))


def _go(
    engine: sa.Engine, step: str, to: str, *, by: uuid.UUID = AUTHOR, minute: int = 0, **values: object
) -> None:
    """Take a step the ordinary way: it is kept, then the draft moves."""
    _add(engine, _step(by, step, to, minute=minute))
    _set(engine, state=to, **values)


def _brought_to(engine: sa.Engine, state: str) -> None:
    """Bring the draft to a state the ordinary way."""
    if state == "draft":
        return
    if state == "withdrawn":
        _go(engine, "withdraw", "withdrawn")
        return
    _go(engine, "check", "checked", checked_digest="d")
    if state == "checked":
        return
    _add(engine, _backtest())
    with Session(engine) as session:
        ran(session, TRIED)
        session.commit()
    _go(engine, "submit", "submitted", minute=1)
    if state == "submitted":
        return
    _go(engine, "approve", "approved", by=OTHER, minute=2, approver_id=OTHER, approver="乙")
    if state == "published":
        _add(engine, _pack(2, OTHER))
        _go(engine, "publish", "published", by=OTHER, minute=3)


def _pack(number: int, approver: uuid.UUID | None, **other: object) -> PackRow:
    given: dict[str, object] = {
        "id": uuid.uuid4(),
        "county_id": "c",
        "pack_id": "x",
        "version": number,
        "digest": "d",
        "ref": f"x@{number}+d",
        "files": FILES,
        "author_id": AUTHOR,
        "approver_id": approver,
        "created_at": NOW,
    }
    return PackRow(**{**given, **other})


def test_a_draft_goes_to_force_by_its_steps_and_can_be_sent_back_on_the_way(engine: sa.Engine):
    _add(engine, _pack(1, None))  # the first pack of the installation
    _brought_to(engine, "approved")
    _go(engine, "reject", "rejected", by=OTHER, minute=3)
    _set(engine, approver_id=None, approver=None)
    _go(engine, "check", "checked", minute=4)
    _go(engine, "submit", "submitted", minute=5)
    _go(engine, "approve", "approved", by=OTHER, minute=6, approver_id=OTHER, approver="乙")
    _add(engine, _pack(2, OTHER))
    _go(engine, "publish", "published", by=OTHER, minute=7)
    _add(
        engine,
        PackActivationRow(
            id=uuid.uuid4(), county_id="c", ref="x@2+d", effective_at=NOW, by="乙", created_at=NOW
        ),
    )


def test_a_draft_begins_as_a_draft_of_its_author(engine: sa.Engine):
    other = uuid.UUID(int=8)
    for wrong in (
        {"state": "approved", "approver_id": OTHER},
        {"state": "submitted"},
        {"approver_id": OTHER},
    ):
        with pytest.raises(sa.exc.DBAPIError, match="refused: a draft begins as a draft"):
            _add(engine, _draft(id=other, **wrong))
    _add(engine, _draft(id=other))
    by_another = _step(OTHER, "create", "draft")
    by_another.draft_id = other
    with pytest.raises(sa.exc.DBAPIError, match="refused: a draft is begun once, by its author"):
        _add(engine, by_another)


@pytest.mark.parametrize("editor", [AUTHOR, EDITOR])
def test_no_editor_can_be_the_approver(engine: sa.Engine, editor: uuid.UUID):
    _brought_to(engine, "submitted")

    with pytest.raises(sa.exc.DBAPIError, match="refused: a submitted draft is approved by somebody who"):
        _add(engine, _step(editor, "approve", "approved", minute=2))
    with pytest.raises(sa.exc.DBAPIError):
        _set(engine, state="approved", approver_id=editor)

    _go(engine, "approve", "approved", by=OTHER, minute=2, approver_id=OTHER)


@pytest.mark.parametrize("by", [None, EDITOR, uuid.UUID(int=7)])
def test_no_approver_is_written_who_did_not_take_the_step(engine: sa.Engine, by: uuid.UUID | None):
    _brought_to(engine, "submitted")
    with pytest.raises(sa.exc.DBAPIError, match="refused"):
        _set(engine, approver_id=OTHER)
    with pytest.raises(sa.exc.DBAPIError, match="refused"):
        _set(engine, state="approved", approver_id=OTHER)

    with pytest.raises(sa.exc.DBAPIError, match="refused"):
        _go(engine, "approve", "approved", by=by, minute=2, approver_id=OTHER)


def test_the_approver_of_one_draft_is_replaced_by_nobody(engine: sa.Engine):
    _brought_to(engine, "approved")

    for approver in (uuid.UUID(int=7), None):
        with pytest.raises(sa.exc.DBAPIError):
            _set(engine, approver_id=approver)


def test_an_approval_that_was_taken_back_does_not_count_again(engine: sa.Engine):
    _brought_to(engine, "approved")
    _go(engine, "reject", "rejected", by=OTHER, minute=3)
    _set(engine, approver_id=None)
    _go(engine, "check", "checked", minute=4)
    _go(engine, "submit", "submitted", minute=5)

    with pytest.raises(sa.exc.DBAPIError, match="refused: an approver takes the step of approving"):
        _set(engine, state="approved", approver_id=OTHER)


@pytest.mark.parametrize("state", ["approved", "published"])
def test_nobody_becomes_an_editor_of_what_he_approved(engine: sa.Engine, state: str):
    _brought_to(engine, state)

    for step in ("create", "edit"):
        with pytest.raises(sa.exc.DBAPIError, match="refused"):
            _add(engine, _step(OTHER, step, "draft", minute=9))


def test_nobody_edits_without_a_name(engine: sa.Engine):
    with pytest.raises(sa.exc.DBAPIError, match="refused: nobody edits"):
        _add(engine, _step(None, "edit", "draft", digest="e"))
    with pytest.raises(sa.exc.DBAPIError, match="refused: whoever edits a draft is named"):
        _set(engine, files={"pack.yaml": "pack: y"}, digest="e")

    _add(engine, _step(EDITOR, "edit", "draft", digest="e"))
    _set(engine, files={"pack.yaml": "pack: y"}, digest="e")


@pytest.mark.parametrize(
    ("first", "state"),
    [
        ("draft", "checked"),
        ("draft", "submitted"),
        ("draft", "approved"),
        ("checked", "submitted"),
        ("checked", "published"),
        ("submitted", "published"),
        ("approved", "published"),
        ("approved", "draft"),
        ("submitted", "draft"),
    ],
)
def test_no_draft_moves_without_its_step(engine: sa.Engine, first: str, state: str):
    _brought_to(engine, first)

    with pytest.raises(sa.exc.DBAPIError):
        _set(engine, state=state, approver_id=OTHER, checked_digest="d")
    if first != "approved":
        with pytest.raises(sa.exc.DBAPIError, match="refused"):
            _set(engine, state=state, checked_digest="d")


def test_what_was_not_tried_is_not_submitted_although_it_took_the_step(engine: sa.Engine):
    _brought_to(engine, "checked")
    _add(engine, _backtest(), _step(AUTHOR, "submit", "submitted", minute=1))

    with pytest.raises(sa.exc.DBAPIError, match="refused: a draft is checked and back-tested"):
        _set(engine, state="submitted")


def test_what_was_not_stored_as_a_pack_is_not_published(engine: sa.Engine):
    _brought_to(engine, "approved")
    _add(engine, _step(OTHER, "publish", "published", minute=3))

    with pytest.raises(sa.exc.DBAPIError, match="refused: a published draft is stored as a pack"):
        _set(engine, state="published")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done", "result": {"posts": 1}},
        {"state": "running", "owner": "x"},
        {"done": 1},
        {"result": {"posts": 1}},
        {"finished_at": NOW},
    ],
    ids=["done", "running", "counted", "with a result", "finished"],
)
def test_a_back_test_begins_by_waiting(engine: sa.Engine, wrong: dict[str, object]):
    with pytest.raises(sa.exc.DBAPIError, match="refused: a back-test begins by waiting"):
        _add(engine, _backtest(**wrong))


def test_a_back_test_that_never_ran_is_not_done(engine: sa.Engine):
    _add(engine, _backtest())

    for wrong in (
        {"state": "done"},
        {"state": "done", "result": {"posts": 1}, "done": 1, "finished_at": NOW},
        {"state": "failed"},
        {"state": "running"},
        {"state": "running", "owner": "x", "started_at": NOW},
        {"digest": "e"},
        {"base_ref": "x@9+d"},
    ):
        with pytest.raises(sa.exc.DBAPIError, match="refused"):
            _set_run(engine, **wrong)
    _set_run(engine, state="running", owner="x", started_at=NOW, attempts=1)
    for wrong in ({"state": "done"}, {"state": "done", "finished_at": NOW}, {"digest": "e"}):
        with pytest.raises(sa.exc.DBAPIError, match="refused"):
            _set_run(engine, **wrong)
    _set_run(engine, state="done", finished_at=NOW, result={"posts": 1}, done=1, owner=None)


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_a_back_test_that_ended_stays_as_it_is(engine: sa.Engine, end: str):
    _add(engine, _backtest())
    _set_run(engine, state="running", owner="x", started_at=NOW, attempts=1)
    _set_run(engine, state=end, finished_at=NOW, result={"posts": 1}, owner=None)

    for change in ({"state": "queued"}, {"done": 7}, {"result": {"posts": 9}}):
        with pytest.raises(sa.exc.DBAPIError, match="refused: a back-test"):
            _set_run(engine, **change)


def test_nothing_is_approved_or_published_by_nobody(engine: sa.Engine):
    _brought_to(engine, "submitted")

    for state in ("approved", "published"):
        with pytest.raises(sa.exc.DBAPIError):
            _set(engine, state=state)


@pytest.mark.parametrize("state", ["submitted", "approved", "published", "withdrawn"])
@pytest.mark.parametrize(
    "change",
    [{"files": {"pack.yaml": "pack: y"}}, {"digest": "e"}, {"pack_version": 3}, {"pack_id": "y"}],
    ids=["files", "digest", "version", "id"],
)
def test_what_was_submitted_does_not_change(engine: sa.Engine, state: str, change: dict[str, object]):
    _add(engine, _step(EDITOR, "edit", "draft", digest=str(change.get("digest", "d"))))
    _set(engine, **change)  # a draft may
    _set(engine, files=FILES, digest="d", pack_version=2, pack_id="x")
    _brought_to(engine, state)

    with pytest.raises(sa.exc.DBAPIError, match="refused"):
        _set(engine, **change)

    _set(engine, approval_note="noted")


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_an_end_is_an_end(engine: sa.Engine, state: str):
    _brought_to(engine, state)

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


@pytest.mark.parametrize(
    "other",
    [
        {"approver_id": None},
        {"approver_id": AUTHOR},
        {"approver_id": uuid.UUID(int=7)},
        {"author_id": EDITOR},
        {"files": {"pack.yaml": "pack: other"}},
        {"digest": "e", "ref": "x@2+e"},
        {"version": 3, "ref": "x@3+d"},
    ],
    ids=["no approver", "himself", "another approver", "another author", "files", "digest", "version"],
)
def test_only_what_two_people_approved_is_stored_as_a_pack(engine: sa.Engine, other: dict[str, object]):
    _add(engine, _pack(1, None))
    _brought_to(engine, "approved")

    with pytest.raises(sa.exc.DBAPIError):
        _add(engine, _pack(2, OTHER, **other))

    _add(engine, _pack(2, OTHER))


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

    for revision in ("0003", "0002", "head", "0008", "head"):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            (command.downgrade if revision in ("0002", "0008") else command.upgrade)(config, revision)
            assert connection.scalars(sa.text("SELECT ref FROM packs")).all() == ["x@1"]
        with pytest.raises(sa.exc.DBAPIError, match="refused"), engine.begin() as connection:
            connection.execute(sa.text("UPDATE packs SET ref = 'y'"))
    engine.dispose()
