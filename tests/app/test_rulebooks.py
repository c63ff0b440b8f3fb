"""The rulebook of a stored pack: of the very files that its reference names, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.pages.packs_books import stored_pack_of
from app.rulebooks import RulebookCache
from casework.post_refusals import PackAltered
from casework.store.packs import PackIdentity, active_ref, pack_files, store_pack
from casework.store.tables import CountyRow
from rules.pack import digest_of
from rules.rulebook import Rulebook
from tests.builders import COUNTY, new_id, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk
from tests.draft_kit import drafting_desk
from tests.small_pack import small_pack
from tests.two_people import let_go

FILES = small_pack(version=5)
NAMED = {
    "other digest": PackIdentity("small", 5, digest_of(small_pack(version=6))),
    "other version": PackIdentity("small", 4, digest_of(FILES)),
    "other pack": PackIdentity("large", 5, digest_of(FILES)),
}


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with drafting_desk(database_url) as desk:
        yield desk


def _stored(desk: Desk, identity: PackIdentity, files: Mapping[str, bytes]) -> None:
    with desk.transactions.write(the_machine()) as uow:
        let_go(uow.session, "packs")
        assert store_pack(
            uow.session,
            new_id(),
            county=COUNTY,
            identity=identity,
            files={name: content.decode() for name, content in files.items()},
            people=(None, None),
            now=uow.now,
        )


@SQLITE_ONLY
@pytest.mark.parametrize("named", NAMED)
def test_a_stored_pack_that_is_not_what_its_reference_names_is_refused(desk: Desk, named: str):
    identity = NAMED[named]
    _stored(desk, identity, FILES)

    with desk.transactions.read(the_machine()) as uow, pytest.raises(PackAltered, match="restore"):
        RulebookCache(COUNTY).of(uow.session, identity.ref)
    with pytest.raises(PackAltered):
        stored_pack_of(FILES, identity.ref)


def test_a_file_of_a_pack_that_is_read_no_longer_is_held_against_its_digest_too():
    broken = FILES | {"severity.yaml": b"rules: [broken"}

    assert stored_pack_of(broken, f"small@5+{digest_of(broken)}") is None
    with pytest.raises(PackAltered):
        stored_pack_of(broken, f"small@5+{digest_of(FILES)}")


def test_a_stored_pack_as_it_was_published_has_its_rulebook(desk: Desk):
    with desk.transactions.read(the_machine()) as uow:
        ref = str(active_ref(uow.session, COUNTY, uow.now))
        assert RulebookCache(COUNTY).of(uow.session, ref).pack.ref == ref
        files = pack_files(uow.session, COUNTY, ref)
    assert files is not None
    pack = stored_pack_of(files, ref)
    assert pack is not None
    assert pack.ref == ref


@dataclass
class SlowBooks:
    """Rules that are not compiled yet; notes whether others could write while they were."""

    engine: sa.Engine
    others_wrote: bool = False

    def is_ready(self, session: Session, now: datetime) -> bool:  # noqa: ARG002 - signature of the part
        return False

    def prepare(self, session: Session, now: datetime) -> None:  # noqa: ARG002 - signature of the part
        with self.engine.execution_options(jianjian_write=True).begin() as connection:
            changed = connection.execute(sa.update(CountyRow).values(name_en=CountyRow.name_en))
        self.others_wrote = changed.rowcount > 0

    def active(self, session: Session, now: datetime) -> Rulebook:
        raise NotImplementedError

    def of(self, session: Session, ref: str) -> Rulebook:
        raise NotImplementedError


def test_while_rules_are_compiled_for_a_write_others_write(desk: Desk):
    books = SlowBooks(desk.transactions.engine)
    transactions = replace(desk.transactions, rulebooks=books)

    with transactions.write(the_machine()) as uow:
        assert uow.session.scalar(sa.select(CountyRow.id)) == COUNTY

    assert books.others_wrote
