"""A missed accusation is mended by a person: the accused lose sight at once, in every view and for good."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.access import Actor, UnitId, may_see, visibility
from casework.accusation_refusals import LiftAskedByYourself
from casework.desk.accused import accused_now, correct_accused
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
from casework.recusal import DESKS_OF_PERSONS, Seat, keeper_of
from casework.refusals import (
    AlreadyConfidential,
    AskedByYourself,
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
from casework.store.case_records import CaseHead
from casework.store.case_writes import excluded_from
from casework.store.cases import CaseFilter, case_page
from casework.store.posts import PostFilter, post_page
from casework.store.recused import recused_among, recused_from
from casework.store.secrets import absorbed_cases, open_doubt
from casework.store.tables import AssignmentRow, CaseRow, PostRow, UnitRow, UserRow
from casework.store.visible import sight_of
from rules.model import DemandClass, Grade
from tests.builders import MONDAY, add_unit, officer, unit_person
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
    ("accused", "below", "asked"),
    [
        (("net", "watch", "aim", DISCIPLINE), None, {"aim"}),
        (("aim", "watch", "net"), None, {"aim"}),
        (("committee",), "committee", {"committee"}),
        (("committee", LEAD, "net"), "committee", {"committee"}),
        (("committee", "net", "watch", "aim"), "committee", {"committee", "aim"}),
        # The county's leadership with discipline inspection by name: the target office is left.
        (("committee", DISCIPLINE), "committee", set()),
        (("net", "watch"), None, set()),
        (("net", DISCIPLINE), "committee", set()),
        ((LEAD,), None, set()),
    ],
)
def test_whom_one_person_names_never_takes_the_last_desk_from_a_case_and_a_second_confirms_it(
    house: House, accused: tuple[str, ...], below: str | None, asked: set[str]
):
    seated(house, below=below)
    case_id = house.registered()
    marked(house, case_id, *accused)

    keeper, found = look_at_accused(house, case_id)
    assert is_secret(house, case_id)
    assert keeper in DESKS_OF_PERSONS
    assert found == set(accused) - asked
    doubt = house.look(house.machine, lambda uow: open_doubt(uow.session, case_id))
    assert (doubt is None) is (not asked)
    if not asked:
        return
    assert doubt is not None
    assert (set(doubt.accused), doubt.name, doubt.reason) == (set(accused), house.duty.name, WHY)

    house.employ(house.duty)
    second = {
        Seat.CYBERSPACE: house.director,
        Seat.SUPERVISION: officer(Role.SUPERVISOR, county=house.county),
        Seat.TARGET: secret_inspector(house),
    }[keeper]
    house.desk.clock.advance(minutes=1)
    house.on(second, correct_accused, case_id, accused=accused, reason="同意")

    after, named = look_at_accused(house, case_id)
    assert named == set(accused)
    assert after not in DESKS_OF_PERSONS
    stored = house.look(house.machine, lambda uow: recused_from(uow.session, case_id))
    excluded = house.look(house.machine, lambda uow: excluded_from(uow.session, case_id))
    assert stored == house.look(
        house.machine, lambda uow: recused_among(uow.session, house.county, excluded)
    ), "what is asked beforehand is what the database says afterwards"


def look_at_accused(house: House, case_id: uuid.UUID) -> tuple[Seat, set[str]]:
    """Return who has a case in hand and whom it accuses, as the database has it."""
    return house.look(
        house.machine,
        lambda uow: (keeper_of(recused_from(uow.session, case_id)), set(accused_now(uow, case_id))),
    )


def test_the_higher_authority_is_the_second_person_where_the_last_desk_would_go_and_reads_nothing_else(
    house: House,
):
    seated(house, below="committee")
    contact = officer(Role.HIGHER_AUTHORITY, county=house.county)
    case_id, other = house.registered(), house.registered()
    marked(house, other, LEAD)
    house.employ(house.duty)
    marked(house, case_id, "committee")
    with pytest.raises(NoSuchCase):
        house.view(other, contact)
    assert house.view(case_id, contact).case.is_confidential

    house.desk.clock.advance(minutes=1)
    house.on(contact, correct_accused, case_id, accused=("committee",), reason="同意")

    assert look_at_accused(house, case_id) == (Seat.DISCIPLINE, {"committee"})
    with pytest.raises(NoSuchCase):
        house.view(case_id, contact)

    head = unit_person(DISCIPLINE, Role.UNIT_HEAD, county=house.county)
    house.employ(head)
    for person in (head, contact):  # the way back: the head alone has no second person in the county
        house.desk.clock.advance(minutes=1)
        house.on(person, correct_accused, case_id, accused=(LEAD,), reason="并未检举县委")
    assert look_at_accused(house, case_id) == (Seat.CYBERSPACE, {LEAD})
    with pytest.raises(NoSuchCase):
        house.view(case_id, contact)


def test_whoever_marked_it_does_not_confirm_what_was_asked_for_with_it(house: House):
    seated(house, below="committee")
    case_id = house.registered()
    marked(house, case_id, "committee", by="director")
    house.employ(house.director)
    house.desk.clock.advance(minutes=1)

    with pytest.raises(AskedByYourself):
        house.on(house.director, correct_accused, case_id, accused=("committee",), reason="同意")
    assert look_at_accused(house, case_id) == (Seat.CYBERSPACE, set())


def test_one_correction_alone_takes_the_last_desk_from_no_case(house: House):
    seated(house, below="committee")
    case_id = accusation_of_the_machine(house)
    for person in (house.director, another_director(house)):
        assert look_at_accused(house, case_id) == (Seat.CYBERSPACE, {LEAD}), "one person alone only asks"
        house.employ(person)
        house.desk.clock.advance(minutes=1)
        house.on(person, correct_accused, case_id, accused=(LEAD, "committee"), reason="检举县委")

    assert look_at_accused(house, case_id) == (Seat.DISCIPLINE, {LEAD, "committee"})


def lift(house: House, actor: Actor, case_id: uuid.UUID, reason: str) -> CaseHead:
    """Ask for it, a minute later: lines of one instant have no order."""
    house.desk.clock.advance(minutes=1)
    house.employ(actor)
    return house.on(actor, lift_secrecy, case_id, reason=reason)


def lifted(house: House, case_id: uuid.UUID) -> None:
    """Let two people lift the secrecy who did not give it."""
    for actor in (another_director(house), secret_inspector(house)):
        lift(house, actor, case_id, "查无此事，属一般投诉。")


def another_director(house: House) -> Actor:
    return officer(Role.DIRECTOR, name="另一主任", county=house.county)


def secret_inspector(house: House) -> Actor:
    return officer(Role.SECRET_INSPECTOR, name="保密件专人", county=house.county)


def is_secret(house: House, case_id: uuid.UUID) -> bool:
    return house.scalar(sa.select(CaseRow.confidential).where(CaseRow.id == case_id)) is True


def test_secrecy_that_a_person_gave_is_lifted_by_two_others(house: House):
    case_id = house.registered()
    with pytest.raises(NotConfidential):
        lift(house, house.director, case_id, "误标")
    marked(house, case_id, by="director")
    with pytest.raises(AlreadyConfidential):
        marked(house, case_id)
    second, third = another_director(house), secret_inspector(house)

    for actor, refusal in ((house.duty, NotPermitted), (house.director, MarkedByYourself)):
        with pytest.raises(refusal):
            lift(house, actor, case_id, "误标")
    asked = lift(house, second, case_id, "误标")
    assert (asked.is_confidential, asked.lead_unit) == (True, DISCIPLINE), "one person alone only asks"
    for actor, refusal in ((second, LiftAskedByYourself), (house.director, MarkedByYourself)):
        with pytest.raises(refusal):
            lift(house, actor, case_id, "误标")
    assert is_secret(house, case_id)
    line = house.view(case_id).timeline[-1]
    assert (line.kind, line.data["reason"], line.actor) == (EventKind.LIFT_ASKED, "误标", "另一主任")

    lift(house, third, case_id, "同意")

    case = house.view(case_id).case
    assert (case.is_confidential, case.lead_unit, case.state) == (False, LEAD, CaseState.REGISTERED)


def accusation_of_the_machine(house: House, *accused: str) -> uuid.UUID:
    """Return a case that no person made an accusation."""
    return house.registered(
        confidential=True, demand=DemandClass.ACCUSATION, lead=DISCIPLINE, excluded=accused or (LEAD,)
    )


@pytest.mark.parametrize("roles", [(Role.DIRECTOR, Role.DIRECTOR), (Role.DIRECTOR, Role.SECRET_INSPECTOR)])
def test_secrecy_that_the_machine_gave_is_lifted_by_two(house: House, roles: tuple[Role, ...]):
    case_id = accusation_of_the_machine(house)
    first, second = (officer(role, name=f"{n}", county=house.county) for n, role in enumerate(roles))

    lift(house, first, case_id, "误读")
    with pytest.raises(LiftAskedByYourself):
        lift(house, first, case_id, "误读")
    assert is_secret(house, case_id)
    lift(house, second, case_id, "同意")

    assert not is_secret(house, case_id)


def test_what_accuses_others_since_is_not_lifted_by_an_older_request(house: House):
    case_id = accusation_of_the_machine(house)
    lift(house, house.director, case_id, "误读")
    house.desk.clock.advance(minutes=1)
    house.on(house.director, correct_accused, case_id, accused=(LEAD, ASSIST), reason="漏列")

    lift(house, secret_inspector(house), case_id, "误读")
    assert is_secret(house, case_id), "whoever asked did so of another accusation"
    lift(house, house.director, case_id, "误读")
    assert not is_secret(house, case_id)


def change_account(house: House, actor: Actor, **values: object) -> None:
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(sa.update(UserRow).where(UserRow.id == actor.user_id).values(**values))


NO_MORE = [
    {"disabled_at": MONDAY},
    {"roles": [Role.PUBLISHER.value]},
    {"roles": []},
    {"roles": [Role.UNIT_HEAD.value], "unit_code": LEAD},
]
"""What happens to whoever asked: the account is disabled, or may not ask for it any more."""


@pytest.mark.parametrize("values", NO_MORE, ids=["disabled", "of another desk", "no role", "of a unit"])
def test_a_request_counts_only_as_long_as_whoever_made_it_might_make_it(
    house: House, values: dict[str, object]
):
    case_id = accusation_of_the_machine(house)
    asker, second, third = secret_inspector(house), house.director, another_director(house)
    lift(house, asker, case_id, "误读")
    change_account(house, asker, **values)

    lift(house, second, case_id, "同意")
    assert is_secret(house, case_id), "nobody who may ask has asked"
    lift(house, third, case_id, "同意")
    assert not is_secret(house, case_id)


@pytest.mark.parametrize("values", NO_MORE, ids=["disabled", "of another desk", "no role", "of a unit"])
def test_a_correction_that_was_asked_for_counts_no_longer_than_that_either(
    house: House, values: dict[str, object]
):
    case_id = accusation_of_the_machine(house, LEAD, ASSIST)
    people = secret_inspector(house), house.director, another_director(house)
    excluded = []
    for person in people:
        house.employ(person)
        house.desk.clock.advance(minutes=1)
        house.on(person, correct_accused, case_id, accused=(LEAD,), reason="误读")
        excluded.append(house.look(house.machine, lambda uow: excluded_from(uow.session, case_id)))
        change_account(house, people[0], **values)

    assert excluded == [{LEAD, ASSIST}, {LEAD, ASSIST}, {LEAD}]


def with_discipline(house: House, *accused: str) -> uuid.UUID:
    """Return an accusation that discipline inspection handles."""
    case_id = accusation_of_the_machine(house, *accused)
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    house.on(unit_person(DISCIPLINE, county=house.county), sign_for, case_id)
    return case_id


def is_taken_back(house: House, case_id: uuid.UUID, reader: Actor) -> bool:
    """Return whether no unit has a case any more nor any clock of it, and it waits for a ruling."""
    view = house.view(case_id, reader)
    told = {
        view.case.lead_unit is None,
        view.case.state is CaseState.REGISTERED,
        all(part.ended_at is not None for part in view.assignments),
        all(one.stopped_at is not None for one in view.clocks),
        EventKind.ARBITRATION_ASKED in {line.kind for line in view.timeline},
    }
    assert len(told) == 1, "a part of it"
    return told == {True}


@pytest.mark.parametrize("is_under_way", [False, True])
def test_discipline_inspection_can_be_named_when_it_has_the_case(
    house: House,
    is_under_way: bool,  # noqa: FBT001 - a column of the table
):
    seated(house)
    if is_under_way:
        case_id = with_discipline(house, "watch")
        assert seen_by(house, case_id) == {DISCIPLINE}
    else:
        case_id = house.registered()
        marked(house, case_id, "watch")

    house.on(house.director, correct_accused, case_id, accused=("watch", DISCIPLINE), reason="也检举纪委")

    assert seen_by(house, case_id) == set()
    assert is_taken_back(house, case_id, house.director)
    house.on(house.director, correct_route, case_id, lead="qingxi_gov", basis="上级指定", reason="转办")


def test_what_only_two_may_name_is_taken_from_discipline_inspection_by_the_second(house: House):
    seated(house)
    case_id = with_discipline(house, "watch", "aim")
    four = ("net", "watch", "aim", DISCIPLINE)
    for person in (house.director, another_director(house)):
        house.employ(person)
        assert not is_taken_back(house, case_id, house.director), "one person alone only asks"
        house.desk.clock.advance(minutes=1)
        house.on(person, correct_accused, case_id, accused=four, reason="四家都被检举")

    assert seen_by(house, case_id) == set()
    contact = officer(Role.HIGHER_AUTHORITY, county=house.county)
    assert house.view(case_id, contact).case.lead_unit is None


def test_whoever_is_shut_out_asks_for_nothing(house: House):
    seated(house)
    case_id = accusation_of_the_machine(house, "aim")
    version = house.view(case_id).case.version

    with pytest.raises(NoSuchCase):
        house.do(secret_inspector(house), lift_secrecy, case_id, version=version, reason="误读")


def test_nobody_lifts_what_the_office_may_not_see(house: House):
    seated(house)
    case_id = accusation_of_the_machine(house, "net")
    version = house.view(case_id, house.machine).case.version

    for actor, refusal in (
        (house.director, NoSuchCase),
        (officer(Role.SUPERVISOR, county=house.county), NotPermitted),
        (secret_inspector(house), NotPermitted),
    ):
        with pytest.raises(refusal):
            house.do(actor, lift_secrecy, case_id, version=version, reason="误读")


@pytest.mark.parametrize(
    ("role", "reads_all"),
    [
        (Role.DUTY_OFFICER, True),
        (Role.SECRET_INSPECTOR, False),
        (Role.INSPECTOR, False),
        (Role.PUBLISHER, False),
        (Role.SUPERVISOR, True),
    ],
)
def test_whoever_was_shut_out_reads_only_what_came_since_the_lifting(
    house: House,
    role: Role,
    reads_all: bool,  # noqa: FBT001 - a column of the table
):
    seated(house)
    case_id = accusation_of_the_machine(house, "aim")
    merged = accusation_of_the_machine(house, "aim")
    with house.desk.transactions.write(house.machine) as uow:
        uow.session.execute(
            sa.update(CaseRow).where(CaseRow.id.in_([case_id, merged])).values(grade=Grade.MAJOR.value)
        )
    house.on(house.duty, merge_case, merged, into=case_id, reason="同一事项")
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    investigator = unit_person(DISCIPLINE, Role.UNIT_HANDLER, county=house.county)
    house.on(investigator, sign_for, case_id)
    house.on(investigator, file_report, case_id, kind=ReportKind.FIRST, text="已约谈某人。")
    house.desk.clock.advance(hours=1)
    for actor in (house.director, another_director(house)):
        lift(house, actor, case_id, "查无此事")
    house.desk.clock.advance(hours=1)
    house.on(house.director, correct_route, case_id, lead=LEAD, basis="职责", reason="转办")

    reader = officer(role, county=house.county)
    for one in (case_id, merged):
        view = house.view(one, reader)
        kinds = {line.kind for line in view.timeline}
        assert (EventKind.SECRECY_LIFTED in kinds) is reads_all
        assert ("约谈" in repr(view) and one == case_id) is (reads_all and one == case_id)
        assert ("查无此事" in repr(view)) is reads_all
    assert EventKind.ROUTE_CORRECTED in {line.kind for line in house.view(case_id, reader).timeline}


def test_what_was_written_while_it_was_secret_stays_unread_by_units(house: House):
    case_id = dispatched(house)
    marked(house, case_id)
    house.on(house.director, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    investigator = unit_person(DISCIPLINE, Role.UNIT_HANDLER, county=house.county)
    house.on(investigator, sign_for, case_id)
    house.on(investigator, file_report, case_id, kind=ReportKind.FIRST, text="已约谈该局某人。")
    house.desk.clock.advance(hours=1)
    lifted(house, case_id)
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
            house.desk.clock.advance(minutes=1)
            if secret:
                asker = officer(Role.DIRECTOR, name="提请人", county=house.county)
                house.employ(asker)
                assert house.on(asker, use_case, case_id, **wanted).state is state
                house.desk.clock.advance(minutes=1)
            assert house.on(actor, use_case, case_id, **wanted).state is TRANSITIONS[state, action]
        else:
            with pytest.raises(IllegalTransition):
                house.on(actor, use_case, case_id, **wanted)
            assert house.view(case_id).case.is_confidential is secret
