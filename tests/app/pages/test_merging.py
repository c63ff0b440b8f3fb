"""A case that should not be there: dismissed, merged or taken up again on its page."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa

from casework.desk.same_matter import ask_about_same
from casework.roles import Role
from casework.store.tables import CasePostRow
from tests.builders import the_machine
from tests.page_kit import LEAD, Desks, offered

ROAD = "城东那条路又塌了一块，拖拉机过不去，请尽快修一修。"


@pytest.fixture
def pair(desks: Desks) -> tuple[uuid.UUID, uuid.UUID]:
    """Two cases about one thing."""
    return desks.case(), desks.case(ROAD)


def test_the_duty_officer_dismisses_a_case_with_a_reason_of_the_pack(desks: Desks):
    case_id, duty = desks.case(), desks.person(Role.DUTY_OFFICER)
    refused = desks.act(duty, case_id, "dismiss", reason_id="", note="")
    assert refused.status_code == 400

    desks.done(duty, case_id, "dismiss", reason_id="no_public_matter", note="不属于公共事务。")

    page = desks.page(duty, case_id)
    assert "没有公共单位可以办理的事项" in page
    assert "不属于公共事务。" in page
    assert offered(page) == ["reinstate"]
    assert "re_audit" in offered(desks.page(desks.person(Role.INSPECTOR), case_id))


def test_a_case_is_merged_into_one_that_was_searched_for_and_links_to_it(
    desks: Desks, pair: tuple[uuid.UUID, uuid.UUID]
):
    target, case_id = pair
    duty = desks.person(Role.DUTY_OFFICER)
    found = duty.get(f"/cases/{case_id}?find=路灯").text
    assert f'value="{target}"' in found
    assert f'value="{target}"' not in duty.get(f"/cases/{case_id}?find=没有这样的件").text
    assert f'value="{case_id}"' not in found, "no case is offered itself"

    desks.done(duty, case_id, "merge_into", into=str(target), reason="同一处。")

    merged, other = desks.page(duty, case_id), desks.page(duty, target)
    assert f'href="/cases/{target}"' in merged
    assert f'href="/cases/{case_id}"' in other
    assert ROAD in other
    assert ROAD not in merged
    assert desks.state(case_id) == "merged"


def test_a_merge_is_undone_on_the_page_of_the_merged_case(desks: Desks, pair: tuple[uuid.UUID, uuid.UUID]):
    target, case_id = pair
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "merge_into", into=str(target), reason="同一处。")
    desks.wait(minutes=1)
    desks.done(duty, case_id, "reinstate", reason="不是同一处。")

    assert desks.state(case_id) == "registered"
    assert ROAD in desks.page(duty, case_id)
    assert f'href="/cases/{case_id}"' not in desks.page(duty, target)


@pytest.mark.parametrize("into", ["", "nonsense", "01a1e283-0600-7001-a0e5-12757469b48c"])
def test_a_case_is_not_merged_into_what_is_not_there(desks: Desks, into: str):
    case_id, duty = desks.case(), desks.person(Role.DUTY_OFFICER)
    refused = desks.act(duty, case_id, "merge_into", into=into, reason="同一处。")
    assert refused.status_code == 400
    assert "同一处。" in refused.text, "what was typed is not lost"
    assert desks.state(case_id) == "registered"


def test_a_case_is_not_merged_into_itself(desks: Desks):
    case_id, duty = desks.case(), desks.person(Role.DUTY_OFFICER)
    refused = desks.act(duty, case_id, "merge_into", into=str(case_id), reason="同一处。")
    assert "不能并入本件自身" in refused.text


def test_a_dispatched_case_offers_neither(desks: Desks):
    case_id, duty = desks.case(), desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    assert not {"dismiss", "merge_into", "reinstate"} & set(offered(desks.page(duty, case_id)))


def test_the_unit_of_a_case_sees_what_came_in_but_no_link_to_what_it_may_not_see(
    desks: Desks, pair: tuple[uuid.UUID, uuid.UUID]
):
    target, case_id = pair
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "merge_into", into=str(target), reason="同一处。")
    desks.done(duty, target, "confirm")
    desks.done(duty, target, "dispatch")

    page = desks.page(desks.person(Role.UNIT_HANDLER, LEAD), target)
    assert ROAD in page
    assert f"/cases/{case_id}" not in page


def test_the_words_are_there_in_english(desks: Desks, pair: tuple[uuid.UUID, uuid.UUID]):
    target, case_id = pair
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, case_id, "merge_into", into=str(target), reason="same place")
    duty.post("/language", {"to": "en"})
    assert "This case was merged into" in desks.page(duty, case_id)
    assert "Cases merged into this one" in desks.page(duty, target)


# --- possibly the same matter --------------------------------------------------------------------


@pytest.fixture
def asked(desks: Desks, pair: tuple[uuid.UUID, uuid.UUID]) -> tuple[uuid.UUID, uuid.UUID]:
    """The two cases, of which a person is asked whether they are one."""
    with desks.web.home.transactions.write(the_machine(desks.county)) as uow:
        post_id = uow.session.scalar(sa.select(CasePostRow.post_id).where(CasePostRow.case_id == pair[1]))
        assert ask_about_same(uow, {pair[1]: post_id}, ["e_cuihu"]) == 1
    return pair


ASKED = "可能是同一事项"
DIFFERENT = re.compile(r'action="(/desk/[0-9a-f-]{36})/different"')


def test_both_pages_say_that_the_cases_may_be_one_and_link_to_each_other(
    desks: Desks, asked: tuple[uuid.UUID, uuid.UUID]
):
    duty = desks.person(Role.DUTY_OFFICER)
    for one, other in (asked, reversed(asked)):
        page = desks.page(duty, one)
        assert ASKED in page
        assert f'href="/cases/{other}"' in page
        assert "”可能是同一事项：" not in page, (
            "the stored sentence names the older case, on its own page, too"
        )


def test_one_button_merges_the_two(desks: Desks, asked: tuple[uuid.UUID, uuid.UUID]):
    older, newer = asked
    duty = desks.person(Role.DUTY_OFFICER)
    item = DIFFERENT.search(desks.page(duty, newer))
    assert item is not None
    page = duty.get(item[1]).text
    form = re.search(r'action="(/cases/[0-9a-f-]{36}/merge_into)".*?</form>', page, re.DOTALL)
    assert form is not None
    sent = dict(re.findall(r'name="(version|into|reason)" value="([^"]*)"', form[0]))
    answer = duty.post(form[1], sent)

    assert answer.status_code == 302, answer.text
    assert {desks.state(older), desks.state(newer)} == {"registered", "merged"}
    assert ASKED not in desks.page(duty, older)
    assert ASKED not in duty.get("/desk").text


def test_the_answer_that_they_differ_is_remembered(desks: Desks, asked: tuple[uuid.UUID, uuid.UUID]):
    duty = desks.person(Role.DUTY_OFFICER)
    item = DIFFERENT.search(desks.page(duty, asked[0]))
    assert item is not None
    assert ASKED in duty.get("/desk").text

    assert duty.post(f"{item[1]}/different", {}).status_code == 302

    assert not [one for one in asked if ASKED in desks.page(duty, one)]
    assert ASKED not in duty.get("/desk").text
    assert any("不是同一事项" in desks.page(duty, one) for one in asked), "the timeline says so"


def test_a_unit_is_not_told_of_a_case_that_it_does_not_have(desks: Desks, asked: tuple[uuid.UUID, uuid.UUID]):
    duty = desks.person(Role.DUTY_OFFICER)
    desks.done(duty, asked[0], "confirm")
    desks.done(duty, asked[0], "dispatch")
    page = desks.page(desks.person(Role.UNIT_HANDLER, LEAD), asked[0])
    assert ASKED not in page
    assert str(asked[1]) not in page


def test_nobody_else_answers(desks: Desks, asked: tuple[uuid.UUID, uuid.UUID]):
    item = DIFFERENT.search(desks.page(desks.person(Role.DUTY_OFFICER), asked[0]))
    assert item is not None
    inspector = desks.person(Role.INSPECTOR)
    assert inspector.post(f"{item[1]}/different", {}).status_code == 403
    assert ASKED in desks.page(inspector, asked[0]), "but an inspector sees that it is asked"


@pytest.mark.parametrize("marked", [0, 1], ids=["the older", "the newer"])
def test_a_recused_desk_reads_nothing_of_an_accusation_in_the_question(
    desks: Desks, asked: tuple[uuid.UUID, uuid.UUID], marked: int
):
    duty = desks.person(Role.DUTY_OFFICER)
    item = DIFFERENT.search(desks.page(duty, asked[0]))
    assert item is not None
    assert ASKED in duty.get("/desk").text

    reason = "反映网信办有人收红包。"
    desks.act(duty, asked[marked], "mark_accusation", accused=["cyberspace_office"], reason=reason)

    assert duty.get(f"/cases/{asked[marked]}").status_code == 404
    assert duty.get(item[1]).status_code == 404
    for address in ("/desk", "/desk?kind=same_matter", f"/cases/{asked[1 - marked]}"):
        assert "”可能是同一事项：" not in duty.get(address).text
        assert str(asked[marked]) not in duty.get(address).text
