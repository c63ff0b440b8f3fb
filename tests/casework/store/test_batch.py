"""Rows written together read as they were given, whichever way the database takes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from traceback import format_exception

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.store.batch import NewRows
from casework.store.listed import among, padded
from casework.store.tables import MatterKeyRow, MatterRow
from tests.builders import COUNTY, MONDAY, add_county, new_id, the_machine
from tests.desk_kit import Desk, desk_on

TAKEN = new_id()
AWKWARD = 'tab\t, newline\n, return\r, back\\slash, \\N, "quotes", 「件件」, \U0001f4a7'


def _matter(**values: object) -> dict[str, object]:
    return {
        "id": new_id(),
        "county_id": COUNTY,
        "title": AWKWARD,
        "topic": None,
        "place": "",
        "confidential": True,
        "sketch": [1, 2**32 - 1],
        "first_seen_at": MONDAY,
        "last_seen_at": MONDAY + timedelta(microseconds=1),
        **values,
    }


def test_what_was_given_is_what_is_read(session: Session):
    add_county(session)
    given = _matter()
    rows = NewRows()
    rows.add(MatterRow, **given)
    rows.add(MatterKeyRow, matter_id=given["id"], key=-(2**63), county_id=COUNTY, seen_at=MONDAY)
    rows.write(session)

    read = session.get_one(MatterRow, given["id"])
    assert {name: getattr(read, name) for name in given} == given
    assert read.same_as is None
    assert read.version == 1  # a default of the column
    keys = sa.select(MatterKeyRow.key).where(MatterKeyRow.matter_id == given["id"])
    assert session.scalars(keys).all() == [-(2**63)]


def test_rows_are_written_once(session: Session):
    add_county(session)
    rows, given = NewRows(), [_matter() for _ in range(3)]
    for values in given:
        rows.add(MatterRow, **values)
    rows.write(session)
    rows.write(session)

    assert all(session.get(MatterRow, values["id"]) for values in given)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as desk:
        yield desk


@pytest.mark.parametrize("broken", [{"title": None}, {"id": TAKEN}, {"county_id": "nowhere"}])
def test_a_row_that_breaks_a_rule_of_the_database_is_refused_and_no_word_of_it_told(
    desk: Desk, broken: dict[str, object]
):
    def written() -> None:
        with desk.transactions.write(the_machine()) as uow:
            rows = NewRows()
            rows.add(MatterRow, **_matter(id=TAKEN))
            rows.add(MatterRow, **_matter(topic="a secret") | broken)
            rows.write(uow.session)

    with pytest.raises(IntegrityError) as refused:
        written()
    assert "a secret" not in "".join(format_exception(refused.value))
    with desk.transactions.read(the_machine()) as uow:
        assert not uow.session.scalars(sa.select(MatterRow.id)).all()


@pytest.mark.parametrize(("count", "length"), [(0, 0), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (50, 64)])
def test_lists_come_in_few_lengths_and_hold_no_other_value(count: int, length: int):
    values = padded(range(count))

    assert len(values) == length
    assert values[:count] == list(range(count))
    assert set(values) == set(range(count))


def test_a_padded_list_finds_what_the_list_finds(session: Session):
    add_county(session)
    rows, given = NewRows(), [_matter() for _ in range(5)]
    for values in given:
        rows.add(MatterRow, **values)
    rows.write(session)
    wanted = [values["id"] for values in given[:3]]

    assert set(session.scalars(sa.select(MatterRow.id).where(among(session, MatterRow.id, wanted)))) == set(
        wanted
    )
    assert not session.scalars(sa.select(MatterRow.id).where(among(session, MatterRow.id, ()))).all()
