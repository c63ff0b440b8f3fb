"""Publishing packs: whole or not at all, once, kept for ever; units and sources follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.rulebooks import RulebookCache
from casework.access import Actor, Role
from casework.desk.govern import install_first_pack, sound_pack
from casework.post_refusals import NoPackInForce, PackRefused
from casework.store.packs import active_ref, pack_lines, superiors
from casework.store.tables import SourceRow, UnitRow
from tests.builders import COUNTY, MONDAY, officer, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from tests.small_pack import small_pack
from tests.two_people import put_in_force

FIRST = small_pack()


def _changed(name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in FIRST[name]
    return {**FIRST, name: FIRST[name].replace(old, new)}


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as opened:
        yield opened


@pytest.fixture
def director():
    return officer(Role.DIRECTOR)


def _publish(desk: Desk, director: Actor, files: Mapping[str, bytes] = FIRST) -> str:
    with desk.transactions.write(director) as uow:
        return put_in_force(uow, sound_pack(files))


def test_a_published_pack_is_in_force_with_its_units_and_the_countys_sources(desk: Desk, director: Actor):
    published = _publish(desk, director)

    with desk.transactions.read(the_machine()) as uow:
        book = RulebookCache(COUNTY).active(uow.session, uow.now)
        assert book.pack.ref == published == active_ref(uow.session, COUNTY, MONDAY)
        assert set(superiors(uow.session, COUNTY)) == {unit.id for unit in book.pack.units}
        first = uow.session.get_one(UnitRow, (COUNTY, book.pack.units[0].id))
        assert set(first.contacts) == {"first_responsible", "deputy", "liaison"}
        codes = set(uow.session.scalars(sa.select(SourceRow.code)))
        assert codes == {"form", "api", "import"}


def test_a_new_version_takes_over_and_the_old_one_can_come_back(desk: Desk, director: Actor):
    old = _publish(desk, director)
    desk.clock.advance(minutes=1)
    new = _publish(desk, director, small_pack(2))
    cache = RulebookCache(COUNTY)

    with desk.transactions.read(the_machine()) as uow:
        assert cache.active(uow.session, uow.now).pack.ref == new
        assert cache.active(uow.session, MONDAY).pack.ref == old
        assert cache.of(uow.session, old).pack.version == 1
        assert [line.ref for line in pack_lines(uow.session, COUNTY)] == [new, old]
    desk.clock.advance(minutes=1)
    _publish(desk, director)
    with desk.transactions.read(the_machine()) as uow:
        assert cache.active(uow.session, uow.now).pack.ref == old


@SQLITE_ONLY
def test_a_pack_with_an_error_is_not_published_and_every_error_is_told(desk: Desk, director: Actor):
    broken = _changed("pack.yaml", b"version: 1", b"version: none")

    with pytest.raises(PackRefused) as refused:
        _publish(desk, director, broken)

    assert any(problem.startswith("pack.yaml:") for problem in refused.value.problems)
    with desk.transactions.read(the_machine()) as uow:
        assert active_ref(uow.session, COUNTY, uow.now) is None


@SQLITE_ONLY
def test_a_unit_that_is_no_longer_listed_stays_inactive(desk: Desk, director: Actor):
    with desk.transactions.write(the_machine()) as uow:
        uow.session.add(
            UnitRow(
                county_id=COUNTY,
                code="abolished",
                name_zh="已撤销单位",
                name_en="Abolished",
                short="撤",
                family="OTHER",
                kind="department",
                duties=[],
                contacts={},
            )
        )

    _publish(desk, director)

    with desk.transactions.read(the_machine()) as uow:
        assert not uow.session.get_one(UnitRow, (COUNTY, "abolished")).active


@SQLITE_ONLY
def test_the_first_pack_is_installed_once_and_never_replaces_another(desk: Desk):
    with desk.transactions.write(the_machine()) as uow:
        first = install_first_pack(uow, sound_pack(FIRST))
    with desk.transactions.write(the_machine()) as uow:
        second = install_first_pack(uow, sound_pack(small_pack(2)))

    assert (first.is_new, second.is_new, second.ref) == (True, False, first.ref)


@SQLITE_ONLY
def test_without_a_pack_the_office_is_told_to_publish_one(desk: Desk):
    cache = RulebookCache(COUNTY)

    with desk.transactions.read(the_machine()) as uow:
        assert cache.announced_until(uow) is None
        with pytest.raises(NoPackInForce, match="Publish one first"):
            cache.active(uow.session, uow.now)


@SQLITE_ONLY
def test_a_rulebook_is_compiled_once_and_the_cache_stays_small(desk: Desk, director: Actor):
    cache = RulebookCache(COUNTY)
    refs = []
    for version in range(1, 6):
        files = small_pack(version)
        refs.append(_publish(desk, director, files))
        desk.clock.advance(minutes=1)

    with desk.transactions.read(the_machine()) as uow:
        books = [cache.of(uow.session, ref) for ref in refs]
        assert cache.of(uow.session, refs[-1]) is books[-1]
        assert cache.of(uow.session, refs[0]) is not books[0]  # pushed out by later ones


@SQLITE_ONLY
def test_the_calendar_in_force_says_how_far_it_was_announced(desk: Desk, director: Actor):
    _publish(desk, director)

    with desk.transactions.read(the_machine()) as uow:
        until = RulebookCache(COUNTY).announced_until(uow)

    assert until is not None
    assert (until.month, until.day) == (12, 31)
    assert until >= date(2026, 12, 31) - timedelta(days=1)
