"""Building blocks of the JSON Schemas: what `fields` accepts, as schemas of draft 7, which editors know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.model import Label

Json = Mapping[str, object]

NAME: Json = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"}
TEXT: Json = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
FLAG: Json = {"type": "boolean"}
DATE: Json = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
MONTH_DAY: Json = {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}
TIME: Json = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
LIMIT: Json = {"type": "string", "pattern": "^[0-9]{1,4}(m|h|wh|wd|d)$"}
DECIMAL: Json = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?[0-9]{1,12}(\.[0-9]{1,6})?$"}]
}
SCALAR: Json = {"type": ["string", "number", "boolean"]}
LABEL: Json = {
    "type": "object",
    "properties": {"zh": TEXT, "en": TEXT},
    "required": ["zh", "en"],
    "additionalProperties": False,
}


def ref(name: str) -> Json:
    """Return a reference to a definition of the same file."""
    return {"$ref": f"#/definitions/{name}"}


def integer(low: int, high: int) -> Json:
    """Return a whole number within both bounds."""
    return {"type": "integer", "minimum": low, "maximum": high}


def one_of(words: Iterable[str]) -> Json:
    """Return a word of a closed set."""
    return {"type": "string", "enum": list(words)}


def known(names: Iterable[str] | None) -> Json:
    """Return a name, of these where a pack says which there are."""
    return NAME if names is None else one_of(names)


def items(member: Json, least: int = 0) -> Json:
    """Return a list of members."""
    return {"type": "array", "items": member, "minItems": least}


def terms(longest: int, least: int = 1) -> Json:
    """Return a list of words to look for."""
    return items({**TEXT, "maxLength": longest}, least)


def said(label: Label, schema: Json, unit: str = "") -> Json:
    """Return the schema with what an editor shows beside it."""
    return {**schema, "description": f"{label.zh} · {label.en}" + (f"（{unit}）" if unit else "")}


def record(required: Mapping[str, Json], optional: Mapping[str, Json] | None = None) -> dict[str, object]:
    """Return a mapping with these keys and no others; an optional key may be null."""
    absent = {key: {"anyOf": [schema, {"type": "null"}]} for key, schema in (optional or {}).items()}
    return {
        "type": "object",
        "properties": {**required, **absent},
        "required": list(required),
        "additionalProperties": False,
    }


def exactly_one(keys: Iterable[str]) -> list[Json]:
    """Return the alternatives of which a mapping has one."""
    return [{"required": [key]} for key in keys]
