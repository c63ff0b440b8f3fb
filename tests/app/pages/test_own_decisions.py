"""Whoever decided on a case does not re-audit it: person by person, whatever the role."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.access import CountyId, machine
from casework.events import EventKind
from casework.judgement import Disposition
from casework.roles import Role
from casework.store.deciding import DECISIONS
from casework.store.tables import CaseRow, EventRow, UserRow
from tests.app.pages.test_recusal import AIM, DISCIPLINE, NET, WATCH, accusing, case_and_post
from tests.builders import MONDAY, new_id
from tests.case_pack import case_book
from tests.page_kit import Desks, offered

LOOK = {"verdict": "confirmed", "notes": "已核查。"}


def closed_by_the_inspector(desks: Desks) -> uuid.UUID:
    """Return an accusation that the inspector of confidential cases handled for two recused desks."""
    case_id, _ = case_and_post(desks, **accusing(NET, WATCH))
    named, head = desks.person(Role.SECRET_INSPECTOR), desks.person(Role.UNIT_HEAD, DISCIPLINE)
    desks.done(named, case_id, "confirm")
    desks.done(named, case_id, "dispatch")
    desks.done(head, case_id, "sign_for")
    desks.done(head, case_id, "file_report", text="已受理。")
    desks.done(head, case_id, "reply", outcome="resolved", text="已依纪依法处理。")
    desks.done(named, case_id, "accept")
    desks.done(named, case_id, "close")
    return case_id


def test_an_inspector_who_stood_in_leaves_the_re_audit_to_another_one(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id = closed_by_the_inspector(desks)
    named = desks.person(Role.SECRET_INSPECTOR)

    page = desks.page(named, case_id)
    assert "re_audit" not in offered(page)
    assert "请系统管理员增设一个“目督办（保密件）”账号" in page, "nobody else is left"
    answer = named.post(f"/cases/{case_id}/re_audit", {"version": 1, **LOOK})
    assert answer.status_code == 403
    assert "不能再抽查此件" in answer.text

    other = desks.web.signed_in(Role.SECRET_INSPECTOR, login="other-inspector")
    assert "由另一位“目督办（保密件）”抽查" in desks.page(named, case_id)
    desks.done(other, case_id, "re_audit", **LOOK)


def told_to_administrators(desks: Desks) -> list[str]:
    addresses = ("/admin/accounts", "/admin/health")
    return [desks.person(Role.SYSTEM_ADMIN).get(address).text for address in addresses]


def test_where_nobody_is_left_to_re_audit_it_is_told_whose_account_is_missing(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id = closed_by_the_inspector(desks)
    head = desks.person(Role.UNIT_HEAD, DISCIPLINE)

    assert "现在无人可以抽查此件：请系统管理员增设一个“目督办（保密件）”账号" in desks.page(head, case_id)
    for page in told_to_administrators(desks):
        assert "有 1 件已办结的检举没有人可以抽查" in page
        assert not {part for part in (str(case_id), "受贿", "反映问题") if part in page}

    other = desks.web.signed_in(Role.SECRET_INSPECTOR, login="other-inspector")
    assert "无人可以抽查" not in desks.page(head, case_id)
    assert not any("没有人可以抽查" in page for page in told_to_administrators(desks))
    desks.done(other, case_id, "re_audit", **LOOK)
    assert "无人可以抽查" not in desks.page(head, case_id)


def test_where_the_target_office_is_accused_the_higher_authority_looks_again(desks_anywhere: Desks):
    desks = desks_anywhere
    case_id, _ = case_and_post(desks, **accusing(AIM))
    desks.person(Role.SECRET_INSPECTOR)
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        ended = {"state": "closed", "closed_at": MONDAY}
        uow.session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(ended))

    director = desks.person(Role.DIRECTOR)
    assert "目督办须回避，本县无人可以抽查此件；需要抽查的，报上级机关" in desks.page(director, case_id)
    assert all("有 1 件已办结的检举本县无人可以抽查" in page for page in told_to_administrators(desks))

    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        uow.session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(state="archived"))
    assert "本县无人可以抽查此件" in desks.page(director, case_id)
    assert not any("无人可以抽查" in page for page in told_to_administrators(desks))


def test_an_open_accusation_and_an_ordinary_case_say_nothing_of_a_re_audit(desks: Desks):
    director = desks.person(Role.DIRECTOR)
    open_case, _ = case_and_post(desks, **accusing(AIM))

    assert "抽查" not in desks.page(director, open_case)
    assert "抽查" not in desks.page(director, closed(desks))


def closed(desks: Desks) -> uuid.UUID:
    case_id = desks.case()
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        ended = {"state": "closed", "closed_at": MONDAY}
        uow.session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(ended))
    return case_id


def did(desks: Desks, login: str, kind: EventKind, **about: uuid.UUID) -> None:
    """Add a line to a timeline as if this person had done it."""
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        user = uow.session.scalar(sa.select(UserRow.id).where(UserRow.login == login))
        assert user is not None
        uow.session.add(
            EventRow(
                id=new_id(),
                county_id=desks.county,
                kind=kind.value,
                at=MONDAY,
                actor_id=user,
                actor=login,
                data={},
                **about,
            )
        )


@pytest.mark.parametrize("kind", sorted(DECISIONS))
def test_a_single_decision_is_enough_and_binds_one_person_only(desks: Desks, kind: EventKind):
    case_id = closed(desks)
    first = desks.web.signed_in(Role.INSPECTOR, login="first")
    second = desks.web.signed_in(Role.INSPECTOR, login="second")
    assert "re_audit" in offered(desks.page(first, case_id))

    did(desks, "first", kind, case_id=case_id)

    assert "re_audit" not in offered(desks.page(first, case_id))
    desks.done(second, case_id, "re_audit", **LOOK)


@pytest.mark.parametrize("kind", [EventKind.REOPENED, EventKind.CASE_REINSTATED, EventKind.STEP_TAKEN])
def test_what_is_an_inspectors_own_work_is_no_decision(desks: Desks, kind: EventKind):
    case_id = closed(desks)
    first = desks.web.signed_in(Role.INSPECTOR, login="first")

    did(desks, "first", kind, case_id=case_id)

    desks.done(first, case_id, "re_audit", **LOOK)


def test_whoever_dismissed_a_post_does_not_re_audit_that(desks: Desks):
    post_id = desks.post("谢谢你们。")
    reason = case_book().pack.dismissals[0]
    desks.triaged(disposition=Disposition.DISMISSAL, grade=None, dismissal=reason)
    first = desks.web.signed_in(Role.INSPECTOR, login="first")
    second = desks.web.signed_in(Role.INSPECTOR, login="second")
    did(desks, "first", EventKind.POST_DISMISSED, post_id=post_id)

    page = first.get(f"/posts/{post_id}")
    assert "由另一位“目督办”抽查" in page.text
    assert f"/posts/{post_id}/reaudit" not in page.text
    first.post(f"/posts/{post_id}/reaudit", LOOK)
    assert "不能再抽查此件" in first.get(f"/posts/{post_id}").text

    second.post(f"/posts/{post_id}/reaudit", LOOK)
    assert "抽查：不立案成立" in second.get(f"/posts/{post_id}").text
