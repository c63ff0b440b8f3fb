"""Who is to act: units, what the county left to be designated, and the table of duties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.model.words import Label, Location


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact role of a unit (第一责任人, 分管负责人, 联络员)."""

    name: str
    title: str
    phone: str


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A responsible unit as the pack lists it. `duties` are special offices it holds."""

    id: str
    name: Label
    short: str
    family: str  # code of grading.md, e.g. HOUSING
    kind: str  # party, government, department, township, vertical, enterprise, group, judicial
    superior: str | None
    duties: tuple[str, ...]  # cyberspace, supervision, target, discipline, publisher, backstop …
    first_responsible: Contact
    deputy: Contact
    liaison: Contact
    mentions: tuple[str, ...]  # names by which texts speak of it (for accusations)
    at: Location


@dataclass(frozen=True, slots=True)
class Designation:
    """A duty that the county government must give to a unit. Unset: arbitration, never a guess."""

    id: str
    title: Label
    unit: str | None
    document: str | None  # number of the county document that set it
    candidates: tuple[str, ...]  # shown to the arbitrating office, in order of the law
    basis: str
    at: Location


@dataclass(frozen=True, slots=True)
class Target:
    """Who a route names: a unit, a designation, or the unit of the territory of the place.

    Attributes:
        basis: law of an assisting unit's own; empty where it merely helps the lead.
    """

    unit: str | None = None
    designated: str | None = None
    territory: bool = False
    basis: str = ""


class BasisKind(StrEnum):
    """Rank of a basis; the first listed wins. Source: domain.md §9.4 decision order."""

    STATUTE = "statute"
    COUNTY_DOCUMENT = "county_document"
    DUTY_LIST = "duty_list"
    EMPOWERMENT = "empowerment"
    FIRST_RECEIVER = "first_receiver"
    DESIGNATION = "designation"


@dataclass(frozen=True, slots=True)
class Route:
    """Lead and assisting units for a topic, optionally for one zone or kind of place only."""

    id: str
    topic: str
    zone: str | None  # urban, rural; None: any
    place_kind: str | None
    lead: Target
    assist: tuple[Target, ...]
    basis_kind: BasisKind
    basis: str
    at: Location
