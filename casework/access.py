"""Who may do what and who may see what: roles, permissions, actors and the scope of their sight.

It leaves out sign-in and the SQL predicate: the first is `app.accounts`, the second is made from
`Visibility` in one place of `casework.store`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from casework.errors import IncompatibleRoles, NotPermitted
from casework.permission_words import in_words
from casework.recusal import NOBODY, SEAT_OF, Recused, Seat, is_shut_out, keeper_of
from casework.roles import (
    DESK_OF,
    EVERY_GRADE,
    GRANTS,
    ROLE_LABELS,
    Desk,
    Permission,
    Role,
    grades_supervised_by,
)
from rules.model import Grade

__all__ = [
    "Actor",
    "CaseSight",
    "CountyId",
    "Desk",
    "Permission",
    "Reach",
    "Role",
    "UnitId",
    "UserId",
    "Visibility",
    "desk_of",
    "excluded_units",
    "is_permitted",
    "machine",
    "may_see",
    "permissions_of",
    "person",
    "require",
    "visibility",
]

CountyId = NewType("CountyId", str)
UserId = NewType("UserId", uuid.UUID)
UnitId = NewType("UnitId", str)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as every use case receives it.

    Attributes:
        user_id: None only for the machine.
        unit_id: set for people of a unit, None for everybody else.
        desk: the desk of all `roles` (see `desk_of`); None for an account without any role.
    """

    user_id: UserId | None
    name: str
    roles: frozenset[Role]
    unit_id: UnitId | None
    county_id: CountyId
    desk: Desk | None


def desk_of(roles: Iterable[Role]) -> Desk | None:
    """Return the one desk that all `roles` belong to, None for no roles.

    Raises:
        IncompatibleRoles: the roles belong to different desks.
    """
    held = tuple(role for role in Role if role in frozenset(roles))
    desks = tuple(dict.fromkeys(DESK_OF[role] for role in held))
    if len(desks) > 1:
        raise IncompatibleRoles(tuple(ROLE_LABELS[role].zh for role in held), desks)
    return desks[0] if desks else None


def person(
    user_id: UserId,
    name: str,
    *,
    roles: Iterable[Role],
    county_id: CountyId,
    unit_id: UnitId | None = None,
) -> Actor:
    """Return the actor for a signed-in person; the desk follows from the roles.

    Raises:
        IncompatibleRoles: the roles belong to different desks.
    """
    held = frozenset(roles)
    return Actor(user_id, name, held, unit_id, county_id, desk_of(held))


def machine(county_id: CountyId) -> Actor:
    """Return the actor as which the worker and the sweep act in one county."""
    return Actor(None, ROLE_LABELS[Role.MACHINE].zh, frozenset({Role.MACHINE}), None, county_id, Desk.MACHINE)


def permissions_of(actor: Actor) -> frozenset[Permission]:
    """Return everything that the roles of `actor` permit."""
    return frozenset().union(*(GRANTS[role] for role in actor.roles))


def is_permitted(actor: Actor, permission: Permission) -> bool:
    """Return whether a role of `actor` grants `permission`; says nothing about a single case."""
    return permission in permissions_of(actor)


def require(actor: Actor, permission: Permission) -> None:
    """Do nothing if `actor` has `permission`.

    Raises:
        NotPermitted: no role of the actor grants it.
    """
    if not is_permitted(actor, permission):
        wanted = in_words([permission])
        raise NotPermitted(wanted.zh, wanted.en)


class Reach(StrEnum):
    """How far somebody sees, for ordinary and for confidential cases apart."""

    NONE = "none"
    ASSIGNED = "assigned"  # cases with an assignment in force to one of the units
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Visibility:
    """What an actor may see; `casework.store` turns it into its one predicate `visible_to`.

    Attributes:
        county_id: nothing of another county is ever seen.
        cases: reach over ordinary cases.
        confidential: reach over confidential (accusation) cases. With ASSIGNED, a unit that is the
            accused or below the accused sees nothing, whatever its assignments say.
        unit_ids: the units for ASSIGNED.
        grades: only cases of these grades are seen; a case without grade yet needs all three.
        posts: reach over posts: ALL, ASSIGNED (those of visible cases only) or NONE.
        supervising: grades whose replies this actor reviews; for worklists, it hides nothing.
        is_masked: what would lead to a person (numbers, mailboxes, chats) is taken out of what is read.
        seat: from which this actor acts on accusations; what concerns its own unit is not seen. For the head
            of a unit it is that of discipline inspection, and counts where the unit holds that duty.
    """

    county_id: CountyId
    cases: Reach
    confidential: Reach
    unit_ids: frozenset[UnitId]
    grades: frozenset[Grade]
    posts: Reach
    supervising: frozenset[Grade]
    is_masked: bool
    seat: Seat | None = None


def visibility(actor: Actor) -> Visibility:
    """Return what `actor` may see.

    | desk | cases | confidential | grades | posts |
    |---|---|---|---|---|
    | office, machine | all | all | all | all |
    | supervision | all | all | major, serious | of these cases |
    | target | all | none; all for who is named to re-audit them | all | all ordinary; all |
    | publisher | all | none | all | of these cases |
    | higher authority | none | those that every office of the county is accused in | all | of these cases |
    | unit | assigned | assigned, never the accused | all | of these cases |
    | administrators, nobody | none | none | none | none |

    Whoever may not look at an identity reads texts masked (`casework.masking`); the duty desk and the machine
    read them as they were written.

    Whatever the reach, nobody of a desk sees an accusation of the desk's own unit, and somebody else has it
    in hand (`recusal`): the supervision office of any grade, then the head of discipline inspection, in the
    end the higher authority.

    **Source:** design.md "Who may see what".
    """
    cases, confidential, grades, posts = Reach.NONE, Reach.NONE, frozenset[Grade](), Reach.NONE
    supervising = grades_supervised_by(actor.desk)
    match actor.desk:
        case Desk.OFFICE | Desk.MACHINE:
            cases, confidential, grades, posts = Reach.ALL, Reach.ALL, EVERY_GRADE, Reach.ALL
        case Desk.SUPERVISION:
            cases, confidential, grades, posts = Reach.ALL, Reach.ALL, supervising, Reach.ASSIGNED
        case Desk.TARGET:
            cases, grades, posts = Reach.ALL, EVERY_GRADE, Reach.ALL
            if is_permitted(actor, Permission.CASE_REAUDIT_SECRET):
                confidential = Reach.ALL
        case Desk.PUBLISHER:
            cases, grades, posts = Reach.ALL, EVERY_GRADE, Reach.ASSIGNED
        case Desk.UNIT if actor.unit_id is not None:
            cases, confidential = Reach.ASSIGNED, Reach.ASSIGNED
            grades, posts = EVERY_GRADE, Reach.ASSIGNED
        case Desk.HIGHER_AUTHORITY:
            grades, posts = EVERY_GRADE, Reach.ASSIGNED
    units = frozenset({actor.unit_id}) if actor.unit_id is not None else frozenset[UnitId]()
    masked = actor.desk is not Desk.MACHINE and not is_permitted(actor, Permission.IDENTITY_REVEAL)
    seat = SEAT_OF.get(actor.desk) if actor.desk is not None else None
    if Role.UNIT_HEAD in actor.roles and units:
        seat = Seat.DISCIPLINE
    return Visibility(actor.county_id, cases, confidential, units, grades, posts, supervising, masked, seat)


@dataclass(frozen=True, slots=True)
class CaseSight:
    """The facts of a case that decide who sees it.

    Attributes:
        assigned: units with an assignment in force, lead and assisting.
        excluded: the accused units and all below them (see `excluded_units`); empty if not confidential.
        recused: the seats that are among the excluded.
        discipline: the unit that holds the duty of discipline inspection.
    """

    county_id: CountyId
    grade: Grade | None
    confidential: bool
    assigned: frozenset[UnitId]
    excluded: frozenset[UnitId]
    recused: Recused = NOBODY
    discipline: frozenset[UnitId] = frozenset()


def may_see(sight: Visibility, case: CaseSight) -> bool:
    """Return whether a case is visible; the plain-Python oracle of the store's SQL predicate."""
    if case.county_id != sight.county_id:
        return False
    if case.confidential and _keeps(sight, case):
        return True
    if case.grade not in sight.grades and not (case.grade is None and sight.grades == EVERY_GRADE):
        return False
    if case.confidential and sight.confidential is Reach.ALL and _is_recused(sight, case):
        return False
    reach = sight.confidential if case.confidential else sight.cases
    if reach is Reach.ALL:
        return True
    shut_out = case.excluded if case.confidential else frozenset[UnitId]()
    return reach is Reach.ASSIGNED and bool((sight.unit_ids & case.assigned) - shut_out)


def _keeps(sight: Visibility, case: CaseSight) -> bool:
    """Return whether this actor has an accusation in hand that its usual desk must not read."""
    if sight.seat is Seat.HIGHER and case.recused.asked:
        return True
    if sight.seat is None or keeper_of(case.recused) is not sight.seat:
        return False
    if sight.seat is Seat.HIGHER:
        return True
    if sight.seat is Seat.DISCIPLINE:
        return bool(sight.unit_ids & case.discipline)
    return sight.confidential is Reach.ALL and Seat.CYBERSPACE in case.recused.shut


def _is_recused(sight: Visibility, case: CaseSight) -> bool:
    return sight.seat is not None and is_shut_out(sight.seat, case.recused)


def excluded_units(
    accused: Iterable[UnitId], superior_of: Mapping[UnitId, UnitId | None]
) -> frozenset[UnitId]:
    """Return the accused units and every unit below them.

    Args:
        accused: units that a confidential post complains about.
        superior_of: every unit of the county with its superior; a ring of superiors does no harm.

    **Source:** 信访工作条例 §30 ¶3: nothing of an accusation may reach the accused.
    """
    shut_out = set(accused)
    grown = True
    while grown:
        below = {unit for unit, above in superior_of.items() if above in shut_out} - shut_out
        shut_out |= below
        grown = bool(below)
    return frozenset(shut_out)
