"""Retention destroys what is kept of people, when its time is over, and touches nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.access import Actor, Role
from casework.desk.identity import reveal_identity
from casework.desk.once import Keyed, answered_once
from casework.desk.receive import receive_post
from casework.desk.retention import ANSWERS_KEPT, BATCH, IDENTITY_KEPT, run_retention
from casework.errors import NotPermitted
from casework.intake import Author, IncomingPost
from casework.post_refusals import NoIdentity
from casework.store.answers import Answer
from casework.store.tables import (
    AuditRow,
    CaseRow,
    DismissalRow,
    EventRow,
    IdempotencyRow,
    IdentityRow,
    PostRow,
    PseudonymKeyRow,
)
from tests.builders import COUNTY, MONDAY, add_case, attach, new_id, officer, the_machine
from tests.desk_kit import Desk, desk_on

DUTY = officer(Role.DUTY_OFFICER)
PURPOSE = "电话回访核实"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as opened:
        yield opened


def post(desk: Desk, state: str = "case", *, ended: timedelta | None = None, number: int = 0) -> uuid.UUID:
    """Take in a post with an author and leave it in `state`; `ended` ago, None for not ended."""
    with desk.transactions.write(the_machine()) as uow:
        taken = receive_post(
            uow, IncomingPost("form", "路灯坏了", external_id=f"x-{number}", author=Author(name="示例网友"))
        )
        at = desk.clock() - ended if ended is not None else None
        uow.session.execute(sa.update(PostRow).where(PostRow.id == taken.post_id).values(triage_state=state))
        if state in {"case", "merged"}:
            case_id = add_case(uow.session)
            attach(uow.session, case_id, taken.post_id)
            uow.session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(closed_at=at))
        elif state == "dismissed":
            uow.session.add(
                DismissalRow(
                    id=new_id(),
                    county_id=COUNTY,
                    post_id=taken.post_id,
                    reason="praise",
                    reason_zh="只表示感谢",
                    reason_en="Thanks only",
                    by="系统",
                    decided_at=at,
                )
            )
    return taken.post_id


def run(desk: Desk, actor: Actor | None = None):
    with desk.transactions.write(actor or the_machine()) as uow:
        return run_retention(uow)


@pytest.mark.parametrize("state", ["case", "merged", "dismissed"])
def test_an_identity_goes_when_its_time_is_over_and_not_a_day_before(desk: Desk, state: str):
    post_id = post(desk, state, ended=IDENTITY_KEPT - timedelta(days=1))

    assert run(desk).identities == 0
    with desk.transactions.write(DUTY) as uow:
        assert reveal_identity(uow, post_id, purpose=PURPOSE).name == "示例网友"
    desk.clock.advance(days=1, seconds=1)
    assert run(desk).identities == 1
    assert run(desk).identities == 0
    with desk.transactions.write(DUTY) as uow, pytest.raises(NoIdentity) as refused:
        reveal_identity(uow, post_id, purpose=PURPOSE)
    assert refused.value.destroyed


@pytest.mark.parametrize("state", ["case", "merged", "pending", "desk"])
def test_what_is_not_ended_keeps_its_identity_however_old_it_is(desk: Desk, state: str):
    post(desk, state)
    desk.clock.advance(days=4000)

    assert run(desk).identities == 0


def test_the_post_its_timeline_and_the_row_stay(desk: Desk):
    post_id = post(desk, ended=IDENTITY_KEPT + timedelta(days=1))
    run(desk)

    with desk.transactions.read(the_machine()) as uow:
        row = uow.session.get_one(IdentityRow, post_id)
        assert (row.ciphertext, row.destroyed_at) == (None, MONDAY)
        assert uow.session.get_one(PostRow, post_id).text == "路灯坏了"
        assert uow.session.scalars(sa.select(EventRow.kind)).all() == ["post_received"]
        audited = uow.session.scalars(
            sa.select(AuditRow.object_id).where(AuditRow.action == "identity_destroyed")
        )
        assert audited.all() == [str(post_id)]


def test_many_go_in_steps(desk: Desk):
    for number in range(BATCH + 1):
        post(desk, "dismissed", ended=IDENTITY_KEPT + timedelta(days=1), number=number)

    first, second = run(desk), run(desk)

    assert (first.identities, first.more) == (BATCH, True)
    assert (second.identities, second.more) == (1, False)


def test_the_pseudonym_key_of_a_month_goes_when_the_burst_window_has_passed(desk: Desk):
    post(desk)
    desk.clock.advance(days=25)  # 11 December

    assert run(desk).pseudonym_keys == 1
    with desk.transactions.read(the_machine()) as uow:
        assert uow.session.scalars(sa.select(PseudonymKeyRow.ciphertext)).all() == [None]


def test_kept_answers_are_forgotten_and_their_key_is_free(desk: Desk):
    keyed = Keyed(new_id(), "k", "0" * 64)
    with desk.transactions.write(the_machine()) as uow:
        answered_once(uow, keyed, lambda: Answer(201, {"id": "1"}))
    desk.clock.at += ANSWERS_KEPT
    assert run(desk).answers == 0
    desk.clock.advance(seconds=1)

    assert run(desk).answers == 1
    with desk.transactions.read(the_machine()) as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(IdempotencyRow)) == 0


def test_nobody_but_those_who_archive_runs_it(desk: Desk):
    with pytest.raises(NotPermitted):
        run(desk, officer(Role.INSPECTOR))
