"""Separately written posts about one matter: each opens a case, and a person is asked about the two."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.demo_posts import POSTS
from casework import tokens
from casework.access import visibility
from casework.desk.govern import install_first_pack
from casework.desk.merging import merge_case
from casework.desk.receive import receive_post
from casework.desk.same_matter import say_different
from casework.errors import NotPermitted
from casework.intake import IncomingPost
from casework.post_refusals import ItemClosed, NoSuchItem
from casework.roles import Role
from casework.store.case_records import heads_of
from casework.store.desk_items import DeskItem, ItemKind, open_items
from casework.store.same_matters import open_pairs
from casework.store.tables import CasePostRow, CaseRow, PostRow
from rules.engine import Engine
from tests.builders import MONDAY, new_id, officer, the_machine
from tests.demo import demo_book, sound_demo
from tests.desk_kit import Desk, desk_on
from workers.bench import Bench
from workers.judging import Thinking
from workers.triage import TriageDrain

DUTY = officer(Role.DUTY_OFFICER)
GROUPS = {"锦绣岭南苑": 3, "天盛中央城": 2, "云岭壹号": 3}
"""Places of the demo at which that many posts tell of one matter."""


@pytest.fixture(scope="module", autouse=True)
def _dictionary(tmp_path_factory: pytest.TempPathFactory) -> None:
    tokens.load(tmp_path_factory.mktemp("words") / "jieba")


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url, book=demo_book()) as opened:
        with opened.transactions.write(the_machine()) as uow:
            install_first_pack(uow, sound_demo())
        yield opened


def judged(desk: Desk, *posts: IncomingPost) -> None:
    with desk.transactions.write(the_machine()) as uow:
        for post in posts:
            receive_post(uow, post)
    bench = Bench(
        Thinking(demo_book()),
        Engine(demo_book()),
        transactions=desk.transactions,
        actor=the_machine(),
        limit_seconds=10.0,
    )
    with bench:
        TriageDrain(desk.transactions, the_machine(), bench, "test", lambda _: False, lambda: False).run()


def demo_posts(*places: str) -> list[IncomingPost]:
    """Return the demo's posts that name one of these places, the oldest first."""
    lines = [json.loads(line) for line in POSTS.read_text("utf-8").splitlines()]
    wanted = [line for line in lines if any(place in line["title"] + line["text"] for place in places)]
    return [
        IncomingPost(
            source_code="form",
            title=line["title"],
            text=line["text"],
            posted_at=MONDAY - timedelta(hours=line["hours_ago"]),
        )
        for line in sorted(wanted, key=lambda line: -line["hours_ago"])
    ]


def questions(desk: Desk) -> tuple[DeskItem, ...]:
    with desk.transactions.read(DUTY) as uow:
        return open_items(uow.session, visibility(DUTY), kind=ItemKind.SAME_MATTER).items


def cases_at(desk: Desk, place: str) -> set[uuid.UUID]:
    with desk.transactions.read(DUTY) as uow:
        rows = uow.session.scalars(
            sa.select(CasePostRow.case_id)
            .join(PostRow, PostRow.id == CasePostRow.post_id)
            .where(sa.or_(PostRow.text.contains(place), PostRow.title.contains(place)))
        )
        return set(rows)


def test_every_group_of_the_demo_is_asked_about_whether_its_posts_come_together_or_one_by_one(desk: Desk):
    together, apart = demo_posts("锦绣岭南苑", "天盛中央城"), demo_posts("云岭壹号")
    judged(desk, *together)
    for post in apart:
        judged(desk, post)

    asked = [{item.case_id, uuid.UUID(str(item.data["other"]))} for item in questions(desk)]
    for place, posts in GROUPS.items():
        cases = cases_at(desk, place)
        pairs = [pair for pair in asked if pair <= cases]
        assert len(cases) == 1 or len(pairs) >= len(cases) - 1, place
        assert set().union(*pairs) == (cases if len(cases) > 1 else set()), place
        assert len(cases) <= posts
    assert len(asked) == len({frozenset(pair) for pair in asked}), "once a pair"
    assert sum(len(cases_at(desk, place)) for place in GROUPS) > len(GROUPS), "else nothing was asked here"


def test_a_town_is_no_place_small_enough(desk: Desk):
    town = next(place for place in demo_book().pack.places if place.kind == "town")
    judged(
        desk,
        *(
            IncomingPost(source_code="form", title=title, text=text)
            for title, text in (
                (f"{town.name}欠薪", f"我们在{town.name}干活，老板拖欠工资三个月没发，求帮忙。"),
                (f"{town.name}讨薪", f"{town.name}这边工地做完活一分钱工资没拿到，包工头电话打不通。"),
            )
        ),
    )
    assert questions(desk) == ()


APART = (
    "开发商逾期交房，天盛中央城的购房合同写着去年六月拿钥匙，至今没有消息。",
    "天盛中央城楼盘烂尾停工，业主每月照样还房贷，日子没法过，谁来负责？",
)
"""Two people about one thing, in words of their own."""


def twins() -> list[IncomingPost]:
    return [IncomingPost(source_code="form", title="", text=text) for text in APART]


@pytest.fixture
def pair(desk: Desk) -> DeskItem:
    """The question about two cases."""
    judged(desk, *twins())
    (only,) = questions(desk)
    return only


def test_a_question_ends_when_the_cases_are_merged_either_way_round(desk: Desk, pair: DeskItem):
    newer, older = pair.case_id, uuid.UUID(str(pair.data["other"]))
    assert newer is not None
    with desk.transactions.write(DUTY) as uow:
        version = heads_of(uow.session, [older])[older].version
        merge_case(uow, older, version=version, into=newer, reason="同一楼盘。")

    assert questions(desk) == ()


def test_an_answer_is_remembered(desk: Desk, pair: DeskItem):
    with desk.transactions.write(DUTY) as uow:
        say_different(uow, pair.id, note="两期工程。")
    with pytest.raises(ItemClosed), desk.transactions.write(DUTY) as uow:
        say_different(uow, pair.id)

    assert questions(desk) == ()
    with desk.transactions.read(DUTY) as uow:
        assert open_pairs(uow.session, visibility(DUTY), pair.case_id) == ()
    judged(desk, IncomingPost(source_code="form", title="谢谢", text="谢谢你们的关心。"))
    assert questions(desk) == ()


def test_both_cases_show_the_question_and_only_who_may_merge_answers_it(desk: Desk, pair: DeskItem):
    with desk.transactions.read(DUTY) as uow:
        for case_id in (pair.case_id, uuid.UUID(str(pair.data["other"]))):
            (found,) = open_pairs(uow.session, visibility(DUTY), case_id)
            assert found.item_id == pair.id
    with pytest.raises(NotPermitted), desk.transactions.write(officer(Role.INSPECTOR)) as uow:
        say_different(uow, pair.id)
    with pytest.raises(NoSuchItem), desk.transactions.write(DUTY) as uow:
        say_different(uow, new_id())


def test_a_batch_without_a_small_place_costs_no_query(desk: Desk):
    statements: list[str] = []
    sa.event.listen(
        desk.transactions.engine, "before_cursor_execute", lambda *heard: statements.append(heard[2])
    )
    judged(desk, IncomingPost(source_code="form", title="路灯", text="我们这里路灯坏了半个月没人修。"))
    assert not [one for one in statements if "cases.place IN" in one]

    judged(desk, *twins())
    assert len([one for one in statements if "cases.place IN" in one]) <= 2
    with desk.transactions.read(DUTY) as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(CaseRow)) >= 2
