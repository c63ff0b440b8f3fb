"""The timeline of a case and of a post: in order, only for those who may see it, each unit its own record."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from casework.access import visibility
from casework.events import EventKind
from casework.roles import Role
from casework.store.tables import EventRow
from casework.store.timeline import case_timeline, post_timeline
from tests.builders import (
    COUNTY,
    MONDAY,
    add_case,
    add_county,
    add_post,
    assign,
    new_id,
    officer,
    unit_person,
)

KINDS = (EventKind.POST_RECEIVED, EventKind.CASE_OPENED, EventKind.STEP_TAKEN, EventKind.SCORED)


def test_lines_come_in_order_and_each_unit_reads_its_own_record_alone(session: Session):
    add_county(session)
    case_id, post_id = add_case(session), add_post(session)
    for unit, role in (("housing", "lead"), ("town", "assist")):
        assign(session, case_id, unit, role=role)
    for minutes, kind in enumerate(KINDS):
        session.add(
            EventRow(
                id=new_id(),
                county_id=COUNTY,
                case_id=None if kind is EventKind.POST_RECEIVED else case_id,
                post_id=post_id if kind in KINDS[:2] else None,
                kind=kind.value,
                at=MONDAY + timedelta(minutes=minutes),
                actor="系统",
                data={"unit": "housing"},
            )
        )

    def of_case(actor: object) -> list[EventKind]:
        return [line.kind for line in case_timeline(session, visibility(actor), case_id)]

    assert of_case(officer(Role.DIRECTOR)) == of_case(unit_person("housing")) == list(KINDS[1:])
    assert of_case(unit_person("town")) == [EventKind.CASE_OPENED]
    assert of_case(unit_person("elsewhere")) == []
    office, inspector = visibility(officer(Role.DUTY_OFFICER)), visibility(officer(Role.SUPERVISOR))
    assert [line.kind for line in post_timeline(session, office, post_id)] == list(KINDS[:2])
    assert post_timeline(session, inspector, post_id) == ()
