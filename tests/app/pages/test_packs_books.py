"""Drafts are read once for the same files, and again where reading them only took too long once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.pages import packs_books
from rules.checks import TOO_HEAVY
from rules.model import Location
from rules.pack import Loaded
from rules.problem import Notes
from tests.small_pack import small_pack


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    packs_books.forget()
    yield
    packs_books.forget()


def test_a_draft_that_was_read_is_compiled_once():
    assert packs_books.book_of(small_pack()) is packs_books.book_of(small_pack())
    assert packs_books.book_of(small_pack(version=2)) is not packs_books.book_of(small_pack())


def test_files_that_are_no_pack_have_no_rulebook_but_problems():
    broken = small_pack() | {"severity.yaml": b"rules: [broken"}

    assert packs_books.book_of(broken) is None
    assert packs_books.examined(broken).problems


def test_a_reading_that_took_too_long_is_tried_again(monkeypatch: pytest.MonkeyPatch):
    notes = Notes()
    notes.found(TOO_HEAVY, Location("pack.yaml", 1, 1), "太慢", "too slow")
    answers = iter([Loaded(None, notes.problems), packs_books.load_guarded(small_pack())])
    monkeypatch.setattr(packs_books, "load_guarded", lambda _files, **_how: next(answers))

    assert [problem.code for problem in packs_books.examined(small_pack()).problems] == [TOO_HEAVY.code]
    assert TOO_HEAVY.code not in {problem.code for problem in packs_books.examined(small_pack()).problems}


def test_those_who_ask_for_the_same_draft_at_once_wait_for_one_reading(monkeypatch: pytest.MonkeyPatch):
    read, loaded = [], packs_books.load_guarded(small_pack())
    both_asked = threading.Barrier(2)

    def slowly(files: object, **_how: object) -> Loaded:
        read.append(files)
        both_asked.wait(timeout=10)
        return loaded

    def ask() -> object:
        return packs_books.book_of(small_pack())

    monkeypatch.setattr(packs_books, "load_guarded", slowly)
    with ThreadPoolExecutor() as pool:
        answers = [pool.submit(ask), pool.submit(ask)]
        both_asked.wait(timeout=10)
        first, second = (answer.result(timeout=10) for answer in answers)

    assert first is second
    assert len(read) == 1


def test_who_waits_for_a_reading_that_fails_reads_for_himself(monkeypatch: pytest.MonkeyPatch):
    loaded, asked = packs_books.load_guarded(small_pack()), threading.Event()
    go_on, answers = threading.Event(), iter([None, loaded])

    def first_fails(_files: object, **_how: object) -> Loaded:
        asked.set()
        go_on.wait(timeout=10)
        answer = next(answers)
        if answer is None:
            raise OSError
        return answer

    monkeypatch.setattr(packs_books, "load_guarded", first_fails)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(packs_books.pack_of, small_pack())
        asked.wait(timeout=10)
        second = pool.submit(packs_books.pack_of, small_pack())
        go_on.set()

    assert isinstance(first.exception(), OSError)
    assert second.result() == loaded.pack


def test_a_reading_that_failed_is_told_to_who_asks_and_tried_again(monkeypatch: pytest.MonkeyPatch):
    def broken(_files: object, **_how: object) -> Loaded:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(packs_books, "load_guarded", broken)
        with pytest.raises(OSError):  # noqa: PT011 - it has no words
            packs_books.pack_of(small_pack())

    assert packs_books.pack_of(small_pack()) is not None


def test_a_change_of_the_rules_keeps_the_scanner_of_the_words():
    files = small_pack()
    before = packs_books.book_of(files)
    after = packs_books.book_of(files | {"severity.yaml": files["severity.yaml"] + b"# a remark\n"})
    other = packs_books.book_of(files | {"signals.yaml": files["signals.yaml"] + b"# a remark\n"})

    assert before is not None
    assert after is not None
    assert other is not None
    assert after.scanner is before.scanner
    assert other.scanner is not before.scanner
