"""The whole of triage with the real evaluators: `propose` in one child and durable-rules in another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from casework import tokens
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.receive import receive_post
from casework.intake import Author, IncomingPost, Metrics
from casework.store.tables import CaseRow, DecisionRow, DeskItemRow, DismissalRow, ExclusionRow, PostRow
from rules.engine import Engine
from tests.builders import the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from tests.small_pack import small_book, small_pack
from workers.bench import Bench
from workers.judging import Thinking
from workers.triage import TriageDrain


@pytest.fixture(scope="module", autouse=True)
def _dictionary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "jieba"
    tokens.load(folder)
    return folder


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url, book=small_book()) as opened:
        with opened.transactions.write(the_machine()) as uow:
            install_first_pack(uow, sound_pack(small_pack()))
        yield opened


def _judge(desk: Desk, *posts: IncomingPost) -> None:
    with desk.transactions.write(the_machine()) as uow:
        for post in posts:
            receive_post(uow, post)
    bench = Bench(
        Thinking(small_book()),
        Engine(small_book()),
        transactions=desk.transactions,
        actor=the_machine(),
        limit_seconds=10.0,
    )
    with bench:
        TriageDrain(desk.transactions, the_machine(), bench, "test", lambda _: False, lambda: False).run()


def _post(text: str, **fields: object) -> IncomingPost:
    return IncomingPost(source_code="form", text=text, **fields)  # type: ignore[arg-type] # a test's own fields


def _rows(desk: Desk, row: type) -> list:
    with desk.transactions.read(the_machine()) as uow:
        found = list(uow.session.scalars(sa.select(row)))
        uow.session.expunge_all()
        return found


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("text", "state", "grade", "lead"),
    [
        ("翠湖小区的路灯坏了", "registered", "general", "housing_bureau"),
        ("我们十户联名要求修路灯", "registered", "major", "housing_bureau"),
        ("松树村村账不公开", "registered", "general", "qingxi_gov"),  # the unit of the territory
        ("饭店油烟扰民", "arbitration", "general", None),  # nobody was designated: no guess
        ("村账不公开", "arbitration", "general", None),  # the territory leads, but which?
    ],
)
def test_a_post_opens_the_case_that_the_pack_asks_for(
    desk: Desk, text: str, state: str, grade: str, lead: str | None
):
    _judge(desk, _post(text))

    (case,) = _rows(desk, CaseRow)
    assert (case.state, case.grade, case.lead_unit) == (state, grade, lead)
    assert (case.pack_ref, case.calendar_version) == (small_book().pack.ref, "small-2026")


def test_every_decision_can_be_rebuilt_from_what_it_stores(desk: Desk):
    _judge(desk, _post("我们十户联名要求修翠湖小区的路灯", title="路灯"))

    (decision,) = _rows(desk, DecisionRow)
    assert (decision.pack_ref, decision.calendar_version) == (small_book().pack.ref, "small-2026")
    assert (decision.engine["state"], decision.grade, decision.place) == ("equal", "major", "e_cuihu")
    assert [finding["rule"] for finding in decision.findings] == ["maj_group"]
    assert decision.findings[0]["reasons"]
    spans = {hit["signal"]: hit["spans"] for hit in decision.hits}
    assert spans["people"] == [[2, 4, "text"]]
    assert decision.features["people"] == 10
    assert "reads" not in decision.features  # what has its default is left out
    assert decision.context["posts_24h"] == 1
    assert decision.route["lead"] == "housing_bureau"


@SQLITE_ONLY
def test_what_asks_for_nothing_is_dismissed_with_a_reason_of_the_pack(desk: Desk):
    _judge(desk, _post("感谢你们"), _post("2026 08:00"))

    assert {row.reason for row in _rows(desk, DismissalRow)} == {"praise", "no_signal"}
    assert all(row.reason_zh and row.reason_en for row in _rows(desk, DismissalRow))


@SQLITE_ONLY
def test_an_accusation_is_confidential_goes_to_discipline_and_shuts_the_accused_out(desk: Desk):
    _judge(desk, _post("住建局某科长收红包"))

    (case,) = _rows(desk, CaseRow)
    (post,) = _rows(desk, PostRow)
    assert (case.confidential, post.confidential, case.lead_unit) == (True, True, "discipline_commission")
    assert {row.unit_code for row in _rows(desk, ExclusionRow)} == {"housing_bureau", "housing_station"}


@SQLITE_ONLY
def test_an_accusation_of_nobody_named_is_for_a_person(desk: Desk):
    _judge(desk, _post("有人贪污"))

    (item,) = _rows(desk, DeskItemRow)
    (post,) = _rows(desk, PostRow)
    assert (item.kind, post.triage_state, post.confidential) == ("triage", "desk", True)


def test_a_burst_is_one_case_with_a_proposal_to_raise_it(desk: Desk):
    at = desk.clock.at - timedelta(hours=5)
    posts = [
        _post(
            f"翠湖小区北门路灯坏了半个月，老人出门看不清台阶{'，请修' * number}",
            posted_at=at + timedelta(hours=number),
            author=Author(handle=f"网友{number}"),
        )
        for number in range(4)
    ]

    _judge(desk, *posts)

    (case,) = _rows(desk, CaseRow)
    (item,) = _rows(desk, DeskItemRow)
    assert case.grade == "general"
    assert (item.kind, item.data) == ("upgrade", {"from": "general", "to": "major"})
    decisions = sorted(_rows(desk, DecisionRow), key=lambda row: row.context["posts_24h"])
    assert [(row.context["posts_24h"], row.context["posts_1h"]) for row in decisions] == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
    ]
    assert [row.context["voices"] for row in decisions] == [1, 2, 3, 4]
    assert {row.engine["state"] for row in decisions} == {"equal"}


@SQLITE_ONLY
def test_figures_count_in_the_first_verdict(desk: Desk):
    _judge(desk, _post("翠湖小区的路灯坏了", metrics=Metrics(reads=100_000)))

    (case,) = _rows(desk, CaseRow)
    assert case.grade == "serious"


@SQLITE_ONLY
def test_criticism_alone_raises_nothing_and_calls_no_police(desk: Desk):
    _judge(desk, _post("这些干部一点用都没有"), _post("明天去县政府讨薪"))

    for case in _rows(desk, CaseRow):
        assert (case.grade, case.lead_unit) == ("general", "labour_bureau")


@SQLITE_ONLY
def test_a_hostile_text_ends_like_any_other(desk: Desk):
    texts = ["路灯" * 10_000, "\u202e路灯坏了", "路\u200b灯坏了", "(((" * 5_000, "﷽" * 1_000, "a" * 60_000]

    _judge(desk, *(_post(text) for text in texts))

    assert {row.triage_state for row in _rows(desk, PostRow)} <= {"case", "merged", "dismissed", "desk"}
    assert not [item for item in _rows(desk, DeskItemRow) if item.data.get("where")]


def test_a_judged_post_keeps_its_folded_text_so_that_other_rules_can_be_tried_on_it(desk: Desk):
    _judge(desk, _post("ＬＥＤ路燈壞了", title="翠湖小區"))

    [post] = _rows(desk, PostRow)
    assert post.normalised == "翠湖小区\nled路灯坏了"
    assert post.word_starts is None  # no rule asked for them
