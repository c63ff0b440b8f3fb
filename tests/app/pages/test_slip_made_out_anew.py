"""A case goes to another lead: that one gets a slip of its own, and the former slip stays, marked."""

from __future__ import annotations

import re

from casework.access import CountyId, machine
from casework.roles import Role
from casework.store.slips import slips_of
from tests.app.pages.test_major_journey import papers, papers_on, words_of
from tests.page_kit import ASSIST, LEAD, OTHER, Desks


def test_the_new_lead_gets_its_own_slip_and_the_former_one_stays_in_the_record(desks_anywhere: Desks):
    desks = desks_anywhere
    duty, director = desks.person(Role.DUTY_OFFICER), desks.person(Role.DIRECTOR)
    first, third = desks.person(Role.UNIT_HANDLER, LEAD), desks.person(Role.UNIT_HANDLER, OTHER)
    case_id = desks.case()
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    papers(desks)
    [old] = papers_on(desks.page(first, case_id))
    desks.wait(hours=3)

    route = {"basis": "三定规定", "reason": "属城管职责。"}
    desks.done(director, case_id, "reassign", lead=OTHER, assist=ASSIST, **route)
    assert "交办单正在生成" in desks.page(third, case_id)
    papers(desks)

    office = desks.page(director, case_id)
    assert "交办单正在生成" not in office
    assert [one for one in papers_on(office) if one != old] == papers_on(desks.page(third, case_id))
    [new] = papers_on(desks.page(third, case_id))
    with desks.web.home.transactions.read(machine(CountyId(desks.county))) as uow:
        was, now = slips_of(uow.session, case_id)
    assert (was.superseded_by, was.superseded_at, now.superseded_at) == (now.number, now.at, None)
    assert now.number == f"{was.number}（改派1）"
    assert office.count("已被替代") == 1
    assert f"由 {now.number} 替代" in office
    assert f"文号 {now.number}" in office

    said = words_of(third.get(new).data)
    assert now.number in said
    assert f"本单替代：{was.number}" in said
    assert f"主办单位{names(desks)[OTHER]}职责依据：三定规定" in said
    assert names(desks)[LEAD] not in said
    limits = re.findall(r"计算方式：([^<]*)</p>", desks.page(third, case_id))
    assert limits
    for how in limits:
        assert re.sub(r"\s", "", how) in said, "the limits are those of the new lead"
    assert names(desks)[LEAD] in words_of(director.get(old).data), "the old one is as it was issued"

    assert third.get(old).status_code == 404, "it was made out to others"
    assert first.get(new).status_code == 404, "the former lead has no part in the case"
    helper = desks.person(Role.UNIT_HANDLER, ASSIST)
    assert papers_on(desks.page(helper, case_id)) == [old, new], "it assists in both"

    desks.done(
        director,
        case_id,
        "reassign",
        lead=LEAD,
        assist=OTHER,
        basis="会议纪要",
        reason="退回原单位。",
        review="编办会审",
    )
    papers(desks)
    assert len(papers_on(desks.page(director, case_id))) == 3
    again = papers_on(desks.page(first, case_id))
    assert again[0] == old, "who has it again reads what was made out to it before"
    assert len(again) == 2
    assert f"{was.number}（改派2）" in words_of(first.get(again[1]).data)


def names(desks: Desks) -> dict[str, str]:
    """Return the names of the units in Chinese by code."""
    with desks.web.home.transactions.read(machine(CountyId(desks.county))) as uow:
        return {unit.id: unit.name.zh for unit in uow.rulebook.pack.units}
