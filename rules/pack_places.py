"""Reads places.yaml, units.yaml and routing.yaml. It does not follow names: `pack_names` does."""

from __future__ import annotations

from dataclasses import replace

from rules.fields import Fields, as_flag, as_name, one_of
from rules.model import BasisKind, Contact, Designation, Location, Place, Route, Target, UnitEntry
from rules.problem import Notes
from rules.yamltree import Leaf, Node

PLACE_KINDS = ("street", "town", "village", "estate", "river", "road", "school", "site")
UNIT_KINDS = ("party", "government", "department", "township", "vertical", "enterprise", "group", "judicial")
ZONES = ("urban", "rural")
DUTIES = (
    "cyberspace",
    "supervision",
    "target",
    "discipline",
    "publisher",
    "leading_group",
    "backstop",
)


def read_places(fields: Fields) -> tuple[Place, ...]:
    """Return the gazetteer of places.yaml."""
    return fields.each("places", _place)


def read_units(fields: Fields) -> tuple[UnitEntry, ...]:
    """Return the units of units.yaml."""
    return fields.each("units", _unit)


def read_designations(fields: Fields) -> tuple[Designation, ...]:
    """Return the designations of routing.yaml."""
    return fields.each("designations", _designation)


def read_routes(fields: Fields) -> tuple[Route, ...]:
    """Return the routes of routing.yaml."""
    return fields.each("routes", _route)


def _word(fields: Fields, key: str, options: tuple[str, ...]) -> str:
    return _known(fields.text(key), fields.key_at(key), options, fields.notes)


def _word_or_none(fields: Fields, key: str, options: tuple[str, ...]) -> str | None:
    return _word(fields, key, options) if fields.has(key) else None


def _known(word: str, at: Location, options: tuple[str, ...], notes: Notes) -> str:
    if word and word not in options:
        listed_zh, listed = "、".join(options), ", ".join(options)
        notes.unknown(at, f"选项（可选：{listed_zh}）", f"option ({listed})", word, options)
    return word


def _place(fields: Fields) -> Place:
    name = fields.name("id")
    fields.notes = fields.notes.about(name)
    return Place(
        id=name,
        name=fields.text("name"),
        kind=_word(fields, "kind", PLACE_KINDS),
        aliases=fields.texts("aliases"),
        within=fields.name_or_none("within"),
        unit=fields.name_or_none("unit"),
        zone=_word(fields, "zone", ZONES),
        at=fields.at,
    )


def _unit(fields: Fields) -> UnitEntry:
    name = fields.name("id")
    notes = fields.notes = fields.notes.about(name)
    title = fields.label("name")
    contacts = fields.node("contacts")
    if contacts is None:
        first = deputy = liaison = Contact("", "", "")
    else:
        inner = Fields(contacts, notes)
        first, deputy, liaison = (_contact(inner, r) for r in ("first_responsible", "deputy", "liaison"))
        inner.close()
    duties = fields.texts("duties")
    for duty in duties:
        _known(duty, fields.key_at("duties"), DUTIES, notes)
    return UnitEntry(
        id=name,
        name=title,
        short=fields.text_or_none("short") or title.zh,
        family=fields.text("family"),
        kind=_word(fields, "kind", UNIT_KINDS),
        superior=fields.name_or_none("superior"),
        duties=duties,
        first_responsible=first,
        deputy=deputy,
        liaison=liaison,
        mentions=fields.texts("mentions"),
        at=fields.at,
    )


def _contact(fields: Fields, role: str) -> Contact:
    """Read a contact role; `check` reports the ones that are absent."""
    node = fields.node(role)
    if node is None:
        return Contact("", "", "")
    inner = Fields(node, fields.notes)
    contact = Contact(inner.text("name"), inner.text("title"), inner.text("phone"))
    inner.close()
    return contact


def _designation(fields: Fields) -> Designation:
    name = fields.name("id")
    fields.notes = fields.notes.about(name)
    return Designation(
        id=name,
        title=fields.label("title"),
        unit=fields.name_or_none("unit"),
        document=fields.text_or_none("document"),
        candidates=fields.names("candidates"),
        basis=fields.text("basis"),
        at=fields.at,
    )


def _route(fields: Fields) -> Route:
    name = fields.name("id")
    notes = fields.notes = fields.notes.about(name)
    lead = fields.required("lead")
    return Route(
        id=name,
        topic=fields.name("topic"),
        zone=_word_or_none(fields, "zone", ZONES),
        place_kind=_word_or_none(fields, "place_kind", PLACE_KINDS),
        lead=Target() if lead is None else _target(lead, notes),
        assist=tuple(_target(node, notes, assists=True) for node in fields.items("assist")),
        basis_kind=fields.choice("basis_kind", BasisKind),
        basis=fields.text("basis"),
        at=fields.at,
    )


def _target(node: Node, notes: Notes, *, assists: bool = False) -> Target:
    """Read whom a route names; an assisting unit may be given a basis of its own."""
    if isinstance(node, Leaf):
        return Target(unit=as_name(node, notes) or None)
    fields = Fields(node, notes)
    keys = ("unit", "designated", "territory") if assists else ("designated", "territory")
    which = one_of(fields, keys, "办理单位", "a target")
    target = Target()
    if which == "unit":
        target = Target(unit=fields.name("unit") or None)
    elif which == "designated":
        target = Target(designated=fields.name("designated") or None)
    elif which == "territory":
        value = fields.required("territory")
        if value is not None and not as_flag(value, notes):
            notes.error(value.at, "territory 只能写 true", "territory can only be true")
        target = Target(territory=True)
    if assists:
        target = replace(target, basis=fields.text_or_none("basis") or "")
    fields.close()
    return target
