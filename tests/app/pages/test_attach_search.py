"""Attaching a post of the person's desk: the case is found by number or title among all open ones."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa

from app.pages import desk_forms
from casework.judgement import Disposition
from casework.roles import Role
from casework.store.tables import CaseRow
from rules.model import Label
from tests.builders import add_case, the_machine
from tests.page_kit import Desks
from tests.web_kit import Browser

OLD_NUMBER = "云网督〔2026〕7号"


@pytest.fixture
def cases(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> dict[str, uuid.UUID]:
    """Four cases by title, of which the form offers two unless it is asked for another."""
    monkeypatch.setattr(desk_forms, "SUGGESTED_CASES", 2)
    made: dict[str, uuid.UUID] = {}
    with desks.web.home.transactions.write(the_machine(desks.county)) as uow:
        for title, values in {
            "老街排水": {"number": OLD_NUMBER},
            "旧桥护栏": {"state": "closed"},
            "河堤裂缝": {},
            "学校门口": {},
            "某局举报": {"confidential": True},
        }.items():
            made[title] = add_case(uow.session, county=desks.county)
            uow.session.flush()
            change = {"title": title, "state": "confirmed", **values}
            uow.session.execute(sa.update(CaseRow).where(CaseRow.id == made[title]).values(change))
    return made


@pytest.fixture
def duty(desks: Desks) -> Browser:
    return desks.person(Role.DUTY_OFFICER)


@pytest.fixture
def item(desks: Desks, duty: Browser, cases: dict[str, uuid.UUID]) -> str:
    """The address of an item about a post that nobody could judge."""
    assert cases
    desks.post("说不清。")
    desks.triaged(disposition=Disposition.DESK, doubt=Label("不清楚", "Unclear"))
    [address] = re.findall(r'href="(/desk/[0-9a-f-]{36})"', duty.get("/desk").text)
    return address


def offered(page: str) -> set[str]:
    """Return the ids of the cases that the form to attach offers."""
    [form] = re.findall(r'<select[^>]*name="case_id".*?</select>', page, flags=re.DOTALL)
    return set(re.findall(r'value="([0-9a-f-]{36})"', form))


def test_without_a_search_the_newest_open_cases_are_offered(
    duty: Browser, item: str, cases: dict[str, uuid.UUID]
):
    assert offered(duty.get(item).text) == {str(cases["河堤裂缝"]), str(cases["学校门口"])}


@pytest.mark.parametrize("find", [OLD_NUMBER, "7号", "老街"])
def test_an_older_case_is_found_by_number_or_title_and_joined(
    duty: Browser, item: str, cases: dict[str, uuid.UUID], find: str
):
    page = duty.get(f"{item}?find={find}").text
    assert offered(page) == {str(cases["老街排水"])}
    [address] = re.findall(r'action="(/desk/[^"]+/attach[^"]*)"', page)

    answer = duty.post(address, {"case_id": str(cases["老街排水"]), "reason": "同一处。"})

    assert answer.status_code == 302
    assert answer.location == f"/cases/{cases['老街排水']}"


@pytest.mark.parametrize("find", ["旧桥护栏", "某局举报", "没有这一件", "%25"])
def test_settled_and_confidential_cases_and_none_are_not_found(duty: Browser, item: str, find: str):
    page = duty.get(f"{item}?find={find}").text

    assert offered(page) == set()
    assert "没有符合条件的舆情件。" in page


def test_a_broken_search_breaks_no_page(duty: Browser, item: str):
    for find in ("%00", "%F0", "x" * 9000, "%20"):
        assert duty.get(f"{item}?find={find}").status_code == 200


def test_what_is_looked_for_is_only_ever_text(duty: Browser, item: str):
    page = duty.get(item + "?find=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
