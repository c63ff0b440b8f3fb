"""Everything that a pack says, by subject and id, each part in words. It compares nothing: `diff` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from rules import diff_words as say
from rules.condition_words import ConditionWords
from rules.diff_names import Named, by_id
from rules.diff_words import listed, same
from rules.model import Label, Pack, Route, Rule, RuleKind
from rules.value_words import (
    BASIS_WORDS,
    DEMAND_WORDS,
    DUTY_WORDS,
    PLACE_KIND_WORDS,
    SIGNAL_KIND_WORDS,
    STATUS_WORDS,
    UNIT_KIND_WORDS,
    ZONE_WORDS,
)
from rules.vocabulary import of_pack

T = TypeVar("T")
Said = Mapping[str, Label]
"""The parts of one thing: what the part is called in English -> what it says."""


class Subject(StrEnum):
    """What kind of thing it is, in the order of the report."""

    RULE = "rule"
    SCORING = "scoring"
    SIGNAL = "signal"
    LEXICON = "lexicon"
    TOPIC = "topic"
    ROUTE = "route"
    DESIGNATION = "designation"
    UNIT = "unit"
    PLACE = "place"
    DEADLINE = "deadline"
    LADDER = "ladder"
    CALENDAR = "calendar"
    SETTING = "setting"
    DISMISSAL = "dismissal"
    HEAD = "head"


def things_of(pack: Pack) -> Mapping[Subject, Mapping[str, Said]]:
    """Return everything that a pack says, by subject and id."""
    words = {kind: ConditionWords(pack, of_pack(pack, kind)) for kind in RuleKind}
    return {
        Subject.RULE: {rule.id: _rule(rule, words[RuleKind.SEVERITY]) for rule in pack.severity},
        Subject.SCORING: {rule.id: _rule(rule, words[RuleKind.SCORING]) for rule in pack.scoring},
        **_language(pack),
        **_county(pack),
        **_times(pack),
        Subject.SETTING: _each(pack.settings, lambda one: one[0], lambda one: {"value": same(one[1])}),
        Subject.DISMISSAL: _each(pack.dismissals, lambda one: one.id, lambda one: {"title": one.title}),
        Subject.HEAD: {
            pack.id: {
                "title": pack.title,
                "version": same(pack.version),
                "county": Label(
                    f"{pack.county.zh} {pack.county_code}", f"{pack.county.en} {pack.county_code}"
                ),
                "groups": listed(map(same, pack.groups)),
            }
        },
    }


def _each(things: Iterable[T], name: Callable[[T], str], said: Callable[[T], Said]) -> Mapping[str, Said]:
    return {name(one): said(one) for one in things}


def _rule(rule: Rule, words: ConditionWords) -> Said:
    points = " / ".join(f"{grade} {amount}" for grade, amount in rule.points)
    return {
        "title": rule.title,
        "status": say.word(STATUS_WORDS, rule.status.value),
        "when": say.condition(rule.when, words),
        "unless": say.condition(rule.unless, words),
        "conclusion": words.conclusion(rule, points),
        "priority": same(rule.priority),
        "source": same(rule.source),
        "owner": same(rule.owner),
        "in effect": say.effect_dates(rule),
        "examples": same(len(rule.examples)),
        **say.examples(rule),
    }


def _named(kind: Named, name: str | None) -> Label:
    return same("—") if name is None else by_id(kind, name)


def _basis(route: Route) -> Label:
    kind = BASIS_WORDS[route.basis_kind.value]
    return Label(f"{kind.zh}：{route.basis}", f"{kind.en}: {route.basis}")


def _yes(value: bool) -> Label:  # noqa: FBT001 - the value that is said
    return Label("是", "yes") if value else Label("否", "no")


def _language(pack: Pack) -> Mapping[Subject, Mapping[str, Said]]:
    return {
        Subject.SIGNAL: _each(
            pack.signals,
            lambda one: one.id,
            lambda one: {
                "title": one.title,
                "kind": say.word(SIGNAL_KIND_WORDS, one.kind.value),
                "looks for": say.matcher(one.match),
                "denied hits": Label("不算", "left out") if one.skip_negated else Label("算", "counted"),
                "title only": _yes(one.title_only),
                "shown": _yes(one.is_shown),
            },
        ),
        Subject.LEXICON: _each(pack.lexicons, lambda one: one.id, lambda one: {"title": same(one.title)}),
        Subject.TOPIC: _each(
            pack.topics,
            lambda one: one.id,
            lambda one: {
                "title": one.title,
                "group": same(one.group),
                "class": say.word(DEMAND_WORDS, one.demand.value),
                "evidence": listed(
                    Label(
                        f"{part.weight} × {say.matcher(part.match).zh}",
                        f"{part.weight} x {say.matcher(part.match).en}",
                    )
                    for part in one.evidence
                ),
            },
        ),
    }


def _county(pack: Pack) -> Mapping[Subject, Mapping[str, Said]]:
    return {
        Subject.ROUTE: _each(
            pack.routes,
            lambda one: one.id,
            lambda one: {
                "title": by_id(Named.TOPIC, one.topic),
                "topic": by_id(Named.TOPIC, one.topic),
                "zone": say.word(ZONE_WORDS, one.zone),
                "place kind": say.word(PLACE_KIND_WORDS, one.place_kind),
                "lead": say.target(one.lead),
                "assist": listed(map(say.target, one.assist)),
                "basis": _basis(one),
            },
        ),
        Subject.DESIGNATION: _each(
            pack.designations,
            lambda one: one.id,
            lambda one: {
                "title": one.title,
                "unit": by_id(Named.UNIT, one.unit) if one.unit else Label("未指定", "unset"),
                "document": same(one.document or "—"),
                "candidates": listed(by_id(Named.UNIT, unit) for unit in one.candidates),
                "basis": same(one.basis),
            },
        ),
        Subject.UNIT: _each(
            pack.units,
            lambda one: one.id,
            lambda one: {
                "title": one.name,
                "short name": same(one.short),
                "family": same(one.family),
                "kind": say.word(UNIT_KIND_WORDS, one.kind),
                "superior": _named(Named.UNIT, one.superior),
                "duties": listed(say.word(DUTY_WORDS, duty) for duty in one.duties),
                "mentions": listed(map(same, one.mentions)),
                "contacts": listed(
                    same(f"{who.title} {who.name} {who.phone}")
                    for who in (one.first_responsible, one.deputy, one.liaison)
                ),
            },
        ),
        Subject.PLACE: _each(
            pack.places,
            lambda one: one.id,
            lambda one: {
                "title": same(one.name),
                "kind": say.word(PLACE_KIND_WORDS, one.kind),
                "aliases": listed(map(same, one.aliases)),
                "within": _named(Named.PLACE, one.within),
                "unit": _named(Named.UNIT, one.unit),
                "zone": say.word(ZONE_WORDS, one.zone),
            },
        ),
    }


def _times(pack: Pack) -> Mapping[Subject, Mapping[str, Said]]:
    deadlines, calendar = pack.deadlines, pack.calendar
    limits: dict[str, Said] = {
        "deadlines": {
            "version": same(deadlines.version),
            "day": same(
                f"{deadlines.day_start:%H:%M}-{deadlines.day_end:%H:%M}, {deadlines.night_resume:%H:%M}"
            ),
        }
    }
    for one in deadlines.clocks:
        about = f"{one.stage.value}/{one.grade.value}" + (f"/{one.demand.value}" if one.demand else "")
        limits[about] = {"title": say.stage(one), "limit": say.clock(one)}
    years: dict[str, Said] = {
        "calendar": {
            "version": same(calendar.version),
            "hours": say.hours(calendar.hours),
            "closures": say.days(calendar.closures),
        }
    }
    for year in calendar.years:
        years[str(year.year)] = {
            "notice": same(year.notice or "—"),
            "provisional": _yes(year.provisional),
            "off": say.days(year.off),
            "work": say.days(year.work),
        }
    for period in pack.periods:
        years[f"{period.kind}: {period.title.zh}"] = {
            "title": period.title,
            "dates": say.season(period),
            "sensitive": _yes(period.sensitive),
        }
    return {
        Subject.DEADLINE: limits,
        Subject.CALENDAR: years,
        Subject.LADDER: _each(
            pack.ladder,
            lambda one: one.id,
            lambda one: {"title": one.title, "step": say.step(one), "source": same(one.source)},
        ),
    }
