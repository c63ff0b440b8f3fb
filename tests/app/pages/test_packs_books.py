"""Drafts are read once for the same files, and again where reading them only took too long once."""

from __future__ import annotations

from collections.abc import Iterator

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
    monkeypatch.setattr(packs_books, "load_guarded", lambda _files: next(answers))

    assert [problem.code for problem in packs_books.examined(small_pack()).problems] == [TOO_HEAVY.code]
    assert TOO_HEAVY.code not in {problem.code for problem in packs_books.examined(small_pack()).problems}
