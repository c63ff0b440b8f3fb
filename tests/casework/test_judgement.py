"""Two evaluators, one verdict: nothing dropped, nothing made serious by a fault."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from casework.judgement import (
    Agreement,
    Disposition,
    Judgement,
    Routing,
    compare,
    grade_of,
    reconciled,
    slim,
    telling_of,
)
from rules.errors import EngineFailed
from rules.model import DemandClass, DismissalReason, Finding, Grade, Label, Reason, RuleKind

REASON = Reason("people", "at_least", "5", "10", holds=True)
THANKS = DismissalReason("praise", Label("感谢", "thanks"))


def _finding(rule: str, conclusion: str) -> Finding:
    return Finding(rule, RuleKind.SEVERITY, "p@1", Label(rule, rule), "依据", conclusion, (REASON,))


MAJOR = _finding("major", "grade=major")
SERIOUS = _finding("serious", "grade=serious")
GENERAL = _finding("general", "grade=general")
NOTE = _finding("note", "concludes=group")
CASE = Judgement(
    pack_ref="p@1",
    calendar_version="2026",
    disposition=Disposition.CASE,
    grade=Grade.MAJOR,
    demand=DemandClass.COMPLAINT,
    topic="lamps",
    place=None,
    confidential=False,
    confidence=Decimal(1),
    routing=Routing("housing", reasons=(Label("依据", "why"),)),
    findings=(MAJOR, NOTE),
)
DISMISSED = replace(CASE, disposition=Disposition.DISMISSAL, grade=None, dismissal=THANKS, findings=(NOTE,))


def test_the_highest_grade_of_the_findings_is_the_grade():
    assert grade_of((GENERAL, SERIOUS, MAJOR, NOTE)) is Grade.SERIOUS
    assert grade_of((NOTE,)) is None


@pytest.mark.parametrize(
    ("engine", "agreement", "grade", "only_reference", "only_engine"),
    [
        ((NOTE, MAJOR), Agreement.EQUAL, Grade.MAJOR, (), ()),  # the order says nothing
        ((MAJOR,), Agreement.DIFFERENT, Grade.MAJOR, ("note",), ()),
        ((MAJOR, NOTE, SERIOUS), Agreement.DIFFERENT, Grade.SERIOUS, (), ("serious",)),
        ((), Agreement.DIFFERENT, None, ("major", "note"), ()),
    ],
    ids=["equal", "one less", "one more", "nothing"],
)
def test_the_engine_is_compared_rule_by_rule(
    engine: tuple[Finding, ...],
    agreement: Agreement,
    grade: Grade | None,
    only_reference: tuple[str, ...],
    only_engine: tuple[str, ...],
):
    opinion = compare(CASE.findings, engine)

    assert (opinion.agreement, opinion.grade) == (agreement, grade)
    assert (opinion.only_reference, opinion.only_engine) == (only_reference, only_engine)


def test_where_both_agree_nothing_changes_but_that_it_is_noted():
    assert reconciled(CASE, CASE.findings) == replace(CASE, opinion=compare(CASE.findings, CASE.findings))


def test_the_higher_grade_stands_whichever_evaluator_has_it():
    assert reconciled(CASE, (SERIOUS,)).grade is Grade.SERIOUS
    assert reconciled(CASE, (GENERAL,)).grade is Grade.MAJOR
    assert reconciled(CASE, ()).grade is Grade.MAJOR


def test_findings_of_both_are_kept():
    assert reconciled(CASE, (SERIOUS,)).findings == (MAJOR, NOTE, SERIOUS)


def test_a_dismissal_that_the_engine_grades_goes_to_a_person():
    judged = reconciled(DISMISSED, (NOTE, SERIOUS))

    assert (judged.disposition, judged.grade, judged.dismissal) == (Disposition.DESK, Grade.SERIOUS, None)
    assert judged.doubt is not None


def test_a_dismissal_about_which_they_differ_without_a_grade_stands_and_is_noted():
    judged = reconciled(DISMISSED, ())

    assert (judged.disposition, judged.dismissal) == (Disposition.DISMISSAL, THANKS)
    assert judged.opinion.agreement is Agreement.DIFFERENT


@pytest.mark.parametrize("judgement", [CASE, DISMISSED], ids=["case", "dismissal"])
def test_a_failing_engine_changes_nothing_and_grades_nothing(judgement: Judgement):
    judged = reconciled(judgement, EngineFailed("no answer"))

    assert judged == replace(judgement, opinion=judged.opinion)
    assert (judged.opinion.agreement, judged.opinion.grade) == (Agreement.ENGINE_FAILED, None)
    assert "no answer" in judged.opinion.failure


def test_what_is_dismissed_tells_of_no_matter():
    assert telling_of(DISMISSED) is None


def test_a_slim_judgement_decides_the_same():
    for engine in ((MAJOR, NOTE), (SERIOUS,), ()):
        whole, thin = reconciled(CASE, engine), reconciled(slim(CASE), engine)

        assert (whole.disposition, whole.grade, whole.opinion) == (
            thin.disposition,
            thin.grade,
            thin.opinion,
        )
    assert slim(CASE).findings[0].reasons == ()
