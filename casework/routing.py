"""Who handles a post: topic × place × class of demand to a lead unit, assisting units and the basis.

Pure. It never guesses: what the county has not designated goes to arbitration, what has no route to a person
with the backstop unit. An accusation goes to discipline inspection and to nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from casework.judgement import Routing
from casework.recusal import DESKS_OF_PERSONS, Recused, Seat, keeper_of
from rules.model import BasisKind, DemandClass, Designation, Label, Pack, Route, Target, UnitEntry
from rules.rulebook import Rulebook

TOWNSHIP = "TOWNSHIP"  # family of the units that territories have
DISCIPLINE, BACKSTOP = "discipline", "backstop"  # duties in units.yaml
_RANK = {kind: rank for rank, kind in enumerate(BasisKind)}
"""**Source:** domain.md §9.4, in this order."""


@dataclass(frozen=True, slots=True)
class About:
    """What the route depends on.

    Attributes:
        topic: None where unknown.
        zone: urban, rural or None.
        territory: unit of the place, None where unknown.
        accused: units that an accusation, or a post that may be one, concerns.
    """

    topic: str | None
    demand: DemandClass
    zone: str | None = None
    place_kind: str | None = None
    territory: str | None = None
    accused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routed:
    """A lead unit, by a route of the pack or as an accusation (then `route` is None)."""

    lead: str
    assist: tuple[str, ...]
    basis: str
    basis_kind: BasisKind
    route: str | None
    reasons: tuple[Label, ...]
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Arbitration:
    """The county has not designated anybody: an office must rule. Candidates in the order of the law."""

    designation: str
    candidates: tuple[str, ...]
    assist: tuple[str, ...]
    basis: str
    route: str
    reasons: tuple[Label, ...]
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unrouted:
    """Nobody can be named: a person decides; the backstop unit stands ready.

    Attributes:
        family: kind of unit it would be, where that much is known.
        is_read_without_desk: an accusation that no desk of the county may read, but the head of discipline
            inspection or the higher authority may; it becomes a case, because they have no person's desk.
    """

    backstop: str | None
    reasons: tuple[Label, ...]
    family: str | None = None
    basis: str = ""
    assist: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    is_read_without_desk: bool = False


Decision = Routed | Arbitration | Unrouted


class RoutingTable:
    """Units, routes and designations of one pack, made ready for asking."""

    def __init__(self, pack: Pack) -> None:
        self.units: Mapping[str, UnitEntry] = {unit.id: unit for unit in pack.units}
        self._designations: Mapping[str, Designation] = {d.id: d for d in pack.designations}
        self._routes: dict[str, list[Route]] = {}
        for route in pack.routes:
            self._routes.setdefault(route.topic, []).append(route)
        self._families: dict[tuple[str, str | None, str | None, str | None], str | None] = {}
        self.discipline = self._holder(DISCIPLINE)
        self.backstop = self._holder(BACKSTOP)
        self._seats = {seat: self._holder(seat.value) for seat in Seat}

    def _holder(self, duty: str) -> str | None:
        return next((unit.id for unit in self.units.values() if duty in unit.duties), None)

    def below(self, names: Iterable[str]) -> frozenset[str]:
        """Return these units with all units below them, however deep."""
        roots = frozenset(names)
        return frozenset(unit for unit in self.units if roots & set(self._upwards(unit))) | (
            roots & frozenset(self.units)
        )

    def _upwards(self, name: str) -> list[str]:
        chain = [name]
        while (above := self.units[chain[-1]].superior) is not None and above in self.units:
            if above in chain:
                break
            chain.append(above)
        return chain

    def route(self, about: About) -> Decision:
        """Return who handles it.

        | case | decision |
        |---|---|
        | accusation | discipline inspection alone; none where it is accused itself, or below the accused |
        | the topic has no route that fits | unrouted, with the backstop unit |
        | several fit | most conditions met, then rank of the basis (domain.md §9.4), then order |
        | the lead is a designation that is not set | arbitration among its candidates |
        | the lead is the territory and the place is unknown | unrouted, with the backstop unit |
        | whoever would get it is accused, or stands above or below the accused | as an accusation |
        """
        if about.demand is DemandClass.ACCUSATION:
            return self._accusation(about)
        route = self._best(about)
        if route is None:
            return Unrouted(self.backstop, (_NO_TOPIC if about.topic is None else _no_route(about.topic),))
        decision = self._follow(route, about)
        return self._accusation(about) if self._reaches(decision, about.accused) else decision

    def _reaches(self, decision: Decision, accused: tuple[str, ...]) -> bool:
        """Return whether a unit that may be accused, or one above or below it, is among those that get it."""
        if not accused:
            return False
        near = self.below(accused) | {
            unit for name in accused if name in self.units for unit in self._upwards(name)
        }
        getting = set(decision.assist)
        if isinstance(decision, Routed):
            getting.add(decision.lead)
        elif isinstance(decision, Arbitration):
            getting.update(decision.candidates)
        return bool(near & getting)

    def _accusation(self, about: About) -> Decision:
        excluded = self.below(about.accused)
        if self.discipline is None or self.discipline in excluded:
            keeper = keeper_of(self._recused(about.accused, excluded))
            return Unrouted(
                None,
                (DISCIPLINE_ACCUSED,),
                excluded=excluded,
                is_read_without_desk=keeper in {Seat.DISCIPLINE, Seat.HIGHER},
            )
        reasons = [_ACCUSATION]
        if excluded:
            reasons.append(_excluding([self._name(unit) for unit in about.accused if unit in self.units]))
        return Routed(
            self.discipline, (), ACCUSATION_BASIS, BasisKind.STATUTE, None, tuple(reasons), excluded
        )

    def desks_among(self, units: Iterable[str]) -> frozenset[str]:
        """Return those of the units at whose desk posts are read before they are a case."""
        at = {unit for seat, unit in self._seats.items() if seat in DESKS_OF_PERSONS and unit is not None}
        return frozenset(at.intersection(units))

    def recused(self, accused: tuple[str, ...]) -> Recused:
        """Return the seats that a post concerns which accuses, or may accuse, these units."""
        return self._recused(accused, self.below(accused))

    def _recused(self, accused: tuple[str, ...], excluded: frozenset[str]) -> Recused:
        return Recused(
            shut=frozenset(seat for seat, unit in self._seats.items() if unit in excluded),
            named=frozenset(seat for seat, unit in self._seats.items() if unit in accused),
        )

    def _best(self, about: About) -> Route | None:
        if about.topic is None:
            return None
        fitting = [route for route in self._routes.get(about.topic, ()) if _fits(route, about)]
        # Sorting is stable: among equals the order of the pack decides.
        return min(fitting, key=lambda r: (-_conditions(r), _RANK[r.basis_kind]), default=None)

    def _follow(self, route: Route, about: About) -> Decision:
        lead = self._unit(route.lead, about)
        assist = tuple(
            dict.fromkeys(
                unit for target in route.assist if (unit := self._unit(target, about)) and unit != lead
            )
        )
        if lead is not None:
            reason = _by_route(self._name(lead), route.basis)
            return Routed(lead, assist, route.basis, route.basis_kind, route.id, (reason,))
        if route.lead.designated is not None:
            asked = self._designations[route.lead.designated]
            assist = tuple(unit for unit in assist if unit not in asked.candidates)
            return Arbitration(
                asked.id, asked.candidates, assist, asked.basis, route.id, (_undesignated(asked.title),)
            )
        return Unrouted(self.backstop, (_NO_TERRITORY,), TOWNSHIP, route.basis, assist)

    def _unit(self, target: Target, about: About) -> str | None:
        if target.unit is not None:
            return target.unit
        if target.designated is not None:
            return self._designations[target.designated].unit
        return about.territory if about.territory in self.units else None

    def _name(self, unit: str) -> Label:
        return self.units[unit].name

    def family_of(self, decision: Decision) -> str | None:
        """Return the family code of the unit that leads, or would lead if the first candidate is chosen."""
        if isinstance(decision, Routed):
            return self.units[decision.lead].family
        if isinstance(decision, Arbitration):
            return self.units[decision.candidates[0]].family if decision.candidates else None
        if decision.family is not None:
            return decision.family
        return self.units[decision.backstop].family if decision.backstop is not None else None

    def family_of_topic(
        self, topic: str, zone: str | None, place_kind: str | None, territory: str | None
    ) -> str | None:
        """Return the family code of the unit that would lead for a topic at a place; remembered."""
        key = (topic, zone, place_kind, territory)
        if key not in self._families:
            about = About(topic, DemandClass.REQUEST, zone, place_kind, territory)
            self._families[key] = self.family_of(self.route(about))
        return self._families[key]


def own_basis(pack: Pack, topic: str | None, basis: str, unit: str) -> str:
    """Return the law that an assisting unit has of its own, empty where it merely helps the lead.

    Args:
        pack: in force.
        topic: of the case.
        basis: on which its lead was chosen; after a ruling by hand no route has it, and nothing is known.
        unit: code of the assisting unit.
    """
    family = next((one.family for one in pack.units if one.id == unit), None)
    routes = [route for route in pack.routes if (route.topic, route.basis) == (topic, basis)]
    helpers = [target for route in routes for target in route.assist]
    for target in helpers:
        if target.unit == unit or (target.territory and family == TOWNSHIP):
            return target.basis
    return ""


@lru_cache(maxsize=8)
def routing_table_of(rulebook: Rulebook) -> RoutingTable:
    """Return the routing table of a rulebook, made ready once."""
    return RoutingTable(rulebook.pack)


def as_routing(decision: Decision) -> Routing:
    """Return the decision in the words of a judgement: a lead, or the reason why a ruling is needed."""
    if isinstance(decision, Routed):
        return Routing(decision.lead, decision.assist, decision.basis, reasons=decision.reasons)
    if isinstance(decision, Arbitration):
        return Routing(
            None,
            decision.assist,
            decision.basis,
            ruling_needed=decision.reasons[0],
            candidates=decision.candidates,
            reasons=decision.reasons,
        )
    candidates = () if decision.backstop is None else (decision.backstop,)
    return Routing(
        None,
        decision.assist,
        decision.basis,
        ruling_needed=decision.reasons[0],
        candidates=candidates,
        reasons=decision.reasons,
    )


def _fits(route: Route, about: About) -> bool:
    return route.zone in {None, about.zone} and route.place_kind in {None, about.place_kind}


def _conditions(route: Route) -> int:
    return (route.zone is not None) + (route.place_kind is not None)


ACCUSATION_BASIS = "《信访工作条例》第二十二条、第三十条：检举控告不得转给被检举控告的单位和人员"
_ACCUSATION = Label(
    "属检举控告：保密办理，只交纪检监察机关。",
    "An accusation: confidential, for discipline inspection alone.",
)
DISCIPLINE_ACCUSED = Label(
    "被检举控告的正是纪检监察机关或其上级：应由上级机关受理，请人工处理。",
    "Discipline inspection itself, or a body above it, is accused: a higher authority must take it.",
)
_NO_TOPIC = Label("不能判断主题，没有可用的路由。", "The topic is unknown: there is no route.")
_NO_TERRITORY = Label(
    "应由属地乡镇（街道）主办，但不知道地点。", "The town of the territory leads, but the place is unknown."
)


def _no_route(topic: str) -> Label:
    return Label(f"主题「{topic}」没有适用的路由。", f'No route fits the topic "{topic}".')


def _by_route(unit: Label, basis: str) -> Label:
    return Label(f"由{unit.zh}主办，依据：{basis}", f"{unit.en} leads; basis: {basis}")


def _undesignated(title: Label) -> Label:
    return Label(
        f"县政府尚未指定{title.zh}，须裁定，不得推定。",
        f"The county has not designated the {title.en[:1].lower()}{title.en[1:]}: a ruling is needed.",
    )


def _excluding(units: list[Label]) -> Label:
    return Label(
        f"被检举控告的单位及其下属单位一律回避：{'、'.join(u.zh for u in units)}",
        f"The accused and all units below them are excluded: {', '.join(u.en for u in units)}",
    )
