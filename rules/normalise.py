"""Post text to the text that signals are looked for in, with the way back to the original characters.

Every character is folded on its own: compatibility forms, case, traditional characters and diacritics are
made one, invisible characters vanish. So folding twice changes nothing, and every span leads back exactly.
It splits no words.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import opencc

from rules.lookalikes import LOOKALIKES

LONGEST = 100_000  # characters in and out; intake takes 64 KB, so only hostile input is longer
WIDEST = 4  # characters that one character may become; U+FDFA would become 18

# Letters by category, but they draw nothing: used to hide words.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_DROPPED_CATEGORIES = frozenset({"Cf", "Mn", "Me", "Cs", "Cc"})
_BREAKS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_KEPT = frozenset("…")  # common, and three dots instead would cost an offset map
_FOLD_ROUNDS = 4  # every character of Unicode is stable after three

_SIMPLIFIER = opencc.OpenCC("t2s")


class _Folding(dict[int, str]):
    """A table for `str.translate` that learns each character when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()  # characters that fold to none or to several

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_character(char)
        self[code] = folded
        if len(folded) != 1:
            self.odd.add(char)
        return folded


def _fold_character(char: str) -> str:
    folded = char
    for _ in range(_FOLD_ROUNDS):
        again = "".join(_fold_once(c) for c in folded)[:WIDEST]
        if again == folded:
            break
        folded = again
    return folded


def _fold_once(char: str) -> str:
    if char in _KEPT:
        return char
    if char in _BREAKS:
        return "\n"
    if char == "\t":
        return " "
    if char in _FILLERS or unicodedata.category(char) in _DROPPED_CATEGORIES:
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if unicodedata.category(c) != "Mn")
    # Simplifying one character at a time keeps lengths and needs no context; terms are folded the same way.
    simple = "".join(_SIMPLIFIER.convert(c) for c in unicodedata.normalize("NFKC", plain)).lower()
    return "".join(LOOKALIKES.get(c, c) for c in simple)


_FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Normalised:
    """A folded text. `origin` leads from each of its characters to the original one; None: no difference."""

    text: str
    origin: Sequence[int] | None
    cut: bool  # the original was longer than `LONGEST`

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of original characters behind text[start:end].

        Args:
            start: first folded character, below `end`.
            end: one past the last folded character.
        """
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Return the folded text with its way back; folding a folded text changes nothing."""
    whole = len(text) <= LONGEST
    if not whole:
        text = text[:LONGEST]
    folded = text.translate(_FOLDING)
    if _FOLDING.odd.isdisjoint(text):
        return Normalised(folded, None, cut=not whole)
    # Characters vanished or multiplied: only now is the slower map worth its time.
    origin = array("L")
    for index, char in enumerate(text):
        width = len(_FOLDING[ord(char)])
        if width == 1:
            origin.append(index)
        elif width:
            origin.extend([index] * width)
    if len(folded) > LONGEST:
        folded, origin, whole = folded[:LONGEST], origin[:LONGEST], False
    return Normalised(folded, origin, cut=not whole)


_REGEX_MARKS = frozenset(r"\.+*?()[]{}|^$-")


def fold_expression(regex: str) -> str:
    """Return a regular expression with its literal characters folded like the text that it will meet.

    ASCII is syntax and stays; case does not matter because expressions are matched without it.
    """
    return "".join(char if char.isascii() else _fold_literal(char) for char in regex)


def _fold_literal(char: str) -> str:
    folded = _FOLDING[ord(char)]
    if len(folded) != 1:
        return char
    return f"\\{folded}" if folded in _REGEX_MARKS else folded


# Marks that end a clause in honest writing; a word does not run across them unless it is spelt out with them.
_HONEST = "，。！？；：、,!?;:…—()（）《》〈〉「」『』【】\\[\\]{}“”\"'‘’\n"
# What stands between the letters of a word torn apart: 拆*迁, 拆 迁, 拆 . 迁 (but no honest mark).
_SEPARATOR = re.compile(rf"[^\w{_HONEST}]+")
_LONGEST_SEPARATOR = 6  # characters
# A letter alone between two marks: cheap to look for, and there is no spelt word without one.
_LETTER_ALONE = re.compile(r"[^\w](?=[^\W\d_][^\w])")
# Three or more single letters, always the same mark between them: 上、访、者 or one letter a line.
_SPELT = re.compile(r"(?<![^\W\d_])[^\W\d_]([^\w])[^\W\d_](?:\1[^\W\d_])+(?![^\W\d_])")
_LETTER = re.compile(r"[^\W\d_]")


Joined = tuple[str, Sequence[int]]  # a text without the marks between letters, and its way back


def letters(normal: str) -> Joined | None:
    """Return the folded text without the marks put between letters of words, and its way back to `normal`.

    Returns:
        None where nothing was removed. Else the joined text, and for each of its characters the index in
        `normal`. A word found only here is less certain: two words may have been joined by mistake.
    """
    gone: set[int] = set()
    # An underscore counts as a letter for expressions; here it is a mark like others.
    for match in _SEPARATOR.finditer(normal.replace("_", "*")):
        start, end = match.span()
        if (
            start > 0
            and end < len(normal)
            and end - start <= _LONGEST_SEPARATOR
            and _joins(normal, start, end)
        ):
            gone.update(range(start, end))
    if _LETTER_ALONE.search(normal):
        for match in _SPELT.finditer(normal):
            gone.update(range(match.start() + 1, match.end(), 2))
    if not gone:
        return None
    kept = [index for index in range(len(normal)) if index not in gone]
    return "".join([normal[index] for index in kept]), array("L", kept)


def _joins(normal: str, start: int, end: int) -> bool:
    """Return whether the separator stands between two letters, not between numbers or Latin words."""
    before, after = normal[start - 1], normal[end]
    if not (_LETTER.match(before) and _LETTER.match(after)):
        return False
    return not (before.isascii() and after.isascii() and normal[start:end].isspace())
