"""Builders of records and actors for tests: small, explicit, every value can be named by the test.

They write rows as the use cases would have left them; they decide nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Actor, CountyId, UnitId, UserId, machine, person
from casework.ids import IdSource
from casework.roles import Role
from casework.store.tables import (
    AssignmentRow,
    CasePostRow,
    CaseRow,
    CountyRow,
    DecisionRow,
    DismissalRow,
    ExclusionRow,
    PostRow,
    SourceRow,
    UnitRow,
    UserRow,
)
from rules.model import Grade

COUNTY = CountyId("demo")
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""Monday 2026-11-16, 10:00 in the county: a plain working day in a plain week."""

_ids = IdSource(MONDAY)


def new_id() -> uuid.UUID:
    """Return an id that sorts after those made before it."""
    return _ids.next()


# --- who acts ------------------------------------------------------------------------------------


def officer(*roles: Role, name: str = "示例值班员", county: str = COUNTY) -> Actor:
    """Return a person of a desk."""
    return person(UserId(uuid.uuid4()), name, roles=roles, county_id=CountyId(county))


def unit_person(unit: str, *roles: Role, name: str = "示例承办人", county: str = COUNTY) -> Actor:
    """Return a person of a unit; handler and head when no role is named."""
    held = roles or (Role.UNIT_HANDLER, Role.UNIT_HEAD)
    return person(UserId(uuid.uuid4()), name, roles=held, county_id=CountyId(county), unit_id=UnitId(unit))


def the_machine(county: str = COUNTY) -> Actor:
    """Return the worker and the sweep."""
    return machine(CountyId(county))


# --- rows ----------------------------------------------------------------------------------------


def add_county(session: Session, county: str = COUNTY) -> str:
    """Add a county with the source "form"."""
    session.add(CountyRow(id=county, name_zh="云岭县", name_en="Yunling County", created_at=MONDAY))
    session.flush()  # rows below point to it
    session.add(
        SourceRow(
            id=uuid.uuid5(uuid.NAMESPACE_DNS, f"{county}.form"),
            county_id=county,
            code="form",
            name="手工录入",
            kind="form",
            platform="论坛",
            created_at=MONDAY,
        )
    )
    session.flush()
    return county


def add_account(session: Session, actor: Actor) -> None:
    """Add the account in use of a person, if it is not there."""
    if session.get(UserRow, actor.user_id) is None:
        session.add(
            UserRow(
                id=actor.user_id,
                county_id=actor.county_id,
                login=str(actor.user_id),
                name=actor.name,
                password_hash="",
                unit_code=actor.unit_id,
                roles=[role.value for role in actor.roles],
                password_changed_at=MONDAY,
                password_history=[],
                created_at=MONDAY,
            )
        )
        session.flush()


def add_unit(
    session: Session,
    code: str,
    *,
    county: str = COUNTY,
    superior: str | None = None,
    duties: Iterable[str] = (),
) -> str:
    """Add a unit with empty contacts."""
    session.add(
        UnitRow(
            county_id=county,
            code=code,
            name_zh=f"云岭县{code}",
            name_en=code,
            short=code,
            family="OTHER",
            kind="department",
            superior=superior,
            duties=list(duties),
            contacts={},
            active=True,
        )
    )
    session.flush()
    return code


def add_post(
    session: Session,
    text: str = "小区门口路灯坏了半个月，晚上出行不安全。",
    *,
    county: str = COUNTY,
    confidential: bool = False,
    received_at: datetime = MONDAY,
) -> uuid.UUID:
    """Add a post of the source "form" as triage leaves one that opened a case."""
    post_id = new_id()
    session.add(
        PostRow(
            id=post_id,
            county_id=county,
            source_id=uuid.uuid5(uuid.NAMESPACE_DNS, f"{county}.form"),
            content_key=hashlib.sha256(post_id.bytes).hexdigest(),
            title="路灯",
            text=text,
            platform="论坛",
            received_at=received_at,
            confidential=confidential,
            triage_state="case",
        )
    )
    session.flush()
    return post_id


def add_decision(
    session: Session, post_id: uuid.UUID, grade: Grade | None, features: Mapping[str, object]
) -> uuid.UUID:
    """Add a verdict on a post, and return the id of the post."""
    session.add(
        DecisionRow(
            id=new_id(),
            county_id=COUNTY,
            post_id=post_id,
            decided_at=MONDAY,
            pack_ref="p@1",
            calendar_version="1",
            disposition="desk",
            grade=grade.value if grade else None,
            confidential=False,
            confidence="0.5",
            route={},
            features=dict(features),
            context={},
            hits=[],
            findings=[],
            reasons=[],
            engine={},
        )
    )
    session.flush()
    return post_id


def add_dismissal(engine: sa.Engine, *, county: str = COUNTY) -> uuid.UUID:
    """Add a post that opened no case, and return its id."""
    with Session(engine) as session:
        post_id = add_post(session, "谢谢你们。", county=county)
        session.execute(sa.update(PostRow).where(PostRow.id == post_id).values(triage_state="dismissed"))
        session.add(
            DismissalRow(
                id=new_id(),
                county_id=county,
                post_id=post_id,
                reason="praise",
                reason_zh="只表示感谢",
                reason_en="Thanks only",
                by="系统",
                decided_at=MONDAY,
            )
        )
        session.commit()
    return post_id


def add_case(  # noqa: PLR0913 - every value of a case can be named by a test
    session: Session,
    *,
    county: str = COUNTY,
    state: str = "registered",
    grade: Grade = Grade.GENERAL,
    demand: str = "complaint",
    lead: str | None = None,
    confidential: bool = False,
    excluded: Iterable[str] = (),
    title: str = "小区路灯损坏",
    opened_at: datetime = MONDAY,
    assist_units: Iterable[str] = (),
    topic: str | None = "street_lamps",
    place: str | None = None,
    policy: dict[str, object] | None = None,
) -> uuid.UUID:
    """Add a case as triage leaves it: registered, graded, with a proposed lead and no assignment."""
    case_id = new_id()
    session.add(
        CaseRow(
            id=case_id,
            county_id=county,
            title=title,
            gist="反映小区路灯损坏，要求修复。",
            state=state,
            grade=grade.value,
            proposed_grade=grade.value,
            demand=demand,
            topic=topic,
            place=place,
            assist_units=list(assist_units),
            lead_unit=lead,
            proposed_lead=lead,
            route_basis="《城市道路照明设施管理规定》" if lead else "",
            confidential=confidential,
            pack_ref="demo@1+sha256:0",
            calendar_version="demo-2026.1",
            policy=policy or {},
            opened_at=opened_at,
            updated_at=opened_at,
        )
    )
    session.flush()
    session.add_all(ExclusionRow(county_id=county, case_id=case_id, unit_code=unit) for unit in excluded)
    session.flush()
    return case_id


def attach(
    session: Session, case_id: uuid.UUID, post_id: uuid.UUID, *, county: str = COUNTY, joined: str = "opened"
) -> None:
    """Put a post into a case."""
    session.add(
        CasePostRow(
            id=new_id(),
            county_id=county,
            case_id=case_id,
            post_id=post_id,
            joined=joined,
            reason="",
            attached_at=MONDAY,
        )
    )
    session.flush()


def assign(
    session: Session,
    case_id: uuid.UUID,
    unit: str,
    *,
    role: str = "lead",
    county: str = COUNTY,
    ended_at: datetime | None = None,
) -> uuid.UUID:
    """Give a unit its part in a case."""
    assignment_id = new_id()
    session.add(
        AssignmentRow(
            id=assignment_id,
            county_id=county,
            case_id=case_id,
            unit_code=unit,
            role=role,
            basis="三定方案",
            assigned_at=MONDAY,
            ended_at=ended_at,
            by="示例值班员",
        )
    )
    session.flush()
    return assignment_id
