"""Items that were open before they had turns get theirs from the case and from the newest verdict."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import command
from sqlalchemy.orm import Session

from casework.store.tables import DeskItemRow
from casework.urgency import DANGER_TO_LIFE, Turn
from rules.model import Grade
from tests.builders import COUNTY, MONDAY, add_case, add_county, add_decision, add_post, new_id
from tests.migrations.test_migrations import _config, empty  # noqa: F401 - a fixture


def _asked(session: Session, name: str, **about: object) -> None:
    session.add(
        DeskItemRow(
            id=new_id(),
            county_id=COUNTY,
            kind="triage",
            effect_key=name,
            reason_zh="请研判",
            reason_en="decide",
            data={},
            opened_at=MONDAY,
            **about,
        )
    )


def _decided(session: Session, grade: Grade | None, features: dict[str, object]) -> uuid.UUID:
    return add_decision(session, add_post(session), grade, features)


def test_open_items_get_the_turn_that_they_would_have_been_given(empty: sa.Engine):  # noqa: F811 - the fixture
    with empty.begin() as connection:
        command.upgrade(_config(connection), "head")
    with Session(empty) as session:
        add_county(session)
        _asked(session, "nothing known")
        _asked(session, "life", post_id=_decided(session, Grade.GENERAL, {DANGER_TO_LIFE: True}))
        _asked(session, "serious", post_id=_decided(session, Grade.SERIOUS, {DANGER_TO_LIFE: False}))
        _asked(session, "ungraded", post_id=_decided(session, None, {}))
        _asked(session, "case", case_id=add_case(session, grade=Grade.MAJOR))
        _asked(session, "both", post_id=_decided(session, Grade.SERIOUS, {}), case_id=add_case(session))
        _asked(session, "closed", case_id=add_case(session, grade=Grade.SERIOUS), closed_at=MONDAY)
        session.commit()

    with empty.begin() as connection:
        command.downgrade(_config(connection), "0011")
        command.upgrade(_config(connection), "0012")

    with Session(empty) as session:
        turns = dict(session.execute(sa.select(DeskItemRow.effect_key, DeskItemRow.turn)).all())
    assert turns == {
        "nothing known": Turn.UNGRADED,
        "life": Turn.LIFE,
        "serious": Turn.SERIOUS,
        "ungraded": Turn.UNGRADED,
        "case": Turn.MAJOR,
        "both": Turn.GENERAL,
        "closed": Turn.UNGRADED,
    }
