"""Whatever is charged in an accusation that a reader may not read: no page changes by a byte.

What any set of such entries does to lists and sheets is `tests.casework.store.test_hidden_entries`.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from casework.access import UnitId
from casework.roles import Role
from casework.scoring import FailingKind, ScoreDraft
from casework.store.score_ledger import add_entries
from casework.store.tables import ExclusionRow
from tests.builders import add_case, new_id
from tests.page_kit import LEAD, Desks

NET, WATCH, AIM, DISCIPLINE = (
    "cyberspace_office",
    "supervision_office",
    "target_office",
    "discipline_commission",
)
PAGES = (f"/units/{LEAD}", f"/units/{LEAD}/paper", "/units", "/work", "/cases", f"/units/{DISCIPLINE}")
ONCE = re.compile(r'"X-CSRFToken": "[^"]*"|name="csrf_token" value="[^"]*"')


@pytest.mark.parametrize(
    ("role", "accused"),
    [
        (Role.DIRECTOR, NET),
        (Role.SUPERVISOR, WATCH),
        (Role.SECRET_INSPECTOR, AIM),
        (Role.INSPECTOR, NET),
        (Role.UNIT_HEAD, LEAD),
    ],
)
def test_no_page_changes_by_a_byte_where_something_is_charged_in_a_hidden_case(
    desks: Desks, role: Role, accused: str
):
    desks.reported()
    desks.wait(days=20)
    reader = desks.person(role)

    def pages() -> list[bytes]:
        answers = [reader.get(address) for address in PAGES]
        texts = [one.data if one.status_code == 200 else b"none" for one in answers]
        return [ONCE.sub("", text.decode("latin-1")).encode() for text in texts]

    before = pages()
    assert any(b'id="entry-' in page for page in before), "there is something to compare"
    with Session(desks.web.home.transactions.engine.execution_options(jianjian_write=True)) as session:
        secret = add_case(session, county=desks.county, confidential=True, state="handling", lead=DISCIPLINE)
        session.add(ExclusionRow(county_id=desks.county, case_id=secret, unit_code=accused))
        session.flush()
        for number, unit in enumerate((LEAD, DISCIPLINE)):
            made = ScoreDraft(
                str(number), UnitId(unit), secret, FailingKind.LATE_CLOSE, "r", "p", "c", Decimal(1), ()
            )
            add_entries(session, desks.county, [made], by="x", now=desks.web.clock(), new_id=new_id)
        session.commit()

    for address, one, other in zip(PAGES, before, pages(), strict=True):
        assert one == other, address
