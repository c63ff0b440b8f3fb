"""Administrators are told of an accusation that nobody can take, and nothing of it but a number."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from casework.access import CountyId, machine
from casework.judgement import Disposition
from casework.roles import Role
from casework.store.tables import CaseRow, UserRow
from tests.app.pages.test_recusal import AIM, DISCIPLINE, NET, TEXT, WATCH, accusing
from tests.builders import MONDAY
from tests.page_kit import Desks

ALL_FOUR = (NET, WATCH, AIM, DISCIPLINE)
READ_DAILY = {
    Role.SYSTEM_ADMIN: ("/admin/accounts", "/admin/health"),
    Role.AUDIT_ADMIN: ("/admin/accounts", "/admin/audit"),
}
SEATS = {
    NET: (Role.DIRECTOR, ""),
    WATCH: (Role.SUPERVISOR, ""),
    AIM: (Role.SECRET_INSPECTOR, ""),
    DISCIPLINE: (Role.UNIT_HEAD, DISCIPLINE),
}


def told(desks: Desks, *, but: str = "") -> list[str]:
    """Return the pages that administrators read daily; every seat but one has somebody."""
    for unit, (role, of) in SEATS.items():
        if unit != but:
            desks.person(role, of or NET)
    pages = [
        desks.person(role).get(address).text
        for role, addresses in READ_DAILY.items()
        for address in addresses
    ]
    return [*pages[:-1], pages[-1].partition("<table")[0]]  # the lines of the log have ids of every object


@pytest.mark.parametrize("disposition", [Disposition.CASE, Disposition.DESK])
def test_an_accusation_of_all_four_is_counted_and_nothing_of_it_is_shown(
    desks_anywhere: Desks, disposition: Disposition
):
    desks = desks_anywhere
    assert not any("检举涉及本县全部受理机关" in page for page in told(desks))
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(*ALL_FOUR, disposition=disposition))

    for page in told(desks):
        assert "有 1 件检举涉及本县全部受理机关，本县无人可以受理，请按规定报上级机关" in page
        assert not {part for part in (str(post_id), "受贿", "反映问题", NET) if part in page}
    for role, unit in SEATS.values():
        assert desks.person(role, unit or NET).get(f"/posts/{post_id}").status_code in {403, 404}


@pytest.mark.parametrize("disposition", [Disposition.CASE, Disposition.DESK])
def test_where_the_higher_authority_has_an_account_nothing_has_to_be_reported(
    desks_anywhere: Desks, disposition: Disposition
):
    desks = desks_anywhere
    desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(*ALL_FOUR, disposition=disposition))
    assert all("本县无人可以受理" in page for page in told(desks))

    desks.person(Role.HIGHER_AUTHORITY)

    assert not any("检举涉及本县全部受理机关" in page or "没有可用的账号" in page for page in told(desks))


def test_the_higher_authority_without_an_account_is_no_empty_seat_of_the_county(desks: Desks):
    assert not any("上级机关受理人" in page for page in told(desks))


def test_the_count_says_nothing_to_load_balancers_and_strangers(desks: Desks):
    desks.post(TEXT, title="反映问题")
    before = desks.web.browser().get("/healthz").get_json()
    desks.triaged(**accusing(*ALL_FOUR))

    assert desks.web.browser().get("/healthz").get_json() == before


def test_it_is_told_in_english_too(desks: Desks):
    desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(*ALL_FOUR))
    told(desks)
    browser = desks.person(Role.SYSTEM_ADMIN)
    browser.post("/language", {"to": "en"})

    page = browser.get("/admin/health").text

    assert "Accusations that concern every office of the county: 1." in page
    assert "检举" not in page


@pytest.mark.parametrize("state", ["dismissed", "closed", "archived", "merged"])
def test_what_is_settled_is_not_counted(desks: Desks, state: str):
    post_id = desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(*ALL_FOUR))
    case_id = desks.case_of(post_id)
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        uow.session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(state=state))

    assert not any("检举涉及本县全部受理机关" in page for page in told(desks))


@pytest.mark.parametrize(
    ("accused", "keeper", "words"),
    [
        ((NET,), WATCH, "由书记督查室督查员代办"),
        ((WATCH,), NET, "由网信办主任代办"),
        ((NET, WATCH), AIM, "由目督办（保密件）代办"),
        ((NET, WATCH, AIM), DISCIPLINE, "由纪委监委主要负责人代办"),
    ],
)
@pytest.mark.parametrize("disposition", [Disposition.CASE, Disposition.DESK])
def test_where_nobody_can_stand_in_it_is_told_whose_account_is_missing(
    desks_anywhere: Desks, accused: tuple[str, ...], keeper: str, words: str, disposition: Disposition
):
    desks = desks_anywhere
    desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(*accused, disposition=disposition))

    without = told(desks, but=keeper)
    then = told(desks)

    assert all(f"有 1 件检举{words}，但没有可用的账号；请建立账号" in page for page in without)
    assert not any("没有可用的账号" in page for page in then)


def test_an_account_that_was_disabled_stands_in_for_nobody(desks: Desks):
    desks.post(TEXT, title="反映问题")
    desks.triaged(**accusing(NET))
    assert not any("没有可用的账号" in page for page in told(desks))
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        users = uow.session.scalars(sa.select(UserRow)).all()
        for user in users:
            if Role.SUPERVISOR.value in user.roles:
                user.disabled_at = MONDAY

    assert "由书记督查室督查员代办" in desks.person(Role.SYSTEM_ADMIN).get("/admin/health").text


def test_the_head_of_another_unit_is_not_the_head_of_discipline_inspection(desks: Desks):
    told(desks, but=DISCIPLINE)
    desks.person(Role.UNIT_HEAD)

    assert "没有可用的账号：纪委监委主要负责人" in desks.person(Role.SYSTEM_ADMIN).get("/admin/health").text


def test_a_county_that_begins_is_told_of_every_seat_that_is_empty(desks: Desks):
    page = desks.person(Role.SYSTEM_ADMIN).get("/admin/health").text

    assert "没有可用的账号：网信办主任、书记督查室督查员、目督办（保密件）、纪委监委主要负责人" in page
    told(desks)
    page = desks.person(Role.SYSTEM_ADMIN).get("/admin/health").text
    assert "四个受理机关都有可用的账号" in page
