"""Triage without a machine that judges: what is claimed, what is written, and who loses the fence."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from casework.access import Role, visibility
from casework.desk.ending import Applied
from casework.desk.govern import ensure_sources
from casework.desk.receive import receive_post
from casework.desk.triage import (
    CLAIM_LEASE,
    Claimed,
    apply_triage,
    claim_posts,
    put_back,
    release_stale_claims,
)
from casework.errors import NotPermitted
from casework.intake import IncomingPost, Metrics
from casework.judgement import (
    Agreement,
    Disposition,
    Judged,
    Judgement,
    Outcome,
    Routing,
    SecondOpinion,
    Unjudged,
)
from casework.matter import Telling, fingerprint
from casework.post import PostToJudge
from casework.store.decisions import decisions_of
from casework.store.tables import (
    AuditRow,
    CasePostRow,
    CaseRow,
    DecisionRow,
    DeskItemRow,
    DismissalRow,
    EventRow,
    ExclusionRow,
    MatterRow,
    PostRow,
)
from casework.store.visible import visible_posts
from rules.model import (
    DemandClass,
    DismissalReason,
    Finding,
    Grade,
    Hit,
    Label,
    Reason,
    RuleKind,
    Span,
)
from tests.builders import COUNTY, add_unit, officer, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from tests.small_pack import small_book

LAMPS = "翠湖小区北门路灯坏了半个多月，晚上老人出门看不清台阶，请尽快修好。"
LAMPS_TOO = "翠湖小区北门路灯坏了快一个月，晚上看不清台阶，老人差点摔倒。"
WAGES = "建筑公司欠薪三个月，我们要求发工资。"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url, book=small_book()) as opened:
        yield opened


def _post(desk: Desk, text: str, **fields: object) -> uuid.UUID:
    with desk.transactions.write(the_machine()) as uow:
        posted = IncomingPost(source_code="form", text=text, external_id=str(uuid.uuid4()), **fields)  # type: ignore[arg-type] # a test's own fields
        return receive_post(uow, posted).post_id


def _claim(desk: Desk, limit: int = 50, owner: str = "test") -> Claimed:
    with desk.transactions.write(the_machine()) as uow:
        return claim_posts(uow, limit, owner=owner)


def _apply(desk: Desk, claimed: Claimed, *outcomes: Outcome) -> Applied:
    with desk.transactions.write(the_machine()) as uow:
        return apply_triage(uow, claimed.token, outcomes)


def _told(post: PostToJudge, topic: str, place: str | None, *, confidential: bool) -> Telling:
    found = fingerprint(post.text)
    return Telling(
        topic=topic,
        place=place,
        place_kind="estate" if place else None,
        confidential=confidential,
        said_at=post.said_at,
        sketch=found.sketch,
        keys=found.keys,
    )


def _judgement(post: PostToJudge, **changes: object) -> Judgement:
    return replace(
        Judgement(
            pack_ref="small@1+sha256:0",
            calendar_version="small-2026",
            disposition=Disposition.CASE,
            grade=Grade.GENERAL,
            demand=DemandClass.REQUEST,
            topic="street_lamps",
            place="e_cuihu",
            confidential=False,
            confidence=Decimal("0.9"),
            routing=Routing("housing_bureau", ("center_office",), "《城市道路照明设施管理规定》"),
            telling=_told(post, "street_lamps", "e_cuihu", confidential=False),
        ),
        **changes,
    )


def _judged(post: PostToJudge, **changes: object) -> Judged:
    return Judged(post, _judgement(post, **changes))


def _secret(post: PostToJudge, accused: tuple[str, ...] = (), **changes: object) -> Judged:
    telling = _told(post, "street_lamps", "e_cuihu", confidential=True)
    return _judged(post, confidential=True, accused=accused, telling=telling, **changes)


def _rows(desk: Desk, row: type, *where: sa.ColumnElement[bool]) -> list:
    with desk.transactions.read(the_machine()) as uow:
        found = list(uow.session.scalars(sa.select(row).where(*where)))
        uow.session.expunge_all()
        return found


def _state(desk: Desk, post_id: uuid.UUID) -> str:
    return _rows(desk, PostRow, PostRow.id == post_id)[0].triage_state


# --- claims ----------------------------------------------------------------------------------------


def test_the_oldest_posts_are_claimed_with_all_that_judging_needs(desk: Desk):
    first = _post(desk, LAMPS, title="路灯", metrics=Metrics(reads=7, comments=2))
    desk.clock.advance(minutes=1)
    _post(desk, WAGES)
    desk.clock.advance(minutes=1)

    claimed = _claim(desk, limit=1)

    (post,) = claimed.posts
    assert (post.id, post.title, post.text, post.attempts) == (first, "路灯", LAMPS, 1)
    assert [(seen.reads, seen.comments) for seen in post.figures] == [(7, 2)]
    assert _state(desk, first) == "claimed"


@SQLITE_ONLY
def test_a_live_post_does_not_wait_behind_an_import(desk: Desk):
    with desk.transactions.write(the_machine()) as uow:
        ensure_sources(uow)
    with desk.transactions.write(the_machine()) as uow:
        for number in range(5):
            receive_post(uow, IncomingPost(source_code="import", text=f"{WAGES}{number}"))
    desk.clock.advance(minutes=1)
    live = _post(desk, LAMPS)

    assert [post.id for post in _claim(desk, limit=1).posts] == [live]


@SQLITE_ONLY
def test_a_claimed_post_is_not_claimed_again(desk: Desk):
    _post(desk, LAMPS)

    assert len(_claim(desk).posts) == 1
    assert _claim(desk).posts == ()


def test_processes_that_claim_at_once_get_different_posts(desk: Desk):
    for number in range(40):
        _post(desk, f"{LAMPS}{number}")

    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: _claim(desk, limit=10), range(4)))

    ids = [post.id for claimed in claims for post in claimed.posts]
    assert len(ids) == len(set(ids)) > 0


def test_posts_tried_before_come_last_and_alone(desk: Desk):
    tried = [_post(desk, f"{LAMPS}{number}") for number in range(2)]
    with desk.transactions.write(the_machine()) as uow:
        put_back(uow, claim_posts(uow, 50, owner="test").token, tried, spent=True)
    desk.clock.advance(minutes=1)
    fresh = _post(desk, WAGES)

    batches = [[post.id for post in _claim(desk).posts] for _ in range(4)]

    assert batches[0] == [fresh]
    assert [len(batch) for batch in batches] == [1, 1, 1, 0]


@SQLITE_ONLY
def test_a_post_that_was_not_looked_at_keeps_its_attempts(desk: Desk):
    post = _post(desk, LAMPS)
    claimed = _claim(desk)
    with desk.transactions.write(the_machine()) as uow:
        assert put_back(uow, claimed.token, [post], spent=False) == 1

    assert _claim(desk).posts[0].attempts == 1


def test_a_claim_is_taken_back_when_its_process_is_dead_or_its_time_is_over(desk: Desk):
    def release(*dead: str) -> int:
        with desk.transactions.write(the_machine()) as uow:
            return release_stale_claims(uow, is_dead=lambda owner: owner in dead)

    _post(desk, LAMPS)
    _claim(desk, owner="one")
    assert release("two") == 0
    assert release("one") == 1
    _claim(desk, owner="three")
    desk.clock.at += CLAIM_LEASE
    assert release() == 0
    desk.clock.advance(seconds=1)
    assert release() == 1


def test_who_lost_the_claim_writes_nothing(desk: Desk):
    post = _post(desk, LAMPS)
    slow = _claim(desk)
    with desk.transactions.write(the_machine()) as uow:
        release_stale_claims(uow, is_dead=lambda _: True)
    quick = _claim(desk)

    late = _apply(desk, slow, _judged(slow.posts[0]))
    assert (late.lost, late.ended) == (1, {})
    assert _rows(desk, CaseRow) == _rows(desk, DecisionRow) == []

    _apply(desk, quick, _judged(quick.posts[0]))
    again = _apply(desk, quick, _judged(quick.posts[0]))
    assert again.lost == 1
    assert len(_rows(desk, CaseRow)) == 1
    assert _state(desk, post) == "case"


@SQLITE_ONLY
def test_an_officer_does_not_triage(desk: Desk):
    with desk.transactions.write(officer(Role.INSPECTOR)) as uow, pytest.raises(NotPermitted):
        claim_posts(uow, 1, owner="test")


# --- endings ---------------------------------------------------------------------------------------


def test_a_case_is_opened_registered_with_decision_timeline_and_audit(desk: Desk):
    post_id = _post(desk, LAMPS, title="路灯坏了")
    claimed = _claim(desk)
    finding = Finding(
        "maj_group",
        RuleKind.SEVERITY,
        "small@1+sha256:0",
        Label("多人", "a group"),
        "研判指引",
        "grade=major",
        (Reason("people", "at_least", "5", "10", holds=True),),
    )
    judgement = _judgement(
        claimed.posts[0],
        grade=Grade.MAJOR,
        findings=(finding,),
        hits=(Hit("people", 10, (Span(0, 2),)),),
        features={"people": 10, "growth_24h": Decimal("1.5")},
        reasons=(Label("依据", "why"),),
    )

    applied = _apply(desk, claimed, Judged(claimed.posts[0], judgement))

    assert applied.ended == {"case": 1}
    (case,) = _rows(desk, CaseRow)
    assert (case.state, case.grade, case.lead_unit, case.assist_units) == (
        "registered",
        "major",
        "housing_bureau",
        ["center_office"],
    )
    assert (case.title, case.gist) == ("路灯坏了", LAMPS)
    (post,) = _rows(desk, PostRow)
    assert (post.triage_state, post.claim_token, post.matter_id) == ("case", None, case.matter_id)
    with desk.transactions.read(the_machine()) as uow:
        (decision,) = decisions_of(uow.session, post_id)
    assert decision.id == post.decision_id
    assert (decision.findings, decision.hits, decision.reasons) == (
        judgement.findings,
        judgement.hits,
        judgement.reasons,
    )
    assert decision.features == {"people": 10, "growth_24h": "1.5"}
    kinds = {event.kind for event in _rows(desk, EventRow, EventRow.case_id == case.id)}
    assert kinds == {"case_opened"}
    assert {row.action for row in _rows(desk, AuditRow)} == {"post_received", "case_opened"}


@SQLITE_ONLY
def test_a_dismissal_keeps_its_reason_and_is_no_matter(desk: Desk):
    _post(desk, "感谢政府。")
    claimed = _claim(desk)
    reason = DismissalReason("praise", Label("只表示感谢", "Thanks only"))

    _apply(
        desk,
        claimed,
        _judged(claimed.posts[0], disposition=Disposition.DISMISSAL, grade=None, dismissal=reason),
    )

    (dismissal,) = _rows(desk, DismissalRow)
    assert (dismissal.reason, dismissal.reason_zh, dismissal.by) == ("praise", "只表示感谢", "系统")
    assert _state(desk, claimed.posts[0].id) == "dismissed"
    assert _rows(desk, MatterRow) == _rows(desk, CaseRow) == []


@SQLITE_ONLY
def test_doubt_goes_to_a_person_with_what_the_machine_would_have_said(desk: Desk):
    _post(desk, LAMPS)
    claimed = _claim(desk)
    doubt = Label("主题不明", "no clear topic")

    _apply(desk, claimed, _judged(claimed.posts[0], disposition=Disposition.DESK, doubt=doubt))

    (item,) = _rows(desk, DeskItemRow)
    assert (item.kind, item.reason_zh, item.data["grade"], item.data["lead"]) == (
        "triage",
        "主题不明",
        "general",
        "housing_bureau",
    )
    assert _state(desk, claimed.posts[0].id) == "desk"


@SQLITE_ONLY
def test_what_cannot_be_judged_goes_to_a_person_ungraded(desk: Desk):
    _post(desk, LAMPS)
    claimed = _claim(desk)

    _apply(desk, claimed, Unjudged(claimed.posts[0], Label("研判超时", "took too long"), "x.py:1"))

    (item,) = _rows(desk, DeskItemRow)
    assert (item.kind, item.reason_zh, item.data) == ("triage", "研判超时", {"where": "x.py:1"})
    assert _rows(desk, DecisionRow) == []


@SQLITE_ONLY
def test_a_case_without_a_unit_waits_for_a_ruling(desk: Desk):
    _post(desk, LAMPS)
    claimed = _claim(desk)
    ruling = Label("县政府尚未指定", "not designated")

    _apply(
        desk,
        claimed,
        _judged(
            claimed.posts[0], routing=Routing(None, (), "《大气法》", ruling, ("environment", "enforcement"))
        ),
    )

    (case,) = _rows(desk, CaseRow)
    (item,) = _rows(desk, DeskItemRow)
    assert (case.state, case.lead_unit) == ("arbitration", None)
    assert (item.kind, item.case_id, item.data["candidates"]) == (
        "arbitration",
        case.id,
        ["environment", "enforcement"],
    )


# --- matters ---------------------------------------------------------------------------------------


@SQLITE_ONLY
def test_a_second_post_of_the_matter_joins_the_open_case(desk: Desk):
    _post(desk, LAMPS)
    first = _claim(desk)
    _apply(desk, first, _judged(first.posts[0]))
    desk.clock.advance(days=1)
    _post(desk, LAMPS_TOO)
    second = _claim(desk)

    applied = _apply(desk, second, _judged(second.posts[0]))

    assert applied.ended == {"merged": 1}
    (case,) = _rows(desk, CaseRow)
    joined = {row.joined: row for row in _rows(desk, CasePostRow, CasePostRow.case_id == case.id)}
    assert set(joined) == {"opened", "attached"}
    assert "主题和地点相同" in joined["attached"].reason
    (matter,) = _rows(desk, MatterRow)
    assert matter.last_seen_at - matter.first_seen_at == timedelta(days=1)
    assert _rows(desk, DeskItemRow) == []


def test_posts_of_one_matter_in_one_batch_make_one_case(desk: Desk):
    for text in (LAMPS, WAGES, LAMPS_TOO):
        _post(desk, text)
        desk.clock.advance(seconds=1)
    claimed = _claim(desk)
    lamps, wages, lamps_too = claimed.posts
    other = _told(wages, "wage_arrears", None, confidential=False)

    applied = _apply(
        desk,
        claimed,
        _judged(lamps),
        _judged(wages, topic="wage_arrears", telling=other),
        _judged(lamps_too, grade=Grade.MAJOR),
    )

    assert applied.ended == {"case": 2, "merged": 1}
    assert len(_rows(desk, CaseRow)) == len(_rows(desk, MatterRow)) == 2


def test_two_processes_with_posts_of_one_matter_open_one_case(desk: Desk):
    _post(desk, LAMPS)
    one = _claim(desk, limit=1)
    _post(desk, LAMPS_TOO)
    other = _claim(desk, limit=1)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda claimed: _apply(desk, claimed, _judged(claimed.posts[0])), (one, other)))

    assert len(_rows(desk, CaseRow)) == 1
    assert len(_rows(desk, CasePostRow)) == 2


@SQLITE_ONLY
def test_a_closed_case_is_not_joined_a_new_one_is_opened_for_the_matter(desk: Desk):
    _post(desk, LAMPS)
    first = _claim(desk)
    _apply(desk, first, _judged(first.posts[0]))
    with desk.transactions.write(the_machine()) as uow:
        uow.session.execute(sa.update(CaseRow).values(state="closed"))
    _post(desk, LAMPS_TOO)
    second = _claim(desk)

    applied = _apply(desk, second, _judged(second.posts[0]))

    assert applied.ended == {"case": 1}
    assert len({case.matter_id for case in _rows(desk, CaseRow)}) == 1


def test_a_higher_grade_of_a_joining_post_is_proposed_once_and_a_lower_one_never(desk: Desk):
    _post(desk, LAMPS)
    first = _claim(desk)
    _apply(desk, first, _judged(first.posts[0], grade=Grade.MAJOR))
    for grade in (Grade.GENERAL, Grade.SERIOUS, Grade.SERIOUS):
        _post(desk, LAMPS_TOO)
        claimed = _claim(desk)
        _apply(desk, claimed, _judged(claimed.posts[0], grade=grade))

    (item,) = _rows(desk, DeskItemRow)
    assert (item.kind, item.data) == ("upgrade", {"from": "major", "to": "serious"})
    (case,) = _rows(desk, CaseRow)
    assert case.grade == "major"


# --- accusations -----------------------------------------------------------------------------------


def _units(desk: Desk) -> None:
    with desk.transactions.write(the_machine()) as uow:
        add_unit(uow.session, "housing_bureau")
        add_unit(uow.session, "housing_station", superior="housing_bureau")
        add_unit(uow.session, "discipline_commission")


@SQLITE_ONLY
def test_an_accusation_and_an_ordinary_post_never_share_a_case_or_a_matter(desk: Desk):
    for _ in range(2):
        _post(desk, LAMPS)
    claimed = _claim(desk)

    applied = _apply(desk, claimed, _judged(claimed.posts[0]), _secret(claimed.posts[1]))

    assert applied.ended == {"case": 2}
    assert {case.confidential for case in _rows(desk, CaseRow)} == {True, False}
    assert {matter.confidential for matter in _rows(desk, MatterRow)} == {True, False}
    assert {post.confidential for post in _rows(desk, PostRow)} == {True, False}


def test_the_accused_and_those_below_are_shut_out_at_opening(desk: Desk):
    _units(desk)
    _post(desk, LAMPS)
    claimed = _claim(desk)

    _apply(
        desk,
        claimed,
        _secret(
            claimed.posts[0],
            accused=("housing_bureau",),
            routing=Routing("discipline_commission", ("housing_station",), "《监察法》"),
        ),
    )

    (case,) = _rows(desk, CaseRow)
    assert (case.lead_unit, case.assist_units) == ("discipline_commission", [])
    assert {row.unit_code for row in _rows(desk, ExclusionRow)} == {"housing_bureau", "housing_station"}


@SQLITE_ONLY
def test_an_accused_lead_is_taken_out_and_the_case_waits_for_a_ruling(desk: Desk):
    _units(desk)
    _post(desk, LAMPS)
    claimed = _claim(desk)

    _apply(desk, claimed, _secret(claimed.posts[0], accused=("housing_bureau",)))

    (case,) = _rows(desk, CaseRow)
    (item,) = _rows(desk, DeskItemRow)
    assert (case.state, case.lead_unit, item.kind) == ("arbitration", None, "arbitration")
    assert "回避" in item.reason_zh


@SQLITE_ONLY
def test_a_post_is_kept_from_desks_without_secrets_until_it_is_known_to_be_none(desk: Desk):
    inspector = officer(Role.INSPECTOR)

    def seen() -> int:
        with desk.transactions.read(inspector) as uow:
            return len(
                uow.session.scalars(sa.select(PostRow.id).where(visible_posts(visibility(inspector)))).all()
            )

    _post(desk, LAMPS)
    assert seen() == 0  # it may be an accusation
    claimed = _claim(desk)
    assert seen() == 0
    _apply(desk, claimed, Unjudged(claimed.posts[0], Label("研判超时", "took too long")))
    assert seen() == 0  # nobody has read it yet
    _post(desk, WAGES)
    claimed = _claim(desk)
    _apply(desk, claimed, _judged(claimed.posts[0]))
    assert seen() == 1


# --- the second evaluator --------------------------------------------------------------------------


@SQLITE_ONLY
def test_a_person_is_told_where_the_evaluators_differ(desk: Desk):
    _post(desk, LAMPS)
    claimed = _claim(desk)
    opinion = SecondOpinion(Agreement.DIFFERENT, Grade.MAJOR, (), ("maj_group",))

    _apply(desk, claimed, _judged(claimed.posts[0], opinion=opinion))

    (item,) = _rows(desk, DeskItemRow)
    assert (item.kind, item.data["only_engine"]) == ("engine_different", ["maj_group"])
    with desk.transactions.read(the_machine()) as uow:
        assert decisions_of(uow.session, claimed.posts[0].id)[0].opinion == opinion


def test_a_failing_engine_is_told_once_an_hour_and_every_decision_says_so(desk: Desk):
    opinion = SecondOpinion(Agreement.ENGINE_FAILED, failure="no answer")
    for _ in range(2):
        for _ in range(2):
            _post(desk, WAGES)
        claimed = _claim(desk)
        _apply(desk, claimed, *(_judged(post, opinion=opinion, telling=None) for post in claimed.posts))
    assert [item.kind for item in _rows(desk, DeskItemRow)] == ["engine_failed"]

    desk.clock.advance(hours=1)
    _post(desk, WAGES)
    claimed = _claim(desk)
    _apply(desk, claimed, _judged(claimed.posts[0], opinion=opinion, telling=None))

    assert len(_rows(desk, DeskItemRow)) == 2
    assert {row.engine["state"] for row in _rows(desk, DecisionRow)} == {"failed"}
    assert len(_rows(desk, CaseRow, CaseRow.county_id == COUNTY)) == 5
