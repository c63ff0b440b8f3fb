"""What holds when a person says whom a case accuses: what was found stays, and a desk still reads it.

Letting somebody in again is `accused`, which takes two people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from casework.accusation_refusals import AccusedDropped, LeavesNoDesk
from casework.desk.asking import Writing
from casework.desk.unit import UnitOfWork
from casework.recusal import DESKS_OF_PERSONS, KEEPERS, Recused, hides_more
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


def divided(
    uow: UnitOfWork, named: Iterable[str], found: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the accused that one person may name alone, and those that a second person has to confirm.

    What triage found stands. What else is named stands as long as a desk of persons still reads the case;
    desks are shut out in the order of `recusal.KEEPERS`, so that who stands in for the others is the last.

    Args:
        uow: of a transaction.
        named: unit codes, those found among them.
        found: those that triage found accused.
    """
    writing = Writing(uow)

    def concerned(units: Iterable[str]) -> Recused:
        return recused_among(uow.session, uow.county, writing.shut_out(tuple(units)))

    wanted = tuple(dict.fromkeys(named))
    stands = [unit for unit in wanted if unit in found]
    before = concerned(stands)
    for unit in sorted(set(wanted) - set(stands), key=lambda one: (_weight(concerned([one])), one)):
        if not hides_more(before, concerned([*stands, unit])):
            stands.append(unit)
    return tuple(one for one in wanted if one in stands), tuple(one for one in wanted if one not in stands)


def _weight(recused: Recused) -> int:
    """Return how late in the line of those who stand in the last desk is that is shut out."""
    return max((KEEPERS.index(seat) + 1 for seat in recused.shut & DESKS_OF_PERSONS), default=0)


def require_a_desk(uow: UnitOfWork, before: Recused, shut_out: Collection[str]) -> None:
    """Do nothing if a desk of persons reads a case from which these are shut out, as one did before.

    Args:
        uow: of a transaction.
        before: the desks that must not read it now.
        shut_out: who would be, as `Writing.shut_out` returns them, with their marks.

    Raises:
        LeavesNoDesk: none would, and one person alone does not decide that.
    """
    if hides_more(before, recused_among(uow.session, uow.county, shut_out)):
        raise LeavesNoDesk
