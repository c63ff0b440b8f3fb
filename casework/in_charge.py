"""Who has a case in charge, as papers and pages name it: the office, a desk, or whoever stands in for it.

Who that is decides `recusal`; here it gets its names and its telephone from the register of units.
"""

from __future__ import annotations

from dataclasses import dataclass

from casework.recusal import SEAT_OF, Recused, Seat, is_shut_out, keeper_of
from casework.roles import Desk
from rules.model import Label, Pack


@dataclass(frozen=True, slots=True)
class InCharge:
    """An office to which a unit turns.

    Attributes:
        seat: who it is; the higher authority where every office of the county is accused by name.
        full: as it signs a paper.
        short: as a text refers to it.
        phone: of its liaison; empty where the register has none.
    """

    seat: Seat
    full: str
    short: Label
    phone: str = ""


_UPWARDS = InCharge(Seat.HIGHER, "上级受理机关", Label("上级受理机关", "the higher authority"))


def contact_of(pack: Pack, recused: Recused) -> InCharge:
    """Return through whom a unit reaches the person and to whom an accusation's result goes.

    Args:
        pack: in force, for names and telephones.
        recused: the desks that must not read the case; nobody's for an ordinary one.
    """
    return _named(pack, keeper_of(recused))


def issuer_of(pack: Pack, desk: Desk, recused: Recused) -> InCharge:
    """Return who gives an order: the desk that supervises the case, or who has it in hand where that may not.

    Args:
        pack: in force, for names and telephones.
        desk: that supervises the grade.
        recused: the desks that must not read the case; nobody's for an ordinary one.
    """
    return _named(pack, signing_seat(desk, recused))


def signing_seat(desk: Desk, recused: Recused) -> Seat:
    """Return the seat that gives the orders of a desk; the higher authority where nobody may."""
    seat = SEAT_OF[desk]
    return keeper_of(recused) if is_shut_out(seat, recused) else seat


def _named(pack: Pack, seat: Seat) -> InCharge:
    if seat is Seat.HIGHER:
        return _UPWARDS
    unit = next((unit for unit in pack.units if seat.value in unit.duties), None)
    phone = unit.liaison.phone if unit else ""
    match seat:
        case Seat.CYBERSPACE:
            return InCharge(
                seat, f"{pack.county.zh}网信办", Label("县网信办", "the county's cyberspace office"), phone
            )
        case Seat.SUPERVISION:
            full = f"中共{pack.county.zh}委书记督查室"
            return InCharge(seat, full, Label("书记督查室", "the supervision office"), phone)
        case Seat.TARGET:
            short = Label("目督办", "the target office")
        case Seat.DISCIPLINE:
            short = Label("纪委监委", "discipline inspection")
    return InCharge(seat, unit.name.zh if unit else short.zh, short, phone)
