"""The life of a draft: every pair of state and step is either in the table or refused in words."""

from __future__ import annotations

import uuid
from itertools import product

import pytest

from casework.pack_refusals import ApproverIsEditor, DraftStepRefused
from casework.packs import (
    FROZEN,
    OPEN,
    PERMISSION_OF,
    STATE_LABELS,
    STEP_LABELS,
    TRANSITIONS,
    DraftState,
    DraftStep,
    next_state,
    require_other_person,
    steps_from,
)
from casework.roles import GRANTS, Permission, Role

PAIRS = list(product(DraftState, DraftStep))
ALLOWED = [pair for pair in PAIRS if pair in TRANSITIONS]
FORBIDDEN = [pair for pair in PAIRS if pair not in TRANSITIONS]


@pytest.mark.parametrize(("state", "step"), ALLOWED)
def test_an_allowed_step_leads_on(state: DraftState, step: DraftStep):
    assert next_state(state, step) is TRANSITIONS[state, step]
    assert step in steps_from(state)


@pytest.mark.parametrize(("state", "step"), FORBIDDEN)
def test_a_forbidden_step_is_refused_by_name(state: DraftState, step: DraftStep):
    with pytest.raises(DraftStepRefused) as refused:
        next_state(state, step)

    assert STATE_LABELS[state].zh in refused.value.zh
    assert STEP_LABELS[step].zh in refused.value.zh
    assert step not in steps_from(state)


def test_approval_comes_only_after_check_backtest_and_submission():
    into = {to: {state for (state, _), end in TRANSITIONS.items() if end is to} for to in DraftState}

    assert into[DraftState.PUBLISHED] == {DraftState.APPROVED}
    assert into[DraftState.APPROVED] == {DraftState.SUBMITTED}
    assert into[DraftState.SUBMITTED] == {DraftState.BACKTESTED}
    assert into[DraftState.BACKTESTED] == {DraftState.CHECKED, DraftState.BACKTESTED}


def test_every_edit_goes_back_to_the_beginning_and_no_frozen_state_can_be_edited():
    ends = {to for (_, step), to in TRANSITIONS.items() if step is DraftStep.EDIT}
    editable = {state for state, step in TRANSITIONS if step is DraftStep.EDIT}

    assert ends == {DraftState.DRAFT}
    assert not editable & FROZEN


@pytest.mark.parametrize("state", sorted(set(DraftState) - OPEN))
def test_a_draft_that_came_to_its_end_stays_there(state: DraftState):
    assert steps_from(state) == ()


def test_whoever_wrote_any_of_it_cannot_approve():
    author, second, other = (uuid.UUID(int=number) for number in range(3))

    require_other_person(other, {author, second})
    for editor in (author, second):
        with pytest.raises(ApproverIsEditor):
            require_other_person(editor, {author, second})


def test_every_step_has_a_permission_that_some_person_holds_and_the_machine_has_none():
    assert set(PERMISSION_OF) == set(DraftStep)
    for permission in set(PERMISSION_OF.values()):
        assert {role for role, granted in GRANTS.items() if permission in granted}
        assert permission not in GRANTS[Role.MACHINE]
    approvers = {role for role, granted in GRANTS.items() if Permission.RULES_APPROVE in granted}
    assert approvers == {Role.DIRECTOR, Role.SUPERVISOR}
