from __future__ import annotations

from dataclasses import replace

import pytest

from casework.routing import (
    About,
    Arbitration,
    Routed,
    RoutingTable,
    Unrouted,
    as_routing,
    own_basis,
)
from rules.model import (
    BasisKind,
    Contact,
    DemandClass,
    Designation,
    Label,
    Location,
    Pack,
    Route,
    Target,
    UnitEntry,
)
from tests.demo import demo_pack
from tests.rules.tiny import tiny_pack

HERE = Location("x.yaml", 1, 1)
NOBODY = Contact("示例", "示例", "000")
COMPLAINT = DemandClass.COMPLAINT


def unit(name: str, *duties: str, superior: str | None = None, family: str = "OTHER") -> UnitEntry:
    label = Label(f"单位{name}", f"Unit {name}")
    return UnitEntry(
        name, label, name, family, "department", superior, duties, NOBODY, NOBODY, NOBODY, (name,), HERE
    )


def route(name: str, lead: Target, kind: BasisKind = BasisKind.STATUTE, **where: str) -> Route:
    zone, place_kind = where.get("zone"), where.get("place_kind")
    return Route(name, "noise", zone, place_kind, lead, (), kind, f"依据{name}", HERE)


def table(*routes: Route, designations: tuple[Designation, ...] = ()) -> RoutingTable:
    return RoutingTable(pack_of(*routes, designations=designations))


def pack_of(*routes: Route, designations: tuple[Designation, ...] = ()) -> Pack:
    units = (
        unit("county"),
        unit("a", superior="county", family="HOUSING"),
        unit("b", superior="a"),
        unit("town", superior="county", family="TOWNSHIP"),
        unit("watch", "discipline"),
        unit("rest", "backstop", superior="county"),
    )
    return replace(tiny_pack(), units=units, routes=routes, designations=designations)


def about(**known: str | tuple[str, ...] | None) -> About:
    return replace(About("noise", COMPLAINT), **known)  # type: ignore[arg-type]  # names of About


A, B, TERRITORY = Target(unit="a"), Target(unit="b"), Target(territory=True)


@pytest.mark.parametrize(
    ("routes", "where", "expected"),
    [
        # a route for the zone beats the one for everywhere
        ((route("all", A), route("rural", B, zone="rural")), {"zone": "rural"}, "rural"),
        # … but only in that zone
        ((route("all", A), route("rural", B, zone="rural")), {"zone": "urban"}, "all"),
        ((route("all", A), route("rural", B, zone="rural")), {}, "all"),
        # two conditions beat one
        (
            (route("zone", A, zone="urban"), route("both", B, zone="urban", place_kind="river")),
            {"zone": "urban", "place_kind": "river"},
            "both",
        ),
        # among equally special ones the rank of the basis decides
        ((route("list", A, BasisKind.DUTY_LIST), route("law", B, BasisKind.STATUTE)), {}, "law"),
        (
            (route("first", A, BasisKind.FIRST_RECEIVER), route("doc", B, BasisKind.COUNTY_DOCUMENT)),
            {},
            "doc",
        ),
        # among equals the order of the pack decides
        ((route("one", A), route("two", B)), {}, "one"),
    ],
)
def test_the_most_special_route_wins_then_the_rank_of_its_basis(
    routes: tuple[Route, ...], where: dict[str, str], expected: str
):
    decision = table(*routes).route(about(**where))

    assert isinstance(decision, Routed)
    assert decision.route == expected
    assert decision.basis == f"依据{expected}"


def test_an_unset_designation_is_never_guessed():
    asked = Designation("night", Label("夜间", "Night"), None, None, ("b", "a"), "法条", HERE)
    with_assist = replace(route("r", Target(designated="night")), assist=(A, Target(unit="rest")))
    decision = table(with_assist, designations=(asked,)).route(about())

    assert isinstance(decision, Arbitration)
    assert decision.candidates == ("b", "a")
    assert decision.assist == ("rest",)
    assert as_routing(decision).lead is None
    assert as_routing(decision).ruling_needed is not None
    assert as_routing(decision).candidates == ("b", "a")


def test_a_designation_that_is_set_leads():
    asked = Designation("night", Label("夜间", "Night"), "b", "文号", ("b", "a"), "法条", HERE)
    decision = table(route("r", Target(designated="night")), designations=(asked,)).route(about())

    assert isinstance(decision, Routed)
    assert decision.lead == "b"


def test_the_unit_of_the_territory_leads_where_the_place_is_known():
    decision = table(route("r", TERRITORY)).route(about(territory="town"))

    assert isinstance(decision, Routed)
    assert decision.lead == "town"


def test_an_unknown_territory_goes_to_a_person_with_the_backstop_unit():
    routes = table(route("r", TERRITORY))
    decision = routes.route(about())

    assert isinstance(decision, Unrouted)
    assert decision.backstop == "rest"
    assert routes.family_of(decision) == "TOWNSHIP"
    assert as_routing(decision).candidates == ("rest",)


@pytest.mark.parametrize("topic", [None, "unknown_topic"])
def test_without_a_route_the_backstop_unit_stands_ready(topic: str | None):
    decision = table(route("r", A)).route(about(topic=topic))

    assert isinstance(decision, Unrouted)
    assert decision.backstop == "rest"
    assert decision.reasons


def test_the_lead_does_not_assist_itself_and_nobody_assists_twice():
    doubled = replace(route("r", A), assist=(A, B, B, TERRITORY, Target(unit="rest")))
    decision = table(doubled).route(about(territory="rest"))

    assert isinstance(decision, Routed)
    assert decision.assist == ("b", "rest")


def test_an_accusation_goes_to_discipline_inspection_whatever_the_topic():
    decision = table(route("r", A)).route(about(demand=DemandClass.ACCUSATION, accused=("a",)))

    assert isinstance(decision, Routed)
    assert (decision.lead, decision.assist) == ("watch", ())
    assert decision.excluded == {"a", "b"}


def test_nobody_judges_an_accusation_against_discipline_inspection_itself():
    decision = table(route("r", A)).route(about(demand=DemandClass.ACCUSATION, accused=("watch",)))

    assert isinstance(decision, Unrouted)
    assert decision.backstop is None
    assert as_routing(decision).candidates == ()


@pytest.mark.parametrize(
    ("accused", "is_case"),
    [
        (("county_committee",), True),  # the head of discipline inspection reads it
        (("cyberspace", "supervision", "target", "discipline"), True),  # the higher authority does
        (("discipline",), False),  # the office has it on its desk
        (("cyberspace", "supervision", "discipline"), False),
    ],
)
def test_what_nobody_with_a_persons_desk_may_read_is_a_case_at_once(
    accused: tuple[str, ...],
    is_case: bool,  # noqa: FBT001 - a column of the table
):
    duties = {duty: one.id for one in demo_pack().units for duty in one.duties}
    units = tuple(duties.get(one, one) for one in accused)
    decision = RoutingTable(demo_pack()).route(About(None, DemandClass.ACCUSATION, accused=units))

    assert isinstance(decision, Unrouted)
    assert decision.is_read_without_desk is is_case


def test_the_demo_county_asks_for_a_ruling_on_noise_of_night_works():
    decision = RoutingTable(demo_pack()).route(About("construction_noise", COMPLAINT))

    assert isinstance(decision, Arbitration)
    assert decision.candidates[0] == "enforcement"


def test_an_assisting_unit_has_the_law_that_the_route_gives_it_and_any_other_none():
    helpers = (replace(B, basis="乙法第一条"), replace(TERRITORY, basis="乡镇法"), Target(unit="rest"))
    pack = pack_of(replace(route("r", A), assist=helpers))

    assert own_basis(pack, "noise", "依据r", "b") == "乙法第一条"
    assert own_basis(pack, "noise", "依据r", "town") == "乡镇法"
    assert own_basis(pack, "noise", "依据r", "rest") == ""
    assert own_basis(pack, "noise", "会议纪要", "b") == ""
    assert own_basis(pack, None, "依据r", "b") == ""


def test_helpers_of_the_demo_county_have_a_basis_only_where_they_have_a_law_of_their_own():
    pack = demo_pack()
    routes = {one.id: one for one in pack.routes}
    dance, pay = routes["r_square_dance"], routes["r_construction_wages"]

    assert "第八十七条" in own_basis(pack, dance.topic, dance.basis, "police")
    assert own_basis(pack, dance.topic, dance.basis, "culture") == ""
    assert {own_basis(pack, pay.topic, pay.basis, unit) for unit in ("housing", "finance")} == {
        "《保障农民工工资支付条例》第七条"
    }
