"""Recusal 回避 of the county's own desks: who has an accusation in hand when a desk's own unit is accused.

It leaves out who sees a case at all (`access`) and the SQL of it (`store.recused`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from casework.roles import Desk, Role
from rules.model import Label

Code = TypeVar("Code", bound=str)


class Seat(StrEnum):
    """A place from which somebody can act on an accusation; the value is its duty in units.yaml.

    The higher authority is outside the county: no unit of the register has it, and it is never accused.
    """

    CYBERSPACE = "cyberspace"
    SUPERVISION = "supervision"
    TARGET = "target"
    DISCIPLINE = "discipline"
    HIGHER = "higher_authority"


SEAT_OF: Mapping[Desk, Seat] = MappingProxyType(
    # The publisher has no seat: no confidential case is ever seen there.
    {
        Desk.OFFICE: Seat.CYBERSPACE,
        Desk.SUPERVISION: Seat.SUPERVISION,
        Desk.TARGET: Seat.TARGET,
        Desk.HIGHER_AUTHORITY: Seat.HIGHER,
    }
)

KEEPERS: tuple[Seat, ...] = (Seat.CYBERSPACE, Seat.SUPERVISION, Seat.TARGET, Seat.DISCIPLINE)
"""The seats of the county. Who has an accusation in hand: the first of these whose unit is not shut out."""

LAST_RESORT: tuple[Seat, ...] = (Seat.DISCIPLINE, Seat.TARGET, Seat.SUPERVISION, Seat.CYBERSPACE)
"""Where the accused stands above all of them (the county's leadership): the first that is not accused itself.

**Source:** 党章 §45: discipline inspection is led by the higher commission, too, and can hand it up there.
"""

DESKS_OF_PERSONS: frozenset[Seat] = frozenset({Seat.CYBERSPACE, Seat.SUPERVISION, Seat.TARGET})
"""Seats at which posts wait for a decision; discipline inspection only gets cases."""

STAND_IN_ROLE: Mapping[Seat, Role] = MappingProxyType(
    # Discipline inspection reads and hands up; it does not send a case to itself.
    {
        Seat.CYBERSPACE: Role.DIRECTOR,
        Seat.SUPERVISION: Role.SUPERVISOR,
        Seat.TARGET: Role.SECRET_INSPECTOR,
    }
)

WHO_ACTS: Mapping[Seat, Label] = MappingProxyType(
    {
        Seat.CYBERSPACE: Label(
            "书记督查室须回避，本件由网信办主任审核、办结。",
            "The supervision office is recused: a director of the cyberspace office reviews and closes this.",
        ),
        Seat.SUPERVISION: Label(
            "网信办须回避，本件由书记督查室确认、交办和审核。",
            "The cyberspace office is recused: the supervision office confirms, dispatches and reviews this.",
        ),
        Seat.TARGET: Label(
            "网信办、书记督查室均须回避，本件由目督办保密件专人确认、交办和审核。",
            "Both offices are recused: the inspector of confidential cases confirms, dispatches and reviews.",
        ),
        Seat.DISCIPLINE: Label(
            "网信办、书记督查室、目督办均须回避，本件由纪委监委主要负责人阅处；涉及本级领导的，报上级机关。",
            "All three offices are recused: the head of discipline inspection takes this, and "
            "hands it up where it concerns the county's leaders.",
        ),
        Seat.HIGHER: Label(
            "本县受理机关均被检举，须由上级机关受理。",
            "Every office of the county is accused; the higher authority takes this.",
        ),
    }
)

WHO_IS_MEANT: Mapping[Seat, Label] = MappingProxyType(
    # Whose account it takes to act from a seat, as an administrator reads it.
    {
        Seat.CYBERSPACE: Label("网信办主任", "a director of the cyberspace office"),
        Seat.SUPERVISION: Label("书记督查室督查员", "a supervisor of the supervision office"),
        Seat.TARGET: Label("目督办（保密件）", "an inspector of confidential cases"),
        Seat.DISCIPLINE: Label("纪委监委主要负责人", "the head of the unit of discipline inspection"),
        Seat.HIGHER: Label("上级机关受理人", "a contact of the higher authority"),
    }
)

_NAMED = "named:"
ASKED = "asked:higher_authority"
"""Stands among the exclusions of a case while its second person may be the higher authority; it shuts nobody
out, and goes with the others when who is accused is corrected."""


@dataclass(frozen=True, slots=True)
class Recused:
    """The seats that an accusation concerns.

    Attributes:
        shut: their unit is accused or below the accused.
        named: of these, those whose unit is accused itself.
        asked: the higher authority reads it, as the second person for a correction of who is accused.
    """

    shut: frozenset[Seat] = frozenset()
    named: frozenset[Seat] = frozenset()
    asked: bool = False


NOBODY = Recused()


@dataclass(frozen=True, slots=True)
class InHand:
    """How many accusations wait for somebody who stands in, and from which seats anybody can act.

    Attributes:
        waiting: open accusations by the seat that has them in hand.
        manned: seats from which an account in use can act.
    """

    waiting: Mapping[Seat, int]
    manned: frozenset[Seat]

    @property
    def unheard(self) -> int:
        """Return how many are read by nobody: not in the county, and the higher authority has no account."""
        return 0 if Seat.HIGHER in self.manned else self.waiting.get(Seat.HIGHER, 0)

    @property
    def unmanned(self) -> tuple[tuple[Seat, int], ...]:
        """Return the county's seats without an account in use, each with how many accusations wait for it."""
        return tuple((seat, self.waiting.get(seat, 0)) for seat in KEEPERS if seat not in self.manned)


def keeper_of(recused: Recused) -> Seat:
    """Return who has an accusation in hand; the higher authority where every seat is accused itself."""
    free = next((seat for seat in KEEPERS if seat not in recused.shut), None)
    return free or next((seat for seat in LAST_RESORT if seat not in recused.named), Seat.HIGHER)


def hides_more(before: Recused, after: Recused) -> bool:
    """Return whether a change takes the last desk of persons from a case, or the last reader in the county.

    One person alone never brings that about: nobody would be left to see that it was wrong.
    """
    return _depth(after) > _depth(before)


def _depth(recused: Recused) -> int:
    keeper = keeper_of(recused)
    return 0 if keeper in DESKS_OF_PERSONS else (Seat.DISCIPLINE, Seat.HIGHER).index(keeper) + 1


def may_wait_apart(recused: Recused) -> bool:
    """Return whether a post that only may be an accusation is kept from whom it names until a person decides.

    It must be read by somebody who can decide: where every desk is named, or stands below who is named, it
    stays with the office.
    """
    return keeper_of(recused) in DESKS_OF_PERSONS


def blames_each_desk(recused: Recused) -> bool:
    """Return whether such a post speaks against every desk at which it could wait, and of nobody above them.

    The head of discipline inspection reads it then, who has cases and no desk.
    """
    return recused.named >= DESKS_OF_PERSONS and keeper_of(recused) is Seat.DISCIPLINE


def is_shut_out(seat: Seat, recused: Recused) -> bool:
    """Return whether nobody of this seat may read the case.

    The higher authority reads what it keeps, and what it is asked about.
    """
    if recused.asked if seat is Seat.HIGHER else seat not in recused.shut:
        return False
    return keeper_of(recused) is not seat


def who_acts(recused: Recused) -> Label | None:
    """Return the line that says who has to act, None where nobody has to stand in."""
    if not recused.shut & {Seat.CYBERSPACE, Seat.SUPERVISION}:
        return None
    return WHO_ACTS[keeper_of(recused)]


def named_mark(unit: str) -> str:
    """Return what stands among the exclusions of a case for a unit that is accused itself.

    Without it a unit below another accused one could not be told from one that only shares its fate.
    """
    return f"{_NAMED}{unit}"


def marks(
    accused: Iterable[Code], shut_out: Iterable[Code], superior_of: Mapping[Code, Code | None]
) -> frozenset[str]:
    """Return the marks of those accused that are below another accused unit.

    Args:
        accused: units that are complained about.
        shut_out: they and all below them.
        superior_of: every unit of the county with its superior.
    """
    barred = frozenset(shut_out)
    return frozenset(named_mark(unit) for unit in accused if superior_of.get(unit) in barred)


def tops(shut_out: Iterable[str], superior_of: Mapping[str, str | None]) -> frozenset[str]:
    """Return the units among `shut_out` that are accused themselves, as far as the register tells."""
    barred = frozenset(shut_out) - {ASKED}
    marked = {code.removeprefix(_NAMED) for code in barred if code.startswith(_NAMED)}
    units = {code for code in barred if not code.startswith(_NAMED)}
    return frozenset(marked | {unit for unit in units if superior_of.get(unit) not in barred})
