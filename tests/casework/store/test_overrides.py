from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.judgement import Disposition, Judgement, Routing
from casework.store.decisions import decision_insert, decision_values
from casework.store.overrides import Overrides, overrides
from casework.store.tables import CaseRow, CorrectionRow, EventRow
from rules.model import DemandClass, Finding, Grade, Label, RuleKind
from tests.builders import COUNTY, MONDAY, add_case, add_county, add_post, attach, new_id

RULE = "sev_death"
LONG_AGO = MONDAY - timedelta(days=365)
SERIOUS, MAJOR = Grade.SERIOUS, Grade.MAJOR


def finding(rule: str, conclusion: str) -> Finding:
    return Finding(rule, RuleKind.SEVERITY, "demo@1", Label("规则", "Rule"), "示例", conclusion, ())


def decide(
    session: Session,
    post_id: uuid.UUID,
    grade: Grade | None = SERIOUS,
    *,
    findings: Iterable[Finding] = (finding(RULE, "grade=serious"),),
    disposition: Disposition = Disposition.CASE,
    at: datetime = MONDAY,
    county: str = COUNTY,
) -> None:
    judgement = Judgement(
        pack_ref="demo@1",
        calendar_version="demo-1",
        disposition=disposition,
        grade=grade,
        demand=DemandClass.COMPLAINT,
        topic=None,
        place=None,
        confidential=False,
        confidence=Decimal("0.5"),
        routing=Routing(None),
        findings=tuple(findings),
    )
    kept = {"id": new_id(), "county_id": county, "post_id": post_id, "decided_at": at}
    session.execute(decision_insert(session.get_bind().dialect.name), [kept | decision_values(judgement)])


def opened(
    session: Session, grade: Grade = SERIOUS, *, county: str = COUNTY, **decision: object
) -> uuid.UUID:
    """Add a post with its decision and the case that it opened; `grade` is that of the case."""
    post_id = add_post(session, county=county)
    decide(session, post_id, county=county, **decision)  # type: ignore[arg-type] # values that a test names
    case_id = add_case(session, grade=grade, county=county)
    attach(session, case_id, post_id, county=county)
    return case_id


def confirm(session: Session, case_id: uuid.UUID) -> None:
    session.add(
        EventRow(
            id=new_id(),
            county_id=COUNTY,
            case_id=case_id,
            post_id=None,
            kind="case_confirmed",
            at=MONDAY,
            actor_id=None,
            actor="值班员",
            data={},
        )
    )
    session.flush()


def correct(session: Session, case_id: uuid.UUID, field: str = "grade") -> None:
    session.add(
        CorrectionRow(
            id=new_id(),
            county_id=COUNTY,
            case_id=case_id,
            field=field,
            old="serious",
            new="major",
            reason="已核实无人死亡",
            by="值班员",
            at=MONDAY,
        )
    )
    session.flush()


def counted(session: Session, rule: str = RULE, since: datetime = LONG_AGO) -> tuple[int, int]:
    session.expire_all()
    found = overrides(session, COUNTY, rule, since=since)
    return found.looked_at, found.corrected


@pytest.fixture(autouse=True)
def county(session: Session) -> None:
    add_county(session)


def test_a_rule_is_counted_where_a_person_confirmed_or_corrected_its_grade(session: Session):
    confirm(session, opened(session))
    confirm(session, opened(session))
    correct(session, opened(session))
    opened(session)  # nobody has looked at it

    assert counted(session) == (3, 1)


def test_corrected_after_it_was_confirmed_is_one_case(session: Session):
    case_id = opened(session)
    confirm(session, case_id)
    correct(session, case_id)
    correct(session, case_id)

    assert counted(session) == (1, 1)


def test_another_unit_is_no_other_grade(session: Session):
    case_id = opened(session)
    confirm(session, case_id)
    correct(session, case_id, "route")

    assert counted(session) == (1, 0)


@pytest.mark.parametrize(("grade", "corrected"), [(SERIOUS, 0), (MAJOR, 1)])
def test_a_person_who_opens_a_case_from_the_desk_confirms_or_corrects(
    session: Session, grade: Grade, corrected: int
):
    opened(session, grade, disposition=Disposition.DESK)

    assert counted(session) == (1, corrected)


def test_only_the_rule_that_gave_the_grade_is_meant(session: Session):
    both = (finding("other", "grade=major"), finding(RULE, "grade=serious"), finding("named", "concludes=x"))
    confirm(session, opened(session, findings=both))

    assert counted(session) == (1, 0)
    assert counted(session, "other") == counted(session, "named") == counted(session, "sev") == (0, 0)
    # Two rules that gave the same grade were both overruled.
    correct(session, opened(session, findings=(*both, finding("second", "grade=serious"))))
    assert counted(session) == (2, 1)
    assert counted(session, "second") == (1, 1)


def test_a_later_decision_does_not_count_for_the_case_that_was_open(session: Session):
    case_id = opened(session, findings=(finding("other", "grade=serious"),))
    confirm(session, case_id)
    post = add_post(session)
    decide(session, post, findings=(finding("other", "grade=serious"),), at=MONDAY - timedelta(hours=1))
    decide(session, post)
    decide(session, post, findings=(finding("other", "grade=serious"),), at=MONDAY + timedelta(hours=1))
    second = add_case(session, grade=SERIOUS)
    attach(session, second, post)
    confirm(session, second)

    assert counted(session) == (1, 0)
    assert counted(session, "other") == (1, 0)


def test_posts_that_joined_later_and_cases_of_before_are_left_out(session: Session):
    case_id = opened(session)
    confirm(session, case_id)
    joined = add_post(session)
    decide(session, joined)
    attach(session, case_id, joined, joined="attached")

    assert counted(session) == (1, 0)
    session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(opened_at=MONDAY + timedelta(1)))
    assert counted(session, since=MONDAY + timedelta(days=1)) == (1, 0)
    assert counted(session, since=MONDAY + timedelta(days=1, seconds=1)) == (0, 0)


def test_other_counties_are_left_out(session: Session):
    add_county(session, "other")
    correct(session, opened(session, county="other"))

    assert counted(session) == (0, 0)


def test_the_share_of_nothing_is_unknown():
    assert Overrides(0, 0, MONDAY).share is None
    assert Overrides(4, 1, MONDAY).share == Decimal("0.25")


def test_a_case_about_an_accusation_is_counted_for_no_rule(session: Session):
    secret = opened(session)
    confirm(session, secret)
    session.execute(sa.update(CaseRow).where(CaseRow.id == secret).values(confidential=True))
    ordinary = opened(session)
    confirm(session, ordinary)

    assert counted(session) == (1, 0)
