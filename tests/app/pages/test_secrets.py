"""Who may not see: the accused, other units, and everybody but the duty desk where it is about the author."""

from __future__ import annotations

import re

import pytest

from casework.judgement import Routing
from casework.roles import GRANTABLE_ROLES, Role
from rules.model import DemandClass, Grade
from tests.page_kit import ASSIST, LEAD, OTHER, Desks, offered

HANDLE, CONTACT = "南山夜雨人", "0000-7654321"


def test_the_accused_never_learns_of_a_confidential_case_even_when_it_is_assigned(desks: Desks):
    """The routing names the accused as assisting, as a careless hand might: sight is what protects."""
    case_id = desks.case(
        "住建局干部受贿，收红包。",
        demand=DemandClass.ACCUSATION,
        confidential=True,
        accused=(LEAD,),
        routing=Routing("discipline_commission", (), "《监察法》第三十五条"),
        telling=None,
    )
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")

    discipline = desks.person(Role.UNIT_HANDLER, "discipline_commission")
    assert "受贿" in desks.page(discipline, case_id)
    for unit in (LEAD, "housing_station"):
        for role in (Role.UNIT_HANDLER, Role.UNIT_HEAD):
            accused = desks.person(role, unit)
            assert accused.get(f"/cases/{case_id}").status_code == 404
            assert accused.post(f"/cases/{case_id}/sign_for", {"version": 1}).status_code == 404
            for listing in ("/work", "/cases", "/cases?text=受贿", f"/units/{unit}"):
                page = accused.get(listing).text
                assert "受贿" not in re.sub(r'value="[^"]*"', "", page)  # beside what was searched for
                assert str(case_id) not in page
    assert desks.person(Role.INSPECTOR).get(f"/cases/{case_id}").status_code == 404
    assert desks.person(Role.PUBLISHER).get(f"/cases/{case_id}").status_code == 404


def test_the_accused_cannot_be_made_to_handle_it(desks: Desks):
    case_id = desks.case(
        "住建局干部受贿，收红包。",
        demand=DemandClass.ACCUSATION,
        confidential=True,
        accused=(LEAD,),
        routing=Routing("discipline_commission", (), "《监察法》第三十五条"),
        telling=None,
    )
    answer = desks.act(
        desks.person(Role.DUTY_OFFICER), case_id, "correct_route", lead=LEAD, basis="职责", reason="转办"
    )

    assert answer.status_code == 400
    assert 'class="alert alert-danger"' in answer.text


def test_no_page_shows_who_wrote_a_post_but_the_look_of_the_duty_officer(desks: Desks):
    post_id = desks.post(author_handle=HANDLE, author_contact=CONTACT)
    desks.triaged(grade=Grade.MAJOR)
    case_id = desks.case_of(post_id)
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    desks.done(duty, case_id, "confirm")
    desks.done(director, case_id, "dispatch")

    for role in GRANTABLE_ROLES:
        browser = desks.person(role)
        for address in (
            "/work",
            "/cases",
            f"/cases?text={HANDLE}",
            f"/cases/{case_id}",
            "/posts",
            f"/posts?text={HANDLE}",
            f"/posts/{post_id}",
            "/desk",
            f"/units/{LEAD}",
            "/admin/audit",
        ):
            page = browser.get(address).text
            beside_the_search = re.sub(r'value="[^"]*"', "", page)
            assert HANDLE not in beside_the_search, (role, address)
            assert CONTACT not in page, (role, address)

    address = f"/posts/{post_id}/identity"
    assert director.post(address, {"purpose": "答复"}).status_code == 403
    # The head of discipline inspection may in a case that he has in hand; any other head learns nothing.
    assert desks.person(Role.UNIT_HEAD).post(address, {"purpose": "答复"}).status_code == 404
    without_purpose = duty.post(address, {"purpose": " "})
    assert without_purpose.status_code == 400
    assert CONTACT not in without_purpose.text
    shown = duty.post(address, {"purpose": "告知修复时间"}).text
    assert HANDLE in shown
    assert CONTACT in shown
    assert CONTACT not in duty.get(f"/posts/{post_id}").text, "once, and not again"
    looks = [row for row in desks.web.audit() if "identity" in row.action and row.object_id == str(post_id)]
    assert [row.data["purpose"] for row in looks] == ["告知修复时间"]
    assert CONTACT not in str([row.data for row in desks.web.audit()])


def test_an_assisting_unit_reads_nothing_of_the_record_of_the_lead(desks: Desks):
    case_id = desks.case(grade=Grade.MAJOR)
    desks.done(desks.person(Role.DUTY_OFFICER), case_id, "confirm")
    desks.done(desks.person(Role.DIRECTOR), case_id, "dispatch")
    lead, assist = desks.person(Role.UNIT_HANDLER), desks.person(Role.UNIT_HANDLER, ASSIST)
    desks.wait(hours=30)

    assert "扣 0.05 分" in desks.page(lead, case_id)
    assert "督办：" in desks.page(lead, case_id)
    page = desks.page(assist, case_id)
    assert "扣 0" not in page
    assert "督办：" not in page
    assert not re.search(r'class="clock"', page)
    assert assist.get(f"/units/{LEAD}").status_code == 404
    assert desks.person(Role.UNIT_HANDLER, OTHER).get(f"/cases/{case_id}").status_code == 404


@pytest.mark.parametrize("role", [Role.UNIT_HANDLER, Role.UNIT_HEAD, Role.SUPERVISOR, Role.PUBLISHER])
def test_posts_are_listed_to_the_office_and_the_inspector_only(desks: Desks, role: Role):
    post_id = desks.post()

    assert desks.person(role).get("/posts").status_code == 403
    assert desks.person(role).get(f"/posts/{post_id}").status_code == 403


def test_a_confidential_case_goes_to_its_end_and_is_re_audited_by_whoever_is_named_for_it(desks: Desks):
    unit = "discipline_commission"
    case_id = desks.case(
        "住建局干部受贿，收红包。",
        demand=DemandClass.ACCUSATION,
        confidential=True,
        accused=(LEAD,),
        routing=Routing(unit, (), "《监察法》第三十五条"),
        telling=None,
    )
    duty, head = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HEAD, unit)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    desks.done(head, case_id, "sign_for")
    desks.done(head, case_id, "file_report", text="已受理。")
    desks.done(head, case_id, "reply", outcome="resolved", text="已依纪依法处理。")
    desks.done(duty, case_id, "accept")
    desks.done(duty, case_id, "close")

    inspector, named = desks.person(Role.INSPECTOR), desks.person(Role.SECRET_INSPECTOR)
    assert inspector.get(f"/cases/{case_id}").status_code == 404
    assert str(case_id) not in inspector.get("/work").text
    assert str(case_id) in named.get("/work").text, "it waits for the re-audit"
    desks.done(named, case_id, "re_audit", verdict="confirmed", notes="卷宗已核。")
    assert str(case_id) not in named.get("/work").text


def test_a_missed_accusation_is_marked_on_its_page_and_the_accused_get_404_at_once(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id = desks.case("住建局把路灯款挪走了，晚上看不清路。", telling=None)
    duty, head = desks.person(Role.DUTY_OFFICER), desks.person(Role.UNIT_HEAD)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    paper = f"/cases/{case_id}"
    assert head.get(paper).status_code == 200

    assert desks.act(duty, case_id, "mark_accusation", reason="涉嫌挪用").status_code == 400, "names nobody"
    desks.done(duty, case_id, "mark_accusation", accused=[LEAD], reason="涉嫌挪用")

    for unit in (LEAD, "housing_station", ASSIST):
        person = desks.person(Role.UNIT_HEAD, unit)
        assert person.get(paper).status_code == 404
        for listing in ("/work", "/cases", "/cases?text=路灯款", f"/units/{unit}"):
            assert str(case_id) not in person.get(listing).text
    page = desks.page(duty, case_id)
    assert "列为检举控告件，须回避：" in page
    choices = re.search(r'<select[^>]*id="correct_route-lead".*?</select>', page, re.DOTALL)
    assert choices is not None
    assert re.findall(r'value="([a-z_]+)"', choices[0]) == ["discipline_commission"]
    assert "mark_accusation" not in offered(page)
    assert "lift_secrecy" not in offered(page), "only the director lifts it"

    desks.web.clock.advance(minutes=1)
    desks.done(desks.person(Role.DIRECTOR), case_id, "lift_secrecy", reason="查明不是")
    assert "提请解除保密，须另一人确认：查明不是" in desks.page(duty, case_id)
    assert head.get(paper).status_code == 404
    desks.web.clock.advance(minutes=1)
    desks.done(desks.person(Role.SECRET_INSPECTOR), case_id, "lift_secrecy", reason="同意")
    assert "解除保密，转为普通件" in desks.page(duty, case_id)


def test_a_wrong_mark_is_lifted_by_two_others_and_the_unit_sees_the_case_again(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id = desks.case(telling=None)
    first, head = desks.person(Role.DIRECTOR), desks.person(Role.UNIT_HEAD)
    second = desks.web.signed_in(Role.DIRECTOR, login="second-director")
    desks.done(first, case_id, "confirm")
    desks.done(first, case_id, "dispatch")
    desks.done(first, case_id, "mark_accusation", accused=[LEAD], reason="误以为是检举。")
    assert head.get(f"/cases/{case_id}").status_code == 404

    for_the_marker = desks.page(first, case_id)
    assert "lift_secrecy" not in offered(for_the_marker), "it would be refused"
    assert "须由另外两人" in for_the_marker
    assert "须由另外两人" not in desks.page(second, case_id)

    inspector = desks.person(Role.SECRET_INSPECTOR)
    desks.web.clock.advance(minutes=1)
    answer = desks.act(inspector, case_id, "lift_secrecy", reason="查明是一般诉求，误列。")
    told = inspector.get(answer.location).text
    assert "已提请解除保密，尚未生效：须由另一位有权解除的人员再提交一次。" in told
    assert "已完成" not in told, "it is only asked for"
    assert "lift_secrecy" not in offered(told)
    for_the_second = desks.page(second, case_id)
    assert "已提请解除保密（理由：查明是一般诉求，误列。）" in for_the_second
    desks.web.clock.advance(minutes=1)
    answer = desks.act(second, case_id, "lift_secrecy", reason="同意")
    assert "已完成：解除保密" in second.get(answer.location).text
    assert head.get(f"/cases/{case_id}").status_code == 404, "nobody has given it to the unit again"
    desks.done(second, case_id, "confirm")
    desks.done(second, case_id, "dispatch")
    page = desks.page(head, case_id)
    assert "sign_for" in offered(page)
    assert "误以为是检举" not in page, "what was written while it was secret"
    assert str(case_id) in head.get("/work").text
