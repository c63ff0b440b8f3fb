"""The life of a case as a table: which action leads from which state to which, and who may take it.

It leaves out what an action does besides moving the state (clocks, timeline, documents): that is
`casework.desk`. A post that disappears from the web is recorded in every state and moves none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from casework.actions import ACTION_LABELS, ACTION_PERMISSION, Action
from casework.errors import IllegalTransition, NotPermitted
from casework.performers import PERFORMERS, Part, is_performer
from casework.recusal import NOBODY, Recused
from casework.roles import Role
from casework.states import HOLDER, OPEN_STATES, SETTLED, STATE_LABELS, CaseState, Holder
from rules.model import Grade

__all__ = [
    "ACTION_LABELS",
    "ACTION_PERMISSION",
    "HOLDER",
    "NEXT_STEP",
    "OPEN_STATES",
    "PERFORMERS",
    "SETTLED",
    "STATE_LABELS",
    "TRANSITIONS",
    "Action",
    "CaseState",
    "Holder",
    "Part",
    "allowed_actions",
    "is_performer",
    "next_state",
    "require_action",
]

S = CaseState
A = Action

_MOVES: tuple[tuple[CaseState, Action, CaseState], ...] = (
    (S.REGISTERED, A.CONFIRM, S.CONFIRMED),
    (S.REGISTERED, A.ASK_ARBITRATION, S.ARBITRATION),
    (S.CONFIRMED, A.ASK_ARBITRATION, S.ARBITRATION),
    (S.ARBITRATION, A.DESIGNATE, S.REGISTERED),
    (S.CONFIRMED, A.DISPATCH, S.DISPATCHED),
    (S.DISPATCHED, A.SIGN_FOR, S.SIGNED_FOR),
    # An objection proves receipt: when it fails the unit need not sign again and cannot object again.
    (S.DISPATCHED, A.OBJECT, S.OBJECTED),
    (S.SIGNED_FOR, A.OBJECT, S.OBJECTED),
    (S.OBJECTED, A.UPHOLD, S.SIGNED_FOR),
    (S.OBJECTED, A.REASSIGN, S.DISPATCHED),
    (S.DISPATCHED, A.REASSIGN, S.DISPATCHED),
    (S.SIGNED_FOR, A.REASSIGN, S.DISPATCHED),
    (S.HANDLING, A.REASSIGN, S.DISPATCHED),
    (S.SIGNED_FOR, A.FILE_REPORT, S.HANDLING),
    (S.HANDLING, A.DRAFT_REPLY, S.DRAFTED),
    (S.DRAFTED, A.RETURN_DRAFT, S.HANDLING),
    (S.HANDLING, A.REPLY, S.REPLIED),
    (S.DRAFTED, A.REPLY, S.REPLIED),
    # A commitment is met by a second reply, which is reviewed like the first.
    (S.PROMISED, A.REPLY, S.REPLIED),
    (S.REPLIED, A.ACCEPT, S.ACCEPTED),
    (S.REPLIED, A.ACCEPT_PROMISE, S.PROMISED),
    (S.REPLIED, A.SEND_BACK, S.HANDLING),
    (S.PROMISED, A.SEND_BACK, S.HANDLING),
    (S.ACCEPTED, A.SEND_BACK, S.HANDLING),
    (S.ACCEPTED, A.CLOSE, S.CLOSED),
    (S.CLOSED, A.REOPEN, S.HANDLING),
    (S.ARCHIVED, A.REOPEN, S.HANDLING),
    (S.CLOSED, A.ARCHIVE, S.ARCHIVED),
    (S.REGISTERED, A.DISMISS, S.DISMISSED),
    (S.ARBITRATION, A.DISMISS, S.DISMISSED),
    (S.CONFIRMED, A.DISMISS, S.DISMISSED),
    (S.DISMISSED, A.REINSTATE, S.REGISTERED),
    (S.MERGED, A.REINSTATE, S.REGISTERED),
    (S.REGISTERED, A.MERGE_INTO, S.MERGED),
    (S.ARBITRATION, A.MERGE_INTO, S.MERGED),
    (S.CONFIRMED, A.MERGE_INTO, S.MERGED),
)

_WITH_UNIT = (S.DISPATCHED, S.OBJECTED, S.SIGNED_FOR, S.HANDLING, S.DRAFTED, S.REPLIED, S.PROMISED)
_BEFORE_UNIT = (S.ARBITRATION, S.REGISTERED, S.CONFIRMED)

# A missed accusation goes back to the office from wherever it is: no unit that has it may keep it. What is
# dismissed or merged is reinstated first.
_BACK_TO_OFFICE: tuple[tuple[Action, tuple[CaseState, ...]], ...] = (
    (A.MARK_ACCUSATION, (*_BEFORE_UNIT, *_WITH_UNIT, S.ACCEPTED, S.CLOSED, S.ARCHIVED)),
    (A.LIFT_SECRECY, (*_BEFORE_UNIT, *_WITH_UNIT, S.ACCEPTED)),
)
_RECEIVED = tuple(state for state in _WITH_UNIT if state is not S.DISPATCHED)

_STAYS: tuple[tuple[Action, tuple[CaseState, ...]], ...] = (
    (A.CORRECT_GRADE, (S.ARBITRATION, S.REGISTERED, S.CONFIRMED)),
    (A.CORRECT_ROUTE, (S.REGISTERED, S.CONFIRMED)),
    # What a case is about may be found out late, and a ruling on a wrong topic would be a wrong precedent.
    (A.CORRECT_TOPIC, OPEN_STATES),
    (A.REGRADE, (*_WITH_UNIT, S.ACCEPTED)),
    (A.FILE_PROGRESS, (S.HANDLING, S.DRAFTED, S.REPLIED, S.PROMISED)),
    (A.ASSIST_SIGN_FOR, _WITH_UNIT),
    (A.ASSIST_REPORT, _WITH_UNIT),
    # Not before the unit has the case, and no "first" contact once its head has answered.
    (A.RECORD_CONTACT, (S.SIGNED_FOR, S.HANDLING, S.DRAFTED)),
    (A.RECORD_PUBLIC_REPLY, (*_RECEIVED, S.ACCEPTED)),
    (A.ASK_EXTENSION, (S.SIGNED_FOR, S.HANDLING, S.DRAFTED, S.PROMISED)),
    (A.GRANT_EXTENSION, (S.SIGNED_FOR, S.HANDLING, S.DRAFTED, S.PROMISED)),
    (A.PAUSE, (S.SIGNED_FOR, S.HANDLING, S.DRAFTED, S.PROMISED)),
    (A.RESUME, _WITH_UNIT),
    (A.SUPERVISE, OPEN_STATES),
    (A.RE_AUDIT, (S.CLOSED, S.ARCHIVED, S.DISMISSED)),
    (A.MERGE_POST, OPEN_STATES),
    (A.CORRECT_ACCUSED, OPEN_STATES),
    # A deleted post never closes a case, so this is possible everywhere and moves nothing.
    (A.RECORD_POST_GONE, tuple(CaseState)),
)

TRANSITIONS: Mapping[tuple[CaseState, Action], CaseState] = MappingProxyType(
    {(state, action): target for state, action, target in _MOVES}
    | {(state, action): state for action, states in _STAYS for state in states}
    # A correction can leave nobody to review what a unit has in hand, so it is taken over from there, too.
    | {(state, A.TAKE_OVER): S.CLOSED for state in OPEN_STATES}
    | {(state, action): S.REGISTERED for action, states in _BACK_TO_OFFICE for state in states}
)


NEXT_STEP: Mapping[CaseState, Action] = MappingProxyType(
    {
        S.ARBITRATION: A.DESIGNATE,
        S.REGISTERED: A.CONFIRM,
        S.CONFIRMED: A.DISPATCH,
        S.DISPATCHED: A.SIGN_FOR,
        S.OBJECTED: A.UPHOLD,
        S.SIGNED_FOR: A.FILE_REPORT,
        S.HANDLING: A.REPLY,
        S.DRAFTED: A.REPLY,
        S.REPLIED: A.ACCEPT,
        S.PROMISED: A.REPLY,
        S.ACCEPTED: A.CLOSE,
    }
)
"""What is waited for in each open state; other actions are possible, this one brings the case on."""


def next_state(state: CaseState, action: Action) -> CaseState:
    """Return the state that `action` leads to from `state`; the same state for what moves nothing.

    Raises:
        IllegalTransition: the table has no such line.
    """
    target = TRANSITIONS.get((state, action))
    if target is None:
        raise IllegalTransition(
            state, action, state_zh=STATE_LABELS[state].zh, action_zh=ACTION_LABELS[action].zh
        )
    return target


def allowed_actions(
    state: CaseState,
    *,
    roles: frozenset[Role],
    grade: Grade | None,
    part: Part = Part.NONE,
    recused: Recused = NOBODY,
) -> tuple[Action, ...]:
    """Return what a person may do to a case now, in the order in which a page offers it.

    Args:
        state: where the case stands.
        roles: of the actor.
        grade: of the case; None as long as nobody has graded it.
        part: of the actor's unit in the case; NONE for everybody who is of no unit.
        recused: the desks that must not read the case.
    """
    return tuple(
        action
        for action in Action
        if (state, action) in TRANSITIONS
        and is_performer(action, roles=roles, grade=grade, part=part, recused=recused)
    )


def require_action(
    state: CaseState,
    action: Action,
    *,
    roles: frozenset[Role],
    grade: Grade | None,
    part: Part = Part.NONE,
    recused: Recused = NOBODY,
) -> CaseState:
    """Return the state after `action` if this person may take it now.

    Args: as for `allowed_actions`.

    Raises:
        NotPermitted: not by this person. Said first, so that a stranger learns nothing of the state.
        IllegalTransition: not in this state.
    """
    if not is_performer(action, roles=roles, grade=grade, part=part, recused=recused):
        raise NotPermitted(ACTION_LABELS[action].zh, ACTION_LABELS[action].en)
    return next_state(state, action)
