"""What the database refuses about packs, activations, drafts and their steps: taking another's place."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.store.base import Base
from casework.store.inserting import insert_if_new
from casework.store.tables import CountyRow, PackActivationRow, PackDraftEditRow, PackDraftRow, PackRow
from tests.desk_kit import SQLITE_ONLY

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
IN_COUNTY = {"id": ONE, "county_id": "c"}
ROWS: dict[type[Base], dict[str, object]] = {
    PackRow: {
        **IN_COUNTY,
        "pack_id": "x",
        "version": 1,
        "digest": "d",
        "ref": "x@1+d",
        "files": {"pack.yaml": "as published"},
        "created_at": NOW,
    },
    PackActivationRow: {**IN_COUNTY, "ref": "x@1+d", "effective_at": NOW, "by": "甲", "created_at": NOW},
    PackDraftRow: {
        **IN_COUNTY,
        "pack_id": "x",
        "pack_version": 2,
        "title": "改",
        "note": "",
        "origin": "",
        "files": {"pack.yaml": "draft"},
        "digest": "d",
        "state": "draft",
        "author_id": ONE,
        "author": "甲",
        "problems": [],
        "approval_note": "",
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
    },
    PackDraftEditRow: {
        **IN_COUNTY,
        "draft_id": ONE,
        "step": "create",
        "to_state": "draft",
        "editor_id": ONE,
        "editor": "甲",
        "digest": "d",
        "note": "",
        "at": NOW,
    },
}
CHANGED: dict[type[Base], dict[str, object]] = {
    PackRow: {"files": {"pack.yaml": "replaced"}},
    PackActivationRow: {"ref": "y@1+d"},
    PackDraftRow: {"files": {"pack.yaml": "replaced"}},
    PackDraftEditRow: {"editor": "乙"},
}


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(database_url)
    with Session(engine) as session:
        session.add(CountyRow(id="c", name_zh="县", name_en="County", created_at=NOW))
        session.flush()
        for row, values in ROWS.items():
            session.execute(sa.insert(row).values(**values))
        session.commit()
    yield engine
    engine.dispose()


def _stored(engine: sa.Engine, row: type[Base]) -> list[dict[str, object]]:
    with engine.connect() as connection:
        return [dict(one) for one in connection.execute(sa.select(row.__table__)).mappings()]


@SQLITE_ONLY
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__tablename__)
def test_no_row_is_replaced_by_another_of_its_key(engine: sa.Engine, row: type[Base]):
    before = _stored(engine, row)
    assert len(before) == 1
    statement = sa.insert(row).prefix_with("OR REPLACE").values(**{**ROWS[row], **CHANGED[row]})

    try:
        with engine.begin() as connection:
            connection.execute(statement)
    except sa.exc.DBAPIError as refused:
        assert "refused" in str(refused)  # noqa: PT017 - a pack is passed over without a word

    assert _stored(engine, row) == before


@SQLITE_ONLY
@pytest.mark.parametrize(
    "other",
    [{"version": 2, "pack_id": "y"}, {"ref": "x@1+e", "digest": "e"}],
    ids=["same reference", "same version"],
)
def test_no_pack_is_replaced_by_one_of_its_reference_or_version(engine: sa.Engine, other: dict[str, object]):
    before = _stored(engine, PackRow)
    values = {**ROWS[PackRow], "id": OTHER, "files": {"pack.yaml": "replaced"}, **other}

    try:
        with engine.begin() as connection:
            connection.execute(sa.insert(PackRow).prefix_with("OR REPLACE").values(**values))
    except sa.exc.DBAPIError as refused:
        assert "refused" in str(refused)  # noqa: PT017 - a pack of a sound reference is passed over

    assert _stored(engine, PackRow) == before


@pytest.mark.parametrize("row", [PackRow, PackActivationRow, PackDraftRow, PackDraftEditRow])
def test_a_conflict_updates_nothing_that_is_held(engine: sa.Engine, row: type[Base]):
    make = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
    before = _stored(engine, row)
    upsert = make(row).values(**ROWS[row]).on_conflict_do_update(index_elements=["id"], set_=CHANGED[row])

    try:
        with engine.begin() as connection:
            connection.execute(upsert)
    except sa.exc.DBAPIError as refused:
        assert "refused" in str(refused)  # noqa: PT017 - SQLite passes over a pack without a word

    assert _stored(engine, row) == before


def test_a_pack_that_is_stored_is_stored_once(engine: sa.Engine):
    again = {**ROWS[PackRow], "id": OTHER}

    with Session(engine) as session:
        assert not insert_if_new(session, PackRow, again)
        session.commit()

    assert [one["ref"] for one in _stored(engine, PackRow)] == ["x@1+d"]


@pytest.mark.parametrize("author", [None, ONE])
@pytest.mark.parametrize("approver", [None, OTHER])
def test_only_the_first_pack_of_a_county_is_stored_without_an_approved_draft(
    engine: sa.Engine, author: uuid.UUID | None, approver: uuid.UUID | None
):
    people = {"author_id": author, "approver_id": approver}
    second = {**ROWS[PackRow], "id": OTHER, "version": 2, "ref": "x@2+d", **people}

    with pytest.raises(sa.exc.DBAPIError, match="refused: a pack is stored by two people"):
        _insert(engine, PackRow, second)


def test_the_first_pack_of_a_county_has_no_approver_who_took_no_step(engine: sa.Engine):
    with engine.begin() as connection:
        connection.execute(sa.insert(CountyRow).values(id="e", name_zh="县", name_en="E", created_at=NOW))
    first = {**ROWS[PackRow], "id": OTHER, "county_id": "e"}

    with pytest.raises(sa.exc.DBAPIError, match="refused: a pack is stored by two people"):
        _insert(engine, PackRow, {**first, "author_id": ONE, "approver_id": OTHER})
    with pytest.raises(sa.exc.DBAPIError, match="refused: a pack has the reference of its parts"):
        _insert(engine, PackRow, {**first, "ref": "x@9+d"})
    _insert(engine, PackRow, first)


def test_nothing_is_put_in_force_that_the_county_has_not_stored(engine: sa.Engine):
    with engine.begin() as connection:
        connection.execute(sa.insert(CountyRow).values(id="e", name_zh="县", name_en="E", created_at=NOW))
    activation = {**ROWS[PackActivationRow], "id": OTHER}

    for wrong in ({"ref": "x@1"}, {"ref": "x@2+d"}, {"county_id": "e"}):
        with pytest.raises(sa.exc.DBAPIError, match="refused: no pack of this reference is stored"):
            _insert(engine, PackActivationRow, {**activation, **wrong})
    _insert(engine, PackActivationRow, activation)  # the same again: how a pack is put back


def _insert(engine: sa.Engine, row: type[Base], values: dict[str, object]) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(row).values(**values))
