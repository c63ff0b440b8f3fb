"""The person's desk: each item is settled once, by somebody who may, and accusations stay apart."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from casework.access import Role, visibility
from casework.desk.asking import Writing, ask_person
from casework.desk.assess import ReauditVerdict, reaudit_dismissal
from casework.desk.by_hand import open_by_hand
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.receive import receive_post
from casework.desk.settle import acknowledge, attach, dismiss
from casework.errors import IllegalTransition, NotPermitted
from casework.intake import IncomingPost
from casework.post_refusals import (
    ItemClosed,
    ItemNotOfThisKind,
    NoSuchItem,
    SecretStaysApart,
    UnknownChoice,
)
from casework.refusals import NoSuchCase, NoSuchUnit, TextRefused, TooManyAssist
from casework.store.desk_items import ItemKind, close_item, count_open, item, open_items
from casework.store.posts import PostFilter, post_page
from casework.store.tables import (
    CasePostRow,
    CaseRow,
    DeskItemRow,
    DismissalRow,
    EventRow,
    ExclusionRow,
    PostRow,
)
from rules.model import DemandClass, Grade, Label
from tests.builders import COUNTY, add_case, officer, the_machine, unit_person
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from tests.small_pack import small_book, small_pack

OFFICER = officer(Role.DUTY_OFFICER)
ASKED = Label("请研判", "please decide")


@dataclass
class Task:
    item_id: uuid.UUID
    post_id: uuid.UUID


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url, book=small_book()) as opened:
        with opened.transactions.write(the_machine()) as uow:
            install_first_pack(uow, sound_pack(small_pack()))
        yield opened


def _ask(
    desk: Desk,
    kind: ItemKind = ItemKind.TRIAGE,
    *,
    state: str = "desk",
    confidential: bool = False,
    case_id: uuid.UUID | None = None,
) -> Task:
    with desk.transactions.write(the_machine()) as uow:
        text = f"村账不公开。{uuid.uuid4()}"
        post_id = receive_post(uow, IncomingPost(source_code="form", text=text)).post_id
        uow.session.execute(
            sa.update(PostRow)
            .where(PostRow.id == post_id)
            .values(triage_state=state, confidential=confidential)
        )
        writing = Writing(uow)
        ask_person(writing, kind, f"{kind}/{post_id}", ASKED, post_id=post_id, case_id=case_id)
        writing.rows.write(uow.session)
    with desk.transactions.read(OFFICER) as uow:
        items = open_items(uow.session, visibility(OFFICER), kind=kind).items
        return Task(next(task.id for task in items if task.post_id == post_id), post_id)


def _open(desk: Desk, task: Task, **changes: object) -> uuid.UUID:
    form = {
        "grade": Grade.MAJOR,
        "demand": DemandClass.COMPLAINT,
        "topic": "village_affairs",
        "lead": "qingxi_gov",
        "assist": ("housing_bureau",),
        "reason": "属地管理",
        **changes,
    }
    with desk.transactions.write(OFFICER) as uow:
        return open_by_hand(uow, task.item_id, **form)


def _case(desk: Desk, case_id: uuid.UUID) -> CaseRow:
    with desk.transactions.read(OFFICER) as uow:
        row = uow.session.get_one(CaseRow, case_id)
        uow.session.expunge(row)
        return row


def _post_state(desk: Desk, task: Task) -> str:
    with desk.transactions.read(OFFICER) as uow:
        return uow.session.get_one(PostRow, task.post_id).triage_state


def test_a_case_opened_by_hand_is_as_the_person_decided(desk: Desk):
    task = _ask(desk)

    case = _case(desk, _open(desk, task))

    assert (case.state, case.grade, case.lead_unit, case.assist_units, case.route_basis) == (
        "registered",
        "major",
        "qingxi_gov",
        ["housing_bureau"],
        "属地管理",
    )
    assert (case.pack_ref, case.calendar_version) == (small_book().pack.ref, "small-2026")
    assert _post_state(desk, task) == "case"
    with desk.transactions.read(OFFICER) as uow:
        done = item(uow.session, visibility(OFFICER), task.item_id)
        assert done is not None
        assert (done.resolution, done.closed_by) == ("opened", OFFICER.name)
        kinds = set(uow.session.scalars(sa.select(EventRow.kind).where(EventRow.case_id == case.id)))
        assert kinds == {"case_opened", "desk_item_closed"}


def test_a_case_opened_by_hand_has_no_more_assisting_units_than_its_slip_names(desk: Desk):
    with pytest.raises(TooManyAssist):
        _open(desk, _ask(desk), assist=tuple(f"unit_{n}" for n in range(13)))


def test_an_item_is_settled_once(desk: Desk):
    task = _ask(desk)
    _open(desk, task)

    with pytest.raises(ItemClosed):
        _open(desk, task)
    with desk.transactions.write(OFFICER) as uow:
        assert not close_item(uow.session, task.item_id, by="x", resolution="x", now=uow.now)


@SQLITE_ONLY
def test_an_accusation_opened_by_hand_is_confidential_and_shuts_the_accused_out(desk: Desk):
    task = _ask(desk)

    case_id = _open(
        desk, task, demand=DemandClass.ACCUSATION, lead="discipline_commission", accused=("housing_bureau",)
    )

    case = _case(desk, case_id)
    assert (case.confidential, case.lead_unit, case.assist_units) == (True, "discipline_commission", [])
    with desk.transactions.read(OFFICER) as uow:
        shut_out = set(uow.session.scalars(sa.select(ExclusionRow.unit_code)))
        assert shut_out == {"housing_bureau", "housing_station"}
        assert uow.session.get_one(PostRow, task.post_id).confidential


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"lead": "nobody"}, NoSuchUnit),
        ({"assist": ("nobody",)}, NoSuchUnit),
        ({"accused": ("nobody",)}, NoSuchUnit),
        ({"topic": "unheard_of"}, UnknownChoice),
        ({"reason": "  "}, TextRefused),
    ],
    ids=["lead", "assist", "accused", "topic", "reason"],
)
def test_values_that_cannot_be_are_refused_and_the_item_stays_open(
    desk: Desk, changes: dict[str, object], error: type[Exception]
):
    task = _ask(desk)

    with pytest.raises(error):
        _open(desk, task, **changes)

    with desk.transactions.read(OFFICER) as uow:
        assert count_open(uow.session, visibility(OFFICER))[ItemKind.TRIAGE] == 1


@SQLITE_ONLY
def test_a_dismissal_by_hand_names_a_reason_of_the_pack(desk: Desk):
    task = _ask(desk)
    with desk.transactions.write(OFFICER) as uow:
        with pytest.raises(UnknownChoice):
            dismiss(uow, task.item_id, reason_id="because", note="已核实")
        dismiss(uow, task.item_id, reason_id="no_public_matter", note="已电话核实")

    with desk.transactions.read(OFFICER) as uow:
        row = uow.session.scalars(sa.select(DismissalRow)).one()
        assert (row.reason, row.by) == ("no_public_matter", OFFICER.name)
    assert _post_state(desk, task) == "dismissed"


@SQLITE_ONLY
def test_a_dismissal_without_a_note_is_none(desk: Desk):
    task = _ask(desk)

    with desk.transactions.write(OFFICER) as uow, pytest.raises(TextRefused):
        dismiss(uow, task.item_id, reason_id="praise", note=" ")

    assert _post_state(desk, task) == "desk"


def test_a_post_whose_dismissal_did_not_hold_can_be_dismissed_once_more_and_both_are_told(desk: Desk):
    task = _ask(desk)
    with desk.transactions.write(OFFICER) as uow:
        dismiss(uow, task.item_id, reason_id="praise", note="只是表扬")
    inspector = officer(Role.INSPECTOR)
    with desk.transactions.write(inspector) as uow:
        reaudit_dismissal(uow, task.post_id, verdict=ReauditVerdict.NOT_CONFIRMED, notes="另有诉求")
    with desk.transactions.read(OFFICER) as uow:
        again = uow.session.scalars(sa.select(DeskItemRow.id).where(DeskItemRow.closed_at.is_(None))).one()

    with desk.transactions.write(OFFICER) as uow:
        dismiss(uow, again, reason_id="no_public_matter", note="电话核实，没有别的诉求")

    with desk.transactions.read(OFFICER) as uow:
        row = uow.session.execute(sa.select(DismissalRow.reason, DismissalRow.reaudit_verdict)).one()
        told = uow.session.scalars(sa.select(EventRow.data).where(EventRow.kind == "post_dismissed")).all()
    assert tuple(row) == ("no_public_matter", None)
    assert {data["reason"] for data in told} == {"praise", "no_public_matter"}
    assert _post_state(desk, task) == "dismissed"


@SQLITE_ONLY
def test_a_dismissal_says_that_there_is_no_case_not_that_it_was_no_accusation_so_the_post_stays_secret(
    desk: Desk,
):
    """Only lifting the secrecy of a case says that, by a second person: see `secrecy.lift_secrecy`.

    **Source:** design.md "Who may see what": such a post is confidential; 信访工作条例 §30 ¶3.
    """
    task = _ask(desk, confidential=True)
    with desk.transactions.write(OFFICER) as uow:
        dismiss(uow, task.item_id, reason_id="no_public_matter", note="查无此事")

    sees = {}
    for role in (Role.DUTY_OFFICER, Role.DIRECTOR, Role.SECRET_INSPECTOR, Role.INSPECTOR, Role.PUBLISHER):
        reader = officer(role)
        with desk.transactions.read(reader) as uow:
            lines = post_page(uow.session, visibility(reader), PostFilter()).lines
            sees[role] = [line.is_confidential for line in lines]
    assert sees == {
        Role.DUTY_OFFICER: [True],
        Role.DIRECTOR: [True],
        Role.SECRET_INSPECTOR: [True],
        Role.INSPECTOR: [],
        Role.PUBLISHER: [],
    }


@SQLITE_ONLY
def test_a_dismissed_post_with_new_figures_can_be_opened_but_not_dismissed_twice(desk: Desk):
    task = _ask(desk, ItemKind.UPGRADE, state="dismissed")
    with desk.transactions.write(OFFICER) as uow, pytest.raises(ItemNotOfThisKind):
        dismiss(uow, task.item_id, reason_id="praise", note="已核实")

    _open(desk, task)

    assert _post_state(desk, task) == "case"


def _some_case(desk: Desk, **fields: object) -> uuid.UUID:
    with desk.transactions.write(the_machine()) as uow:
        return add_case(uow.session, **fields)  # type: ignore[arg-type] # a test's own fields


def test_a_post_is_attached_to_an_open_case_with_the_persons_reason(desk: Desk):
    task, case_id = _ask(desk), _some_case(desk)
    with desk.transactions.write(OFFICER) as uow:
        attach(uow, task.item_id, case_id=case_id, reason="同一小区同一路灯")

    with desk.transactions.read(OFFICER) as uow:
        row = uow.session.scalars(sa.select(CasePostRow)).one()
        assert (row.case_id, row.post_id, row.reason) == (case_id, task.post_id, "同一小区同一路灯")
    assert _post_state(desk, task) == "merged"
    with pytest.raises(ItemClosed):
        _open(desk, task)


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("case", "post_secret", "error"),
    [
        ({"state": "closed"}, False, IllegalTransition),
        ({"confidential": True}, False, SecretStaysApart),
        ({}, True, SecretStaysApart),
    ],
    ids=["closed", "secret case", "secret post"],
)
def test_a_post_is_not_attached_where_it_does_not_belong(
    desk: Desk,
    case: dict[str, object],
    post_secret: bool,  # noqa: FBT001 - a column of the table
    error: type[Exception],
):
    task, case_id = _ask(desk, confidential=post_secret), _some_case(desk, **case)

    with desk.transactions.write(OFFICER) as uow, pytest.raises(error):
        attach(uow, task.item_id, case_id=case_id, reason="同一事项")


@SQLITE_ONLY
def test_a_case_that_is_not_there_takes_no_post(desk: Desk):
    task = _ask(desk)

    with desk.transactions.write(OFFICER) as uow, pytest.raises(NoSuchCase):
        attach(uow, task.item_id, case_id=uuid.uuid4(), reason="同一事项")


@SQLITE_ONLY
def test_what_only_has_to_be_known_is_acknowledged_with_a_note(desk: Desk):
    task = _ask(desk, ItemKind.ENGINE_DIFFERENT, state="case")
    with desk.transactions.write(OFFICER) as uow:
        with pytest.raises(TextRefused):
            acknowledge(uow, task.item_id, note="")
        acknowledge(uow, task.item_id, note="已核对规则")

    with desk.transactions.read(OFFICER) as uow:
        assert open_items(uow.session, visibility(OFFICER)).items == ()


@SQLITE_ONLY
@pytest.mark.parametrize("kind", [ItemKind.TRIAGE, ItemKind.ARBITRATION])
def test_what_needs_a_decision_cannot_be_acknowledged_away(desk: Desk, kind: ItemKind):
    task = _ask(desk, kind)

    with desk.transactions.write(OFFICER) as uow, pytest.raises(ItemNotOfThisKind):
        acknowledge(uow, task.item_id, note="知道了")


@SQLITE_ONLY
def test_a_post_in_a_case_is_not_opened_again_from_another_item(desk: Desk):
    task = _ask(desk)
    _open(desk, task)
    with desk.transactions.write(the_machine()) as uow:
        writing = Writing(uow)
        ask_person(writing, ItemKind.UPGRADE, "again", ASKED, post_id=task.post_id)
        writing.rows.write(uow.session)
    with desk.transactions.read(OFFICER) as uow:
        (again,) = open_items(uow.session, visibility(OFFICER)).items

    with pytest.raises(ItemNotOfThisKind):
        _open(desk, Task(again.id, task.post_id))


# --- who sees and settles --------------------------------------------------------------------------


@SQLITE_ONLY
def test_units_and_administrators_neither_see_nor_settle_items(desk: Desk):
    task = _ask(desk)
    for actor in (unit_person("housing_bureau"), officer(Role.SYSTEM_ADMIN), officer(Role.PUBLISHER)):
        with desk.transactions.write(actor) as uow:
            assert open_items(uow.session, visibility(actor)).items == ()
            with pytest.raises(NotPermitted):
                dismiss(uow, task.item_id, reason_id="praise", note="已核实")


@SQLITE_ONLY
def test_an_item_about_a_secret_post_is_not_shown_to_who_may_not_see_the_post(desk: Desk):
    task = _ask(desk, confidential=True)
    inspector = officer(Role.INSPECTOR)

    with desk.transactions.read(inspector) as uow:
        assert item(uow.session, visibility(inspector), task.item_id) is None
        assert count_open(uow.session, visibility(inspector))[ItemKind.TRIAGE] == 0


@SQLITE_ONLY
def test_an_item_that_is_not_there_says_so(desk: Desk):
    with desk.transactions.write(OFFICER) as uow, pytest.raises(NoSuchItem):
        acknowledge(uow, uuid.uuid4(), note="x")


def test_items_are_paged_oldest_first(desk: Desk):
    tasks = []
    for _ in range(3):
        tasks.append(_ask(desk).item_id)
        desk.clock.advance(seconds=1)

    with desk.transactions.read(OFFICER) as uow:
        first = open_items(uow.session, visibility(OFFICER), limit=2)
        rest = open_items(uow.session, visibility(OFFICER), limit=2, after=first.after)

    assert [task.id for task in (*first.items, *rest.items)] == tasks
    assert (rest.after, COUNTY) == (None, "demo")
