"""The pages of rule packs: who may do what, nothing lost, nothing in force without a second person."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from app.pages import packs_draft
from casework.access import CountyId, machine
from casework.packs import DraftState
from casework.roles import GRANTABLE_ROLES, GRANTS, Permission, Role
from casework.store.tables import PackDraftRow, ShadowRunRow
from casework.store.trial_posts import LEFT_OUT
from rules.backtest import Tally
from rules.checks import COMMON_TERM
from tests.pack_kit import DIRECTOR, SUPERVISOR, WRITER, PackDesks, a_tally, pack_desks
from tests.web_kit import Web

SEVERITY = "severity.yaml"
OFFERED = re.compile(r'action="/packs/(?:drafts/[0-9a-f-]{36}/)?([a-z/-]+)"')
S = DraftState


@pytest.fixture
def packs(web: Web) -> PackDesks:
    return pack_desks(web)


def text_of(packs: PackDesks, draft_id: uuid.UUID, name: str = SEVERITY) -> str:
    return packs.view(draft_id).draft.files[name]


@pytest.mark.parametrize("role", GRANTABLE_ROLES)
def test_who_may_read_rules_sees_every_page_of_packs_and_nobody_else_does(packs: PackDesks, role: Role):
    draft_id = packs.draft()
    may = Permission.RULES_VIEW in GRANTS[role]
    for address in ("", f"/drafts/{draft_id}", f"/drafts/{draft_id}/trials", f"/drafts/{draft_id}/decision"):
        assert packs.person(role).get(f"/packs{address}").status_code == (200 if may else 403), address


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        (WRITER, {"new", "import"}),
        (DIRECTOR, {"new", "import", "take-back"}),
        (SUPERVISOR, set()),
        (Role.INSPECTOR, set()),
        (Role.PUBLISHER, set()),
    ],
)
def test_the_list_offers_each_role_what_it_may_do(packs: PackDesks, role: Role, buttons: set[str]):
    packs.brought_to(S.PUBLISHED)  # the first version is superseded and can be put back
    page = packs.person(role).get("/packs").text

    assert set(OFFERED.findall(page)) == buttons
    assert "small@2" in page
    assert "已被替代" in page


@pytest.mark.parametrize(
    ("state", "role", "steps"),
    [
        (S.DRAFT, WRITER, {"withdraw"}),
        (S.DRAFT, DIRECTOR, {"withdraw"}),
        (S.DRAFT, SUPERVISOR, set()),
        (S.CHECKED, WRITER, {"withdraw"}),
        (S.BACKTESTED, WRITER, {"submit", "withdraw"}),
        (S.BACKTESTED, SUPERVISOR, set()),
        (S.SUBMITTED, WRITER, {"withdraw"}),
        (S.SUBMITTED, DIRECTOR, {"approve", "reject", "withdraw"}),
        (S.SUBMITTED, SUPERVISOR, {"approve", "reject"}),
        (S.SUBMITTED, Role.INSPECTOR, set()),
        (S.APPROVED, WRITER, {"withdraw"}),
        (S.APPROVED, DIRECTOR, {"publish", "reject", "withdraw"}),
        (S.APPROVED, SUPERVISOR, {"reject"}),
        (S.PUBLISHED, DIRECTOR, set()),
    ],
)
def test_the_page_of_decisions_offers_what_state_and_role_allow(
    packs: PackDesks, state: DraftState, role: Role, steps: set[str]
):
    draft_id = packs.brought_to(state)
    page = packs.person(role).get(f"/packs/drafts/{draft_id}/decision").text

    assert {found.removeprefix("decision/") for found in OFFERED.findall(page)} == steps


def test_an_author_who_could_approve_is_told_why_not_and_refused(packs: PackDesks):
    draft_id = packs.draft(DIRECTOR)
    packs.send(draft_id, DIRECTOR, "check")
    packs.tried(draft_id)
    packs.send(draft_id, DIRECTOR, "decision/submit")

    page = packs.person(DIRECTOR).get(f"/packs/drafts/{draft_id}/decision").text
    assert "不能审批自己的规则" in page
    assert packs.send(draft_id, DIRECTOR, "decision/approve")[0] == 403
    assert packs.state(draft_id) is S.SUBMITTED
    assert packs.send(draft_id, SUPERVISOR, "decision/approve", note="看过")[0] == 302
    assert packs.state(draft_id) is S.APPROVED


def test_what_is_published_at_a_county_time_is_coming_until_then(packs: PackDesks):
    draft_id = packs.brought_to(S.APPROVED)
    at = packs.web.clock() + timedelta(hours=8) + timedelta(hours=2)  # county time
    status, page = packs.send(
        draft_id, DIRECTOR, "decision/publish", effective_at=at.strftime("%Y-%m-%dT%H:%M")
    )
    assert status == 302, page

    shown = packs.person(WRITER).get("/packs").text
    assert f"将于 {at:%Y-%m-%d %H:%M} 生效" in shown
    assert packs.ref().startswith("small@1+")
    packs.desks.wait(hours=3)
    assert packs.ref().startswith("small@2+")
    assert "将于" not in packs.person(WRITER).get("/packs").text


def test_a_publication_that_lies_ahead_can_be_called_off(packs: PackDesks):
    draft_id = packs.brought_to(S.APPROVED)
    at = (packs.web.clock() + timedelta(hours=10)).strftime("%Y-%m-%dT%H:%M")  # in two hours, county time
    packs.send(draft_id, DIRECTOR, "decision/publish", effective_at=at)
    director = packs.person(DIRECTOR)
    assert f'value="{at}:00"' in director.get("/packs").text

    packs.web.clock.advance(seconds=1)
    sent = {"ref": packs.ref(), "reason": "再观察一周", "effective_at": f"{at}:00"}
    assert director.post("/packs/take-back", sent).status_code == 302

    page = director.get("/packs").text
    assert "将于" not in page
    assert "从未生效" in page
    packs.desks.wait(hours=3)
    assert packs.ref().startswith("small@1+")


def test_a_time_of_effect_in_the_past_is_refused_with_the_page_as_it_was(packs: PackDesks):
    draft_id = packs.brought_to(S.APPROVED)

    status, page = packs.send(draft_id, DIRECTOR, "decision/publish", effective_at="2026-01-01T08:00")

    assert status == 400
    assert "生效时间不能早于现在" in page
    assert 'value="2026-01-01T08:00"' in page
    assert packs.state(draft_id) is S.APPROVED


def test_an_earlier_version_is_put_back_with_a_reason_only(packs: PackDesks):
    first = packs.ref()
    packs.brought_to(S.PUBLISHED)
    director = packs.person(DIRECTOR)

    assert director.post("/packs/take-back", {"ref": first, "reason": " "}).status_code == 400
    assert packs.ref() != first
    packs.web.clock.advance(seconds=1)
    assert director.post("/packs/take-back", {"ref": first, "reason": "新版误报太多"}).status_code == 302
    assert packs.ref() == first
    assert "新版误报太多" in director.get("/packs").text


def test_a_draft_is_sent_back_with_a_reason_that_its_author_reads(packs: PackDesks):
    draft_id = packs.brought_to(S.SUBMITTED)

    assert packs.send(draft_id, DIRECTOR, "decision/reject", reason="")[0] == 400
    assert packs.send(draft_id, DIRECTOR, "decision/reject", reason="例子太少")[0] == 302
    assert "例子太少" in packs.person(WRITER).get(f"/packs/drafts/{draft_id}/decision").text
    assert packs.state(draft_id) is S.REJECTED


def test_a_file_is_saved_and_can_be_checked_at_once(packs: PackDesks):
    draft_id = packs.draft()
    text = f"# 说明\r\n{text_of(packs, draft_id)}".replace("\n", "\r\n").replace("\r\r", "\r")

    assert packs.save(draft_id, SEVERITY, text, then="check") == 302
    assert text_of(packs, draft_id).startswith("# 说明\n")
    assert "\r" not in text_of(packs, draft_id)
    assert packs.state(draft_id) is S.CHECKED


def test_a_text_that_begins_with_an_empty_line_comes_back_as_it_was(packs: PackDesks):
    draft_id = packs.draft()
    packs.save(draft_id, SEVERITY, "\n" + text_of(packs, draft_id))

    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}?file={SEVERITY}").text
    assert ">\n\nrules:" in page


def test_a_file_too_large_for_a_form_is_shown_and_not_edited(
    packs: PackDesks, monkeypatch: pytest.MonkeyPatch
):
    draft_id = packs.draft()
    monkeypatch.setattr(packs_draft, "LARGEST_TYPED", len(text_of(packs, draft_id).encode()) - 1)

    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}?file={SEVERITY}").text

    assert "不能在网页里编辑" in page
    assert "保存并检查" not in page


def test_two_people_saving_one_file_lose_no_word(packs: PackDesks):
    draft_id = packs.draft()
    old, stored = packs.view(draft_id).draft.version, text_of(packs, draft_id)
    packs.save(draft_id, SEVERITY, f"# 甲写的\n{stored}", role=DIRECTOR)

    status, page = packs.send(
        draft_id, WRITER, "save", version=old, file=SEVERITY, text=f"# 乙写的\n{stored}", seen="0" * 64
    )

    assert status == 409
    assert ">\n# 乙写的" in page  # the editor holds what was typed
    assert "-# 甲写的" in page
    assert "+# 乙写的" in page
    assert "data-unsaved" in page
    assert text_of(packs, draft_id).startswith("# 甲写的")


def test_saving_another_file_than_somebody_else_is_no_clash(packs: PackDesks):
    draft_id = packs.draft()
    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}?file={SEVERITY}").text
    seen = re.findall(r'name="seen" value="([0-9a-f]+)"', page)[0]
    old = packs.view(draft_id).draft.version
    packs.save(draft_id, "topics.yaml", f"# 甲\n{text_of(packs, draft_id, 'topics.yaml')}", role=DIRECTOR)

    text = f"# 乙\n{text_of(packs, draft_id)}"
    status, _page = packs.send(draft_id, WRITER, "save", version=old, file=SEVERITY, text=text, seen=seen)

    assert status == 302
    assert text_of(packs, draft_id) == text
    assert text_of(packs, draft_id, "topics.yaml").startswith("# 甲")


def test_the_check_while_typing_names_the_line_and_stores_nothing(packs: PackDesks):
    draft_id = packs.draft()
    before = packs.view(draft_id)
    typed = text_of(packs, draft_id).replace("status: active", "status: activ", 1)
    line = typed[: typed.index("status: activ")].count("\n") + 1

    status, page = packs.send(draft_id, WRITER, "live", file=SEVERITY, text=typed)

    assert status == 200
    assert f"{SEVERITY}:{line}:" in page
    assert "是不是想写「active」" in page
    assert f'data-line="{line}"' in page
    assert packs.view(draft_id) == before


def test_the_items_of_a_file_lead_to_their_lines(packs: PackDesks):
    draft_id = packs.draft()
    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}?file=topics.yaml").text
    text = text_of(packs, draft_id, "topics.yaml")
    line = text[: text.index("- id: wage_arrears")].count("\n") + 1

    assert re.search(rf'data-line="{line}" data-column="1">欠薪</a> <code>wage_arrears</code>', page)
    assert "本文件的条目（5 条）" in page


def test_a_check_that_fails_says_how_many_errors_and_submits_nothing(packs: PackDesks):
    draft_id = packs.draft()
    broken = text_of(packs, draft_id).replace("status: active", "status: activ", 1)
    packs.save(draft_id, SEVERITY, broken, then="check")

    assert packs.state(draft_id) is S.DRAFT
    assert "R004" in packs.person(WRITER).get(f"/packs/drafts/{draft_id}").text
    assert packs.send(draft_id, WRITER, "decision/submit")[0] == 409


def test_a_text_is_tried_under_the_draft_as_typed_beside_the_rules_in_force(packs: PackDesks):
    draft_id = packs.draft()
    lexicons = text_of(packs, draft_id, "lexicons.yaml").replace("死亡, 身亡", "死亡, 身亡, 没了气")

    status, page = packs.send(
        draft_id, WRITER, "try", tried_text="工地上有人没了气", file="lexicons.yaml", text=lexicons
    )

    assert status == 200
    draft, in_force = page.split("现行规则</h3>")
    assert "<mark" in draft
    assert "没了气</mark>" in draft
    assert "没了气</mark>" not in in_force
    assert packs.state(draft_id) is S.DRAFT


def test_a_draft_that_cannot_be_read_says_so_beside_the_rules_in_force(packs: PackDesks):
    draft_id = packs.draft()

    _status, page = packs.send(
        draft_id, WRITER, "try", tried_text="路灯坏了", file=SEVERITY, text="rules: [broken"
    )

    assert "草稿现在还读不出来" in page
    assert "现行规则" in page


def test_a_back_test_shows_changes_and_its_samples_to_those_who_may_see_them(packs: PackDesks):
    post = packs.desks.post("翠湖小区的路灯坏了")
    secret = packs.desks.post("举报有人收红包")
    packs.desks.triaged(confidential=False)
    draft_id = packs.draft()
    packs.send(draft_id, WRITER, "check")
    run = packs.tried(draft_id, a_tally(post.hex, secret.hex, uuid.uuid4().hex))

    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}/trials").text
    assert "用时 1.2 秒" in page
    assert "住建局" in page
    assert "sev_death" in page  # it never fired
    samples = f"/packs/drafts/{draft_id}/trials/backtest/{run}/samples"
    assert samples in page
    samples += "?what=moves&aspect=grade&before=&after=general"
    shown = packs.person(WRITER).get(samples).text
    assert f'href="/posts/{post}"' in shown
    assert "不在您的查看范围内" not in shown
    assert f"/posts/{post}" not in packs.person(SUPERVISOR).get(samples).text


def test_a_back_test_shows_how_far_it_is_until_the_page_has_news(packs: PackDesks):
    draft_id = packs.draft()
    packs.send(draft_id, WRITER, "check")
    status, page = packs.send(draft_id, WRITER, "trials/backtest", since="2026-11-01", until="2026-11-16")
    assert status == 302, page
    shown = packs.person(WRITER).get(f"/packs/drafts/{draft_id}/trials").text
    polled = re.findall(r'hx-get="([^"]+/backtest/[0-9a-f-]+)" hx-trigger="every 2s"', shown)[0]

    assert "排队等待" in packs.person(WRITER).get(polled, HX_Request="true").text
    packs.ran()
    assert packs.person(WRITER).get(polled, HX_Request="true").headers["HX-Refresh"] == "true"
    assert packs.state(draft_id) is S.BACKTESTED


def test_a_back_test_of_no_post_says_so_and_goes_on_with_a_reason_only(packs: PackDesks):
    draft_id = packs.brought_to(S.CHECKED)
    packs.tried(draft_id, Tally())  # the county has no post yet
    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}/trials").text
    assert "没有比对到任何网帖" in page
    assert "须在说明中写明理由" in page

    assert packs.send(draft_id, WRITER, "decision/submit")[0] == 409
    assert packs.state(draft_id) is S.BACKTESTED
    assert packs.send(draft_id, WRITER, "decision/submit", note="首次启用")[0] == 302


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-11-16", "2026-11-01", "开始时间必须早于结束时间"),
        ("2027-11-16", "2027-11-17", "不能全在将来"),
        ("", "2026-11-01", "此项必填"),
        ("gestern", "2026-11-01", "日期写作"),
    ],
)
def test_a_period_without_posts_to_try_is_refused(packs: PackDesks, since: str, until: str, said: str):
    draft_id = packs.brought_to(S.CHECKED)

    status, page = packs.send(draft_id, WRITER, "trials/backtest", since=since, until=until)

    assert status == 400
    assert said in page


def test_a_back_test_is_cancelled_by_its_button(packs: PackDesks):
    draft_id = packs.brought_to(S.CHECKED)
    packs.send(draft_id, WRITER, "trials/backtest", since="2026-11-01", until="2026-11-16")

    assert packs.send(draft_id, WRITER, "trials/backtest/cancel")[0] == 302
    assert "已取消" in packs.person(WRITER).get(f"/packs/drafts/{draft_id}/trials").text


def test_a_shadow_run_is_started_for_some_days_and_stopped(packs: PackDesks):
    draft_id = packs.brought_to(S.CHECKED)

    assert packs.send(draft_id, WRITER, "trials/shadow", days=31)[0] == 400
    assert packs.send(draft_id, WRITER, "trials/shadow", days=3)[0] == 302
    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}/trials").text
    assert "正在试运行" in page
    assert (
        'action="/packs/drafts' not in packs.person(SUPERVISOR).get(f"/packs/drafts/{draft_id}/trials").text
    )
    assert packs.send(draft_id, WRITER, "trials/shadow/stop")[0] == 302
    assert "已停止" in packs.person(WRITER).get(f"/packs/drafts/{draft_id}/trials").text


def test_a_shadow_run_shows_what_it_found_so_far(packs: PackDesks):
    draft_id = packs.brought_to(S.CHECKED)
    packs.send(draft_id, WRITER, "trials/shadow", days=3)
    post = packs.desks.post("翠湖小区的路灯坏了")
    run = packs.shadowed(draft_id, a_tally(post.hex))

    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}/trials").text

    assert "已比对 2 条，1 条会不同" in page
    samples = f"/packs/drafts/{draft_id}/trials/shadow/{run}/samples"
    assert samples in page
    asked = f"{samples}?what=unit&whose=housing_bureau&aspect=lead&before=&after=housing_bureau"
    assert f'href="/posts/{post}"' in packs.person(WRITER).get(asked).text
    nothing = packs.person(WRITER).get(f"{samples}?what=gained&whose=no_such_rule").text
    assert "没有可以给您看的样本" in nothing


def test_a_trial_says_that_accusations_are_left_out_and_shows_none_that_counted_them(packs: PackDesks):
    draft_id = packs.brought_to(S.CHECKED)
    packs.send(draft_id, WRITER, "trials/shadow", days=3)
    run = packs.shadowed(draft_id, a_tally(packs.desks.post("翠湖小区的路灯坏了").hex))
    trials = f"/packs/drafts/{draft_id}/trials"
    assert "保密件不计入。" in packs.person(WRITER).get(trials).text

    with packs.web.home.transactions.write(machine(CountyId(packs.desks.county))) as uow:
        row = uow.session.get_one(ShadowRunRow, run)
        row.result = {key: kept for key, kept in row.result.items() if key != LEFT_OUT}
    packs.send(draft_id, WRITER, "trials/shadow/stop")

    page = packs.person(WRITER).get(trials).text
    assert "这次结果作于保密件不计入之前，不再显示。" in page
    assert f"{trials}/shadow/{run}/samples" not in page


def test_a_share_counted_with_accusations_is_no_longer_shown(packs: PackDesks):
    draft_id = packs.brought_to(S.CHECKED)
    share = {"level": "warning", "rule": None, "at": ["lexicons.yaml", 1, 1], "code": COMMON_TERM.code}
    kept = [
        share | {"zh": "「网信办」6.6%", "en": "6.6%"},
        share | {"zh": "「路灯」7%", "en": "7%", LEFT_OUT: True},
    ]
    with packs.web.home.transactions.write(machine(CountyId(packs.desks.county))) as uow:
        uow.session.get_one(PackDraftRow, draft_id).problems = kept

    page = packs.person(WRITER).get(f"/packs/drafts/{draft_id}").text

    assert ("「路灯」7%" in page, "「网信办」6.6%" in page) == (True, False)
    assert "词语占比按已登记的网帖统计，保密件不计入。" in page


def test_the_difference_is_said_in_words_and_line_by_line(packs: PackDesks):
    draft_id = packs.draft()
    packs.save(
        draft_id,
        "lexicons.yaml",
        text_of(packs, draft_id, "lexicons.yaml").replace("身亡", "身亡, 罹难"),
    )

    page = (
        packs.person(SUPERVISOR)
        .get(f"/packs/difference?{urlencode({'old': packs.ref(), 'draft': draft_id})}")
        .text
    )

    assert "罹难" in page
    assert "death_words" in page
    assert 'class="is-new"' in page


def test_an_exported_version_is_taken_in_as_a_draft(packs: PackDesks):
    answer = packs.person(WRITER).get("/packs/export/small/1")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="small-1.jianjian-pack.zip"'

    sent = packs.person(DIRECTOR).post("/packs/import", {"bundle": (io.BytesIO(answer.data), "small.zip")})

    assert sent.status_code == 302
    assert "/packs/drafts/" in sent.location
    page = packs.person(DIRECTOR).get(f"{sent.location.partition('?')[0]}/decision").text
    assert "没有签名" in page or "签名有效" in page
    assert packs.ref().startswith("small@1+")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 half"])
def test_a_file_that_is_no_pack_is_refused_in_plain_words(packs: PackDesks, content: bytes):
    answer = packs.person(WRITER).post("/packs/import", {"bundle": (io.BytesIO(content), "x.zip")})

    assert answer.status_code == 302
    assert "规则包文件未被采用" in packs.person(WRITER).get("/packs").text


def test_every_page_of_packs_is_there_in_english(packs: PackDesks):
    draft_id = packs.brought_to(S.PUBLISHED)
    director = packs.person(DIRECTOR)
    director.post("/language", {"to": "en"})
    pages = (
        "",
        "/difference",
        f"/drafts/{draft_id}",
        f"/drafts/{draft_id}/trials",
        f"/drafts/{draft_id}/decision",
    )
    shown = {page: director.get(f"/packs{page}").text for page in pages}

    assert "Published versions (2)" in shown[""]
    assert "What the check found" in shown[pages[2]]
    assert "posts compared" in shown[pages[3]]
    assert "errors 0" in shown[pages[4]]
    for page, text in shown.items():
        texts = re.sub(r"<textarea.*?</textarea>", "", text, flags=re.DOTALL).replace('lang="zh-CN">中文', "")
        assert "草稿" not in texts, page
        assert "规则包" not in texts, page


def test_a_draft_of_nobody_is_not_found(packs: PackDesks):
    nowhere = uuid.uuid4()
    for part in ("", "/trials", "/decision", f"/trials/backtest/{nowhere}"):
        assert packs.person(WRITER).get(f"/packs/drafts/{nowhere}{part}").status_code == 404
    assert packs.person(WRITER).get("/packs/export/small/9").status_code == 404
    draft_id = packs.draft()
    assert packs.person(WRITER).get(f"/packs/drafts/{draft_id}?file=secrets.yaml").status_code == 404


def test_what_the_rules_in_force_are_warned_of_too_stands_apart_from_what_a_draft_brings(packs: PackDesks):
    draft_id = packs.draft()
    person, text = packs.person(WRITER), text_of(packs, draft_id)
    unused = "  - {id: probe, title: {zh: 试, en: a}, terms: [试试看]}\n"
    signals = text_of(packs, draft_id, "signals.yaml").rstrip() + "\n" + unused

    before = person.post(f"/packs/drafts/{draft_id}/live", data={"file": SEVERITY, "text": text}).text
    after = person.post(f"/packs/drafts/{draft_id}/live", data={"file": "signals.yaml", "text": signals}).text

    assert "与现行规则相比，没有新的问题" in before
    new, old = after.split("条在现行规则中就有")
    assert "probe" in new
    assert "probe" not in old
