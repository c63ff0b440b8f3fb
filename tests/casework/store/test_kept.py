"""What is written into rows and read back: clocks with every kind of event, frozen policies, numbers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import visibility
from casework.clock_entries import commitment_clock, opening_clocks, recorded
from casework.clocks import Clock, ClockEvent, ClockEventKind, due
from casework.recusal import Seat
from casework.refusals import NoSuchCase, StaleVersion
from casework.roles import Role
from casework.store.case_records import case_for_change, case_seen, heads_of, save_case
from casework.store.clock_rows import KeptClock, add_clock, clocks_of, due_clocks, next_moment, save_clock
from casework.store.policies import FrozenPolicy, freeze, ladders_of, policies_of
from casework.store.series import LETTERS, Issuer, county_prefix, secret_number, take_number
from casework.store.tables import CaseRow
from casework.workdays import workdays_of
from rules.model import DemandClass, Grade, Limit, LimitUnit, Stage
from tests.builders import COUNTY, MONDAY, add_case, add_county, new_id, officer
from tests.case_pack import case_book

PACK = case_book().pack
WORKDAYS = workdays_of(PACK.calendar)
POLICY = FrozenPolicy(PACK.ref, PACK.deadlines, PACK.ladder)


@pytest.fixture
def case_id(session: Session) -> uuid.UUID:
    """A case in a county."""
    add_county(session)
    return add_case(session)


def kept(case_id: uuid.UUID, clock: Clock, *, look: datetime | None = None) -> KeptClock:
    reckoned = due(clock, WORKDAYS)
    return KeptClock(
        id=new_id(),
        case_id=case_id,
        unit="housing_bureau",
        round=1,
        clock=clock,
        due_at=reckoned.at,
        is_provisional=reckoned.is_provisional,
        stopped_at=None,
        stopped_by=None,
        next_step_at=look,
    )


def started(stage: Stage = Stage.CLOSE) -> Clock:
    clocks = opening_clocks(
        PACK.deadlines,
        Grade.GENERAL,
        DemandClass.REQUEST,
        MONDAY,
        calendar_version=WORKDAYS.version,
        by="示例值班员",
    )
    return next(clock for clock in clocks if clock.stage is stage)


def ids() -> Iterator[uuid.UUID]:
    return iter(new_id, None)


def test_a_clock_comes_back_from_its_rows_with_every_kind_of_event(session: Session, case_id: uuid.UUID):
    day = timedelta(days=1)
    events = [
        ClockEvent(ClockEventKind.PAUSED, MONDAY + day, "示例主任", "检测鉴定", until=MONDAY + 3 * day),
        ClockEvent(ClockEventKind.RESUMED, MONDAY + 2 * day, "示例主任"),
        ClockEvent(
            ClockEventKind.EXTENDED,
            MONDAY + 2 * day,
            "示例主任",
            "情况复杂",
            limit=Limit(3, LimitUnit.WORKING_DAYS),
            asked_at=MONDAY + day,
        ),
        ClockEvent(
            ClockEventKind.REGRADED,
            MONDAY + 3 * day,
            "示例主任",
            "涉及多户",
            limit=Limit(5, LimitUnit.WORKING_DAYS),
            grade=Grade.MAJOR,
        ),
        ClockEvent(ClockEventKind.STOPPED, MONDAY + 4 * day, "示例负责人"),
        ClockEvent(
            ClockEventKind.REOPENED, MONDAY + 5 * day, "示例督查员", "退回", limit=Limit(4, LimitUnit.HOURS)
        ),
        ClockEvent(ClockEventKind.VOIDED, MONDAY + 6 * day, "示例主任", "改派"),
    ]
    before = kept(case_id, started())
    add_clock(session, COUNTY, before, ids())
    for event in events:
        after = replace(before, clock=recorded(before.clock, event, WORKDAYS))
        save_clock(session, COUNTY, before=before, after=after, event_ids=ids())
        before = after
    session.expire_all()

    assert clocks_of(session, case_id) == (before,)
    assert due(clocks_of(session, case_id)[0].clock, WORKDAYS) == due(before.clock, WORKDAYS)


def test_a_promised_day_is_kept_as_a_day(session: Session, case_id: uuid.UUID):
    promise = commitment_clock(
        date(2026, 12, 1),
        MONDAY,
        grade=Grade.GENERAL,
        policy_version="case-1",
        calendar_version=WORKDAYS.version,
        by="示例督查员",
    )
    add_clock(session, COUNTY, kept(case_id, promise), ids())

    assert clocks_of(session, case_id)[0].clock.allowance == date(2026, 12, 1)


def test_a_ledger_never_loses_an_event(session: Session, case_id: uuid.UUID):
    before = kept(case_id, started())
    add_clock(session, COUNTY, before, ids())
    forged = replace(before.clock, events=())

    with pytest.raises(ValueError, match="only grow"):
        save_clock(session, COUNTY, before=before, after=replace(before, clock=forged), event_ids=ids())


def test_the_sweep_finds_running_clocks_whose_moment_has_come(session: Session, case_id: uuid.UUID):
    early, late = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)
    for stage, look in ((Stage.CLOSE, late), (Stage.SIGN_FOR, early), (Stage.FIRST_REPORT, None)):
        add_clock(session, COUNTY, kept(case_id, started(stage), look=look), ids())
    stopped = replace(kept(case_id, started(Stage.PUBLIC_REPLY), look=early), stopped_at=MONDAY)
    add_clock(session, COUNTY, stopped, ids())

    def found(now: datetime) -> list[Stage]:
        return [one.clock.stage for one in due_clocks(session, COUNTY, now=now, most=9)]

    assert found(MONDAY) == []
    assert found(early) == [Stage.SIGN_FOR]
    assert found(late) == [Stage.SIGN_FOR, Stage.CLOSE]
    assert len(due_clocks(session, COUNTY, now=late, most=1)) == 1
    assert next_moment(session, COUNTY) == early
    assert next_moment(session, "elsewhere") is None


def test_a_frozen_policy_comes_back_as_it_was(session: Session, case_id: uuid.UUID):
    freeze(session, case_id, POLICY)
    other = add_case(session)

    assert policies_of(session, [case_id, other]) == {case_id: POLICY}
    assert ladders_of(session, [case_id, other]) == {case_id: PACK.ladder}


def test_a_frozen_limit_must_be_a_limit(session: Session, case_id: uuid.UUID):
    freeze(session, case_id, POLICY)
    policy = session.scalar(sa.select(CaseRow.policy).where(CaseRow.id == case_id))
    policy["clocks"][0]["limit"] = "2026-12-01"
    session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(policy=policy))

    with pytest.raises(TypeError, match="2026-12-01"):
        policies_of(session, [case_id])


def test_numbers_run_by_issuer_and_year_of_the_county(session: Session, case_id: uuid.UUID):  # noqa: ARG001 - the county
    def take(issuer: Issuer, now: datetime) -> str:
        return take_number(session, county=COUNTY, issuer=issuer, prefix="云", now=now)

    new_year = MONDAY.replace(month=12, day=31, hour=16)
    assert [take(Issuer.OFFICE_SLIP, MONDAY) for _ in range(3)] == [
        f"云网信交〔2026〕{n}号" for n in (1, 2, 3)
    ]
    assert take(Issuer.OFFICE_ORDER, MONDAY) == "云网信督〔2026〕1号"
    assert take(Issuer.SUPERVISION_ORDER, MONDAY) == "云督查督〔2026〕1号"
    assert take(Issuer.OFFICE_SLIP, new_year) == "云网信交〔2027〕1号"


@pytest.mark.parametrize(
    ("seat", "stem"),
    [
        (Seat.CYBERSPACE, "网信密"),
        (Seat.SUPERVISION, "督查密"),
        (Seat.TARGET, "目督密"),
        (Seat.DISCIPLINE, "纪检密"),
    ],
)
def test_a_number_of_a_confidential_case_says_issuer_and_year_and_is_never_one_that_is_taken(
    session: Session, case_id: uuid.UUID, seat: Seat, stem: str
):
    # The random ends of two ids; the instant before them tells nothing.
    ends = iter([1, 1 + (5 << 30), 1, 2])
    made = lambda: uuid.UUID(int=(7 << 76) + next(ends))  # noqa: E731

    def take() -> str:
        return secret_number(session, county=COUNTY, seat=seat, prefix="云", now=MONDAY, new_id=made)

    first = take()
    assert first == f"云{stem}〔2026〕322222号"
    session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(number=first))
    assert take() == f"云{stem}〔2026〕422222号", "those that come out alike are passed over"


def test_letters_of_such_numbers_are_not_taken_for_digits():
    assert len(set(LETTERS)) == 32
    assert not set(LETTERS) & set("0O1I")


def test_the_prefix_is_the_setting_of_the_pack_or_the_countys_first_character():
    assert county_prefix(PACK) == "云"
    assert county_prefix(replace(PACK, settings=(("burst", 3), ("number_prefix", "岭")))) == "岭"


def test_a_case_is_saved_only_from_the_version_that_was_loaded(session: Session, case_id: uuid.UUID):
    sight = visibility(officer(Role.DIRECTOR))
    head = case_for_change(session, sight, case_id, version=1)
    saved = save_case(session, before=head, after=replace(head, redo_count=1), now=MONDAY)

    assert (saved.version, saved.redo_count) == (2, 1)
    assert case_seen(session, sight, case_id) == saved == heads_of(session, [case_id])[case_id]
    with pytest.raises(StaleVersion):
        save_case(session, before=head, after=head, now=MONDAY)
    with pytest.raises(StaleVersion):
        case_for_change(session, sight, case_id, version=1)
    with pytest.raises(NoSuchCase):
        case_for_change(session, visibility(officer(Role.AUDIT_ADMIN)), case_id, version=2)
