"""What holds when a person says whom a case accuses: what was found stays, and somebody here reads it.

Letting somebody in again is `accused`, which takes two people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from casework.accusation_refusals import AccusedDropped, LeavesNobody
from casework.desk.unit import UnitOfWork
from casework.recusal import Seat, keeper_of
from casework.store.case_writes import active_units
from casework.store.recused import recused_among
from rules.model import Label


def with_found(uow: UnitOfWork, given: Iterable[str], found: Collection[str]) -> tuple[str, ...]:
    """Return the units that a person names, with those of which only triage knows.

    A unit that has left the register since cannot be chosen any more, and stays shut out.

    Args:
        uow: of a transaction.
        given: unit codes, as the person named them.
        found: those that triage found accused.

    Raises:
        AccusedDropped: a unit of the register that was found is not named.
    """
    named = tuple(dict.fromkeys(given))
    missing = tuple(unit for unit in dict.fromkeys(found) if unit not in named)
    dropped = active_units(uow.session, uow.county, missing)
    if dropped:
        names = {unit.id: unit.name for unit in uow.rulebook.pack.units}
        raise AccusedDropped(names.get(unit, Label(unit, unit)) for unit in missing if unit in dropped)
    return (*named, *missing)


def require_a_reader(uow: UnitOfWork, shut_out: Collection[str]) -> None:
    """Do nothing if somebody in the county may read a case from which these are shut out.

    Args:
        uow: of a transaction.
        shut_out: as `Writing.shut_out` returns them, with their marks.

    Raises:
        LeavesNobody: every office is accused by name; one person alone does not decide that.
    """
    if is_beyond_the_county(uow, shut_out):
        raise LeavesNobody


def is_beyond_the_county(uow: UnitOfWork, shut_out: Collection[str]) -> bool:
    """Return whether the higher authority alone reads a case from which these are shut out."""
    return keeper_of(recused_among(uow.session, uow.county, shut_out)) is Seat.HIGHER
