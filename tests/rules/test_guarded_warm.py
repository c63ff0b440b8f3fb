"""The waiting child says what a new one says, and no set of files does harm to the next."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from rules.guarded import load_guarded
from rules.guarded_warm import WarmReader
from rules.pack import FILES, load_pack_bytes
from rules.pack_parts import Part, Parts
from tests.rules.tiny import tiny_bytes


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmReader]:
    reader = WarmReader()
    yield reader
    reader.close()


def _hostile() -> dict[str, bytes]:
    terms = b", ".join(b"w%d" % n for n in range(100_000))
    return dict.fromkeys(FILES, b"lexicons: [{id: a, title: t, terms: [%s]}]" % terms)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"severity": "rules: []"},
        {"signals": "signals: [{id: a, title: {zh: 甲, en: a}, terms: []}]"},
        {"places": "&a [*a]"},
        {"topics": ""},
        {"units": "units: 1"},
    ],
    ids=["whole", "no rules", "a fault", "an alias", "empty", "no list"],
)
def test_a_waiting_child_says_what_the_reader_says(warm: WarmReader, changed: dict[str, str]):
    files, parts = tiny_bytes(**changed), Parts()

    for _ in range(3):  # the second time from what was kept
        assert load_guarded(files, warm=warm, parts=parts) == load_pack_bytes(files)


def test_what_is_too_heavy_is_stopped_and_the_next_files_are_read_all_the_same(warm: WarmReader):
    heavy = load_guarded(_hostile(), warm=warm)

    assert [problem.code for problem in heavy.problems] == ["R009"]
    assert load_guarded(tiny_bytes(), warm=warm) == load_pack_bytes(tiny_bytes())


def test_a_child_that_is_gone_is_no_answer_and_another_one_is_started(warm: WarmReader):
    assert load_guarded(tiny_bytes(), warm=warm).pack is not None
    child = warm._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)

    assert load_guarded(tiny_bytes(), warm=warm) == load_pack_bytes(tiny_bytes())
    assert load_guarded(tiny_bytes(), warm=warm) == load_pack_bytes(tiny_bytes())


def test_a_child_that_is_not_there_at_all_is_no_answer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rules.guarded_warm.sys.executable", "/nowhere/python")
    reader = WarmReader()

    assert reader.ask(b"[]\n") is None


def test_closing_leaves_no_child_behind():
    reader = WarmReader()
    reader.start()
    child = reader._child
    assert child is not None
    reader.close()

    assert child.returncode == -signal.SIGKILL


def test_what_a_waiting_child_does_not_understand_ends_it_and_is_no_answer():
    reader = WarmReader()

    assert reader.ask(b"no json\n") is None
    assert load_guarded(tiny_bytes(), warm=reader).pack is not None
    reader.close()


def test_an_edit_of_one_file_leaves_the_readings_of_the_others_in_place():
    parts = Parts()
    before = load_pack_bytes(tiny_bytes(), parts).pack
    after = load_pack_bytes(tiny_bytes(severity="rules: []\n"), parts).pack

    assert before is not None
    assert after is not None
    assert after.signals is before.signals
    assert (len(before.severity) > 0, after.severity) == (True, ())


def test_problems_of_a_file_are_said_again_when_its_reading_was_kept():
    parts, files = Parts(), tiny_bytes(signals="signals: [{id: a, terms: [b], wrong: 1}]")

    first, second = load_pack_bytes(files, parts), load_pack_bytes(files, parts)

    assert first == second == load_pack_bytes(files)
    assert first.problems


def test_the_longest_unused_readings_go_first():
    parts, part = Parts(most=10), Part((), (), is_mapping=True)
    parts.keep("a", b"12345", part)
    parts.keep("b", b"12345", part)
    parts.get("a", b"12345")
    parts.keep("c", b"12345", part)
    parts.keep("d", b"1234567890+", part)

    known = [name for name in "abcd" if parts.get(name, b"12345") or parts.get(name, b"1234567890+")]
    assert known == ["a", "c"]


def test_an_edited_file_is_read_once_by_the_child_and_not_again_here(
    warm: WarmReader, monkeypatch: pytest.MonkeyPatch
):
    parts, read = Parts(), []
    load_guarded(tiny_bytes(), warm=warm, parts=parts)
    monkeypatch.setattr("rules.pack.read_tree", lambda name, *_: read.append(name))
    edited = tiny_bytes(severity="rules: []\n")

    loaded = load_guarded(edited, warm=warm, parts=parts)

    monkeypatch.undo()
    assert (loaded, read) == (load_pack_bytes(edited), [])


def test_of_files_that_cannot_be_used_the_child_hands_on_what_is_wrong_and_nothing_else(warm: WarmReader):
    parts, broken = Parts(), tiny_bytes(severity="&a [*a]")

    assert load_guarded(broken, warm=warm, parts=parts) == load_pack_bytes(broken)

    assert parts.unknown(broken) == broken
