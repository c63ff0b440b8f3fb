"""A missed accusation is mended by a person: the accused lose sight at once, in every view and for good."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.access import UnitId, may_see, visibility
from casework.accusation_refusals import LeavesNobody
from casework.desk.assess import ReauditVerdict, reaudit_case
from casework.desk.assign import confirm_case, correct_route, dispatch_case
from casework.desk.handle import ReportKind, file_report, reply, sign_for
from casework.desk.leading import units_for_accusation
from casework.desk.merging import merge_case
from casework.desk.secrecy import lift_secrecy, mark_accusation
from casework.errors import IllegalTransition, NotPermitted
from casework.events import EventKind
from casework.lifecycle import TRANSITIONS, Action, CaseState
from casework.outcome import Outcome
from casework.recusal import Seat, keeper_of
from casework.refusals import (
    AlreadyConfidential,
    MarkedByYourself,
    NobodyAccused,
    NoSuchCase,
    NoSuchUnit,
    NotConfidential,
    OnlyDiscipline,
    TextRefused,
    UnitShutOut,
)
from casework.roles import Role
from casework.store.case_writes import excluded_from
from casework.store.cases import CaseFilter, case_page
from casework.store.posts import PostFilter, post_page
from casework.store.recused import recused_among, recused_from
from casework.store.secrets import absorbed_cases
from casework.store.tables import AssignmentRow, CaseRow, PostRow, UnitRow
from casework.store.visible import sight_of
from rules.model import DemandClass
from tests.builders import add_unit, officer, unit_person
from tests.case_kit import ASSIST, LEAD, OTHER, UNITS, House

DISCIPLINE = "discipline_commission"
WHY = "网帖反映该局干部收受好处，属检举控告。"


def marked(house: House, case_id: uuid.UUID, *accused: str, by: str = "duty") -> None:
    house.on(getattr(house, by), mark_accusation, case_id, accused=accused or (LEAD,), reason=WHY)


def dispatched(house: House, **values: object) -> uuid.UUID:
    case_id = house.registered(**values)
    house.on(house.director, correct_route, case_id, lead=LEAD, assist=(ASSIST,), basis="职责", reason="协办")
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    return case_id


def superior(house: House, unit: str, above: str) -> None:
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(
            sa.update(UnitRow)
            .where(UnitRow.county_id == house.county, UnitRow.code == unit)
            .values(superior=above)
        )


def seen_by(house: House, case_id: uuid.UUID) -> set[str]:
    """Return the units of which anybody sees the case, by the page, by the list and by the oracle alike."""
    found = set()
    for unit in UNITS:
        for role in (Role.UNIT_HANDLER, Role.UNIT_HEAD):
            actor = unit_person(unit, role, county=house.county)
            sight = visibility(actor)

            lines, facts = house.look(
                actor,
                lambda uow, sight: (
                    case_page(uow.session, sight, CaseFilter(), now=uow.now).lines,
                    sight_of(uow.session, case_id),
                ),
                sight,
            )
            assert facts is not None
            listed, oracle = case_id in {line.id for line in lines}, may_see(sight, facts)
            try:
                house.view(case_id, actor)
                shown = True
            except NoSuchCase:
                shown = False
            assert listed is shown is oracle
            if shown:
                found.add(unit)
    return found


def test_whoever_is_accused_loses_sight_of_a_dispatched_case_at_once(house: House):
    superior(house, OTHER, LEAD)
    case_id = dispatched(house)
    house.on(house.handler, sign_for, case_id)
    assert seen_by(house, case_id) == {LEAD, ASSIST}

    marked(house, case_id)

    assert seen_by(house, case_id) == set()
    view = house.view(case_id)
    assert (view.case.state, view.case.is_confidential) == (CaseState.REGISTERED, True)
    assert (view.case.lead_unit, view.case.assist_units) == (DISCIPLINE, ())
    assert view.case.demand is DemandClass.ACCUSATION
    assert all(part.ended_at is not None for part in view.assignments)
    assert all(one.stopped_at is not None for one in view.clocks)
    assert view.case.next_due_at is None
    with pytest.raises(NoSuchCase):
        house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报")

    number = view.case.number
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    assert seen_by(house, case_id) == {DISCIPLINE}
    assert house.view(case_id).case.number != number, "the accused know the old one"


@pytest.mark.parametrize("accused", [(LEAD,), (ASSIST,), (OTHER,), (LEAD, ASSIST, OTHER), (DISCIPLINE,)])
@pytest.mark.parametrize("below", [None, (ASSIST, LEAD), (DISCIPLINE, "qingxi_gov"), (LEAD, "qingxi_gov")])
def test_no_unit_that_is_accused_or_below_the_accused_ever_sees_it(
    house: House, accused: tuple[str, ...], below: tuple[str, str] | None
):
    if below:
        superior(house, *below)
    case_id = dispatched(house)
    marked(house, case_id, *accused)
    shut_out = set(accused) | ({below[0]} if below and below[1] in accused else set())

    with house.desk.transactions.write(house.machine) as uow:  # as a careless hand might
        for unit in UNITS:
            uow.session.add(
                AssignmentRow(
                    id=uow.new_id(),
                    county_id=house.county,
                    case_id=case_id,
                    unit_code=unit,
                    role="assist",
                    basis="",
                    assigned_at=uow.now,
                    by="x",
                )
            )
    assert seen_by(house, case_id) == set(UNITS) - shut_out
    free = units_for_accusation(house.look(house.duty, lambda uow: uow.rulebook.pack), shut_out)
    assert not free & {UnitId(unit) for unit in shut_out}


def test_the_office_reads_in_the_timeline_who_is_shut_out_and_why(house: House):
    case_id = dispatched(house)
    marked(house, case_id)

    line = next(one for one in house.view(case_id).timeline if one.kind is EventKind.MARKED_ACCUSATION)
    assert (line.data["accused"], line.data["reason"], line.actor) == ([LEAD], WHY, house.duty.name)


def test_its_posts_are_seen_by_no_inspector_any_more(house: House):
    case_id = house.registered()

    def listed() -> int:
        return len(
            house.look(
                house.inspector,
                lambda uow: post_page(uow.session, visibility(uow.actor), PostFilter()).lines,
            )
        )

    assert listed() == 1
    marked(house, case_id)
    assert listed() == 0
    assert house.scalar(sa.select(PostRow.confidential).where(PostRow.county_id == house.county)) is True
    with pytest.raises(NoSuchCase):
        house.do(house.inspector, reaudit_case, case_id, verdict=ReauditVerdict.CONFIRMED, notes="")


def test_what_was_merged_into_it_becomes_confidential_with_it(house: House):
    into, merged = house.registered(), house.registered()
    house.on(house.duty, merge_case, merged, into=into, reason="同一事项")

    marked(house, into)

    assert house.look(house.duty, lambda uow: absorbed_cases(uow.session, into)) == (merged,)
    assert house.view(merged).case.is_confidential
    with pytest.raises(NoSuchCase):
        house.view(merged, house.inspector)


def test_a_case_goes_to_discipline_inspection_and_to_nobody_else(house: House):
    case_id = house.registered()
    marked(house, case_id)

    for wanted, refusal in (
        ({"lead": OTHER}, OnlyDiscipline),
        ({"lead": LEAD}, UnitShutOut),
        ({"lead": DISCIPLINE, "assist": (OTHER,)}, OnlyDiscipline),
    ):
        with pytest.raises(refusal):
            house.on(house.director, correct_route, case_id, basis="职责", reason="转办", **wanted)


def test_where_discipline_inspection_is_accused_a_person_rules_among_the_others(house: House):
    case_id = house.registered()
    marked(house, case_id, DISCIPLINE)
    assert house.view(case_id).case.lead_unit is None

    with pytest.raises(UnitShutOut):
        house.on(house.duty, correct_route, case_id, lead=DISCIPLINE, basis="职责", reason="转办")
    house.on(house.duty, correct_route, case_id, lead="qingxi_gov", basis="上级指定", reason="转办")
    assert house.view(case_id).case.lead_unit == "qingxi_gov"


def test_a_reply_under_review_is_not_taken_for_that_of_discipline_inspection(house: House):
    case_id = dispatched(house)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报")
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="并无此事。")

    marked(house, case_id)

    assert [one.verdict for one in house.view(case_id).replies] == ["sent_back"]


def test_discipline_inspection_reads_no_name_of_the_accused_in_what_came_before_its_time(house: House):
    """The posts say whom they accuse; confirming, dispatching and signing name units of the register."""
    case_id = dispatched(house)
    house.on(house.handler, sign_for, case_id)
    house.on(house.handler, file_report, case_id, kind=ReportKind.FIRST, text="首报")
    house.on(house.head, reply, case_id, outcome=Outcome.RESOLVED, text="并无此事。")
    marked(house, case_id, LEAD, ASSIST)
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)

    view = house.view(case_id, unit_person(DISCIPLINE, county=house.county))
    kinds = [line.kind for line in view.timeline]
    assert kinds.count(EventKind.CASE_CONFIRMED) == kinds.count(EventKind.DISPATCHED) == 2
    read = repr((view.case, view.timeline, view.assignments, view.reports, view.replies, view.corrections))
    assert not {name for name in (LEAD, ASSIST, house.head.name, house.handler.name) if name in read}
    assert DISCIPLINE in read
    office = house.view(case_id)
    assert LEAD in repr(office.timeline)
    assert [one.unit for one in office.replies] == [LEAD]


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"accused": ()}, NobodyAccused),
        ({"accused": ("nobody",)}, NoSuchUnit),
        ({"reason": " "}, TextRefused),
    ],
)
def test_who_is_accused_and_why_must_be_said(house: House, wanted: dict[str, object], refusal: type):
    case_id = house.registered()
    with pytest.raises(refusal):
        house.on(house.duty, mark_accusation, case_id, **({"accused": (LEAD,), "reason": WHY} | wanted))


SEATS = {"net": "cyberspace", "watch": "supervision", "aim": "target", DISCIPLINE: "discipline"}


def seated(house: House, *, below: str | None = None) -> None:
    """Give the county's four offices their units, below another one where that is wanted."""
    with house.desk.transactions.write(house.machine) as uow:
        for unit in SEATS:
            if unit != DISCIPLINE:
                add_unit(uow.session, unit, county=house.county)
        if below:
            add_unit(uow.session, below, county=house.county)
        for unit, duty in SEATS.items():
            uow.session.execute(
                sa.update(UnitRow)
                .where(UnitRow.county_id == house.county, UnitRow.code == unit)
                .values(duties=[duty], superior=below)
            )


@pytest.mark.parametrize(
    ("accused", "is_refused"),
    [
        (("net", "watch", "aim", DISCIPLINE), True),
        (("committee", "net", "watch", "aim", DISCIPLINE), True),
        (("committee",), False),  # all are below the accused: the head of discipline inspection reads it
        (("committee", "net", "watch", "aim"), False),
        (("net", "watch", "aim"), False),
        (("net", DISCIPLINE), False),
        ((LEAD,), False),
    ],
)
@pytest.mark.parametrize("below", [None, "committee"])
def test_nobody_alone_names_all_who_could_read_it(
    house: House,
    accused: tuple[str, ...],
    below: str | None,
    is_refused: bool,  # noqa: FBT001 - a column of the table
):
    seated(house, below=below)
    accused = tuple(unit for unit in accused if unit != "committee" or below)
    case_id = house.registered()
    if is_refused:
        with pytest.raises(LeavesNobody):
            marked(house, case_id, *accused)
        assert not house.view(case_id).case.is_confidential
        return
    if not accused:
        return
    marked(house, case_id, *accused)

    excluded = house.look(house.machine, lambda uow: excluded_from(uow.session, case_id))
    stored = house.look(house.machine, lambda uow: recused_from(uow.session, case_id))
    assert stored == house.look(
        house.machine, lambda uow: recused_among(uow.session, house.county, excluded)
    ), "what is asked beforehand is what the database says afterwards"
    assert keeper_of(stored) is not Seat.HIGHER


def test_secrecy_is_lifted_by_a_director_who_did_not_give_it(house: House):
    case_id = house.registered()
    with pytest.raises(NotConfidential):
        house.on(house.director, lift_secrecy, case_id, reason="误标")
    marked(house, case_id, by="director")
    with pytest.raises(AlreadyConfidential):
        marked(house, case_id)

    for actor, refusal in ((house.duty, NotPermitted), (house.director, MarkedByYourself)):
        with pytest.raises(refusal):
            house.on(actor, lift_secrecy, case_id, reason="误标")
    house.on(
        officer(Role.DIRECTOR, name="另一主任", county=house.county), lift_secrecy, case_id, reason="误标"
    )

    case = house.view(case_id).case
    assert (case.is_confidential, case.lead_unit, case.state) == (False, LEAD, CaseState.REGISTERED)


def test_what_was_written_while_it_was_secret_stays_unread_by_units(house: House):
    case_id = dispatched(house)
    marked(house, case_id)
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    investigator = unit_person(DISCIPLINE, Role.UNIT_HANDLER, county=house.county)
    house.on(investigator, sign_for, case_id)
    house.on(investigator, file_report, case_id, kind=ReportKind.FIRST, text="已约谈该局某人。")
    house.desk.clock.advance(hours=1)
    house.on(house.director, lift_secrecy, case_id, reason="查无此事，属一般投诉。")
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)

    assert seen_by(house, case_id) == {LEAD, ASSIST}
    view = house.view(case_id, house.handler)
    assert view.reports == ()
    assert not {EventKind.MARKED_ACCUSATION, EventKind.SECRECY_LIFTED} & {one.kind for one in view.timeline}
    assert "约谈" not in repr(view)
    assert WHY not in repr(view)
    assert len(house.view(case_id).reports) == 1


@pytest.mark.parametrize("state", CaseState)
def test_in_every_state_it_does_what_the_table_says_or_nothing_at_all(house: House, state: CaseState):
    case_id = dispatched(house)
    for use_case, action, secret in (
        (mark_accusation, Action.MARK_ACCUSATION, False),
        (lift_secrecy, Action.LIFT_SECRECY, True),
    ):
        with house.desk.transactions.write(house.machine) as uow:
            uow.session.execute(
                sa.update(CaseRow)
                .where(CaseRow.id == case_id)
                .values(state=state.value, confidential=secret, version=CaseRow.version + 1)
            )
        wanted = {"reason": WHY} | ({} if secret else {"accused": (OTHER,)})
        actor = officer(Role.DIRECTOR, name=f"主任{secret}", county=house.county)
        if (state, action) in TRANSITIONS:
            assert house.on(actor, use_case, case_id, **wanted).state is TRANSITIONS[state, action]
        else:
            with pytest.raises(IllegalTransition):
                house.on(actor, use_case, case_id, **wanted)
            assert house.view(case_id).case.is_confidential is secret
