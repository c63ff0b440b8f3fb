"""Dispatch slips: made after commit, once a number, with limits to the minute and nobody's identity."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.pages.case_clocks import shown_clocks
from casework.access import Role, visibility
from casework.desk.asking import Writing, ask_person
from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.by_hand import open_by_hand
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.receive import receive_post
from casework.intake import Author, IncomingPost
from casework.recusal import NOBODY
from casework.store.case_view import case_view
from casework.store.desk_items import ItemKind, open_items
from casework.store.tables import CaseRow, DeskItemRow, DocumentRow, EventRow, OutboxRow
from casework.workdays import workdays_of
from rules.model import DemandClass, Grade, Label
from tests.builders import officer, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from tests.small_pack import small_book, small_pack
from workers.papers import MOST_ATTEMPTS, PaperDrain
from workers.slips import slip_of

OFFICER = officer(Role.DUTY_OFFICER)
DIRECTOR = officer(Role.DIRECTOR)
TEXT = "翠湖小区北门路灯坏了半个月，请联系139 0000 1111。"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url, book=small_book()) as opened:
        with opened.transactions.write(the_machine()) as uow:
            install_first_pack(uow, sound_pack(small_pack()))
        yield opened


def _dispatched(desk: Desk, demand: DemandClass = DemandClass.REQUEST) -> uuid.UUID:
    tx = desk.transactions
    with tx.write(the_machine()) as uow:
        post = IncomingPost(
            source_code="form", text=TEXT, url="https://bbs.example/1", author=Author("示例某", "示例网友")
        )
        post_id = receive_post(uow, post).post_id
        writing = Writing(uow)
        ask_person(writing, ItemKind.TRIAGE, "t", Label("请研判", "decide"), post_id=post_id)
        writing.rows.write(uow.session)
    with tx.write(OFFICER) as uow:
        (task,) = open_items(uow.session, visibility(OFFICER)).items
        case_id = open_by_hand(
            uow,
            task.id,
            grade=Grade.MAJOR,
            demand=demand,
            topic="street_lamps",
            lead="housing_bureau" if demand is DemandClass.REQUEST else "discipline_commission",
            assist=("center_office",),
            reason="《城市道路照明设施管理规定》",
        )
    for step, actor in ((confirm_case, OFFICER), (dispatch_case, DIRECTOR)):
        with tx.write(actor) as uow:
            step(uow, case_id, version=uow.session.get_one(CaseRow, case_id).version)
    return case_id


def _drain(desk: Desk) -> int:
    return PaperDrain(desk.transactions, the_machine(), lambda: False).run()


def _rows(desk: Desk, row: type, *where: sa.ColumnElement[bool]) -> list:
    with desk.transactions.read(the_machine()) as uow:
        found = list(uow.session.scalars(sa.select(row).where(*where)))
        uow.session.expunge_all()
        return found


def test_a_dispatch_gets_its_slip_once(desk: Desk):
    case_id = _dispatched(desk)
    assert "document" in desk.bell.rung

    assert [_drain(desk), _drain(desk)] == [1, 0]

    (case,) = _rows(desk, CaseRow)
    (document,) = _rows(desk, DocumentRow)
    assert (document.case_id, document.kind, document.number) == (case_id, "dispatch_slip", case.number)
    assert document.sha256 == hashlib.sha256(document.content).hexdigest()
    assert _rows(desk, EventRow, EventRow.kind == "document_issued")
    assert not _rows(desk, OutboxRow, OutboxRow.kind == "document", OutboxRow.sent_at.is_(None))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content)).pages)
    flat = "".join(text.split())
    for word in (case.number, "较大", "云岭县住建局", "云岭县中心街道办", "北门路灯", "交办后1小时"):
        assert word in flat
    for word in ("139", "示例某", "示例网友"):
        assert word not in flat


@SQLITE_ONLY
def test_the_slip_says_how_each_limit_was_counted_in_the_words_of_the_page(desk: Desk):
    case_id = _dispatched(desk)
    with desk.transactions.read(OFFICER) as uow:
        clocks = shown_clocks(
            OFFICER,
            case_view(uow.session, visibility(OFFICER), case_id),
            workdays_of(uow.rulebook.pack.calendar),
        )
    with desk.transactions.read(the_machine()) as uow:
        slip = slip_of(
            case_view(uow.session, visibility(the_machine()), case_id), uow.rulebook.pack, recused=NOBODY
        )

    assert slip is not None
    lead = {shown.kept.clock.stage: shown.how.zh for shown in clocks if shown.kept.unit == "housing_bureau"}
    assert {limit.stage: limit.how for limit in slip.limits} == lead
    assert any("周末" in how for how in lead.values())


@SQLITE_ONLY
def test_a_slip_of_an_accusation_forbids_to_tell_the_accused(desk: Desk):
    _dispatched(desk, DemandClass.ACCUSATION)
    _drain(desk)

    (document,) = _rows(desk, DocumentRow)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content)).pages)
    assert "不得向被检举单位" in "".join(text.split())
    assert "公开回应" not in "".join(text.split()), "neither a limit nor a draft of it"


@SQLITE_ONLY
def test_a_slip_that_cannot_be_made_goes_to_a_person_and_the_dispatch_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> bytes:
        message = "no font"
        raise OSError(message)

    _dispatched(desk)
    monkeypatch.setattr("workers.papers.render_limited", refuse)

    for _ in range(MOST_ATTEMPTS + 2):
        assert _drain(desk) == 0

    (item,) = _rows(desk, DeskItemRow, DeskItemRow.kind == "document")
    assert item.data["where"].startswith("OSError at ")
    assert [case.state for case in _rows(desk, CaseRow)] == ["dispatched"]
    assert [row.attempts for row in _rows(desk, OutboxRow, OutboxRow.kind == "document")] == [MOST_ATTEMPTS]


@SQLITE_ONLY
def test_an_errand_for_a_case_without_a_number_is_done_with_nothing(desk: Desk):
    case_id = _dispatched(desk)
    with desk.transactions.write(the_machine()) as uow:
        uow.session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(number=None))

    assert _drain(desk) == 0

    assert _rows(desk, DocumentRow) == []
    assert not _rows(desk, OutboxRow, OutboxRow.kind == "document", OutboxRow.sent_at.is_(None))
