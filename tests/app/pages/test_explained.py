"""Why a text or a case came to what it came to, as the pages say it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.pages.case_judgement import marked
from app.web.headers import POLICY
from casework.roles import Role
from casework.store.tables import DecisionRow, PostRow
from rules.model import Grade
from rules.rulebook import Rulebook
from tests.case_pack import case_book
from tests.page_kit import LEAD, Desks
from tests.web_kit import Browser

DEADLY = "小区路灯倒下，一人死亡，全体业主联名反映。"
LIVE = {"HX_Request": "true"}
TAGS = re.compile(r"<[^>]+>")


def words(page: str) -> str:
    """Return what a reader sees of a page."""
    return " ".join(TAGS.sub(" ", page).split())


def tried(browser: Browser, text: str, title: str = "") -> str:
    answer = browser.post("/rules/try", {"title": title, "text": text}, **LIVE)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_an_author_sees_signals_conditions_and_near_misses_of_a_text_and_nothing_is_kept(desks: Desks):
    page = tried(desks.person(Role.DIRECTOR), DEADLY, "路灯")

    assert "<html" not in page, "a fragment"
    assert '<mark title="提到死亡">死亡</mark>' in page
    assert '<mark class="of-topic" title="主题：路灯">路灯</mark>' in page
    said = words(page)
    assert "✓ 提到死亡 · 实际" not in said  # the dot is drawn by the style
    assert "✓ 提到死亡 实际：是" in said
    assert "差 1 项：" in said
    assert "住建局" in said
    with Session(desks.web.home.transactions.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PostRow)) == 0


def test_the_whole_result_is_in_english_too(desks: Desks):
    director = desks.person(Role.DIRECTOR)
    director.post("/language", {"to": "en", "back": "/rules"})
    said = words(tried(director, DEADLY))

    assert "✓ Death seen: yes" in said
    assert "short:" in said
    assert "Nearest rules that did not fire" in said


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_is_no_error_while_one_writes(desks: Desks, text: str):
    director = desks.person(Role.DIRECTOR)

    assert "马上显示" in tried(director, text)
    assert director.post("/rules/try", {"text": text}).status_code == 400


def test_without_scripts_the_same_result_is_a_page(desks: Desks):
    answer = desks.person(Role.DIRECTOR).post("/rules/try", {"text": DEADLY})

    assert answer.status_code == 200
    assert "<html" in answer.text
    assert "✓ 提到死亡 实际：是" in words(answer.text)


def test_the_page_asks_again_while_one_writes_and_holds_no_script_of_its_own(desks: Desks):
    answer = desks.person(Role.DIRECTOR).get("/rules")

    assert "input changed delay:300ms from:#try-text" in answer.text
    assert "hx-sync" in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "马上显示" in answer.text


def test_a_case_shows_every_condition_and_a_manual_regrade_beside_the_proposal(desks: Desks):
    case_id = desks.case(DEADLY, grade=Grade.SERIOUS)
    duty = desks.person(Role.DUTY_OFFICER)
    before = words(desks.page(duty, case_id))
    desks.done(
        desks.person(Role.DIRECTOR), case_id, "correct_grade", grade="major", reason="经核实是受伤，不是死亡"
    )
    after = words(desks.page(duty, case_id))

    for page in (before, after):
        assert "✓ 提到死亡 实际：是" in page
        assert "最接近而未触发的规则" in page
    assert "没有人工更改。" in before
    assert "系统建议 重大 现定 较大" in after
    assert "重大 → 较大：经核实是受伤，不是死亡 人工改定 · " in after
    assert "没有人工更改。" not in after


def test_a_unit_reads_why_but_not_which_rules_came_near(desks: Desks):
    case_id = desks.case(DEADLY, grade=Grade.SERIOUS)
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "confirm")
    desks.done(desks.person(Role.DIRECTOR), case_id, "dispatch")
    page = words(desks.page(desks.person(Role.UNIT_HANDLER, LEAD), case_id))

    assert "✓ 提到死亡 实际：是" in page
    assert "最接近" not in page


def test_a_decision_whose_pack_no_longer_loads_is_shown_with_what_was_kept(desks: Desks):
    case_id = desks.case(DEADLY, grade=Grade.SERIOUS, pack_ref="gone@1+sha256:0")
    page = words(desks.page(desks.person(Role.DUTY_OFFICER), case_id))

    assert "gone@1+sha256:0" in page
    assert "✓ 提到死亡：是" in page


def test_the_page_of_a_post_and_the_desk_explain_as_well(desks: Desks):
    desks.case(DEADLY, grade=Grade.SERIOUS)
    with Session(desks.web.home.transactions.engine) as session:
        post_id = session.scalar(sa.select(DecisionRow.post_id))
    page = words(desks.person(Role.DUTY_OFFICER).get(f"/posts/{post_id}").text)

    assert "✓ 提到死亡 实际：是" in page


def test_a_rule_shows_its_conditions_examples_and_how_often_it_was_overruled(desks: Desks):
    director = desks.person(Role.DIRECTOR)
    duty = desks.person(Role.DUTY_OFFICER)
    rule_id = next(rule.id for rule in book_rules(desks) if rule.grade is Grade.SERIOUS)
    assert "还没有经人工确认或更改的件。" in words(director.get(f"/rules/{rule_id}").text)
    confirmed = desks.case(DEADLY, grade=Grade.SERIOUS)
    desks.done(duty, confirmed, "confirm")
    for text in ("松树村鱼塘边一人死亡，请尽快加装护栏。", "锅炉房昨夜出事，听说死亡一人，消息可靠吗？"):
        case_id = desks.case(text, grade=Grade.SERIOUS)
        desks.done(desks.person(Role.DIRECTOR), case_id, "correct_grade", grade="major", reason="经核实")
    page = words(director.get(f"/rules/{rule_id}").text)

    assert "67% 定级被人工更改：3 件中有 2 件" in page
    assert "统计起点 2025-11-16" in page
    assert "提到死亡" in page
    assert "命中" in page


def book_rules(desks: Desks):
    return desks.web.outside.active(None, desks.web.clock()).pack.severity  # type: ignore[arg-type] # looks at nothing


def test_a_rule_of_an_older_decision_is_shown_as_it_was(desks: Desks):
    director = desks.person(Role.DIRECTOR)
    then = case_book()
    pack = then.pack
    newer = replace(pack, severity=tuple(rule for rule in pack.severity if rule.id != "sev_death"), version=2)
    desks.web.outside.rulebook = Rulebook(newer)
    desks.web.outside.older[pack.ref] = then

    assert director.get("/rules/sev_death").status_code == 404
    page = words(director.get(f"/rules/sev_death?pack={quote(pack.ref)}").text)
    assert "提到死亡" in page
    assert "不是现行规则" in page
    assert director.get("/rules/sev_death?pack=unheard@1").status_code == 404
    assert "不是现行规则" not in director.get(f"/rules/maj_group?pack={quote(newer.ref)}").text


def test_building_blocks_are_neither_marked_nor_listed_for_readers_but_faintly_marked_for_authors(
    desks: Desks,
):
    book = case_book()
    pack = replace(book.pack, signals=tuple(replace(one, is_shown=False) for one in book.pack.signals))
    scans = [Rulebook(pack).scan("", DEADLY, everywhere=everywhere) for everywhere in (False, True)]

    with desks.web.app.test_request_context():
        reader, author = (marked(scan.hits, "", DEADLY, pack) for scan in scans)

    assert "<mark" not in reader.text
    assert '<mark class="of-topic" title="提到死亡">死亡</mark>' in author.text
    assert reader.signals == author.signals == ()
