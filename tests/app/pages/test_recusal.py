"""An accusation of a desk's own office is shut to that desk on every page, and somebody else acts on it."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.judgement import Disposition, Routing
from casework.roles import Role
from casework.store.tables import PostRow
from rules.model import DemandClass, Grade
from tests.page_kit import LEAD, Desks, id_in, offered

NET, WATCH, AIM, DISCIPLINE = (
    "cyberspace_office",
    "supervision_office",
    "target_office",
    "discipline_commission",
)
TEXT = "网信办主任受贿，收红包。"
OFFICE = (Role.DUTY_OFFICER, Role.DIRECTOR)
LISTS = ("/work", "/cases", "/cases?text=受贿", "/desk", "/posts", "/posts?text=受贿")


def accusing(*accused: str, **changes: object) -> dict[str, object]:
    return {
        "demand": DemandClass.ACCUSATION,
        "confidential": True,
        "accused": accused,
        "routing": Routing(DISCIPLINE, (), "《监察法》第三十五条"),
        "telling": None,
        **changes,
    }


def is_shut(desks: Desks, role: Role, case_id: uuid.UUID, post_id: uuid.UUID, unit: str = LEAD) -> bool:
    """Return whether nothing of it is on any page of somebody of this role, or all of it; never a part."""
    person = desks.person(role, unit)
    seen = {person.get(f"/cases/{case_id}").status_code == 200}
    if role in OFFICE:
        seen.add(person.get(f"/posts/{post_id}").status_code == 200)
    for address in LISTS:
        page = re.sub(r'value="[^"]*"', "", person.get(address).text)
        if True not in seen:
            assert not {part for part in (str(case_id), str(post_id), "受贿") if part in page}, address
    assert len(seen) == 1, "the case and its post are seen together or not at all"
    return seen == {False}


def case_and_post(desks: Desks, **changes: object) -> tuple[uuid.UUID, uuid.UUID]:
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(**changes)
    return desks.case_of(post_id), post_id


@pytest.mark.parametrize("grade", [Grade.GENERAL, Grade.SERIOUS])
def test_where_the_cyberspace_office_is_accused_the_supervision_office_does_its_work(
    desks_anywhere: Desks, grade: Grade
):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(NET, grade=grade))

    for role in OFFICE:
        assert is_shut(desks, role, case_id, post_id)
        answer = desks.person(role).post(f"/cases/{case_id}/confirm", {"version": 1})
        assert answer.status_code == 404
    supervisor, head = desks.person(Role.SUPERVISOR), desks.person(Role.UNIT_HEAD, DISCIPLINE)
    assert str(case_id) in supervisor.get("/work").text, "it waits for the supervision office"
    assert "网信办须回避" in desks.page(supervisor, case_id)

    desks.done(supervisor, case_id, "confirm")
    answer = desks.act(supervisor, case_id, "correct_route", lead=LEAD, basis="职责", reason="转办")
    assert answer.status_code == 400, "an accusation goes to discipline inspection alone"
    desks.done(supervisor, case_id, "dispatch")
    desks.done(head, case_id, "sign_for")
    for person in (head, supervisor):
        assert "record_public_reply" not in offered(desks.page(person, case_id))
        assert "公开回应" not in desks.page(person, case_id), "an accusation is not answered in public"
    desks.done(head, case_id, "file_report", text="已受理。")
    desks.done(head, case_id, "reply", outcome="resolved", text="已依纪依法处理。")
    desks.done(supervisor, case_id, "accept")
    desks.done(supervisor, case_id, "close")

    assert desks.state(case_id) == "closed"
    for role in OFFICE:
        assert is_shut(desks, role, case_id, post_id)


def test_where_the_supervision_office_is_accused_a_director_reviews(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, _ = case_and_post(desks, **accusing(WATCH, LEAD, grade=Grade.SERIOUS))
    supervisor, director = desks.person(Role.SUPERVISOR), desks.person(Role.DIRECTOR)
    head = desks.person(Role.UNIT_HEAD, DISCIPLINE)

    assert supervisor.get(f"/cases/{case_id}").status_code == 404
    assert "受贿" not in supervisor.get("/work").text
    desks.done(director, case_id, "confirm")
    desks.done(director, case_id, "dispatch")
    desks.done(head, case_id, "sign_for")
    desks.done(head, case_id, "file_report", text="已受理。")
    desks.done(head, case_id, "reply", outcome="resolved", text="已依纪依法处理。")
    assert str(case_id) in director.get("/work").text
    assert "accept" not in offered(desks.page(desks.person(Role.DUTY_OFFICER), case_id)), "a director's work"
    desks.done(director, case_id, "accept")
    desks.done(director, case_id, "close")
    assert supervisor.get(f"/cases/{case_id}").status_code == 404


def test_where_both_are_accused_the_inspector_of_confidential_cases_acts(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(NET, WATCH))

    assert is_shut(desks, Role.DIRECTOR, case_id, post_id)
    assert is_shut(desks, Role.SUPERVISOR, case_id, post_id)
    assert is_shut(desks, Role.INSPECTOR, case_id, post_id)
    named = desks.person(Role.SECRET_INSPECTOR)
    assert "均须回避" in desks.page(named, case_id)
    assert str(case_id) in named.get("/work").text
    desks.done(named, case_id, "confirm")
    desks.done(named, case_id, "dispatch")
    assert desks.state(case_id) == "dispatched"


def test_where_every_desk_is_accused_the_head_of_discipline_inspection_reads_who_has_to_act(
    desks_anywhere: Desks,
):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, **accusing(NET, WATCH, AIM))

    for role in (*OFFICE, Role.SUPERVISOR, Role.SECRET_INSPECTOR, Role.INSPECTOR):
        assert is_shut(desks, role, case_id, post_id)
    head = desks.person(Role.UNIT_HEAD, DISCIPLINE)
    assert "由纪委监委主要负责人阅处" in desks.page(head, case_id)
    assert str(case_id) in head.get("/work").text
    for unit, role in ((DISCIPLINE, Role.UNIT_HANDLER), (LEAD, Role.UNIT_HEAD)):
        assert desks.person(role, unit).get(f"/cases/{case_id}").status_code == 404


def test_the_head_of_discipline_inspection_takes_over_what_no_desk_may_have(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, _ = case_and_post(desks, **accusing(NET, WATCH, AIM))
    head = desks.person(Role.UNIT_HEAD, DISCIPLINE)
    page = desks.page(head, case_id)
    assert "下一步：由" not in page, "nobody of them may have it"

    refused = desks.act(head, case_id, "take_over", reason=" ")
    desks.done(head, case_id, "take_over", reason="按管理权限自行办理，云纪信〔2026〕3号")

    assert refused.status_code == 400
    page = desks.page(head, case_id)
    assert "由纪检监察机关受理：按管理权限自行办理，云纪信〔2026〕3号" in re.sub(r"<[^>]+>", "", page)
    assert "已办结" in page or "办结" in page
    for role in (*OFFICE, Role.SUPERVISOR, Role.SECRET_INSPECTOR, Role.INSPECTOR):
        assert desks.person(role).get(f"/cases/{case_id}").status_code == 404


def test_what_has_no_lead_yet_is_taken_over_as_it_is(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, _ = case_and_post(desks, **accusing(NET, WATCH, AIM, routing=Routing(None)))
    head = desks.person(Role.UNIT_HEAD, DISCIPLINE)

    work = head.get("/work").text
    assert str(case_id) in work
    assert "协办" not in work

    desks.done(head, case_id, "take_over", reason="报市纪委监委")


def test_what_accuses_all_four_is_read_and_ended_by_the_higher_authority(desks_anywhere: Desks):
    desks = desks_anywhere
    other = desks.case("三家单位合伙受贿。", **accusing(NET, WATCH, AIM))
    case_id, post_id = case_and_post(desks, **accusing(NET, WATCH, AIM, DISCIPLINE, routing=Routing(None)))
    contact = desks.person(Role.HIGHER_AUTHORITY)

    for role in (*OFFICE, Role.SUPERVISOR, Role.SECRET_INSPECTOR, Role.INSPECTOR):
        assert is_shut(desks, role, case_id, post_id)
    assert desks.person(Role.UNIT_HEAD, DISCIPLINE).get(f"/cases/{case_id}").status_code == 404
    assert contact.get(f"/cases/{other}").status_code == 404
    work = contact.get("/work").text
    assert "待我受理" in work
    assert str(case_id) in work
    assert str(other) not in work
    assert str(post_id) in contact.get("/posts").text
    page = desks.page(contact, case_id)
    assert "本县受理机关均被检举，须由上级机关受理" in page
    assert "受贿" in page
    assert offered(page) == ["take_over", "correct_accused"]

    desks.done(contact, case_id, "take_over", reason="市纪委监委受理，市纪信〔2026〕8号")

    assert desks.state(case_id) == "closed"
    page = re.sub(r"<[^>]+>", "", desks.page(contact, case_id))
    assert "由上级机关受理：市纪委监委受理，市纪信〔2026〕8号" in page
    for role in (*OFFICE, Role.SUPERVISOR, Role.SECRET_INSPECTOR):
        assert desks.person(role).get(f"/cases/{case_id}").status_code == 404


def test_the_higher_authority_has_an_empty_worklist_that_says_so(desks: Desks):
    case_and_post(desks, **accusing(LEAD))
    desks.case()
    contact = desks.person(Role.HIGHER_AUTHORITY)

    assert "检举涉及本县全部受理机关的件，会出现在这里" in contact.get("/work").text
    for address in ("/cases", "/posts"):
        assert not re.search(r'href="/(cases|posts)/[0-9a-f-]{36}', contact.get(address).text)
    assert contact.get("/desk").status_code == 403


@pytest.mark.parametrize("seat", [NET, LEAD])
def test_nobody_takes_over_where_a_desk_is_left(desks: Desks, seat: str):
    case_id, _ = case_and_post(desks, **accusing(seat))

    for person in (
        desks.person(Role.UNIT_HEAD, DISCIPLINE),
        desks.person(Role.UNIT_HEAD, LEAD),
        desks.person(Role.DIRECTOR),
        desks.person(Role.SUPERVISOR),
    ):
        answer = person.post(f"/cases/{case_id}/take_over", {"version": 1, "reason": "自行办理"})
        assert answer.status_code in {403, 404}


@pytest.mark.parametrize("accused", [NET, "county_government"])
def test_an_accusation_that_waits_for_a_person_waits_on_the_other_desk(desks_anywhere: Desks, accused: str):
    """The county's government is above the office in the register."""
    desks = desks_anywhere
    post_id = desks.post(TEXT, title="反映问题")
    assert desks.person(Role.DUTY_OFFICER).get(f"/posts/{post_id}").status_code == 200, (
        "the office receives it"
    )
    desks.triaged(**accusing(accused, disposition=Disposition.DESK))

    for role in OFFICE:
        person = desks.person(role)
        assert person.get(f"/posts/{post_id}").status_code == 404
        for address in ("/desk", "/posts"):
            assert "受贿" not in person.get(address).text
    supervisor = desks.person(Role.SUPERVISOR)
    found = re.search(r"/desk/[0-9a-f-]{36}", supervisor.get("/desk").text)
    assert found is not None
    item = found[0]
    assert "受贿" in supervisor.get(item).text
    assert desks.person(Role.DIRECTOR).get(item).status_code == 404
    sent = {"grade": "general", "demand": "accusation", "topic": "", "lead": DISCIPLINE}
    answer = supervisor.post(f"{item}/open", {**sent, "accused": [accused], "reason": "涉嫌受贿"})
    assert answer.status_code == 302, answer.text
    case_id = id_in(answer.location)
    assert is_shut(desks, Role.DIRECTOR, case_id, post_id)
    desks.done(supervisor, case_id, "confirm")


def suspecting(*named: str, **changes: object) -> dict[str, object]:
    """Return what the machine says of a post that only may be an accusation of these units."""
    return {
        "disposition": Disposition.DESK,
        "accused": named,
        "suspects": True,
        "telling": None,
        **changes,
    }


@pytest.mark.parametrize(("named", "decides"), [(NET, Role.SUPERVISOR), (WATCH, Role.DUTY_OFFICER)])
def test_what_may_accuse_a_desk_is_shut_to_it_until_another_desk_has_decided(
    desks_anywhere: Desks, named: str, decides: Role
):
    desks = desks_anywhere
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(**suspecting(named))
    shut = {NET: OFFICE, WATCH: (Role.SUPERVISOR,)}[named]
    for role in (*shut, Role.INSPECTOR):
        person = desks.person(role)
        assert person.get(f"/posts/{post_id}").status_code in {403, 404}
        for address in LISTS:
            page = re.sub(r'value="[^"]*"', "", person.get(address).text)
            assert "受贿" not in page, (role, address)
            assert str(post_id) not in page, (role, address)

    person = desks.person(decides)
    found = re.search(r"/desk/[0-9a-f-]{36}", person.get("/desk").text)
    assert found is not None
    assert "受贿" in person.get(found[0]).text
    sent = {"grade": "general", "demand": "complaint", "topic": "", "lead": LEAD, "reason": "只是投诉"}
    answer = person.post(f"{found[0]}/open", sent)

    assert answer.status_code == 302, answer.text
    director = desks.person(Role.DIRECTOR)
    assert director.get(f"/cases/{desks.case_of(post_id)}").status_code == 200, "an ordinary case"
    assert director.get(f"/posts/{post_id}").status_code == 200
    assert desks.person(Role.INSPECTOR).get(f"/posts/{post_id}").status_code == 200


def test_what_was_only_suspected_is_dismissed_as_an_ordinary_post(desks: Desks):
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(**suspecting(NET))
    supervisor = desks.person(Role.SUPERVISOR)
    found = re.search(r"/desk/[0-9a-f-]{36}", supervisor.get("/desk").text)
    assert found is not None
    answer = supervisor.post(f"{found[0]}/dismiss", {"reason_id": "no_public_matter", "note": "不是检举"})

    assert answer.status_code == 302, answer.text
    assert desks.person(Role.DIRECTOR).get(f"/posts/{post_id}").status_code == 200
    assert desks.person(Role.INSPECTOR).get(f"/posts/{post_id}").status_code == 200


def test_what_was_suspected_and_is_one_stays_shut(desks: Desks):
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(**suspecting(NET))
    supervisor = desks.person(Role.SUPERVISOR)
    found = re.search(r"/desk/[0-9a-f-]{36}", supervisor.get("/desk").text)
    assert found is not None
    sent = {"grade": "general", "demand": "accusation", "topic": "", "lead": DISCIPLINE}
    answer = supervisor.post(f"{found[0]}/open", {**sent, "accused": [NET], "reason": "涉嫌受贿"})

    assert answer.status_code == 302, answer.text
    assert is_shut(desks, Role.DIRECTOR, id_in(answer.location), post_id)


def test_what_may_accuse_a_unit_is_not_put_into_an_ordinary_case_of_that_unit(desks: Desks):
    ordinary = desks.case()
    desks.post(TEXT, title="反映问题")
    desks.triaged(**suspecting(LEAD))
    duty = desks.person(Role.DUTY_OFFICER)
    found = re.findall(r"/desk/[0-9a-f-]{36}", duty.get("/desk").text)
    page = duty.get(found[0])
    assert str(ordinary) in page.text, "a post that is none may belong to an ordinary case"
    answer = duty.post(f"{found[0]}/attach", {"case_id": str(ordinary), "reason": "同一事项"})

    assert answer.status_code != 302
    assert "不得交由" in answer.text


def test_whoever_marks_an_accusation_of_the_own_office_is_shut_out_and_told_so(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, post_id = case_and_post(desks, telling=None)
    duty = desks.person(Role.DUTY_OFFICER)

    answer = desks.act(duty, case_id, "mark_accusation", accused=[NET], reason="涉嫌受贿")

    assert answer.status_code == 302
    assert str(case_id) not in answer.location
    assert "只有指定的人员可以查看" in duty.get(answer.location).text
    assert is_shut(desks, Role.DUTY_OFFICER, case_id, post_id)
    desks.done(desks.person(Role.SUPERVISOR), case_id, "confirm")


def test_the_supervision_office_has_nothing_of_the_desk_that_is_not_in_its_hands(desks: Desks):
    desks.post("小区里很吵。", title="噪声")
    desks.triaged(disposition=Disposition.DESK, grade=None)
    case_and_post(desks, **accusing(LEAD, disposition=Disposition.CASE))

    assert re.search(r"/desk/[0-9a-f-]{36}", desks.person(Role.DUTY_OFFICER).get("/desk").text)
    for role in (Role.SUPERVISOR, Role.SECRET_INSPECTOR):
        assert not re.search(r"/desk/[0-9a-f-]{36}", desks.person(role).get("/desk").text)


def test_a_further_post_that_accuses_the_office_never_joins_a_case_that_the_office_reads(desks: Desks):
    """Both tell of one matter: the first accuses a bureau alone, the second the office with it."""
    told = {key: value for key, value in accusing(LEAD).items() if key != "telling"}
    first = desks.post("住建局干部收红包，路灯款被挪走，晚上看不清路。", title="反映问题")
    desks.triaged(**told)
    second = desks.post("住建局干部收红包，路灯款被挪走，晚上看不清路！", title="反映问题")
    desks.triaged(**told)
    third = desks.post("住建局干部收红包，路灯款被挪走，晚上看不清路。。", title="反映问题")
    desks.triaged(**{**told, "accused": (LEAD, NET)})

    assert desks.case_of(second) == desks.case_of(first), "one matter, nobody else is accused"
    assert desks.case_of(third) != desks.case_of(first)
    director = desks.person(Role.DIRECTOR)
    assert director.get(f"/posts/{first}").status_code == 200
    assert director.get(f"/posts/{third}").status_code == 404


def test_the_sheet_of_a_unit_has_no_row_of_an_accusation_for_the_accused_office(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(NET, grade=Grade.SERIOUS))
    supervisor = desks.person(Role.SUPERVISOR)
    desks.done(supervisor, case_id, "confirm")
    desks.done(supervisor, case_id, "dispatch")
    desks.done(desks.person(Role.UNIT_HEAD, DISCIPLINE), case_id, "sign_for")
    desks.wait(days=40)
    address = f"/units/{DISCIPLINE}"

    director = desks.person(Role.DIRECTOR)
    page = director.get(address).text
    assert ("保密件的计分另册登记" in page, 'id="entry-' in page, str(case_id) in page) == (
        True,
        False,
        False,
    )
    assert director.get(f"{address}/paper").mimetype == "application/pdf"
    page = supervisor.get(address).text
    assert ("保密件的计分另册登记" in page, 'id="entry-' in page) == (True, True)


def test_a_hidden_text_registered_again_is_answered_as_one_that_came_for_the_first_time(
    desks_anywhere: Desks,
):
    desks = desks_anywhere
    first = desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(NET))
    duty = desks.person(Role.DUTY_OFFICER)

    again = desks.post(TEXT, title="反映问题")
    other = desks.post("马路对面的小区很吵。", title="噪声")

    assert again not in {first, other}
    pages = [duty.get(f"/posts/{one}/taken") for one in (again, other)]
    assert [page.status_code for page in pages] == [200, 200]
    # A token against forged forms tells the second in which it was made.
    token = r"CSRFToken\": \"[^\"]*\"|csrf_token\"[^>]*value=\"[^\"]*\""
    varies = rf"[0-9a-f]{{8}}-[0-9a-f-]{{27}}|nonce=\"[^\"]*\"|{token}"
    shown = {re.sub(varies, "", page.text) for page in pages}
    assert len(shown) == 1, "nothing tells one from the other"
    assert "已登记，正在研判。" in pages[0].text
    assert "登记过" not in pages[0].text
    assert f'href="/posts/{again}' not in pages[0].text, "no link leads to a page that is not there"
    with Session(desks.web.home.transactions.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PostRow)) == 2


def test_a_new_post_opens_by_itself_once_it_is_judged(desks: Desks):
    duty = desks.person(Role.DUTY_OFFICER)
    post_id = desks.post()
    assert duty.get(f"/posts/{post_id}/taken").status_code == 200
    desks.triaged()

    answer = duty.get(f"/posts/{post_id}/taken")

    assert (answer.status_code, answer.location) == (302, f"/posts/{post_id}")
