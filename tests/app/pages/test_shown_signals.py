"""The features that a page names beside a post are those that say something by themselves."""

from __future__ import annotations

from dataclasses import replace

from app.pages.case_judgement import shown_text
from casework.access import visibility
from casework.roles import Role
from casework.store.case_view import case_view
from rules.building_blocks import building_blocks
from rules.model import Near, SignalRef
from tests.builders import officer
from tests.case_pack import case_book
from tests.page_kit import Desks


def test_a_mere_part_of_other_signals_is_neither_named_nor_marked(desks: Desks):
    case_id, director = desks.case("全体业主反映：小区路灯坏了半个月。"), officer(Role.DIRECTOR)
    with desks.web.home.transactions.read(director) as uow:
        [post] = case_view(uow.session, visibility(director), case_id).posts
    assert post.decision is not None
    pack, used = case_book().pack, {hit.signal for hit in post.decision.hits}
    assert used
    part = replace(pack.signals[0], id="whole")
    at = part.at
    wholes = [
        replace(
            part,
            id=f"whole_{name}",
            match=Near(
                SignalRef(name, at), SignalRef(name, at), 9, same_sentence=False, ordered=False, at=at
            ),
        )
        for name in used
    ]
    narrow = replace(pack, severity=(), scoring=(), signals=(*pack.signals, *wholes))
    assert used <= building_blocks(narrow)

    with desks.web.app.test_request_context():
        told = shown_text((post.decision,), post.title, post.text, pack)
        left = shown_text((post.decision,), post.title, post.text, narrow)

    assert told.signals
    assert "<mark" in told.text
    assert left.signals == ()
    assert "<mark" not in left.text
    assert left.decision is post.decision, "the explanation has it"
