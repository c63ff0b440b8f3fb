"""No paper and no page of an accusation sends a unit to the office that is accused."""

from __future__ import annotations

import io
import re
import uuid

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from casework.access import CountyId, machine
from casework.roles import Role
from casework.store.secrets import shut_out_instead
from casework.store.tables import DocumentRow
from rules.model import Grade
from tests.app.pages.test_recusal import AIM, DISCIPLINE, NET, WATCH, accusing, case_and_post
from tests.page_kit import LEAD, Desks
from workers.papers import PaperDrain

OFFICE, SUPERVISION, TARGET = "县网信办", "书记督查室", "目督办"
ACCUSED = {NET: ("县网信办", "网信督", "网信交", "网信密"), WATCH: ("督查室", "督查督", "督查交", "督查密")}


def papers(desks: Desks, case_id: uuid.UUID) -> dict[str, str]:
    """Return what is printed, by the number of the paper, each with the author in its file."""
    tx = desks.web.home.transactions
    PaperDrain(tx, machine(CountyId(desks.county)), lambda: False).run()
    with Session(tx.engine) as session:
        rows = session.scalars(sa.select(DocumentRow).where(DocumentRow.case_id == case_id)).all()
        found = {row.number: PdfReader(io.BytesIO(row.content)) for row in rows}
    return {
        number: "".join("".join(page.extract_text() for page in pdf.pages).split())
        + str(pdf.metadata and pdf.metadata.author)
        for number, pdf in found.items()
    }


def shut_out(desks: Desks, case_id: uuid.UUID, *units: str) -> None:
    with desks.web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        shut_out_instead(uow.session, uow.county, case_id, frozenset(units))


@pytest.mark.parametrize(
    ("accused", "grade", "keeper", "role", "stem", "issuer"),
    [
        ((NET,), Grade.GENERAL, SUPERVISION, Role.SUPERVISOR, "云督查密", "中共云岭县委书记督查室"),
        ((WATCH,), Grade.SERIOUS, OFFICE, Role.DIRECTOR, "云网信密", "云岭县网信办"),
        ((NET, WATCH), Grade.SERIOUS, TARGET, Role.SECRET_INSPECTOR, "云目督密", "云岭县目督办"),
    ],
)
def test_slip_order_and_page_name_whoever_has_it_in_hand(
    desks_anywhere: Desks,
    accused: tuple[str, ...],
    grade: Grade,
    keeper: str,
    role: Role,
    stem: str,
    issuer: str,
):
    desks = desks_anywhere
    case_id, _ = case_and_post(desks, **accusing(*accused, grade=grade))
    person, head = desks.person(role), desks.person(Role.UNIT_HEAD, DISCIPLINE)
    desks.done(person, case_id, "confirm")
    desks.done(person, case_id, "dispatch")
    desks.done(head, case_id, "sign_for")

    page = desks.page(head, case_id)
    assert f"通过{keeper}联系诉求人" in page
    assert "公开告知“已受理”" not in page
    desks.wait(days=6)
    printed = papers(desks, case_id)

    assert all(re.fullmatch(rf"{stem}〔\d{{4}}〕[2-9A-HJ-NP-Z]{{6}}号", number) for number in printed)
    (made,) = [text for text in printed.values() if "交办单" in text and "督办单" not in text]
    assert f"结果按程序反馈{keeper}。" in made
    assert f"需联系请通过{keeper}。" in made
    orders = [text for text in printed.values() if "督办单" in text]
    assert orders
    for text in orders:
        assert f"{issuer}督办单" in text
        assert f"报送{issuer}。" in text
    assert len(printed) == 1 + len(orders)
    for text in printed.values():
        assert not [word for one in accused for word in ACCUSED[one] if word in text]
    assert not [word for one in accused for word in ACCUSED[one] if f"通过{word}" in page]
    assert f"<dd>{keeper.removeprefix('县')}</dd>" in page or f"<dd>{keeper}</dd>" in page


@pytest.mark.parametrize("changes", [{}, accusing(LEAD)], ids=["ordinary", "of others"])
def test_an_ordinary_case_and_an_accusation_of_others_name_the_office(
    desks: Desks, changes: dict[str, object]
):
    case_id, _ = case_and_post(desks, **changes)
    director = desks.person(Role.DIRECTOR)
    desks.done(director, case_id, "confirm")
    desks.done(director, case_id, "dispatch")
    (text,) = papers(desks, case_id).values()
    assert "需联系请通过县网信办。" in text
    assert ("网信密" if changes else "网信交") in text
    assert "通过县网信办联系诉求人" in desks.page(director, case_id)


def test_where_every_office_is_accused_by_name_no_paper_is_made_in_anybody_s_name(desks: Desks):
    case_id, _ = case_and_post(desks, **accusing(LEAD))
    director = desks.person(Role.DIRECTOR)
    desks.done(director, case_id, "confirm")
    desks.done(director, case_id, "dispatch")
    shut_out(desks, case_id, NET, WATCH, AIM, DISCIPLINE)
    assert papers(desks, case_id) == {}
