"""Files from outside are read in a child first; whatever they hold, an answer comes in time."""

from __future__ import annotations

import time

import pytest

from rules.guarded import CPU_SECONDS, LARGEST_PACK, WALL_SECONDS, load_guarded
from rules.pack import FILES, Loaded, load_pack_bytes
from tests.rules.tiny import tiny_bytes


def _codes(loaded: Loaded) -> list[str]:
    return [problem.code for problem in loaded.problems]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"severity": "rules: []"},
        {"signals": "signals: [{id: a, title: {zh: 甲, en: a}, terms: []}]"},
        {"places": "&a [*a]"},
    ],
    ids=["whole", "no rules", "a fault", "an alias"],
)
def test_it_says_what_the_reader_says(changed: dict[str, str]):
    files = tiny_bytes(**changed)

    assert load_guarded(files) == load_pack_bytes(files)


def test_missing_files_are_named_and_the_rest_can_be_checked():
    files = tiny_bytes()
    del files["units.yaml"]

    assert load_guarded(files) == load_pack_bytes(files)


def test_a_foreign_name_is_a_problem():
    loaded = load_guarded({**tiny_bytes(), "severity.yml": b"rules: []"})

    assert loaded.pack is None
    assert [p.en for p in loaded.problems] == [
        'unknown file name "severity.yml"; did you mean "severity.yaml"?'
    ]


def test_too_many_bytes_are_refused_before_anything_is_read():
    loaded = load_guarded(dict.fromkeys(FILES, b" " * (LARGEST_PACK // len(FILES) + 1)))

    assert _codes(loaded) == ["R009"]


def test_a_pack_that_takes_too_long_is_stopped_and_says_so():
    # Each file keeps within the limits of one file; together they cost several seconds.
    terms = b", ".join(b"w%d" % n for n in range(190_000))
    files = dict.fromkeys(FILES, b"lexicons: [{id: a, title: t, terms: [%s]}]" % terms)
    started = time.monotonic()
    loaded = load_guarded({name: files[name][: LARGEST_PACK // len(FILES)] + b"]}]" for name in FILES})

    assert _codes(loaded) == ["R009"]
    assert loaded.pack is None
    assert loaded.draft is None
    assert time.monotonic() - started < WALL_SECONDS + 5


def test_the_wall_clock_ends_a_child_that_does_not_get_on():
    loaded = load_guarded(tiny_bytes(), wall_seconds=0.001)

    assert _codes(loaded) == ["R009"]
    assert "0.001 s" in loaded.problems[0].en


def test_a_pack_that_takes_too_much_memory_is_stopped_and_says_so():
    terms = b", ".join(b"w%d" % n for n in range(100_000))
    files = tiny_bytes()
    files["lexicons.yaml"] = b"lexicons: [{id: a, title: t, terms: [%s]}]" % terms
    loaded = load_guarded(files, memory=48 << 20, cpu_seconds=CPU_SECONDS * 5)

    assert _codes(loaded) == ["R009"]
    assert "48 MB of memory" in loaded.problems[0].en
