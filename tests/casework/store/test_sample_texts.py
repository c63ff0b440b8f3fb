"""Which texts a check may count over: judged posts of one county, newest first."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.sample_texts import sample_texts
from casework.store.tables import PostRow
from tests.builders import COUNTY, MONDAY, add_county, add_post

OTHER = "other"


def _judged(session: Session, folded: str, days: int, county: str = COUNTY) -> None:
    post = add_post(session, county=county, received_at=MONDAY + timedelta(days=days))
    session.execute(sa.update(PostRow).where(PostRow.id == post).values(normalised=folded))


def test_the_newest_judged_texts_of_the_county_come_first(session: Session):
    add_county(session)
    add_county(session, OTHER)
    for days, folded in enumerate(("甲", "乙", "丙")):
        _judged(session, folded, days)
    _judged(session, "丁", 9, OTHER)
    add_post(session, received_at=MONDAY + timedelta(days=8))  # not judged yet

    assert sample_texts(session, COUNTY) == ("丙", "乙", "甲")
    assert sample_texts(session, COUNTY, most=2) == ("丙", "乙")
    assert sample_texts(session, OTHER) == ("丁",)


def test_an_accusation_is_never_counted_over(session: Session):
    add_county(session)
    _judged(session, "甲", 0)
    _judged(session, "乙", 1)
    session.execute(sa.update(PostRow).where(PostRow.normalised == "乙").values(confidential=True))

    assert sample_texts(session, COUNTY) == ("甲",)
