"""One post through the web pages, from the form of the duty officer to the score sheet, on both databases."""

from __future__ import annotations

import re
import uuid

from casework.judgement import Routing
from casework.roles import Role
from rules.model import Grade, Label
from tests.page_kit import LEAD, Desks, id_in, offered

TEXT = "我们十户住在翠湖小区，小区路灯坏了半个月，晚上老人摔倒，请尽快修好。"


def test_a_post_goes_from_the_form_to_a_scored_and_re_audited_case(desks_anywhere: Desks):
    desks = desks_anywhere
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    handler, head = desks.person(Role.UNIT_HANDLER), desks.person(Role.UNIT_HEAD)
    supervisor, inspector = desks.person(Role.SUPERVISOR), desks.person(Role.INSPECTOR)

    answer = duty.post("/posts/new", {"title": "路灯坏了", "text": TEXT, "platform": "论坛"})
    post_id = id_in(answer.location)
    waiting = duty.get(f"/posts/{post_id}").text
    assert "正在研判" in waiting
    assert 'hx-headers=\'{"X-Background": "1"}\'' in waiting
    assert "triage" in desks.web.outside.rung

    desks.triaged(grade=Grade.MAJOR)
    judged = duty.get(f"/posts/{post_id}").text
    assert "正在研判" not in judged
    assert "多人共同反映" in judged
    case_id = desks.case_of(post_id)

    page = desks.page(duty, case_id)
    assert "<mark title=" in page
    assert "《城市道路照明设施管理规定》" in page
    desks.done(duty, case_id, "confirm")
    assert handler.get(f"/cases/{case_id}").status_code == 404, "not before it is dispatched"
    assert "dispatch" not in offered(desks.page(duty, case_id)), "a major case goes out over the director"
    desks.done(director, case_id, "dispatch")

    assert "路灯坏了" in handler.get("/work").text
    desks.wait(hours=2)  # an hour over the limit for signing
    desks.done(handler, case_id, "sign_for")
    desks.done(handler, case_id, "file_report", text="已派人到现场查看。")
    desks.done(handler, case_id, "record_public_reply", text="已受理，正在维修。")
    assert "reply" not in offered(desks.page(handler, case_id)), "only the head signs"
    desks.done(head, case_id, "reply", outcome="resolved", text="路灯已修复。")

    desks.done(supervisor, case_id, "send_back", reason="没有说明修好了几盏。")
    desks.done(head, case_id, "reply", outcome="resolved", text="路灯六盏全部修复。")
    desks.done(supervisor, case_id, "accept", note="照片已核实。")
    desks.done(supervisor, case_id, "close")
    assert "路灯坏了" in inspector.get("/work").text
    desks.done(inspector, case_id, "re_audit", verdict="confirmed", notes="现场六盏均亮。")

    page = desks.page(inspector, case_id)
    assert desks.state(case_id) == "closed"
    for told in ("签收", "报送首报", "登记公开回应", "退回", "验收通过", "办结", "抽查：属实"):
        assert told in page, told
    assert "re_audit" not in offered(page), "one second look is enough"
    sheet = inspector.get(f"/units/{LEAD}").text
    assert "签收超时" in sheet
    assert "退回重办" in sheet
    assert "0.15" in sheet
    assert "扣分合计" in head.get(f"/units/{LEAD}").text
    assert head.get("/units/enforcement_bureau").status_code == 404


def test_a_promise_is_accepted_as_a_promise_and_its_keeping_is_confirmed(desks: Desks):
    case_id = _replied(desks, outcome="promised", promised_on="2026-12-01", text="十二月一日前修好。")
    duty, head = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HEAD)

    assert "accept" not in offered(desks.page(duty, case_id))
    desks.done(duty, case_id, "accept_promise")
    assert "待兑现" in desks.page(duty, case_id)
    desks.done(head, case_id, "reply", outcome="resolved", text="已修好。")
    page = desks.page(duty, case_id)
    assert "确认承诺兑现，验收通过" in page
    assert 'name="keeps" value="1"' in page
    desks.done(duty, case_id, "accept", keeps="1")

    assert "已兑现" in desks.page(duty, case_id)
    assert desks.state(case_id) == "accepted"


def test_a_ruling_offers_the_candidates_of_the_law_first(desks: Desks):
    candidates = ("environment_bureau", "enforcement_bureau")
    routing = Routing(None, (), "《大气污染防治法》第八十一条", Label("未指定", "Not named"), candidates)
    case_id = desks.case(routing=routing)
    director, duty = desks.person(Role.DIRECTOR), desks.person(Role.DUTY_OFFICER)

    assert "designate" not in offered(desks.page(duty, case_id))
    page = desks.page(director, case_id)
    [leads] = re.findall(r'<select[^>]*name="lead".*?</select>', page, flags=re.DOTALL)
    assert re.findall(r'value="([a-z_]+)"', leads)[:2] == list(candidates)
    assert "待我裁定主办单位" in director.get("/work").text
    assert "待我裁定主办单位" not in duty.get("/work").text

    ruling = {"lead": "enforcement_bureau", "basis": "县政府会议"}
    assert desks.act(director, case_id, "designate", **ruling, reason="").status_code == 400
    desks.done(director, case_id, "designate", **ruling, reason="由城管局牵头")
    assert desks.state(case_id) == "registered"
    ruled = desks.page(director, case_id)
    assert "由城管局牵头" in ruled
    assert "可裁定的单位" in page
    assert "可裁定的单位" not in ruled, "nobody is asked for it any more"


def test_an_inspector_confirms_a_failing_and_takes_it_back(desks: Desks):
    case_id = _replied(desks, outcome="resolved", text="已修好。")
    inspector = desks.person(Role.INSPECTOR)
    address = f"/cases/{case_id}/failing"

    empty = inspector.post(address, {"unit": LEAD, "failing": "false_reply", "evidence": " "})
    assert empty.status_code == 400
    assert "此项必填" in empty.text
    by_clock = inspector.post(address, {"unit": LEAD, "failing": "late_close", "evidence": "超时"})
    assert by_clock.status_code == 400
    done = inspector.post(address, {"unit": LEAD, "failing": "false_reply", "evidence": "现场仍未亮灯。"})
    assert done.status_code == 302
    again = inspector.post(address, {"unit": LEAD, "failing": "false_reply", "evidence": "现场仍未亮灯。"})
    assert again.status_code == 409
    second = {"unit": LEAD, "failing": "false_reply", "evidence": "第二处也没有亮。"}
    warned = inspector.post(address, second)
    assert warned.status_code == 409
    assert "已对该单位核定过同类问题 1 次" in warned.text

    sheet = inspector.get(f"/units/{LEAD}").text
    assert "回复失实" in sheet
    assert "现场仍未亮灯" in sheet
    [reverse] = re.findall(rf'action="(/units/{LEAD}/entries/[^"]+/reverse)"', sheet)
    inspector.post(reverse, {"reason": "照片日期核对后成立。"})
    sheet = inspector.get(f"/units/{LEAD}").text
    assert "已冲销" in sheet
    assert reverse not in sheet
    assert desks.person(Role.UNIT_HEAD).post(reverse, {"reason": "不服"}).status_code == 403


def _replied(desks: Desks, **reply: str) -> uuid.UUID:
    """Return a general case whose unit has replied."""
    case_id = desks.case()
    duty, handler = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HANDLER)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    desks.done(handler, case_id, "sign_for")
    desks.done(handler, case_id, "file_report", text="已派人。")
    desks.done(desks.person(Role.UNIT_HEAD), case_id, "reply", **reply)
    return case_id
