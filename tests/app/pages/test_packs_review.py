"""What stands on the page before a draft is decided on, and why it cannot be approved where it cannot."""

from __future__ import annotations

import re
import uuid

import pytest

from casework.packs import DraftState, DraftStep
from casework.roles import Role
from rules.backtest import Tally
from tests.pack_kit import DIRECTOR, LAMPS, SUPERVISOR, WRITER, PackDesks, a_tally, pack_desks
from tests.web_kit import Web

S = DraftState
APPROVE = "/decision/approve"


@pytest.fixture
def packs(web: Web) -> PackDesks:
    return pack_desks(web)


def changed(packs: PackDesks) -> uuid.UUID:
    """Return a draft of the duty officer in which another unit leads, checked."""
    draft_id = packs.draft()
    routing = packs.view(draft_id).draft.files["routing.yaml"]
    text = routing.replace("lead: housing_bureau", "lead: labour_bureau", 1)
    assert packs.save(draft_id, "routing.yaml", text) == 302
    packs.send(draft_id, WRITER, "check")
    assert packs.state(draft_id) is S.CHECKED
    return draft_id


def decision(packs: PackDesks, draft_id: uuid.UUID, role: Role = DIRECTOR) -> str:
    return packs.person(role).get(f"/packs/drafts/{draft_id}/decision").text


def part(page: str, name: str) -> str:
    """Return the text of one panel of the page, without markup."""
    found = re.search(rf'<(section|dl|ul)[^>]* id="{name}".*?</\1>', page, re.DOTALL)
    assert found is not None, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_the_second_person_reads_what_changes_before_deciding(packs: PackDesks):
    draft_id = changed(packs)
    post = packs.desks.post()
    packs.tried(draft_id, a_tally(post.hex))
    packs.send(draft_id, WRITER, "decision/submit", note="路灯由人社局办更快")

    page = decision(packs, draft_id)

    assert "云岭县住建局 → 云岭县人社局" in part(page, "changes")
    trial = part(page, "trial")
    assert "比对的网帖" in trial
    assert re.search(r"1 结果会变的 · 50\.0%", trial), trial
    assert "无 一般 1" in trial  # the grade, from and to
    assert "+1" in trial
    assert "从未命中的规则" in trial
    assert "用时 1.2 秒" in trial
    assert "/samples?" in page
    assert "没有试运行" in part(page, "shadow")
    assert "提示" in part(page, "notices")
    assert part(page, "writers").endswith("提交说明 路灯由人社局办更快")
    assert "分办" in part(page, "writers")
    assert page.index('id="changes"') < page.index(APPROVE)
    assert page.index('id="writers"') < page.index(APPROVE)


def test_the_page_is_there_in_english_too(packs: PackDesks):
    draft_id = changed(packs)
    packs.tried(draft_id, a_tally(packs.desks.post().hex))
    packs.send(draft_id, WRITER, "decision/submit")
    director = packs.person(DIRECTOR)
    director.post("/language", {"to": "en"})

    page = director.get(f"/packs/drafts/{draft_id}/decision").text

    assert "housing_bureau -&gt; labour_bureau" in page
    assert "posts change, of 2 tried" in part(page, "review")
    assert "There was no shadow run." in part(page, "shadow")
    assert "Written by" in part(page, "writers")

    writer = packs.person(WRITER)
    writer.post("/language", {"to": "en"})
    assert "Approve: You wrote part of this draft" in writer.get(f"/packs/drafts/{draft_id}/decision").text


def test_a_shadow_run_of_these_files_is_shown(packs: PackDesks):
    draft_id = changed(packs)
    assert packs.send(draft_id, WRITER, "trials/shadow", days=7)[0] == 302
    assert "还没有新的研判可以比对" in part(decision(packs, draft_id), "shadow")
    packs.shadowed(draft_id, a_tally(packs.desks.post().hex))

    page = decision(packs, draft_id)

    assert "1 结果会变的" in part(page, "shadow")
    assert "条会不同，试运行比对 2 条" in part(page, "review")


def test_a_trial_of_other_files_is_not_taken_for_one_of_these(packs: PackDesks):
    draft_id = changed(packs)
    packs.tried(draft_id, a_tally(packs.desks.post().hex))
    packs.save(draft_id, "routing.yaml", packs.view(draft_id).draft.files["routing.yaml"] + "# 又改\n")

    page = decision(packs, draft_id)

    assert "没有对这些内容的回测" in part(page, "trial")
    assert "没有对这些内容的回测" in part(page, "review")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (S.DRAFT, "还没有通过检查"),
        (S.CHECKED, "还没有在历史网帖上回测"),
        (S.BACKTESTED, "起草人还没有提交"),
    ],
)
def test_why_a_draft_cannot_be_approved_yet_is_said(packs: PackDesks, state: DraftState, said: str):
    draft_id = packs.brought_to(state)

    page = decision(packs, draft_id)

    assert said in page
    assert APPROVE not in page
    assert said not in decision(packs, draft_id, WRITER)  # who could not approve it anyway is not told


def test_a_draft_that_was_tried_on_replaced_rules_is_not_offered_for_approval(packs: PackDesks):
    stale, tried = changed(packs), changed(packs)
    for draft_id in (stale, tried):
        packs.tried(draft_id)
        packs.send(draft_id, WRITER, "decision/submit")
    assert APPROVE in decision(packs, stale)
    packs.send(tried, DIRECTOR, "decision/approve")
    assert packs.send(tried, DIRECTOR, "decision/publish")[0] == 302
    packs.web.clock.advance(minutes=1)

    page = decision(packs, stale)

    assert APPROVE not in page
    assert "回测对照的不是现行规则，请重新回测" in page
    assert "对照的不是现行规则，这个结果已经过时" in part(page, "trial")
    assert "这份草稿是从 small@1 起草的，现行的已是" in part(page, "changes")
    assert packs.send(stale, SUPERVISOR, "decision/approve")[0] == 409
    assert packs.send(stale, SUPERVISOR, "decision/reject", reason="请对照现行规则重新回测")[0] == 302
    assert DraftStep.REJECT in [event.step for event in packs.view(stale).history]


def test_a_back_test_of_no_post_is_pointed_out_to_the_approver(packs: PackDesks):
    draft_id = changed(packs)
    packs.tried(draft_id, Tally())
    assert packs.send(draft_id, WRITER, "decision/submit", note="首次启用")[0] == 302

    page = decision(packs, draft_id)

    assert "没有比对到任何网帖" in part(page, "trial")
    assert "首次启用" in part(page, "writers")


def test_what_is_published_is_not_up_for_a_decision(packs: PackDesks):
    page = decision(packs, packs.brought_to(S.PUBLISHED))

    assert 'id="review"' not in page
    assert 'id="changes"' not in page


def test_a_unit_with_less_work_is_counted_as_well(packs: PackDesks):
    draft_id = changed(packs)
    tally = Tally()
    tally.add(packs.desks.post().hex, LAMPS, LAMPS.__class__("case", "general", "street_lamps", "", (), ()))
    packs.tried(draft_id, tally)

    assert "-1" in part(decision(packs, draft_id), "trial")
