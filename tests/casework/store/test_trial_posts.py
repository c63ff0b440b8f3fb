"""Rules are tried on posts that are no accusations, whoever asks, and old counts over all are not shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.stored_posts import (
    count_posts,
    end_of_page,
    posts_between,
    posts_decided_between,
    still_tried_on,
)
from casework.store.tables import DecisionRow, PostRow
from casework.store.trial_posts import counted_all, tally_kept, tally_shown
from rules.backtest import Tally, Verdict
from tests.builders import COUNTY, MONDAY, add_case, add_county, add_post, attach, new_id

BEFORE, AFTER = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)
NOTHING, ALL = uuid.UUID(int=0), uuid.UUID(int=(1 << 128) - 1)


def _judged(session: Session, post_id: uuid.UUID, *, confidential: bool, at: int = 0) -> None:
    decision_id = new_id()
    session.add(
        DecisionRow(
            id=decision_id,
            county_id=COUNTY,
            post_id=post_id,
            decided_at=MONDAY + timedelta(minutes=at),
            calendar_version="small-2026",
            pack_ref="small@1",
            disposition="case",
            grade="general",
            topic="street_lamps",
            confidential=confidential,
            confidence="1",
            route={"lead": "housing_bureau", "assist": []},
            features={},
            context={},
            findings=[],
            hits=[],
            reasons=[],
            engine={},
        )
    )
    session.flush()
    session.execute(sa.update(PostRow).where(PostRow.id == post_id).values(decision_id=decision_id))


def _secret_post(session: Session, post_id: uuid.UUID) -> None:
    session.execute(sa.update(PostRow).where(PostRow.id == post_id).values(confidential=True))


def _secret_case(session: Session, post_id: uuid.UUID) -> None:
    attach(session, add_case(session, confidential=True), post_id)


def _judged_again_as_one(session: Session, post_id: uuid.UUID) -> None:
    _judged(session, post_id, confidential=True, at=1)


@pytest.mark.parametrize("becomes_one", [_secret_post, _secret_case, _judged_again_as_one])
def test_a_post_that_is_an_accusation_in_any_way_is_in_no_trial(
    session: Session, becomes_one: Callable[[Session, uuid.UUID], None]
):
    add_county(session)
    kept, hidden = add_post(session), add_post(session)
    for post_id in (kept, hidden):
        _judged(session, post_id, confidential=False)

    becomes_one(session, hidden)

    assert count_posts(session, COUNTY, since=BEFORE, until=AFTER) == 1
    last = end_of_page(session, COUNTY, after=None, since=BEFORE, until=AFTER, size=9)
    assert last == (MONDAY, kept)
    found = posts_between(session, COUNTY, None, (MONDAY, ALL), BEFORE)
    assert [post.id for post in found] == [kept]
    assert [post.id for post in posts_decided_between(session, COUNTY, NOTHING, ALL, 9)] == [kept]
    assert still_tried_on(session, (hidden, kept)) == (kept,)


def test_a_result_from_when_accusations_were_counted_is_not_shown():
    tally, lamps = Tally(), Verdict("case", "general", "", "", (), ())
    tally.add("1" * 32, lamps, lamps._replace(grade="serious"))

    assert tally_shown(tally_kept(tally)) == tally
    assert (tally_shown(tally.to_json()), counted_all(tally.to_json())) == (Tally(), True)
    assert (tally_shown(None), counted_all(None)) == (Tally(), False)
