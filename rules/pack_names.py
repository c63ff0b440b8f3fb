"""Follows every name of a pack to what it names.

A name whose file is missing is not reported: the missing file is. It judges no meaning; `check` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from rules import checks
from rules.expressions import pattern_fault
from rules.model import Label, Location, Pack, Pattern, Places, SignalRef, Target, Terms
from rules.pack_conditions import check_conditions
from rules.problem import Notes, shown
from rules.walk import ring_members, walk


def check_names(pack: Pack, read: Collection[str], notes: Notes) -> None:
    """File every name that leads nowhere, stands twice, or runs in a ring.

    Args:
        pack: as far as it could be read.
        read: names of the files that were read.
        notes: receives the problems.
    """
    _duplicates(pack, notes)
    _check_matchers(pack, read, notes)
    _check_topics(pack, read, notes)
    _check_places_and_routes(pack, read, notes)
    check_conditions(pack, read, notes)


def _duplicates(pack: Pack, notes: Notes) -> None:
    kinds: tuple[tuple[str, str, Iterable[tuple[str, Location]]], ...] = (
        ("词库", "lexicon", ((x.id, x.at) for x in pack.lexicons)),
        ("特征", "signal", ((x.id, x.at) for x in pack.signals)),
        ("主题", "topic", ((x.id, x.at) for x in pack.topics)),
        ("地点", "place", ((x.id, x.at) for x in pack.places)),
        ("单位", "unit", ((x.id, x.at) for x in pack.units)),
        ("指定事项", "designation", ((x.id, x.at) for x in pack.designations)),
        ("路由", "route", ((x.id, x.at) for x in pack.routes)),
        ("规则", "rule", ((x.id, x.at) for x in (*pack.severity, *pack.scoring))),
        ("督办步骤", "step", ((x.id, x.at) for x in pack.ladder)),
    )
    for zh, en, pairs in kinds:
        seen: dict[str, Location] = {}
        for name, at in pairs:
            if name and name in seen:
                first = f"{seen[name].file}:{seen[name].line}"
                notes.about(name).found(
                    checks.DUPLICATE,
                    at,
                    f"{zh}「{name}」重复，已见于 {first}",
                    f'duplicate {en} "{name}", first at {first}',
                )
            seen.setdefault(name, at)


def _check_matchers(pack: Pack, read: Collection[str], notes: Notes) -> None:
    lexicons = {lexicon.id: _alone(lexicon.title) for lexicon in pack.lexicons}
    signals = {signal.id: signal.title for signal in pack.signals}
    places = {place.id: _alone(place.name) for place in pack.places}
    owned = [(signal.id, signal.match) for signal in pack.signals]
    owned += [(topic.id, part.match) for topic in pack.topics for part in topic.evidence]
    for owner, top in owned:
        mine = notes.about(owner)
        for matcher in walk(top):
            if isinstance(matcher, Terms) and "lexicons.yaml" in read:
                _check_lexicons(matcher, lexicons, mine)
            elif isinstance(matcher, SignalRef) and "signals.yaml" in read:
                _known(matcher.signal, signals, ("特征", "signal"), matcher.at, mine)
            elif isinstance(matcher, Places) and "places.yaml" in read:
                _check_places(matcher, places, mine)
            elif isinstance(matcher, Pattern):
                _check_pattern(matcher, mine)
    _signal_rings(pack, notes)


def _check_lexicons(matcher: Terms, lexicons: Mapping[str, Label], notes: Notes) -> None:
    for name in matcher.lexicons:
        _known(name, lexicons, ("词库", "lexicon"), matcher.at, notes)


def _check_places(matcher: Places, places: Mapping[str, Label], notes: Notes) -> None:
    for name in matcher.ids:
        _known(name, places, ("地点", "place"), matcher.at, notes)


def _known(name: str, titles: Mapping[str, Label], kind: tuple[str, str], at: Location, notes: Notes) -> None:
    """File a name that is none of these; one that could not be read was told of before."""
    if name and name not in titles:
        notes.unknown(at, *kind, name, titles, titles)


def _alone(title: str) -> Label:
    return Label(title, "")


def _check_pattern(pattern: Pattern, notes: Notes) -> None:
    fault = pattern_fault(pattern.regex)
    if fault is not None:
        fault = shown(fault)
        notes.found(
            checks.EXPRESSION, pattern.at, f"表达式不可用：{fault}", f"the expression cannot be used: {fault}"
        )


def _signal_rings(pack: Pack, notes: Notes) -> None:
    needs = {
        signal.id: {m.signal for m in walk(signal.match) if isinstance(m, SignalRef)}
        for signal in pack.signals
    }
    at = {signal.id: signal.at for signal in pack.signals}
    for name in sorted(ring_members(needs)):
        notes.about(name).found(
            checks.RING,
            at[name],
            f"特征「{name}」循环引用自身",
            f'signal "{name}" refers to itself in a ring',
        )


def _check_topics(pack: Pack, read: Collection[str], notes: Notes) -> None:
    if "pack.yaml" not in read:
        return
    for topic in pack.topics:
        if topic.group and topic.group not in pack.groups:
            notes.about(topic.id).unknown(topic.at, "大类", "group", topic.group, pack.groups)


def _check_places_and_routes(pack: Pack, read: Collection[str], notes: Notes) -> None:
    places = {place.id: _alone(place.name) for place in pack.places}
    units = {unit.id: unit.name for unit in pack.units} if "units.yaml" in read else None
    for place in pack.places:
        mine = notes.about(place.id)
        _unit_name(place.unit, place.at, units, mine)
        if place.within is not None:
            _known(place.within, places, ("地点", "place"), place.at, mine)
    for unit in pack.units:
        _unit_name(unit.superior, unit.at, units, notes.about(unit.id))
    for designation in pack.designations:
        for name in (designation.unit, *designation.candidates):
            _unit_name(name, designation.at, units, notes.about(designation.id))
    topics = {topic.id: topic.title for topic in pack.topics}
    designations = {designation.id: designation.title for designation in pack.designations}
    for route in pack.routes:
        mine = notes.about(route.id)
        if "topics.yaml" in read:
            _known(route.topic, topics, ("主题", "topic"), route.at, mine)
        for target in (route.lead, *route.assist):
            _target(target, route.at, units, designations, mine)
    _hierarchy_rings(pack, notes)


def _target(
    target: Target,
    at: Location,
    units: Mapping[str, Label] | None,
    designations: Mapping[str, Label],
    notes: Notes,
) -> None:
    _unit_name(target.unit, at, units, notes)
    if target.designated is not None:
        _known(target.designated, designations, ("指定事项", "designation"), at, notes)


def _unit_name(name: str | None, at: Location, units: Mapping[str, Label] | None, notes: Notes) -> None:
    if name and units is not None:
        _known(name, units, ("单位", "unit"), at, notes)


def _hierarchy_rings(pack: Pack, notes: Notes) -> None:
    for zh, en, parents, at in (
        (
            "上级单位",
            "superiors",
            {u.id: {u.superior} if u.superior else set[str]() for u in pack.units},
            {u.id: u.at for u in pack.units},
        ),
        (
            "上级地点",
            "larger places",
            {p.id: {p.within} if p.within else set[str]() for p in pack.places},
            {p.id: p.at for p in pack.places},
        ),
    ):
        for name in sorted(ring_members(parents)):
            notes.about(name).found(checks.RING, at[name], f"{zh}形成循环", f"the {en} run in a ring")
