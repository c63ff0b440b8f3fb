"""Drafts for tests: a county with the small pack in force, posts, and a draft that changes their verdicts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from casework.access import Role
from casework.desk.backtesting import ask_backtest
from casework.desk.drafting import draft_from, edit_file, examine, files_to_check, note_check
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.receive import receive_post
from casework.intake import IncomingPost
from casework.store.base import Base
from casework.store.drafts import find_draft
from casework.store.packs import active_ref
from casework.store.tables import PostRow
from tests.builders import COUNTY, officer, the_machine
from tests.desk_kit import Desk, desk_on
from tests.small_pack import small_book, small_pack

WRITER = officer(Role.DUTY_OFFICER, name="示例起草人")
DIRECTOR = officer(Role.DIRECTOR, name="示例主任")
LAMPS = "翠湖小区的路灯坏了"
THANKS = "感谢你们"


@contextmanager
def drafting_desk(url: str) -> Iterator[Desk]:
    """Yield a desk whose county has the small pack in force for an hour."""
    with desk_on(url, book=small_book()) as desk:
        with desk.transactions.write(the_machine()) as uow:
            install_first_pack(uow, sound_pack(small_pack()))
        desk.clock.advance(hours=1)
        yield desk


def add_posts(desk: Desk, count: int, text: str = LAMPS) -> None:
    """Receive posts that differ in a number."""
    for number in range(count):
        desk.clock.advance(seconds=1)
        with desk.transactions.write(the_machine()) as uow:
            receive_post(uow, IncomingPost(source_code="form", text=f"{text}，编号{number}号"))


def draft_with(desk: Desk, changes: Mapping[str, Callable[[str], str]]) -> uuid.UUID:
    """Return a draft from the pack in force with some files changed, checked where it has no errors."""
    with desk.transactions.write(WRITER) as uow:
        draft_id = draft_from(uow, str(active_ref(uow.session, COUNTY, uow.now)), title="试一试")
    for name, change in changes.items():
        desk.clock.advance(seconds=1)
        with desk.transactions.write(WRITER) as uow:
            draft = find_draft(uow.session, COUNTY, draft_id)
            text = change(draft.files[name])
            assert text != draft.files[name], "the change of this test changes nothing"
            edit_file(uow, draft_id, version=draft.version, name=name, text=text)
    with desk.transactions.read(WRITER) as uow:
        files = files_to_check(uow, draft_id)
    found = examine(files)
    desk.clock.advance(seconds=1)
    with desk.transactions.write(WRITER) as uow:
        draft = find_draft(uow.session, COUNTY, draft_id)
        note_check(uow, draft_id, version=draft.version, found=found)
    return draft_id


def ask(desk: Desk, draft_id: uuid.UUID) -> uuid.UUID:
    """Ask for a back-test on all posts."""
    desk.clock.advance(seconds=1)
    with desk.transactions.write(WRITER) as uow:
        version = find_draft(uow.session, COUNTY, draft_id).version
        return ask_backtest(
            uow,
            draft_id,
            version=version,
            period_from=uow.now - timedelta(days=30),
            period_to=uow.now + timedelta(days=1),
        )


def contents(desk: Desk, *, but: frozenset[str] = frozenset()) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, but for some tables."""
    with desk.transactions.read(the_machine()) as uow:
        return {
            table.name: sorted((tuple(row) for row in uow.session.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }


def post_ids(desk: Desk) -> list[uuid.UUID]:
    """Return the ids of all posts, the oldest first."""
    with desk.transactions.read(the_machine()) as uow:
        return list(uow.session.scalars(sa.select(PostRow.id).order_by(PostRow.received_at, PostRow.id)))
