"""The slips of the demo's cases: each dispatched as the machine routed it, and each on one page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.demo_posts import POSTS
from app.documents.render import render
from casework import tokens
from casework.access import visibility
from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.govern import install_first_pack
from casework.recusal import NOBODY
from casework.roles import Role
from casework.states import CaseState
from casework.store.case_view import case_view
from casework.store.tables import CaseRow
from tests.builders import officer, the_machine
from tests.demo import demo_book, demo_pack, sound_demo
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from tests.workers.test_same_matter import demo_posts, judged
from workers.slips import slip_of

pytestmark = pytest.mark.no_cover  # processes, and many posts on the same lines

LINK = "https://bbs.yunling.example/thread-20261119-48213-1.html?from=list&page={}"


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    tokens.load(tmp_path / "jieba")
    with desk_on(database_url, book=demo_book()) as opened:
        with opened.transactions.write(the_machine()) as uow:
            install_first_pack(uow, sound_demo())
        yield opened


@SQLITE_ONLY
def test_every_case_of_the_demo_that_is_dispatched_has_its_slip_on_one_page(desk: Desk):
    tx, director = desk.transactions, officer(Role.DIRECTOR)
    posts = [replace(post, url=LINK.format(number)) for number, post in enumerate(demo_posts(""))]
    assert len(posts) == len(POSTS.read_text("utf-8").splitlines())
    judged(desk, *posts)
    with tx.read(director) as uow:
        waiting = sa.select(CaseRow.id).where(CaseRow.state == CaseState.REGISTERED.value)
        cases = list(uow.session.scalars(waiting))
    assert len(cases) > 30

    pages, helped = {}, 0
    for case_id in cases:
        for step in (confirm_case, dispatch_case):
            with tx.write(director) as uow:
                step(uow, case_id, version=uow.session.get_one(CaseRow, case_id).version)
        with tx.read(the_machine()) as uow:
            slip = slip_of(
                case_view(uow.session, visibility(the_machine()), case_id), demo_pack(), recused=NOBODY
            )
        assert slip is not None
        helped += len(slip.assisting) >= 2
        pages[slip.number] = len(PdfReader(io.BytesIO(render(slip))).pages)

    assert helped >= 3
    assert set(pages.values()) == {1}, pages
