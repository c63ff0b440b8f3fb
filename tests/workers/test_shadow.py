"""Shadow runs: what was decided is judged once more by a draft, noted, and nothing else is touched."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.access import Role, visibility
from casework.desk.drafting import edit_file, withdraw
from casework.desk.shadowing import CHANGED, GONE, LAG, start_shadow, stop_shadow
from casework.pack_refusals import DraftStepRefused, NothingToTry, RunAlreadyGoing
from casework.store.drafts import find_draft
from casework.store.packs import active_ref
from casework.store.shadows import ShadowRun, ShadowState, shadow_differences, shadow_runs
from casework.store.tables import DecisionRow, PostRow
from tests.builders import COUNTY, officer, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk
from tests.draft_kit import WRITER, add_posts, contents, draft_with, drafting_desk, post_ids
from workers.shadow import ShadowDrain

OTHER_LEAD = {
    "routing.yaml": lambda text: text.replace("lead: housing_bureau", "lead: enforcement_bureau", 1)
}
ITS_OWN = frozenset({"shadow_runs", "shadow_differences"})


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with drafting_desk(database_url) as opened:
        yield opened


def _start(desk: Desk, draft_id: uuid.UUID, days: int = 2) -> uuid.UUID:
    with desk.transactions.write(WRITER) as uow:
        version = find_draft(uow.session, COUNTY, draft_id).version
        return start_shadow(uow, draft_id, version=version, days=days)


def _decide_all(desk: Desk, **said: str | list[dict[str, str]]) -> None:
    """Decide every undecided post as the pack in force does, as triage writes it."""
    with desk.transactions.write(the_machine()) as uow:
        for post_id in uow.session.scalars(sa.select(PostRow.id).where(PostRow.decision_id.is_(None))).all():
            decision_id = uow.new_id()
            uow.session.add(
                DecisionRow(
                    id=decision_id,
                    county_id=COUNTY,
                    post_id=post_id,
                    decided_at=uow.now,
                    calendar_version="small-2026",
                    disposition="case",
                    topic="street_lamps",
                    confidential=False,
                    confidence="1",
                    route={"lead": "housing_bureau", "assist": []},
                    features={},
                    context={"posts_total": 1, "on": "2026-11-16"},
                    hits=[],
                    reasons=[],
                    engine={},
                    **{"pack_ref": "small@1", "grade": "general", "findings": []} | said,
                )
            )
            uow.session.flush()
            uow.session.execute(
                sa.update(PostRow).where(PostRow.id == post_id).values(decision_id=decision_id)
            )


def _drain(desk: Desk) -> int:
    return ShadowDrain(desk.transactions, the_machine(), lambda: False).run()


def _run(desk: Desk) -> ShadowRun:
    with desk.transactions.read(the_machine()) as uow:
        (run,) = shadow_runs(uow.session, COUNTY)
        return run


def test_what_is_decided_is_compared_once_and_nothing_else_is_touched(desk: Desk):
    _start(desk, draft_with(desk, OTHER_LEAD))
    add_posts(desk, 3)
    desk.clock.advance(seconds=5)
    _decide_all(desk)
    desk.clock.at += LAG * 2
    before = contents(desk, but=ITS_OWN)

    assert _drain(desk) == 3
    assert _drain(desk) == 0

    assert contents(desk, but=ITS_OWN) == before
    run = _run(desk)
    assert (run.state, run.tally.posts, run.tally.changed) == (ShadowState.RUNNING, 3, 3)
    with desk.transactions.read(the_machine()) as uow:
        found = shadow_differences(uow.session, visibility(officer(Role.DIRECTOR)), run.id)
    assert {one.post_id for one in found} == set(post_ids(desk))
    assert {(one.before.lead, one.after.lead) for one in found} == {("housing_bureau", "enforcement_bureau")}


def test_an_accusation_is_compared_with_no_draft(desk: Desk):
    _start(desk, draft_with(desk, OTHER_LEAD))
    add_posts(desk, 3)
    with desk.transactions.write(the_machine()) as uow:
        secret = uow.session.scalars(sa.select(PostRow.id).limit(1)).one()
        uow.session.execute(sa.update(PostRow).where(PostRow.id == secret).values(confidential=True))
    _decide_all(desk)
    desk.clock.at += LAG * 2

    assert _drain(desk) == 2

    assert _run(desk).tally.posts == 2


def test_a_rule_whose_grade_was_raised_explains_the_grades_that_rise(desk: Desk):
    raised = {
        "severity.yaml": lambda text: text.replace(
            "joint: true}]}\n    grade: major", "joint: true}]}\n    grade: serious"
        )
    }
    _start(desk, draft_with(desk, raised))
    add_posts(desk, 2, "我们十户，路灯坏了")
    with desk.transactions.read(the_machine()) as uow:
        ref = active_ref(uow.session, COUNTY, uow.now)
    _decide_all(desk, grade="major", pack_ref=str(ref), findings=[{"rule": "maj_group"}])
    desk.clock.at += LAG * 2

    assert _drain(desk) == 2

    moved = {rule: move for rule, move in _run(desk).tally.rule_moves if move[0] == "grade"}
    assert moved == {"maj_group": ("grade", "major", "serious")}


def test_a_unit_sees_no_difference_on_posts_that_are_not_its_own(desk: Desk):
    _start(desk, draft_with(desk, OTHER_LEAD))
    add_posts(desk, 1)
    _decide_all(desk)
    desk.clock.at += LAG * 2
    _drain(desk)

    with desk.transactions.read(the_machine()) as uow:
        sight = visibility(officer(Role.PUBLISHER))
        assert shadow_differences(uow.session, sight, _run(desk).id) == ()


@SQLITE_ONLY
def test_decisions_made_before_it_began_and_those_just_made_are_left_out(desk: Desk):
    add_posts(desk, 2)
    _decide_all(desk)
    draft_id = draft_with(desk, OTHER_LEAD)
    _start(desk, draft_id)
    desk.clock.advance(seconds=1)
    add_posts(desk, 1, "小区路灯又不亮了")
    _decide_all(desk)

    assert _drain(desk) == 0
    desk.clock.at += LAG * 2
    assert _drain(desk) == 1


@SQLITE_ONLY
def test_it_ends_by_itself_after_its_days(desk: Desk):
    _start(desk, draft_with(desk, OTHER_LEAD), days=1)
    desk.clock.advance(hours=1)
    add_posts(desk, 1)
    _decide_all(desk)
    desk.clock.at += timedelta(days=1) + LAG

    assert _drain(desk) == 1

    run = _run(desk)
    assert (run.state, run.tally.posts) == (ShadowState.ENDED, 1)


@SQLITE_ONLY
def test_it_stops_when_the_draft_is_changed_or_given_up(desk: Desk):
    for end, why in ((_edit, CHANGED), (_withdraw, GONE)):
        draft_id = draft_with(desk, OTHER_LEAD)
        run_id = _start(desk, draft_id)
        desk.clock.advance(seconds=1)
        end(desk, draft_id)

        _drain(desk)

        with desk.transactions.read(the_machine()) as uow:
            (run,) = [one for one in shadow_runs(uow.session, COUNTY) if one.id == run_id]
        assert (run.state, run.problem) == (ShadowState.STOPPED, why)


def _edit(desk: Desk, draft_id: uuid.UUID) -> None:
    with desk.transactions.write(WRITER) as uow:
        draft = find_draft(uow.session, COUNTY, draft_id)
        edit_file(uow, draft_id, version=draft.version, name="topics.yaml", text="topics: []\n")


def _withdraw(desk: Desk, draft_id: uuid.UUID) -> None:
    with desk.transactions.write(WRITER) as uow:
        version = find_draft(uow.session, COUNTY, draft_id).version
        withdraw(uow, draft_id, version=version, reason="不用了")


@SQLITE_ONLY
def test_a_person_stops_it_and_one_runs_at_a_time(desk: Desk):
    draft_id = draft_with(desk, OTHER_LEAD)
    for days in (0, 31):
        with pytest.raises(NothingToTry):
            _start(desk, draft_id, days=days)
    _start(desk, draft_id)
    with pytest.raises(RunAlreadyGoing):
        _start(desk, draft_id)

    with desk.transactions.write(WRITER) as uow:
        assert stop_shadow(uow, draft_id) == 1

    assert _run(desk).state is ShadowState.STOPPED
    _edit(desk, draft_id)
    with pytest.raises(DraftStepRefused):
        _start(desk, draft_id)


@SQLITE_ONLY
def test_a_run_taken_from_two_drains_at_once_counts_once(desk: Desk):
    _start(desk, draft_with(desk, OTHER_LEAD))
    add_posts(desk, 2)
    _decide_all(desk)
    desk.clock.at += LAG * 2
    first = ShadowDrain(desk.transactions, the_machine(), lambda: False)
    stale = _run(desk)
    first.run()

    assert first._catch_up(stale) == 0

    assert _run(desk).tally.posts == 2
