"""What a unit loses points for, and what it can never lose points for."""

import uuid
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.access import UnitId
from casework.clock_entries import recorded
from casework.clocks import Clock, ClockEvent, ClockEventKind
from casework.errors import AlreadyOpposite, ReasonMissing
from casework.scoring import (
    LATE,
    YEAR_CAP,
    Evidence,
    Failing,
    FailingKind,
    ScoredCase,
    ScoreDraft,
    counted,
    features_of,
    late_failings,
    opposite,
    payload_of,
    score_draft,
    total,
)
from casework.supervision import WatchedClock
from rules.builtin_features import FAILINGS, SCORING_ROWS, SEVERITY_ROWS
from rules.errors import BadFeatures
from rules.model import DemandClass, Finding, Grade, Label, Limit, LimitUnit, RuleKind, Stage
from rules.pack import load_pack
from rules.reference import Reference
from rules.vocabulary import FeatureType
from tests.casework.calendars import a_calendar, at

K = ClockEventKind
CALENDAR = a_calendar()
UNIT = UnitId("housing")
CASE = ScoredCase(uuid.UUID(int=7), Grade.MAJOR, DemandClass.COMPLAINT)
START = "2026-11-16 10:00"
DEMO = load_pack(Path(__file__).parents[2] / "rules" / "packs" / "demo")
PACK = DEMO.pack or DEMO.draft
assert PACK is not None
RULES = Reference(PACK, RuleKind.SCORING)


def a_clock(stage: Stage, *events: ClockEvent, start: str = START) -> WatchedClock:
    clock = Clock(
        stage,
        Grade.MAJOR,
        Limit(24, LimitUnit.HOURS) if start == START else Limit(2, LimitUnit.WORKING_DAYS),
        "示范规程",
        "p-1",
        "test-1",
        (ClockEvent(K.STARTED, at(start), "值班员"),),
    )
    for event in events:
        clock = recorded(clock, event, CALENDAR)
    return WatchedClock(UNIT, clock)


def an_event(kind: ClockEventKind, when: str, until: str | None = None) -> ClockEvent:
    return ClockEvent(kind, at(when), "主任", "理由", until=at(until) if until else None)


def failings(now: str, *clocks: WatchedClock) -> tuple[Failing, ...]:
    return late_failings(CASE, clocks, now=at(now), workdays=CALENDAR)


def a_failing(kind: FailingKind = FailingKind.LATE_CLOSE, **changes: object) -> Failing:
    return replace(Failing(kind, CASE, UNIT, is_confirmed=True, evidence=()), **changes)


def a_finding(rule: str, conclusion: str) -> Finding:
    return Finding(rule, RuleKind.SCORING, "demo@1+x", Label("题", "t"), "第六条", conclusion, ())


def draft_of(failing: Failing) -> ScoreDraft | None:
    return score_draft(failing, RULES.evaluate(features_of(failing)))


PAUSED = an_event(K.PAUSED, "2026-11-17 09:00", "2026-12-30 09:00")

# --- lateness ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        (Stage.SIGN_FOR, FailingKind.LATE_SIGN_FOR),
        (Stage.FIRST_CONTACT, FailingKind.LATE_FIRST_CONTACT),
        (Stage.FIRST_REPORT, FailingKind.LATE_FIRST_REPORT),
        (Stage.PUBLIC_REPLY, FailingKind.LATE_PUBLIC_REPLY),
        (Stage.CLOSE, FailingKind.LATE_CLOSE),
        (Stage.COMMITMENT, FailingKind.COMMITMENT_BROKEN),
    ],
)
def test_a_clock_that_was_stopped_late_is_a_failing_of_its_own_kind(stage: Stage, kind: FailingKind):
    clock = a_clock(stage, an_event(K.STOPPED, "2026-11-17 13:30"))
    (found,) = failings("2026-11-20 10:00", clock)
    assert (found.kind, found.late) == (kind, timedelta(hours=3, minutes=30))
    assert (found.is_confirmed, found.is_final) == (True, True)
    assert (found.unit_id, found.stage, found.case) == (UNIT, stage, CASE)


def test_an_objection_that_came_too_late_is_no_failing():
    assert Stage.OBJECTION not in LATE
    assert failings("2026-12-20 10:00", a_clock(Stage.OBJECTION)) == ()


@pytest.mark.parametrize(
    ("clock", "now"),
    [
        (a_clock(Stage.CLOSE), "2026-11-17 10:00"),  # due now, not late yet
        (a_clock(Stage.CLOSE, an_event(K.STOPPED, "2026-11-17 10:00")), "2026-12-17 10:00"),  # in time
        (a_clock(Stage.CLOSE, an_event(K.VOIDED, "2026-11-18 10:00")), "2026-12-17 10:00"),  # another's duty
        (
            a_clock(Stage.CLOSE, an_event(K.PAUSED, "2026-11-17 09:00", "2026-12-30 09:00")),
            "2026-12-17 10:00",
        ),
    ],
    ids=["at due", "in time", "voided", "paused"],
)
def test_a_clock_that_is_not_late_or_not_the_units_own_proves_nothing(clock: WatchedClock, now: str):
    assert failings(now, clock) == ()


def test_a_clock_that_still_runs_late_is_a_failing_that_can_grow():
    first, second = (
        failings(now, a_clock(Stage.CLOSE))[0] for now in ("2026-11-17 12:00", "2026-11-18 12:00")
    )
    assert (first.late, second.late) == (timedelta(hours=2), timedelta(hours=26))
    assert not first.is_final
    assert first.key == second.key  # and so counts once


def test_lateness_against_an_unannounced_calendar_is_not_confirmed():
    (found,) = failings("2027-02-01 10:00", a_clock(Stage.CLOSE, start="2026-12-30 10:00"))
    assert not found.is_confirmed
    assert score_draft(found, [a_finding("r", "points=1")]) is None


def test_the_evidence_of_lateness_names_limit_policy_calendar_and_both_instants():
    (found,) = failings("2026-11-20 10:00", a_clock(Stage.CLOSE, an_event(K.STOPPED, "2026-11-17 13:30")))
    assert {item.key: item.text for item in found.evidence} == {
        "due_at": "2026-11-17T02:00:00+00:00",
        "done_at": "2026-11-17T05:30:00+00:00",
        "limit": "24h",
        "limit_source": "示范规程",
        "policy": "p-1",
        "calendar": "test-1",
    }


def test_each_unit_stage_round_and_occurrence_is_its_own_failing():
    base = a_failing(stage=Stage.CLOSE)
    others = [
        a_failing(FailingKind.REDO, stage=Stage.CLOSE),
        replace(base, unit_id=UnitId("water")),
        replace(base, stage=Stage.SIGN_FOR),
        replace(base, round=2),
        replace(base, nth=2),
        replace(base, case=replace(CASE, case_id=uuid.UUID(int=8))),
    ]
    assert len({failing.key for failing in (base, *others)}) == 7
    # How late or how grave it was does not make it another one.
    assert base.key == replace(base, late=timedelta(days=9), is_final=False).key


# --- points --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failing", "points"),
    [
        (a_failing(FailingKind.LATE_SIGN_FOR), "0.05"),
        (a_failing(FailingKind.LATE_FIRST_REPORT), "0.1"),
        (a_failing(FailingKind.LATE_PUBLIC_REPLY), "0.5"),
        (a_failing(FailingKind.LATE_PUBLIC_REPLY, is_lead=False), None),
        (a_failing(FailingKind.LATE_CLOSE), "0.4"),
        (a_failing(FailingKind.LATE_CLOSE, case=replace(CASE, grade=Grade.SERIOUS)), "0.8"),
        (a_failing(FailingKind.LATE_CLOSE, is_self_reported=True, is_corrected=True), None),
        (a_failing(FailingKind.COMMITMENT_BROKEN), "0.4"),
        (a_failing(FailingKind.REDO, nth=1), "0.1"),
        (a_failing(FailingKind.REDO, nth=2), "0.2"),
        (a_failing(FailingKind.SUPPRESSED_POSTER), "3"),
        (a_failing(FailingKind.LEAKED_IDENTITY), "2"),
        (a_failing(FailingKind.RECURRENCE, nth_90d=1), None),
        (a_failing(FailingKind.RECURRENCE, nth_90d=2), "0.2"),
    ],
)
def test_the_demo_rules_price_failings_as_the_domain_page_suggests(failing: Failing, points: str | None):
    draft = draft_of(failing)
    assert (draft and draft.points) == (points and Decimal(points))


@pytest.mark.parametrize("kind", FailingKind)
def test_every_kind_of_failing_has_a_price_and_an_unconfirmed_one_has_none(kind: FailingKind):
    failing = a_failing(kind, nth_90d=2)
    assert draft_of(failing) is not None
    assert draft_of(replace(failing, is_confirmed=False)) is None
    assert score_draft(replace(failing, is_confirmed=False), [a_finding("r", "points=1")]) is None


def test_a_draft_names_rule_pack_clause_unit_case_and_evidence():
    (failing,) = failings("2026-11-20 10:00", a_clock(Stage.CLOSE, an_event(K.STOPPED, "2026-11-17 13:30")))
    draft = draft_of(failing)
    assert draft is not None
    assert (draft.rule, draft.pack) == ("score_late_close", PACK.ref)
    assert "第六条" in draft.clause
    assert (draft.unit_id, draft.case_id, draft.key) == (UNIT, CASE.case_id, failing.key)
    assert set(failing.evidence) < set(draft.evidence)
    assert Evidence("failing", "late_close") in draft.evidence


def test_one_failing_counts_once_by_its_heaviest_rule_and_the_first_of_equals():
    found = [
        a_finding("concludes", "concludes=x"),
        a_finding("light", "points=0.1"),
        a_finding("first", "points=0.4"),
        a_finding("second", "points=0.40"),
        a_finding("no price for this grade", "points=None"),
        a_finding("nothing", "points=0"),
    ]
    draft = score_draft(a_failing(), found)
    assert draft is not None
    assert (draft.rule, draft.points) == ("first", Decimal("0.4"))


@pytest.mark.parametrize("found", [[], [a_finding("x", "points=None")], [a_finding("x", "points=0")]])
def test_without_a_price_there_is_no_entry(found: list[Finding]):
    assert score_draft(a_failing(), found) is None


# --- what can never cost a point ------------------------------------------------------------------


def test_the_kinds_of_failing_are_those_of_the_vocabulary():
    assert ("none", *FailingKind) == FAILINGS


def test_the_features_given_to_the_rules_are_exactly_those_of_the_vocabulary():
    features = features_of(a_failing(late=timedelta(minutes=100)))
    assert set(features) == {row.name for row in SCORING_ROWS}
    assert features["hours_late"] == Decimal("1.67")
    assert features["stage"] == "none"
    assert features_of(a_failing(stage=Stage.CLOSE))["stage"] == "close"
    assert RULES.complete(features) == dict(features)


SPREAD = {row.name for row in SEVERITY_ROWS} - {"demand"}  # class of demand is known to both


def test_nothing_that_a_post_says_or_reaches_and_no_media_is_an_input_of_scoring():
    inputs = {field.name for kind in (Failing, ScoredCase, WatchedClock) for field in fields(kind)}
    assert not inputs & SPREAD
    assert not set(features_of(a_failing())) & SPREAD
    assert not {row.name for row in SCORING_ROWS} & SPREAD


@pytest.mark.parametrize("name", sorted(SPREAD))
def test_a_scoring_rule_cannot_even_be_asked_about_what_a_post_reached(name: str):
    with pytest.raises(BadFeatures):
        RULES.evaluate({**features_of(a_failing()), name: 1})


@given(
    grade=st.sampled_from(Grade),
    demand=st.sampled_from(DemandClass),
    stages=st.lists(st.sampled_from(Stage), unique=True),
    minutes=st.integers(0, 24 * 60),
)
def test_a_unit_that_is_on_time_loses_nothing_however_grave_the_case(
    grade: Grade, demand: DemandClass, stages: list[Stage], minutes: int
):
    case = ScoredCase(CASE.case_id, grade, demand)
    clocks = [a_clock(stage) for stage in stages]
    now = at(START) + timedelta(minutes=minutes)
    assert late_failings(case, clocks, now=now, workdays=CALENDAR) == ()


values = {
    row.name: {
        FeatureType.FLAG: st.booleans(),
        FeatureType.INTEGER: st.integers(0, 1000),
        FeatureType.DECIMAL: st.decimals(0, 10_000, places=2),
        FeatureType.GRADE: st.sampled_from([grade.value for grade in Grade]),
    }.get(FeatureType(row.type), st.sampled_from(row.values or ("none",)))
    for row in SCORING_ROWS
}


@given(features=st.fixed_dictionaries(values | {"failing": st.just("none")}))
def test_no_shipped_rule_takes_a_point_where_there_is_no_failing(features: dict[str, str]):
    assert RULES.evaluate(features, on=date(2026, 11, 16)) == ()


@given(features=st.fixed_dictionaries(values | {"responsible_confirmed": st.just(value=False)}))
def test_no_shipped_rule_takes_a_point_for_a_failing_that_nobody_confirmed(features: dict[str, str]):
    assert RULES.evaluate(features, on=date(2026, 11, 16)) == ()


# --- corrections ---------------------------------------------------------------------------------


def a_draft() -> ScoreDraft:
    draft = draft_of(a_failing(evidence=(Evidence("due_at", "x"),)))
    assert draft is not None
    return draft


def test_a_reversal_is_the_opposite_entry_with_a_reason_and_the_sum_is_nothing():
    entry = a_draft()
    back = opposite(entry, reason=" 申诉成立 ", evidence=(Evidence("appeal", "1"),))
    assert (back.points, back.reverses, back.reason) == (-entry.points, entry.key, "申诉成立")
    assert (back.unit_id, back.case_id, back.rule) == (entry.unit_id, entry.case_id, entry.rule)
    assert back.key != entry.key
    assert back.evidence == (Evidence("appeal", "1"),)
    assert total([entry, back]) == 0


def test_a_reversal_cannot_be_reversed_and_needs_a_reason():
    with pytest.raises(ReasonMissing):
        opposite(a_draft(), reason=" ")
    with pytest.raises(AlreadyOpposite) as refused:
        opposite(opposite(a_draft(), reason="x"), reason="y")
    assert refused.value.key.startswith("reversal/")


@given(points=st.lists(st.decimals(-3, 3, places=2), max_size=30))
def test_the_total_is_exact_and_counts_between_nothing_and_the_cap(points: list[Decimal]):
    entries = [replace(a_draft_of_nothing, points=one) for one in points]
    assert total(entries) == sum(points, Decimal(0))
    assert Decimal(0) <= counted(total(entries)) <= YEAR_CAP


a_draft_of_nothing = ScoreDraft("k", UNIT, CASE.case_id, FailingKind.REDO, "r", "p", "c", Decimal(0), ())


def test_the_cap_leaves_smaller_sums_alone():
    assert counted(Decimal("4.99")) == Decimal("4.99")
    assert counted(Decimal("5.01")) == Decimal(5)
    assert counted(Decimal(2), cap=Decimal(1)) == Decimal(1)


def test_the_ledger_seals_every_column_of_an_entry():
    payload = payload_of(a_draft(), by="督查员", entered_at=at(START))
    names = {"key", "unit", "case", "failing", "rule", "pack", "clause", "points", "evidence"}
    assert set(payload) == names | {"reverses", "reason", "by", "entered_at"}
    # One name for each field of a draft, and by whom and when.
    assert len(payload) == len(fields(ScoreDraft)) + 2
