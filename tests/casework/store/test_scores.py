"""The ledger under many hands, and what each reader's sheet of a unit shows."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.transaction import make_engine
from casework.access import UnitId, visibility
from casework.events import EventKind
from casework.ledger import ChainFault, verify
from casework.refusals import NoSuchUnit
from casework.roles import Role
from casework.scoring import Evidence, FailingKind, ScoreDraft, opposite
from casework.store.case_parts import ScoreLine
from casework.store.score_ledger import add_entries, head_of_ledger, ledger
from casework.store.scores import cases_at_spot, unit_lines, unit_sheet
from casework.store.tables import CaseRow, EventRow, UnitRow
from rules.model import Grade
from tests.builders import (
    COUNTY,
    MONDAY,
    add_case,
    add_county,
    add_unit,
    assign,
    new_id,
    officer,
    unit_person,
)

INSPECTOR = visibility(officer(Role.INSPECTOR))


@pytest.fixture
def county(session: Session) -> Session:
    """A session with a county and two units."""
    add_county(session)
    for unit in ("housing", "town"):
        add_unit(session, unit)
    return session


def draft(case_id: uuid.UUID, key: str, *, unit: str = "housing", points: str = "0.1") -> ScoreDraft:
    return ScoreDraft(
        key=key,
        unit_id=UnitId(unit),
        case_id=case_id,
        failing=FailingKind.FALSE_REPLY,
        rule="score_false_reply",
        pack="demo@1+x",
        clause="考核细则",
        points=Decimal(points),
        evidence=(Evidence("reply", "1"), Evidence("reply", "二")),
    )


def enter(session: Session, *drafts: ScoreDraft, now: datetime = MONDAY) -> tuple[ScoreLine, ...]:
    return add_entries(session, COUNTY, drafts, by="示例目督员", now=now, new_id=new_id)


def test_entries_of_many_threads_make_one_whole_chain(database_url: str):
    engine = make_engine(database_url)
    with Session(engine) as session:
        add_county(session)
        add_unit(session, "housing")
        case_id = add_case(session)
        session.commit()
    writing = engine.execution_options(jianjian_write=True)

    def attempt(number: int) -> int:
        with Session(writing) as session:
            # Every key is tried twice: by this thread and by the one that is eight further.
            done = enter(session, draft(case_id, f"k{number % 8}"), draft(case_id, f"own{number}"))
            session.commit()
            return len(done)

    with ThreadPoolExecutor(8) as pool:
        entered = sum(pool.map(attempt, range(16)))

    assert entered == 8 + 16
    with Session(engine) as session:
        chain = list(ledger(session, COUNTY))
        assert [kept.sealed.seq for kept in chain] == list(range(1, 25))
        assert verify(chain, chain=COUNTY, head=head_of_ledger(session, COUNTY)) == ()
    engine.dispose()


def test_a_column_changed_behind_the_seal_shows(county: Session):
    enter(county, draft(add_case(county), "a"), draft(add_case(county), "b"))
    trigger = "refuse_update_score_entries"
    on = " ON score_entries" if county.get_bind().dialect.name == "postgresql" else ""
    county.execute(sa.text(f"DROP TRIGGER {trigger}{on}"))
    county.execute(sa.text("UPDATE score_entries SET unit_code = 'town' WHERE seq = 1"))
    county.expire_all()

    faults = verify(ledger(county, COUNTY), chain=COUNTY)

    assert [(fault.position, fault.fault) for fault in faults] == [(1, ChainFault.COLUMNS)]


def test_the_database_refuses_to_change_an_entry(county: Session):
    enter(county, draft(add_case(county), "a"))

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        county.execute(sa.text("UPDATE score_entries SET points = '0'"))


def test_a_sheet_takes_reversals_off_and_ends_with_the_countys_year(county: Session):
    case_id = add_case(county)
    first, _ = enter(county, draft(case_id, "a", points="0.4"), draft(case_id, "b", points="0.2"))
    enter(county, opposite(draft(case_id, "a", points="0.4"), reason="复核成立"))
    new_year = MONDAY.replace(month=12, day=31, hour=16)  # midnight in the county
    enter(county, draft(case_id, "c"), now=new_year)

    sheet = unit_sheet(county, INSPECTOR, "housing", year=2026, now=MONDAY)
    after = unit_sheet(county, INSPECTOR, "housing", year=2027, now=MONDAY)

    assert sheet.points == sheet.counted == Decimal("0.2")
    assert [line.entry.points for line in sheet.entries] == [Decimal("-0.4"), Decimal("0.2"), Decimal("0.4")]
    assert sheet.entries[0].entry.reverses_id == first.id
    assert [(total.entries, total.points) for total in sheet.by_failing] == [(1, Decimal("0.2"))]
    assert after.points == Decimal("0.1")


def test_an_entry_names_the_number_under_which_the_unit_had_the_case_on_its_day(county: Session):
    case_id = add_case(county)
    for number, lead, days in (
        ("云网信交〔2026〕2号", "housing", 0),
        ("云网信交〔2026〕2号（改派1）", "town", 2),
        ("云网信交〔2026〕4号", "housing", 3),
    ):
        county.add(
            EventRow(
                id=new_id(),
                county_id=COUNTY,
                case_id=case_id,
                kind=EventKind.DISPATCHED.value,
                at=MONDAY + timedelta(days=days),
                actor="示例主任",
                data={"number": number, "lead": lead, "assist": []},
            )
        )
    county.flush()
    county.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(number="云网信交〔2026〕4号"))
    for key, hours in (("at once", 0), ("later", 60), ("anew", 96)):
        enter(county, draft(case_id, key), now=MONDAY + timedelta(hours=hours))

    sheet = unit_sheet(county, INSPECTOR, "housing", year=2026, now=MONDAY)

    assert [line.case_number for line in sheet.entries] == [
        "云网信交〔2026〕4号",
        "云网信交〔2026〕2号",
        "云网信交〔2026〕2号",
    ]


def test_a_year_counts_no_more_than_its_cap(county: Session):
    case_id = add_case(county)
    enter(county, *(draft(case_id, f"k{n}", points="3") for n in range(2)))

    sheet = unit_sheet(county, INSPECTOR, "housing", year=2026, now=MONDAY)

    assert (sheet.points, sheet.counted) == (Decimal(6), Decimal(5))


def test_a_unit_reads_its_own_sheet_and_no_other(county: Session):
    enter(county, draft(add_case(county), "a"))
    own = visibility(unit_person("housing"))

    assert unit_sheet(county, own, "housing", year=2026, now=MONDAY).points == Decimal("0.1")
    assert [unit.code for unit in unit_lines(county, own, now=MONDAY)] == ["housing"]
    for sight in (visibility(unit_person("town")), visibility(officer(Role.SECURITY_ADMIN))):
        with pytest.raises(NoSuchUnit):
            unit_sheet(county, sight, "housing", year=2026, now=MONDAY)


def test_the_sheet_of_an_accused_unit_does_not_betray_the_accusation(county: Session):
    secret = add_case(county, confidential=True, excluded=["housing"], title="检举")
    enter(county, draft(secret, "a"))

    accused = unit_sheet(county, visibility(unit_person("housing")), "housing", year=2026, now=MONDAY)
    target = unit_sheet(county, INSPECTOR, "housing", year=2026, now=MONDAY)
    office = unit_sheet(county, visibility(officer(Role.DIRECTOR)), "housing", year=2026, now=MONDAY)

    assert (accused.entries, target.entries) == ((), ())
    assert [line.case_title for line in office.entries] == ["检举"]


@pytest.mark.parametrize(
    ("role", "duty", "listed"),
    [
        (Role.DIRECTOR, "cyberspace", 1),
        (Role.DUTY_OFFICER, "cyberspace", 1),
        (Role.SUPERVISOR, "supervision", 1),
        (Role.SECRET_INSPECTOR, "target", 1),
        (Role.INSPECTOR, "cyberspace", 1),
        (Role.DIRECTOR, "supervision", 2),
        (Role.SECRET_INSPECTOR, "cyberspace", 2),
    ],
)
@pytest.mark.parametrize("is_paper", [False, True])
def test_totals_are_of_what_is_listed_and_paper_has_ordinary_entries_alone(
    county: Session, role: Role, duty: str, listed: int, *, is_paper: bool
):
    add_unit(county, "office", duties=[duty])
    secret = add_case(county, confidential=True, grade=Grade.MAJOR, excluded=["office"])
    ordinary = add_case(county, grade=Grade.MAJOR)
    enter(county, draft(secret, "a"), draft(ordinary, "b", points="0.5"))

    sheet = unit_sheet(county, visibility(officer(role)), "housing", year=2026, now=MONDAY, is_paper=is_paper)

    expected = Decimal("0.6") if listed == 2 and not is_paper else Decimal("0.5")
    assert (len(sheet.entries), sheet.points) == (1 if is_paper else listed, expected)
    assert sum(total.entries for total in sheet.by_failing) == len(sheet.entries)
    assert sum(total.points for total in sheet.by_failing) == sheet.points


def test_a_unit_reads_its_entries_of_a_confidential_case_but_prints_none(county: Session):
    secret = add_case(county, confidential=True, excluded=["town"])
    assign(county, secret, "housing")
    enter(county, draft(secret, "a"))
    own = visibility(unit_person("housing"))

    assert len(unit_sheet(county, own, "housing", year=2026, now=MONDAY).entries) == 1
    assert unit_sheet(county, own, "housing", year=2026, now=MONDAY, is_paper=True).entries == ()


def test_units_are_listed_with_their_open_cases_and_never_by_points(county: Session):
    case_id = add_case(county, state="handling", lead="town")
    assign(county, case_id, "town")
    add_case(county, state="closed", lead="town")
    late = {"next_due_at": MONDAY}
    county.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(**late))

    lines = unit_lines(county, INSPECTOR, now=MONDAY + timedelta(minutes=1))

    assert [(unit.code, unit.open_cases, unit.overdue_cases) for unit in lines] == [
        ("housing", 0, 0),
        ("town", 1, 1),
    ]


@pytest.mark.parametrize("kind", ["government", "judicial"])
def test_government_and_courts_are_not_listed_among_the_units_but_found_by_code(county: Session, kind: str):
    county.execute(sa.update(UnitRow).where(UnitRow.code == "town").values(kind=kind))

    assert [unit.code for unit in unit_lines(county, INSPECTOR, now=MONDAY)] == ["housing"]
    assert [unit.code for unit in unit_lines(county, INSPECTOR, now=MONDAY, code="town")] == ["town"]


def test_cases_at_one_spot_are_counted_by_unit_topic_place_and_window(county: Session):
    for place, topic in (("estate", "noise"), ("estate", "noise"), ("estate", "smell"), (None, "noise")):
        add_case(county, lead="housing", place=place, topic=topic)
    add_case(county, lead="housing", place="estate", topic="noise", opened_at=MONDAY - timedelta(days=91))
    add_case(county, lead="housing", place="estate", topic="noise", confidential=True)
    since = MONDAY - timedelta(days=90)

    def at(unit: str, topic: str | None, place: str | None) -> int:
        return cases_at_spot(county, COUNTY, unit=unit, topic=topic, place=place, since=since)

    assert at("housing", "noise", "estate") == 2
    assert at("town", "noise", "estate") == 0
    assert at("housing", "noise", None) == 0
