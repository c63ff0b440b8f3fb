"""A case that one actor has taken up for one use case: seen, locked, of the version the page showed.

It leaves out clocks (`case_clocks`) and every decision about what happens to the case.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from casework.access import visibility
from casework.desk.unit import UnitOfWork
from casework.lifecycle import Action, CaseState, Part, require_action
from casework.recusal import Recused
from casework.refusals import NoSuchCase
from casework.store.case_parts import Assignment, assignments_of
from casework.store.case_records import CaseHead, case_for_change, save_case
from casework.store.case_writes import Writer
from casework.store.recused import recused_from


@dataclass(frozen=True, slots=True)
class Docket:
    """A case taken up.

    Attributes:
        case: as it was when it was taken up.
        assignments: in force.
        part: of the actor's unit.
        recused: the desks that must not read it.
    """

    uow: UnitOfWork
    case: CaseHead
    assignments: tuple[Assignment, ...]
    part: Part
    recused: Recused

    @property
    def writer(self) -> Writer:
        """Return what writes rows of this county in this transaction."""
        return Writer(self.uow.session, self.uow.county)

    def lead_unit(self) -> str:
        """Return the unit that leads the case.

        Raises:
            NoSuchCase: no unit leads it; the lifecycle lets no action that needs one come that far.
        """
        return self._found(part for part in self.assignments if part.is_lead).unit

    def own(self) -> Assignment:
        """Return the part of the actor's unit.

        Raises:
            NoSuchCase: it has none; the lifecycle lets no action that needs one come that far.
        """
        unit = self.uow.actor.unit_id
        return self._found(part for part in self.assignments if part.unit == unit)

    def _found(self, parts: Iterator[Assignment]) -> Assignment:
        part = next(parts, None)
        if part is None:
            raise NoSuchCase(self.case.id)
        return part


def take_up(uow: UnitOfWork, case_id: uuid.UUID, *, version: int) -> Docket:
    """Return a case for this actor to change, locked until the transaction ends.

    Raises:
        NoSuchCase: there is none, or the actor may not see it.
        StaleVersion: somebody changed it since the page was made.
    """
    case = case_for_change(uow.session, visibility(uow.actor), case_id, version=version)
    in_force = tuple(part for part in assignments_of(uow.session, case_id) if part.ended_at is None)
    own = next((part for part in in_force if part.unit == uow.actor.unit_id), None)
    part = Part.NONE if own is None else (Part.LEAD if own.is_lead else Part.ASSIST)
    return Docket(uow, case, in_force, part, recused_from(uow.session, case_id))


def state_after(docket: Docket, action: Action) -> CaseState:
    """Return the state that `action` leads to, if this actor may take it now.

    Raises:
        NotPermitted: not by this actor in this case.
        IllegalTransition: not in this state.
    """
    return require_action(
        docket.case.state,
        action,
        roles=docket.uow.actor.roles,
        grade=docket.case.grade,
        part=docket.part,
        recused=docket.recused,
    )


def put_back(docket: Docket, after: CaseHead) -> CaseHead:
    """Write the changed case and return it with its new version.

    Raises:
        StaleVersion: somebody changed it meanwhile.
    """
    now = docket.uow.now
    if after.state is not docket.case.state:
        after = replace(after, state_since=now)
    return save_case(docket.uow.session, before=docket.case, after=after, now=now)
