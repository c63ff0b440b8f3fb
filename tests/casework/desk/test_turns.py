"""The order of the person's desk: threats to life first, then the graver, within one turn the older."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

import pytest
import sqlalchemy as sa

from casework.access import Role, visibility
from casework.desk.asking import Writing, ask_person
from casework.desk.receive import receive_post
from casework.intake import IncomingPost
from casework.store.desk_items import ItemKind, Place, close_item, open_items
from casework.store.tables import DeskItemRow
from casework.store.turns import turn_about, turn_by_case, turn_by_post
from casework.urgency import DANGER_TO_LIFE, Turn, turn_of
from rules.model import Grade, Label, Scalar
from tests.builders import add_case, add_decision, officer, the_machine
from tests.desk_kit import Desk, desk_on

OFFICER = officer(Role.DUTY_OFFICER)
ASKED = Label("请研判", "please decide")
LIFE: Mapping[str, Scalar] = {DANGER_TO_LIFE: True}


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as opened:
        yield opened


def _asked(desk: Desk, *turns: Turn | None, case_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Put items on the desk, one after the other, and return their posts."""
    posts = []
    for turn in turns:
        desk.clock.advance(seconds=1)
        with desk.transactions.write(the_machine()) as uow:
            text = f"路灯坏了。{uuid.uuid4()}"
            post_id = receive_post(uow, IncomingPost(source_code="form", text=text)).post_id
            writing, kind = Writing(uow), ItemKind.TRIAGE
            ask_person(writing, kind, f"{kind}/{post_id}", ASKED, post_id=post_id, case_id=case_id, turn=turn)
            writing.rows.write(uow.session)
            posts.append(post_id)
    return posts


def _parts(desk: Desk, limit: int) -> list[list[uuid.UUID | None]]:
    """Return the posts of the list, part by part."""
    parts, after = [], None
    while True:
        with desk.transactions.read(OFFICER) as uow:
            page = open_items(uow.session, visibility(OFFICER), after=after, limit=limit)
        parts.append([item.post_id for item in page.items])
        if page.after is None:
            return parts
        after = Place.read(str(page.after))


def _decided(desk: Desk, post_id: uuid.UUID, grade: Grade | None, features: Mapping[str, Scalar]) -> None:
    with desk.transactions.write(the_machine()) as uow:
        add_decision(uow.session, post_id, grade, features)


@pytest.mark.parametrize(
    ("grade", "features", "turn"),
    [
        (Grade.GENERAL, LIFE, Turn.LIFE),
        (None, LIFE, Turn.LIFE),
        (Grade.SERIOUS, {DANGER_TO_LIFE: False}, Turn.SERIOUS),
        (Grade.SERIOUS, None, Turn.SERIOUS),
        (Grade.MAJOR, {}, Turn.MAJOR),
        (None, {}, Turn.UNGRADED),
        (Grade.GENERAL, {}, Turn.GENERAL),
    ],
)
def test_the_turn_of_what_waits(grade: Grade | None, features: Mapping[str, Scalar] | None, turn: Turn):
    assert turn_of(grade, features) is turn


def test_what_nobody_graded_stands_before_what_was_found_to_be_general():
    assert sorted(Turn) == [Turn.LIFE, Turn.SERIOUS, Turn.MAJOR, Turn.UNGRADED, Turn.GENERAL]


def test_threats_to_life_come_first_then_the_graver_then_the_older_on_every_part(desk: Desk):
    turns = [Turn.GENERAL, Turn.SERIOUS, Turn.LIFE, Turn.UNGRADED, Turn.MAJOR, Turn.LIFE, Turn.SERIOUS]
    asked = _asked(desk, *turns)
    wanted = [asked[place] for place in (2, 5, 1, 6, 4, 3, 0)]

    assert _parts(desk, 200) == [wanted]
    assert _parts(desk, 2) == [wanted[:2], wanted[2:4], wanted[4:6], wanted[6:]]


def test_the_next_part_stays_where_it_was_when_the_last_item_before_it_is_settled(desk: Desk):
    asked = _asked(desk, Turn.GENERAL, Turn.MAJOR, Turn.SERIOUS)
    with desk.transactions.write(OFFICER) as uow:
        page = open_items(uow.session, visibility(OFFICER), limit=2)
        close_item(uow.session, page.items[-1].id, by="x", resolution="opened", now=uow.now)
    with desk.transactions.read(OFFICER) as uow:
        rest = open_items(uow.session, visibility(OFFICER), after=page.after, limit=2)

    assert [item.post_id for item in rest.items] == [asked[0]]


@pytest.mark.parametrize("text", ["", "1", "x-y", "9-" + "0" * 32, "1-xyz"])
def test_an_address_that_names_no_place_is_refused(text: str):
    with pytest.raises(ValueError, match=r".+"):
        Place.read(text)


def test_an_item_takes_the_turn_of_its_case_and_of_what_its_post_says(desk: Desk):
    (post,) = _asked(desk, Turn.GENERAL)
    with desk.transactions.write(the_machine()) as uow:
        case = add_case(uow.session, grade=Grade.SERIOUS)
        assert turn_about(uow.session, post_id=post, case_id=None) is Turn.UNGRADED  # nobody judged it
        assert turn_about(uow.session, post_id=None, case_id=case) is Turn.SERIOUS
    _decided(desk, post, Grade.MAJOR, {})
    with desk.transactions.read(OFFICER) as uow:
        assert turn_about(uow.session, post_id=post, case_id=None) is Turn.MAJOR
        assert turn_about(uow.session, post_id=post, case_id=case) is Turn.SERIOUS
    _decided(desk, post, None, LIFE)
    with desk.transactions.read(OFFICER) as uow:
        assert turn_about(uow.session, post_id=post, case_id=None) is Turn.LIFE
        assert turn_about(uow.session, post_id=post, case_id=case) is Turn.LIFE


def test_a_new_grade_moves_the_open_items_of_its_case_but_no_threat_to_life(desk: Desk):
    with desk.transactions.write(the_machine()) as uow:
        case, other = add_case(uow.session), add_case(uow.session)
    _asked(desk, Turn.LIFE, Turn.GENERAL, case_id=case)
    _asked(desk, Turn.GENERAL, case_id=other)
    with desk.transactions.write(OFFICER) as uow:
        turn_by_case(uow.session, case, Grade.SERIOUS)

    with desk.transactions.read(OFFICER) as uow:
        turns = uow.session.execute(sa.select(DeskItemRow.turn, DeskItemRow.case_id)).all()
    assert sorted(turns) == sorted([(Turn.LIFE, case), (Turn.SERIOUS, case), (Turn.GENERAL, other)])


def test_a_new_verdict_moves_what_waits_forward_and_never_back(desk: Desk):
    grave, mild = _asked(desk, Turn.MAJOR, Turn.GENERAL)
    with desk.transactions.write(the_machine()) as uow:
        turn_by_post(uow.session, grave, Turn.GENERAL)
        turn_by_post(uow.session, mild, Turn.LIFE)

    assert _parts(desk, 200) == [[mild, grave]]
