"""By whom each action on a case may be done: role, grade of the case and part of the unit, as data.

It leaves out the state of the case, which is `lifecycle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from casework.actions import Action
from casework.recusal import NOBODY, STAND_IN_ROLE, Recused, Seat, keeper_of
from casework.roles import EVERY_GRADE, Role
from rules.model import Grade

A = Action


class Part(StrEnum):
    """The part that the actor's unit has in the case."""

    NONE = "none"
    LEAD = "lead"
    ASSIST = "assist"


@dataclass(frozen=True, slots=True)
class Who:
    """One line of the table of performers: a role, for cases of these grades, with this part."""

    role: Role
    grades: frozenset[Grade] | None = None  # None: any, also a case that has no grade yet
    part: Part = Part.NONE  # NONE: no part is asked for


_SENIOR = frozenset({Grade.MAJOR, Grade.SERIOUS})
_GENERAL = frozenset({Grade.GENERAL})
_DUTY = (Who(Role.DUTY_OFFICER), Who(Role.DIRECTOR))
_DIRECTOR = (Who(Role.DIRECTOR),)
_LEAD = (Who(Role.UNIT_HANDLER, part=Part.LEAD), Who(Role.UNIT_HEAD, part=Part.LEAD))
_LEAD_HEAD = (Who(Role.UNIT_HEAD, part=Part.LEAD),)
_ASSIST = (Who(Role.UNIT_HANDLER, part=Part.ASSIST), Who(Role.UNIT_HEAD, part=Part.ASSIST))
# General cases are supervised by the cyberspace office, the others by the supervision office.
_SUPERVISING = (
    Who(Role.DUTY_OFFICER, _GENERAL),
    Who(Role.DIRECTOR, _GENERAL),
    Who(Role.SUPERVISOR, _SENIOR),
)
_TIME_LORDS = (Who(Role.DIRECTOR, _GENERAL), Who(Role.SUPERVISOR, _SENIOR))
_MACHINE = (Who(Role.MACHINE),)
_INSPECTING = (Who(Role.INSPECTOR), Who(Role.SECRET_INSPECTOR))

PERFORMERS: Mapping[Action, tuple[Who, ...]] = MappingProxyType(
    {
        A.CONFIRM: (Who(Role.DUTY_OFFICER, EVERY_GRADE), Who(Role.DIRECTOR, EVERY_GRADE)),
        A.CORRECT_GRADE: _DUTY,
        A.CORRECT_TOPIC: _DUTY,
        A.CORRECT_ROUTE: _DUTY,
        A.ASK_ARBITRATION: _DUTY,
        A.DESIGNATE: _DIRECTOR,
        # Major and serious slips go out over the director's signature. domain.md §2.5.
        A.DISPATCH: (Who(Role.DUTY_OFFICER, _GENERAL), Who(Role.DIRECTOR, EVERY_GRADE)),
        A.SIGN_FOR: _LEAD,
        # A serious case is not handed back: act first, argue afterwards. domain.md §2.3.
        A.OBJECT: (Who(Role.UNIT_HEAD, frozenset({Grade.GENERAL, Grade.MAJOR}), Part.LEAD),),
        A.UPHOLD: _DIRECTOR,
        A.REASSIGN: _DIRECTOR,
        A.FILE_REPORT: _LEAD,
        A.FILE_PROGRESS: _LEAD,
        A.DRAFT_REPLY: _LEAD,
        A.RETURN_DRAFT: _LEAD_HEAD,
        # A reply without the signature of the unit's head goes back unread. domain.md §2.5.
        A.REPLY: _LEAD_HEAD,
        A.ASSIST_SIGN_FOR: _ASSIST,
        A.ASSIST_REPORT: _ASSIST,
        A.RECORD_CONTACT: (*_DUTY, *_LEAD),
        A.RECORD_PUBLIC_REPLY: (*_DUTY, *_LEAD, Who(Role.PUBLISHER)),
        A.ASK_EXTENSION: _LEAD,
        A.GRANT_EXTENSION: _TIME_LORDS,
        A.PAUSE: _TIME_LORDS,
        A.RESUME: _TIME_LORDS,
        # A lower grade only by the desk that supervises the higher one. domain.md §1.2.
        A.REGRADE: (*_DIRECTOR, Who(Role.SUPERVISOR, _SENIOR)),
        A.ACCEPT: _SUPERVISING,
        A.ACCEPT_PROMISE: _SUPERVISING,
        A.SEND_BACK: _SUPERVISING,
        A.SUPERVISE: (*_SUPERVISING, *_MACHINE),
        A.CLOSE: _SUPERVISING,
        A.RE_AUDIT: _INSPECTING,
        A.REOPEN: (*_SUPERVISING, *_INSPECTING),
        A.ARCHIVE: (*_DUTY, *_MACHINE),
        A.DISMISS: _DUTY,
        A.REINSTATE: (*_DUTY, *_INSPECTING),
        A.MERGE_INTO: _DUTY,
        A.MERGE_POST: (*_DUTY, *_MACHINE),
        A.RECORD_POST_GONE: (*_DUTY, *_MACHINE),
        A.MARK_ACCUSATION: _DUTY,
        # It takes two, as below; where the office may not see the case nobody lifts it, see `is_performer`.
        A.LIFT_SECRECY: (*_DIRECTOR, Who(Role.SECRET_INSPECTOR)),
        # It takes two: the inspector may be the second one beside a director or a supervisor.
        A.CORRECT_ACCUSED: (*_DIRECTOR, Who(Role.SECRET_INSPECTOR)),
        A.TAKE_OVER: (),  # see `is_performer`
    }
)


_REVIEW = frozenset(
    {
        A.ACCEPT,
        A.ACCEPT_PROMISE,
        A.SEND_BACK,
        A.SUPERVISE,
        A.CLOSE,
        A.REOPEN,
        A.GRANT_EXTENSION,
        A.PAUSE,
        A.RESUME,
    }
)
_OFFICE = frozenset(
    {
        A.CONFIRM,
        A.CORRECT_GRADE,
        A.CORRECT_TOPIC,
        A.CORRECT_ROUTE,
        A.ASK_ARBITRATION,
        A.DESIGNATE,
        A.DISPATCH,
        A.UPHOLD,
        A.REASSIGN,
        A.DISMISS,
        A.CORRECT_ACCUSED,
    }
)

LAST_RESORT_MAY = frozenset({A.CORRECT_ACCUSED, A.TAKE_OVER})
"""What the head of discipline inspection does with a case that no desk may have, and the higher authority
with one that nobody in the county may have. Whether it is handled there or handed up is no step of ours; that
it was taken is on the record, and it does not wait for ever."""

LAST_RESORT_ROLE: Mapping[Seat, Role] = MappingProxyType(
    {Seat.DISCIPLINE: Role.UNIT_HEAD, Seat.HIGHER: Role.HIGHER_AUTHORITY}
)
"""Who has such a case in hand."""

STAND_INS: Mapping[Seat, frozenset[Action]] = MappingProxyType(
    # What a seat may do besides its own work, while that seat is recused and this role has the case in hand
    # (`recusal.keeper_of`). Secrecy is not lifted by a stand-in: that would show the case to the accused.
    {Seat.CYBERSPACE: _OFFICE | _REVIEW, Seat.SUPERVISION: _REVIEW}
)


def is_performer(
    action: Action,
    *,
    roles: frozenset[Role],
    grade: Grade | None,
    part: Part = Part.NONE,
    recused: Recused = NOBODY,
) -> bool:
    """Return whether somebody with `roles`, whose unit has `part` in a case of `grade`, may do `action`.

    Args:
        action: what is to be done.
        roles: of the actor.
        part: of the actor's unit in the case.
        grade: None for a case that nobody has graded yet.
        recused: the desks that must not read the case; whoever has it in hand does their work.
    """
    keeper = keeper_of(recused)
    if action is A.LIFT_SECRECY and keeper is not Seat.CYBERSPACE:
        return False  # lifting shows the case to the accused
    # Only who has the case in hand sees it then, and does nothing else with it.
    if action in LAST_RESORT_MAY and LAST_RESORT_ROLE.get(keeper) in roles:
        return True
    if action is A.CORRECT_ACCUSED and recused.asked and Role.HIGHER_AUTHORITY in roles:
        return True
    # Discipline inspection may not have it: whoever has it in hand gives it to the higher authority.
    if action is A.TAKE_OVER and Seat.DISCIPLINE in recused.shut and STAND_IN_ROLE.get(keeper) in roles:
        return True
    if STAND_IN_ROLE.get(keeper) in roles and any(
        action in STAND_INS[seat] for seat in recused.shut & STAND_INS.keys()
    ):
        return True
    return any(
        who.role in roles
        and (who.grades is None or grade in who.grades)
        and (who.part is Part.NONE or who.part is part)
        for who in PERFORMERS[action]
    )
