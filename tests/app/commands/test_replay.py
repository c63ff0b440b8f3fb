"""Deciding a case again: the same pack gives the same, another pack shows what differs."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from casework.access import CountyId, machine
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.receive import receive_post
from casework.intake import IncomingPost, Metrics
from casework.roles import Role
from casework.store.decisions import decision_insert, decision_values
from casework.store.tables import CaseRow, DecisionRow, PostMetricsRow
from casework.store.triage_rows import posts_to_judge
from casework.surroundings import Spot, alone
from tests.builders import add_case, attach, new_id, officer
from tests.small_pack import small_book, small_pack
from tests.two_people import put_in_force
from tests.web_kit import MONDAY, Web
from workers.bench import Question
from workers.judging import Thinking

NUMBER = "云网督〔2026〕1号"
TODAY = date(2026, 11, 16)


@pytest.fixture
def case(web: Web) -> uuid.UUID:
    """A case with one post, decided by the small pack, which is in force."""
    with web.home.transactions.write(machine(CountyId("demo"))) as uow:
        install_first_pack(uow, sound_pack(small_pack()))
        taken = receive_post(
            uow,
            IncomingPost("form", "我们十户的路灯坏了半个月没人修。", metrics=Metrics(reads=10)),
        )
        [post] = posts_to_judge(uow.session, "demo", [taken.post_id])
        around = alone(Spot(post.said_at, post.platform, post.media_level))
        judgement = Thinking(small_book()).judge(Question(post, around, TODAY))
        case_id = add_case(uow.session)
        uow.session.execute(sa.update(CaseRow).values(number=NUMBER))
        attach(uow.session, case_id, taken.post_id)
        kept = {"id": new_id(), "county_id": "demo", "post_id": taken.post_id, "decided_at": MONDAY}
        uow.session.execute(
            decision_insert(uow.session.get_bind().dialect.name), [kept | decision_values(judgement)]
        )
    return case_id


def replay(web: Web, case: object) -> Result:
    return web.app.test_cli_runner().invoke(args=["replay", "--case", str(case)])


def publish_stricter_pack(web: Web) -> None:
    """Put a second version in force for which ten households are no group yet."""
    files = small_pack(2)
    rules = files["severity.yaml"]
    for old, new in (("people: {at_least: 5}", "people: {at_least: 50}"), ("我们十户", "我们六十户")):
        assert old.encode() in rules
        rules = rules.replace(old.encode(), new.encode())
    web.clock.advance(minutes=1)
    sound = sound_pack(files | {"severity.yaml": rules})
    with web.home.transactions.write(officer(Role.DIRECTOR)) as uow:
        put_in_force(uow, sound)


@pytest.mark.parametrize("by_number", [True, False])
def test_the_same_pack_decides_the_same_again(web: Web, case: uuid.UUID, *, by_number: bool):
    answer = replay(web, NUMBER if by_number else case)

    assert answer.exit_code == 0, answer.output
    assert "posts 1, different 0" in answer.output
    assert answer.output.count("maj_group") == 3


@pytest.mark.usefixtures("case")
def test_another_pack_in_force_shows_what_differs(web: Web):
    publish_stricter_pack(web)

    answer = replay(web, NUMBER)

    assert answer.exit_code == 1
    assert "no longer fires maj_group" in answer.output
    assert "grade major -> " in answer.output
    assert "posts 1, different 1" in answer.output


def test_figures_seen_after_the_decision_change_nothing(web: Web, case: uuid.UUID):
    with Session(web.home.transactions.engine) as session:
        post_id = session.scalars(sa.select(DecisionRow.post_id)).one()
        web.clock.advance(hours=1)
        session.add(
            PostMetricsRow(
                id=new_id(), county_id="demo", post_id=post_id, observed_at=web.clock(), reads=500_000
            )
        )
        session.commit()

    assert replay(web, case).exit_code == 0


@pytest.mark.usefixtures("case")
def test_the_number_before_the_last_sign_is_enough(web: Web, case: uuid.UUID):
    assert case is not None
    assert "posts 1, different 0" in replay(web, 1).output
    assert replay(web, 2).exit_code == 1


def test_a_case_that_is_not_there_is_said(web: Web):
    answer = replay(web, "云网督〔2026〕999号")

    assert answer.exit_code == 1
    assert "no such case" in answer.output
