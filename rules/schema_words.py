"""JSON Schemas of matchers and conditions: the two parts of the rule language that nest."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model import Op
from rules.pack_places import PLACE_KINDS
from rules.pack_signals import LARGEST_COUNT, LONGEST_PATTERN, LONGEST_TERM, WIDEST_NEAR
from rules.schema_kit import (
    FLAG,
    MONTH_DAY,
    NAME,
    TEXT,
    Json,
    integer,
    items,
    known,
    one_of,
    record,
    ref,
    said,
    terms,
)
from rules.vocabulary import LARGEST, ORDERED_OPS, Feature, FeatureType, Vocabulary

_ALONE = ("pattern", "near", "number", "place", "date", "signal", "any", "all", "none", "at_least")
_DEFINED_BY_PACKS = frozenset({"topic", "topic_group"})


def matcher_keys(
    lexicons: Iterable[str] | None, signals: Iterable[str] | None, places: Iterable[str] | None
) -> dict[str, Json]:
    """Return the keys of a matcher; names are closed where a pack is given."""
    lexicon, members = known(lexicons), items(ref("matcher"), 1)
    return {
        "terms": terms(LONGEST_TERM),
        "lexicon": {"anyOf": [lexicon, items(lexicon, 1)]},
        "whole_word": FLAG,
        "pattern": {**TEXT, "maxLength": LONGEST_PATTERN},
        "near": record(
            {"first": ref("matcher"), "second": ref("matcher"), "within": integer(0, WIDEST_NEAR)},
            {"same_sentence": FLAG, "ordered": FLAG},
        ),
        "number": record(
            {"units": terms(LONGEST_TERM)},
            {"at_least": integer(0, LARGEST_COUNT), "at_most": integer(0, LARGEST_COUNT)},
        ),
        "place": {
            **record({}, {"ids": items(known(places), 1), "kinds": items(one_of(PLACE_KINDS), 1)}),
            "minProperties": 1,
        },
        "date": {"anyOf": [{"enum": ["any"]}, record({"from": MONTH_DAY, "to": MONTH_DAY})]},
        "signal": known(signals),
        "any": members,
        "all": members,
        "none": members,
        "at_least": record({"n": integer(1, 100), "of": members}),
    }


def with_matcher(own: dict[str, object], keys: dict[str, Json]) -> dict[str, object]:
    """Return a mapping with its own keys and exactly one matcher."""
    properties = own["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - made by `record`
    words: Json = {"anyOf": [{"required": ["terms"]}, {"required": ["lexicon"]}]}
    return {
        **own,
        "properties": {**properties, **keys},
        "oneOf": [words, *({"required": [key]} for key in _ALONE)],
        "dependencies": {"whole_word": words},
    }


def condition(words: Vocabulary, settings: Iterable[str] | None, *, closed: bool) -> Json:
    """Return a condition: one key, which is a feature, all, any or not.

    Args:
        words: features that may be mentioned, with their types.
        settings: of the pack, names that may stand for a value; None: not known.
        closed: there are no features but these.
    """
    members = items(ref("condition"), 1)
    features = {
        feature.name: said(feature.meaning, comparison(feature, settings, closed=closed), feature.unit)
        for feature in words
    }
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {"all": members, "any": members, "not": ref("condition"), **features},
        "additionalProperties": False if closed else ref("test"),
        "propertyNames": NAME,
    }


def open_test() -> Json:
    """Return a comparison of a feature that only a pack knows: a signal or a conclusion."""
    whole = {"anyOf": [integer(0, LARGEST), NAME]}
    return _compared({"anyOf": [FLAG, *whole["anyOf"]]}, tuple(Op))


def comparison(feature: Feature, settings: Iterable[str] | None, *, closed: bool) -> Json:
    """Return a comparison of a feature with values of its type."""
    ordered = feature.type.has_order
    return _compared(
        value(feature, settings, closed=closed), [op for op in Op if ordered or op not in ORDERED_OPS]
    )


def value(feature: Feature, settings: Iterable[str] | None, *, closed: bool) -> Json:
    """Return the values of a feature; a number may be the name of a setting."""
    if feature.type is FeatureType.FLAG:
        return FLAG
    setting = known(settings)
    if feature.type is FeatureType.INTEGER:
        return {"anyOf": [integer(0, LARGEST), setting]}
    if feature.type is FeatureType.DECIMAL:
        return {"anyOf": [{"type": "number", "minimum": 0, "maximum": LARGEST}, setting]}
    if not closed and feature.name in _DEFINED_BY_PACKS:
        return TEXT
    return one_of((*feature.values, *(settings or ())))


def _compared(expected: Json, ops: Iterable[Op]) -> Json:
    comparisons = {op.value: items(expected, 1) if op is Op.ONE_OF else expected for op in ops}
    compared = {
        "type": "object",
        "properties": comparisons,
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [expected, compared]}
