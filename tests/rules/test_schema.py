"""JSON Schemas of packs: those committed are those of the code; a slip is refused by schema and loader."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random

import jsonschema
import pytest

from app.config import DEMO_PACK
from rules.check import check_pack, has_errors
from rules.fields import as_scalar
from rules.model import Pack
from rules.pack import FILES, load_pack, load_pack_bytes, pack_files
from rules.problem import Notes
from rules.schema import schema_name, schemas
from rules.yamltree import Entries, Items, Node, read_tree
from tests.rules.fuzzing import mutated
from tests.rules.tiny import FILES as TINY
from tests.rules.tiny import tiny, tiny_bytes, tiny_pack
from tests.small_pack import small_pack

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules" / "schema"


@cache
def _validators(*, of_tiny: bool = False) -> dict[str, jsonschema.Draft7Validator]:
    made = schemas(tiny_pack() if of_tiny else None)
    return {name: jsonschema.Draft7Validator(json.loads(text)) for name, text in made.items()}


def as_json(raw: bytes) -> object:
    """Return a YAML file as an editor sees it: plain true, numbers and null have types, all else is text."""
    tree = read_tree("file", raw, Notes())
    assert tree is not None
    return _json(tree)


def _json(node: Node) -> object:
    if isinstance(node, Entries):
        return {entry.key: _json(entry.value) for entry in node.entries}
    if isinstance(node, Items):
        return [_json(item) for item in node.items]
    if node.is_null:
        return None
    value = as_scalar(node, Notes())
    return value if isinstance(value, bool | int | str) else float(value)


def faults(file: str, raw: bytes, *, of_tiny: bool = False) -> list[str]:
    """Return what the schema of a file says of it."""
    validator = _validators(of_tiny=of_tiny)[schema_name(file)]
    return [
        f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(as_json(raw))
    ]


@pytest.mark.parametrize("file", FILES)
def test_the_committed_schema_is_what_the_code_says(file: str):
    committed = (FOLDER / schema_name(file)).read_text(encoding="utf-8")

    assert committed == schemas()[schema_name(file)], "run: flask rules schema"


def test_no_schema_is_left_of_a_file_that_is_gone():
    assert {path.name for path in FOLDER.iterdir()} == {schema_name(file) for file in FILES}


@pytest.mark.parametrize("file", FILES)
def test_every_schema_is_one(file: str):
    jsonschema.Draft7Validator.check_schema(json.loads(schemas()[schema_name(file)]))


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "files", [pack_files(DEMO_PACK), tiny_bytes(), small_pack()], ids=["demo", "tiny", "small"]
)
def test_packs_that_load_pass(files: dict[str, bytes], file: str):
    assert faults(file, files[file]) == []


@cache
def _of_demo() -> dict[str, str]:
    demo = load_pack(DEMO_PACK).pack
    assert isinstance(demo, Pack)
    return schemas(demo)


@pytest.mark.parametrize("file", FILES)
def test_a_pack_passes_the_schemas_made_of_it(file: str):
    validator = jsonschema.Draft7Validator(json.loads(_of_demo()[schema_name(file)]))

    assert [e.message[:200] for e in validator.iter_errors(as_json(pack_files(DEMO_PACK)[file]))] == []


# file, what stands there, what stands there instead
MUTANTS = [
    ("pack", "version: 1", "version: one"),
    ("pack", "version: 1", "version: 0"),
    ("pack", "pack: tiny", "pack: Tiny"),
    ("pack", "groups:", "gruops:"),
    ("pack", "title: {zh: 小包, en: Tiny}", "title: {zh: 小包}"),
    ("pack", "title: {zh: 小包, en: Tiny}", "title: 小包"),
    ("pack", "county:", "county: []\ncounties:"),
    ("lexicons", "terms: [死亡, 身亡]", "terms: []"),
    ("lexicons", "terms: [死亡, 身亡]", "terms: 死亡"),
    ("lexicons", "title: 死亡", "titel: 死亡"),
    ("signals", "terms: [感谢]", "terms: [感谢], pattern: 感谢"),
    ("signals", "terms: [感谢]", "whole_word: true"),
    ("signals", "terms: [感谢]", "near: {first: {terms: [甲一]}, within: 5}"),
    ("signals", "terms: [感谢]", "near: {first: {terms: [甲一]}, second: {terms: [乙一]}, within: 900}"),
    ("signals", "terms: [感谢]", "any: []"),
    ("signals", "terms: [感谢]", "at_least: {of: [{terms: [甲一]}]}"),
    ("signals", "terms: [感谢]", "place: {kinds: [vilage]}"),
    ("signals", "terms: [感谢]", "date: tomorrow"),
    ("signals", "terms: [感谢]", "terms: [感谢], skip_negated: 'yes'"),
    ("signals", "units: [人, 户]", "unit: [人, 户]"),
    ("signals", "number: {units: [人, 户]}", "number: {units: [人, 户], at_least: many}"),
    ("topics", "class: complaint", "class: complain"),
    ("topics", "weight: 2", "weight: heavy"),
    ("topics", "weight: 2, ", ""),
    ("places", "kind: town", "kind: city"),
    ("places", "zone: rural", "zone: country"),
    ("units", "kind: party", "kind: partei"),
    ("units", "cyberspace", "cyber"),
    ("routing", "lead: office", "lead: {territory: false}"),
    ("routing", "lead: office", "lead: {unit: office}"),
    ("routing", "basis_kind: statute", "basis_kind: law"),
    ("severity", "grade: serious", "grade: grave"),
    ("severity", "grade: serious", "grade: serious\n    concludes: crowd"),
    ("severity", "    grade: serious\n", ""),
    ("severity", "source: 示例", "sources: 示例"),
    ("severity", "when: {death: true}", "when: {death: true, thanks: true}"),
    ("severity", "when: {death: true}", "when: {all: []}"),
    ("severity", "when: {death: true}", "when: {reads: many people}"),
    ("severity", "when: {death: true}", "when: {reads: {atleast: 5}}"),
    ("severity", "when: {death: true}", "when: {reads: [5]}"),
    ("severity", "when: {death: true}", "when: {reads: true}"),
    ("severity", "when: {death: true}", "when: {reads: {at_least: -1}}"),
    ("severity", "when: {death: true}", "when: {place_known: {at_least: 1}}"),
    ("severity", "when: {death: true}", "when: {place_known: 3}"),
    ("severity", "when: {death: true}", "when: {demand: complain}"),
    ("severity", "when: {death: true}", "when: {demand: {at_least: complaint}}"),
    ("severity", "when: {death: true}", "when: {service_period: congress}"),
    ("severity", "when: {death: true}", "when: {media_level: {one_of: []}}"),
    ("severity", "{text: 一人死亡, matches: true}", "{text: 一人死亡}"),
    ("severity", "{text: 一人死亡, matches: true}", "{matches: true}"),
    ("scoring", "points: {general", "points: {grave"),
    ("scoring", "when: {failing: late_close}", "when: {failing: late}"),
    ("deadlines", "grade: serious, limit: 24h", "grade: serious, limit: 24 hours"),
    ("deadlines", 'start: "08:30"', "start: half past eight"),
    ("calendar", '["08:30", "12:00"]', '["08:30"]'),
    ("calendar", "off: [2026-01-01", "off: [New Year"),
    ("supervision", "action: reminder", "action: remind"),
    ("supervision", 'share: "0.8"', 'share: "0.8"\n    after: 0h'),
]


@pytest.mark.parametrize(("file", "old", "new"), MUTANTS)
def test_a_slip_is_refused_by_schema_and_loader(file: str, old: str, new: str):
    text = TINY[f"{file}.yaml"]
    assert old in text
    mutant = text.replace(old, new, 1)

    assert faults(f"{file}.yaml", mutant.encode()), "the schema says nothing"
    assert tiny(**{file: mutant}).pack is None, "the loader says nothing"


# Only the pack's own schemas know which names there are.
NAMES = [
    ("severity", "when: {death: true}", "when: {deth: true}"),
    ("severity", "when: {death: true}", "when: {death: {at_least: 1}}"),
    ("severity", "when: {death: true}", "when: {people: {at_least: crowds}}"),
    ("severity", "when: {death: true}", "when: {topic: noises}"),
    ("severity", "grade: serious", "dismisses: prase"),
    ("signals", "lexicon: death_words", "lexicon: death_word"),
    ("signals", "terms: [感谢]", "signal: deth"),
    ("signals", "terms: [感谢]", "place: {ids: [t_onne]}"),
    ("topics", "group: 环境保护", "group: 环境"),
    ("places", "unit: office", "unit: offices"),
    ("routing", "topic: noise", "topic: noises"),
    ("routing", "lead: office", "lead: offices"),
]


@pytest.mark.parametrize(("file", "old", "new"), NAMES)
def test_a_name_that_leads_nowhere_is_refused_by_the_schema_of_the_pack(file: str, old: str, new: str):
    text = TINY[f"{file}.yaml"]
    assert old in text
    mutant = text.replace(old, new, 1)

    assert faults(f"{file}.yaml", mutant.encode(), of_tiny=True)
    assert faults(f"{file}.yaml", text.encode(), of_tiny=True) == []
    assert tiny(**{file: mutant}).pack is None


@pytest.mark.no_cover  # it runs over the same lines often
def test_a_pack_without_errors_passes_however_it_was_changed():
    """On packs in which a word or two were replaced: what a schema refuses, loader or check refuse."""
    accepted = 0
    for seed in range(600):
        files = mutated(Random(f"schema/{seed}"))  # noqa: S311 - a repeatable choice
        pack = load_pack_bytes(files).pack
        if pack is None or has_errors(check_pack(pack)):
            continue
        accepted += 1
        assert [fault for name in files for fault in faults(name, files[name])] == [], seed

    assert accepted > 20


def test_completion_offers_every_feature_with_its_meaning():
    schema = json.loads(schemas(tiny_pack())["severity.schema.json"])
    offered = schema["definitions"]["condition"]["properties"]

    assert {"all", "any", "not", "death", "thanks", "people", "reads", "service_period"} <= set(offered)
    assert offered["reads"]["description"] == "阅读量 · Reads（次）"
