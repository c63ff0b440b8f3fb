"""What is only a part of other signals is told from what says something by itself."""

from __future__ import annotations

import pytest

from rules.building_blocks import building_blocks
from rules.pack import load_pack_bytes
from tests.small_pack import small_pack

PART = "  - {id: part, title: {zh: 单位, en: A body}, terms: [单位]}\n"
WHOLE = "  - {id: whole, title: {zh: 单位收钱, en: A body takes money}, %s}\n"
NEAR = "near: {first: {signal: part}, second: {terms: [收钱]}, within: 9}"


def parts_of(*signals: str) -> frozenset[str]:
    files = small_pack()
    loaded = load_pack_bytes(files | {"signals.yaml": files["signals.yaml"] + "".join(signals).encode()})
    assert loaded.pack is not None, loaded
    return building_blocks(loaded.pack)


@pytest.mark.parametrize(
    ("match", "found"),
    [
        (NEAR, {"part"}),
        ("all: [{signal: part}, {terms: [收钱]}]", {"part"}),
        ("any: [{terms: [收钱]}, {all: [{signal: part}, {terms: [现金]}]}]", {"part"}),
        ("any: [{signal: part}, {terms: [收钱]}]", set()),
        ("any: [{terms: [收钱]}, {any: [{signal: part}, {terms: [现金]}]}]", set()),
        ("terms: [收钱]", set()),
    ],
)
def test_a_signal_that_is_never_enough_for_another_is_a_part_of_it(match: str, found: set[str]):
    assert parts_of(PART, WHOLE % match) == found


def test_what_a_rule_reads_is_no_mere_part():
    files = small_pack()
    loaded = load_pack_bytes(files)
    assert loaded.pack is not None
    read = next(
        one.id for one in loaded.pack.signals if any(one.id in repr(rule) for rule in loaded.pack.severity)
    )
    match = WHOLE % f"near: {{first: {{signal: {read}}}, second: {{terms: [收钱]}}, within: 9}}"

    assert parts_of(match) == frozenset()
