"""JSON Schemas of the files of a pack, so that editors complete keys and mark slips while an author types.

They say less than the loader, which follows names from file to file: what passes here may still be refused
there. What a schema refuses, the loader or the check refuses as well, except whole numbers in quotation
marks. Given a pack, its names are closed sets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from rules.builtin_features import PERIOD_KINDS
from rules.check_county import FAMILIES
from rules.model import BasisKind, DemandClass, Grade, Pack, RuleKind, RuleStatus, Stage, StepAction
from rules.pack import FILES, HIGHEST_VERSION
from rules.pack_places import DUTIES, PLACE_KINDS, UNIT_KINDS, ZONES
from rules.pack_rules import HIGHEST_PRIORITY
from rules.pack_signals import LONGEST_TERM
from rules.pack_times import CARDS
from rules.schema_kit import (
    DATE,
    DECIMAL,
    FLAG,
    LABEL,
    LIMIT,
    MONTH_DAY,
    NAME,
    SCALAR,
    TEXT,
    TIME,
    Json,
    exactly_one,
    integer,
    items,
    known,
    one_of,
    record,
    ref,
    terms,
)
from rules.schema_words import condition, matcher_keys, open_test, value, with_matcher
from rules.vocabulary import Vocabulary, builtin, of_pack

DRAFT = "http://json-schema.org/draft-07/schema#"


@dataclass(frozen=True, slots=True)
class _Names:
    """Names that a file may mention; None where no pack says which there are."""

    pack: Pack | None = None

    def of(self, kind: str) -> tuple[str, ...] | None:
        if self.pack is None:
            return None
        return tuple(item.id for item in getattr(self.pack, kind))

    @property
    def settings(self) -> tuple[str, ...] | None:
        return None if self.pack is None else tuple(name for name, _ in self.pack.settings)

    def keys(self) -> dict[str, Json]:
        return matcher_keys(self.of("lexicons"), self.of("signals"), self.of("places"))

    def words(self, kind: RuleKind) -> Vocabulary:
        return builtin(kind) if self.pack is None else of_pack(self.pack, kind)


def schema_name(file: str) -> str:
    """Return the name of the schema of a file."""
    return file.replace(".yaml", ".schema.json")


def schemas(pack: Pack | None = None) -> dict[str, str]:
    """Return the schema of every file as JSON text, by the name of the schema.

    Args:
        pack: whose names are offered and required; None: any pack.
    """
    names = _Names(pack)
    made = {
        "pack.yaml": _head(),
        "lexicons.yaml": _listed(
            "lexicons", record({"id": NAME, "title": TEXT, "terms": terms(LONGEST_TERM)})
        ),
        "signals.yaml": _with_matchers(_listed("signals", _signal(names)), names),
        "topics.yaml": _with_matchers(_listed("topics", _topic(names)), names),
        "places.yaml": _listed("places", _place(names)),
        "units.yaml": _listed("units", _unit(names)),
        "routing.yaml": record(
            {}, {"designations": items(_designation(names)), "routes": items(_route(names))}
        ),
        "severity.yaml": _rules(names, RuleKind.SEVERITY),
        "deadlines.yaml": record({"deadlines": _deadlines()}),
        "calendar.yaml": record({"calendar": _calendar()}, {"periods": items(_period())}),
        "supervision.yaml": _listed("ladder", _step()),
        "scoring.yaml": _rules(names, RuleKind.SCORING),
    }
    return {schema_name(file): _text(file, made[file]) for file in FILES}


def _text(file: str, schema: Json) -> str:
    head = {"$schema": DRAFT, "title": f"{file} of a rule pack"}
    return json.dumps(head | dict(schema), ensure_ascii=False, indent=1) + "\n"


def _listed(key: str, member: Json) -> dict[str, object]:
    return record({}, {key: items(member)})


def _with_matchers(file: dict[str, object], names: _Names) -> dict[str, object]:
    return {**file, "definitions": {"matcher": with_matcher(record({}), names.keys())}}


def _head() -> dict[str, object]:
    return record(
        {
            "pack": NAME,
            "version": integer(1, HIGHEST_VERSION),
            "title": LABEL,
            "county": record({"code": TEXT, "zh": TEXT, "en": TEXT}),
        },
        {
            "groups": items(TEXT),
            "settings": {"type": "object", "propertyNames": NAME, "additionalProperties": SCALAR},
            "dismissals": items(record({"id": NAME, "title": LABEL})),
        },
    )


def _signal(names: _Names) -> Json:
    own = record({"id": NAME, "title": LABEL}, {"skip_negated": FLAG, "title_only": FLAG, "shown": FLAG})
    return with_matcher(own, names.keys())


def _topic(names: _Names) -> Json:
    groups = None if names.pack is None else names.pack.groups
    return record(
        {
            "id": NAME,
            "title": LABEL,
            "group": TEXT if groups is None else one_of(groups),
            "class": one_of(DemandClass),
            "evidence": items(with_matcher(record({"weight": DECIMAL}), names.keys())),
        }
    )


def _place(names: _Names) -> Json:
    return record(
        {"id": NAME, "name": TEXT, "kind": one_of(PLACE_KINDS), "zone": one_of(ZONES)},
        {"aliases": items(TEXT), "within": known(names.of("places")), "unit": known(names.of("units"))},
    )


def _unit(names: _Names) -> Json:
    contact = record({"name": TEXT, "title": TEXT, "phone": TEXT})
    return record(
        {"id": NAME, "name": LABEL, "family": one_of(FAMILIES), "kind": one_of(UNIT_KINDS)},
        {
            "short": TEXT,
            "superior": known(names.of("units")),
            "duties": items(one_of(DUTIES)),
            "mentions": items(TEXT),
            "contacts": record({}, dict.fromkeys(("first_responsible", "deputy", "liaison"), contact)),
        },
    )


def _designation(names: _Names) -> Json:
    unit = known(names.of("units"))
    return record(
        {"id": NAME, "title": LABEL, "basis": TEXT},
        {"unit": unit, "document": TEXT, "candidates": items(unit)},
    )


def _route(names: _Names) -> Json:
    unit, asked = known(names.of("units")), known(names.of("designations"))
    others: tuple[dict[str, Json], ...] = ({"designated": asked}, {"territory": {"enum": [True]}})
    helpers = [record(one, {"basis": TEXT}) for one in ({"unit": unit}, *others)]
    return record(
        {
            "id": NAME,
            "topic": known(names.of("topics")),
            "lead": {"anyOf": [unit, *map(record, others)]},
            "basis_kind": one_of(BasisKind),
            "basis": TEXT,
        },
        {
            "zone": one_of(ZONES),
            "place_kind": one_of(PLACE_KINDS),
            "assist": items({"anyOf": [unit, *helpers]}),
        },
    )


def _rules(names: _Names, kind: RuleKind) -> dict[str, object]:
    words, closed = names.words(kind), names.pack is not None
    graded = record({}, {grade.value: DECIMAL for grade in Grade})
    conclusions: dict[str, Json] = (
        {"grade": one_of(Grade), "concludes": NAME, "dismisses": known(names.of("dismissals"))}
        if kind is RuleKind.SEVERITY
        else {"points": {"anyOf": [DECIMAL, {**graded, "minProperties": 1}]}, "concludes": NAME}
    )
    rule = record(
        {
            "id": NAME,
            "title": LABEL,
            "status": one_of(RuleStatus),
            "owner": TEXT,
            "source": TEXT,
            "when": ref("condition"),
        },
        {
            "unless": ref("condition"),
            "priority": integer(-HIGHEST_PRIORITY, HIGHEST_PRIORITY),
            "effective": record({}, {"from": DATE, "to": DATE}),
            "examples": items(_example(words, closed=closed)),
            **conclusions,
        },
    )
    file = _listed("rules", {**rule, "oneOf": exactly_one(conclusions)})
    return {
        **file,
        "definitions": {"condition": condition(words, names.settings, closed=closed), "test": open_test()},
    }


def _example(words: Vocabulary, *, closed: bool) -> Json:
    features = {feature.name: value(feature, (), closed=closed) for feature in words}
    return {
        **record(
            {"matches": FLAG},
            {
                "text": TEXT,
                "features": {
                    "type": "object",
                    "properties": features,
                    "additionalProperties": False if closed else SCALAR,
                },
            },
        ),
        "anyOf": exactly_one(("text", "features")),
    }


def _deadlines() -> Json:
    clock = record(
        {"stage": one_of(Stage), "grade": one_of(Grade), "limit": LIMIT, "source": TEXT},
        {"class": one_of(DemandClass), "night_defer": FLAG},
    )
    day = record({"start": TIME, "end": TIME, "resume": TIME})
    return record({"version": TEXT, "day": day, "clocks": items(clock)})


def _calendar() -> Json:
    days = items({"anyOf": [DATE, {"type": "string", "pattern": r"^[0-9-]{10}\.\.[0-9-]{10}$"}]})
    year = record(
        {"year": integer(2000, 2100)},
        {"provisional": FLAG, "notice": SCALAR, "off": days, "work": days},
    )
    window = {**items(TIME, 2), "maxItems": 2}
    return record({"version": TEXT, "hours": items(window), "years": items(year)}, {"closures": days})


def _period() -> Json:
    return record(
        {
            "kind": one_of(PERIOD_KINDS[1:]),
            "title": LABEL,
            "from": {"anyOf": [DATE, MONTH_DAY]},
            "to": {"anyOf": [DATE, MONTH_DAY]},
        },
        {"sensitive": FLAG},
    )


def _step() -> Json:
    count = integer(1, 100)
    step = record(
        {
            "id": NAME,
            "title": LABEL,
            "stages": items(one_of(Stage)),
            "grades": items(one_of(Grade)),
            "action": one_of(StepAction),
            "source": TEXT,
        },
        {
            "share": DECIMAL,
            "after": LIMIT,
            "redo_at_least": count,
            "dissatisfied_at_least": count,
            "card": one_of(CARDS),
        },
    )
    return {**step, "oneOf": exactly_one(("share", "after"))}
