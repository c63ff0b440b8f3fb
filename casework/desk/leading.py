"""Who may have a case: so many units, and of a confidential accusation discipline inspection alone.

Where that is accused itself a person rules among the units that are not shut out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from casework.refusals import OnlyDiscipline, TooManyAssist, UnitShutOut
from casework.routing import DISCIPLINE
from rules.model import Pack

MOST_ASSISTING = 12
"""Assisting units of one case. Our own bound: the routing table names at most four (domain.md §9.3), and the
slip prints every one of twelve."""


def require_so_many(assist: Collection[str]) -> None:
    """Do nothing if so many units may assist with one case.

    Raises:
        TooManyAssist: they are more than `MOST_ASSISTING`.
    """
    if len(assist) > MOST_ASSISTING:
        raise TooManyAssist(len(assist), MOST_ASSISTING)


def discipline_of(pack: Pack) -> str | None:
    """Return the unit of discipline inspection, None where the pack has none."""
    return next((unit.id for unit in pack.units if DISCIPLINE in unit.duties), None)


def units_for_accusation(pack: Pack, shut_out: Collection[str]) -> frozenset[str]:
    """Return the units that may have a confidential accusation from which `shut_out` are shut out."""
    free = frozenset(unit.id for unit in pack.units) - frozenset(shut_out)
    discipline = discipline_of(pack)
    return frozenset({discipline}) if discipline in free else free


def require_fit_for_accusation(
    pack: Pack, lead: str, assist: Iterable[str], shut_out: Collection[str]
) -> None:
    """Do nothing if these units may have a confidential accusation.

    Args:
        pack: in force.
        lead: unit code.
        assist: unit codes.
        shut_out: the accused units and all below them.

    Raises:
        UnitShutOut: one of them is accused, or below the accused.
        OnlyDiscipline: discipline inspection could have it, and another unit is named.

    **Source:** docs/rules/understanding.md; 信访工作条例 §22, §30.
    """
    named = (lead, *assist)
    for unit in named:
        if unit in shut_out:
            raise UnitShutOut(unit)
    discipline = discipline_of(pack)
    if discipline is None or discipline in shut_out:
        return
    for unit in named:
        if unit != discipline:
            raise OnlyDiscipline(unit)
