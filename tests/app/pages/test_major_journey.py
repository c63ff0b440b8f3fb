"""One major case through the pages of everybody who has a part in it, and the papers that come of it."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta

from pypdf import PdfReader

from casework.access import CountyId, machine
from casework.judgement import Routing
from casework.roles import Role
from rules.model import DemandClass, Grade
from tests.page_kit import LEAD, Desks, offered
from tests.web_kit import Browser
from workers.papers import PaperDrain

TEXT = "我们三十多户住在翠湖小区，小区路灯坏了半个月，晚上老人摔倒，请尽快修好。联系电话13900001111。"
HANDLE = "南山夜雨人"


def words_of(pdf: bytes) -> str:
    """Return what a paper says, without blanks."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def papers(desks: Desks) -> None:
    """Make the papers that wait, as the worker does."""
    PaperDrain(desks.web.home.transactions, machine(CountyId(desks.county)), lambda: False).run()


def papers_on(page: str) -> list[str]:
    return re.findall(r'href="(/cases/[0-9a-f-]{36}/documents/[0-9a-f-]{36})"', page)


def replied(desks: Desks, case_id: uuid.UUID, **reply: str) -> None:
    desks.done(desks.person(Role.UNIT_HEAD), case_id, "reply", **reply)


def test_a_major_case_is_promised_missed_redone_explained_closed_and_re_audited(desks_anywhere: Desks):
    desks = desks_anywhere
    director, supervisor = desks.person(Role.DIRECTOR), desks.person(Role.SUPERVISOR)
    handler, inspector = desks.person(Role.UNIT_HANDLER), desks.person(Role.INSPECTOR)
    case_id = desks.case(TEXT, grade=Grade.MAJOR)
    desks.done(desks.person(Role.DUTY_OFFICER), case_id, "confirm")
    desks.done(director, case_id, "dispatch")
    papers(desks)
    [slip] = papers_on(desks.page(handler, case_id))
    said = words_of(handler.get(slip).data)
    assert "较大" in said
    assert "13900001111" not in said
    for how in re.findall(r"计算方式：([^<]*)</p>", desks.page(handler, case_id)):
        assert re.sub(r"\s", "", how) in said, "the paper and the page say the same sum"

    desks.done(handler, case_id, "sign_for")
    desks.done(handler, case_id, "file_report", text="已到现场，线路老化。")
    desks.done(handler, case_id, "record_contact", text="已通过网信办告知诉求人。")
    desks.done(handler, case_id, "record_public_reply", text="已受理，正在维修。")
    no_day = desks.act(desks.person(Role.UNIT_HEAD), case_id, "reply", outcome="promised", text="尽快修好。")
    assert no_day.status_code == 400, "a promise names its day"
    promised_on = (desks.web.clock() + timedelta(days=2)).date().isoformat()
    replied(desks, case_id, outcome="promised", promised_on=promised_on, text="两日内修好。")

    page = desks.page(supervisor, case_id)
    assert "accept" not in offered(page), "a promise is not a result"
    desks.done(supervisor, case_id, "accept_promise")
    assert desks.state(case_id) == "promised"
    assert "承诺待兑现" in handler.get("/work").text
    desks.wait(days=3)

    assert "承诺已逾期" in handler.get("/work").text
    sheet = inspector.get(f"/units/{LEAD}").text
    assert "承诺未兑现" in sheet
    replied(desks, case_id, outcome="resolved", text="路灯已修好。")
    desks.done(supervisor, case_id, "send_back", reason="现场仍有三盏不亮。")
    assert "现场仍有三盏不亮" in desks.page(handler, case_id)

    bare = desks.act(desks.person(Role.UNIT_HEAD), case_id, "reply", outcome="explained", text="三盏属物业。")
    assert bare.status_code == 400, "an explanation names what it stands on"
    replied(
        desks, case_id, outcome="explained", text="三盏属物业，已移交。", basis="《物业管理条例》第二十六条"
    )
    assert "《物业管理条例》第二十六条" in desks.page(supervisor, case_id)
    desks.done(supervisor, case_id, "accept", note="依据成立。")
    kept = desks.page(supervisor, case_id)
    assert "逾期兑现</span>" in kept, "what was kept too late is not shown as kept"
    assert "逾期兑现承诺" in kept.split('<ol class="timeline">')[1]
    desks.done(supervisor, case_id, "close")
    assert desks.state(case_id) == "closed"
    desks.done(inspector, case_id, "re_audit", verdict="confirmed", notes="现场已核。")

    page = desks.page(inspector, case_id)
    for told in ("承诺", "退回", "解释", "验收通过", "办结", "抽查：属实"):
        assert told in page, told
    assert_sheet_is_printed(desks, inspector)


def assert_sheet_is_printed(desks: Desks, inspector: Browser) -> None:
    address = f"/units/{LEAD}/paper"
    assert re.search(rf'href="{address}\?year=2026"', inspector.get(f"/units/{LEAD}").text)
    answer = inspector.get(address)
    assert answer.mimetype == "application/pdf"
    said = words_of(answer.data)
    for told in ("计分单", "承诺未兑现", "退回重办", "合计"):
        assert told in said, told
    assert words_of(desks.person(Role.UNIT_HEAD).get(address).data) == said, "the unit reads its own"
    assert desks.person(Role.UNIT_HEAD, "enforcement_bureau").get(address).status_code == 404
    assert desks.person(Role.DUTY_OFFICER).get(address).status_code == 403
    assert inspector.get("/units/nobody/paper").status_code == 404
    assert inspector.get(f"{address}?year=1").status_code == 404
    printed = [
        row for row in desks.web.audit() if row.action == "document_printed" and row.object_kind == "unit"
    ]
    assert [row.object_id for row in printed] == [LEAD, LEAD]


def test_the_paper_of_a_confidential_case_names_nobody_and_is_for_those_who_may_see_the_case(desks: Desks):
    post_id = desks.post("住建局干部收红包，请查。", author_handle=HANDLE, author_contact="0000-7654321")
    desks.triaged(
        demand=DemandClass.ACCUSATION,
        grade=Grade.MAJOR,
        confidential=True,
        accused=(LEAD,),
        routing=Routing("discipline_commission", (), "《监察法》第三十五条"),
        telling=None,
    )
    case_id = desks.case_of(post_id)
    desks.done(desks.person(Role.DUTY_OFFICER), case_id, "confirm")
    desks.done(desks.person(Role.DIRECTOR), case_id, "dispatch")
    papers(desks)
    lead = desks.person(Role.UNIT_HEAD, "discipline_commission")
    [slip] = papers_on(desks.page(lead, case_id))

    said = words_of(lead.get(slip).data)
    assert "不得向被检举单位和个人透露内容" in said
    assert HANDLE not in said
    assert "7654321" not in said
    allowed = {
        (role, unit): desks.person(role, unit).get(slip).status_code
        for role, unit in (
            (Role.DIRECTOR, ""),
            (Role.UNIT_HEAD, LEAD),
            (Role.UNIT_HEAD, "housing_station"),
            (Role.INSPECTOR, ""),
            (Role.PUBLISHER, ""),
            (Role.SYSTEM_ADMIN, ""),
        )
    }
    assert allowed == {
        (Role.DIRECTOR, ""): 200,
        (Role.UNIT_HEAD, LEAD): 404,
        (Role.UNIT_HEAD, "housing_station"): 404,
        (Role.INSPECTOR, ""): 404,
        (Role.PUBLISHER, ""): 403,
        (Role.SYSTEM_ADMIN, ""): 403,
    }
