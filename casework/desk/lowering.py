"""That no duty officer alone lets a serious case become less: by its grade, by a merge or by ending it.

A director may, and whoever stands in for the office. What is dispatched is lowered by another desk: `assign`.
"""

from __future__ import annotations

from casework.access import Actor
from casework.desk.docket import Docket
from casework.desk.unit import UnitOfWork
from casework.grade_refusals import EndedAlone, UpgradeUndecided
from casework.roles import SUPERVISING_DESK, Role
from casework.states import BEFORE_DISPATCH
from casework.store.case_records import CaseHead
from casework.store.upgrades import asked_for
from rules.model import Grade


def is_one_alone(actor: Actor) -> bool:
    """Return whether somebody does not decide alone that what is proposed as serious is less."""
    return actor.roles <= {Role.DUTY_OFFICER}


def is_lowered_alone(actor: Actor, proposed: Grade | None, given: Grade | None) -> bool:
    """Return whether what is serious would become less by one person alone; `given` None: it would end."""
    return proposed is Grade.SERIOUS and given is not Grade.SERIOUS and is_one_alone(actor)


def grades_open_to(actor: Actor, case: CaseHead) -> tuple[Grade, ...]:
    """Return the other grades that this actor may give a case, the lowest first.

    Args:
        actor: who may correct or change its grade at all.
        case: as it stands; from dispatch on a lower grade is for the desk that supervises it.
    """

    def may(given: Grade) -> bool:
        if given.rank >= case.grade.rank:
            return given is not case.grade
        if case.state in BEFORE_DISPATCH:
            return not is_lowered_alone(actor, case.grade, given)
        return actor.desk is SUPERVISING_DESK[case.grade]

    return tuple(filter(may, Grade))


def grade_at_stake(uow: UnitOfWork, case: CaseHead) -> Grade:
    """Return the grade of a case, or the higher one that an open item proposes for it."""
    asked = asked_for(uow.session, case.id)
    return asked if asked is not None and asked.rank > case.grade.rank else case.grade


def waits_for_a_director(uow: UnitOfWork, case: CaseHead) -> bool:
    """Return whether this actor may not bring a case on: it is asked whether it is serious."""
    return is_one_alone(uow.actor) and is_lowered_alone(uow.actor, grade_at_stake(uow, case), case.grade)


def require_upgrade_decided(docket: Docket) -> None:
    """Refuse to bring a case on at its grade while it is asked whether it is serious.

    Raises:
        UpgradeUndecided: a duty officer alone would.
    """
    if waits_for_a_director(docket.uow, docket.case):
        raise UpgradeUndecided


def require_not_ended_alone(docket: Docket) -> None:
    """Refuse to end a case that is serious, or may be.

    Raises:
        EndedAlone: a duty officer alone would.
    """
    if is_lowered_alone(docket.uow.actor, grade_at_stake(docket.uow, docket.case), None):
        raise EndedAlone
