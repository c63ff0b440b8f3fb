from datetime import date

import pytest

from casework.actions import Action
from casework.errors import InvalidOutcome
from casework.lifecycle import CaseState, next_state
from casework.outcome import OUTCOME_LABELS, Outcome, Settlement, acceptance_of, settlement

TODAY = date(2026, 11, 16)
TOMORROW = date(2026, 11, 17)


def test_a_resolved_matter_needs_neither_date_nor_basis_and_keeps_none():
    found = settlement(Outcome.RESOLVED, promised_on=TOMORROW, basis="x", today=TODAY)
    assert Settlement(Outcome.RESOLVED) == found


def test_a_promise_keeps_its_date():
    found = settlement(Outcome.PROMISED, promised_on=TOMORROW, basis="", today=TODAY)
    assert Settlement(Outcome.PROMISED, promised_on=TOMORROW) == found


@pytest.mark.parametrize("promised_on", [None, TODAY, date(2026, 11, 15)], ids=["none", "today", "past"])
def test_a_promise_without_a_date_after_today_is_refused(promised_on: date | None):
    with pytest.raises(InvalidOutcome) as refused:
        settlement(Outcome.PROMISED, promised_on=promised_on, basis="", today=TODAY)
    assert (refused.value.outcome, refused.value.field) == ("promised", "promised_on")


@pytest.mark.parametrize(
    "promised_on", [date(2027, 11, 17), date(2099, 1, 1), date.max], ids=["a year and a day", "far", "last"]
)
def test_a_promise_beyond_a_year_is_refused_with_the_last_day_that_is_not(promised_on: date):
    with pytest.raises(InvalidOutcome, match="2027-11-16") as refused:
        settlement(Outcome.PROMISED, promised_on=promised_on, basis="", today=TODAY)
    assert refused.value.field == "promised_on"


def test_a_promise_for_the_last_day_of_a_year_is_taken():
    last = date(2027, 11, 16)
    assert settlement(Outcome.PROMISED, promised_on=last, basis="", today=TODAY).promised_on == last


def test_an_explanation_keeps_its_basis():
    found = settlement(Outcome.EXPLAINED, promised_on=None, basis=" 《条例》第三条 ", today=TODAY)
    assert Settlement(Outcome.EXPLAINED, basis="《条例》第三条") == found


@pytest.mark.parametrize("basis", ["", "  \n"])
def test_an_explanation_without_basis_is_refused(basis: str):
    with pytest.raises(InvalidOutcome) as refused:
        settlement(Outcome.EXPLAINED, promised_on=None, basis=basis, today=TODAY)
    assert refused.value.field == "basis"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.RESOLVED, CaseState.ACCEPTED),
        (Outcome.EXPLAINED, CaseState.ACCEPTED),
        (Outcome.PROMISED, CaseState.PROMISED),  # stays open until the promise is met
    ],
)
def test_accepting_a_promise_leaves_the_case_open(outcome: Outcome, state: CaseState):
    assert state is next_state(CaseState.REPLIED, acceptance_of(outcome))
    assert acceptance_of(outcome) in {Action.ACCEPT, Action.ACCEPT_PROMISE}


def test_each_outcome_has_a_name():
    assert {"办结", "承诺", "解释"} == {OUTCOME_LABELS[outcome].zh for outcome in Outcome}
