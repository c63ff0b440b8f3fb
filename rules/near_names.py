"""The name that an author most likely meant: one that is spelt alike, or that has such a title.

Authors see titles on every page and ids only in files, so the title is what they remember.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from rules.model import Label

_ALIKE = 0.6  # share of letters in order, of an id
_SHARED = 0.5  # share of characters in common, of a Chinese title
_SHORTEST_PART = 2  # characters of a title or a word that stands inside the other


def nearest_name(word: str, known: Iterable[str], titles: Mapping[str, Label]) -> str | None:
    """Return the known name that is closest to a word, None where none is close.

    Args:
        word: that names nothing.
        known: names.
        titles: of some of them. One that is the word itself comes first, then names spelt alike, then titles
            that hold the word or stand in it, then Chinese ones with many of its characters.
    """
    names = [name for name in known if name]
    asked = _plain(word)
    titled = [(text, name) for name in names if name in titles for text in _texts(titles[name])]
    exact = next((name for text, name in titled if text == asked), None)
    if exact is not None:
        return exact
    if alike := difflib.get_close_matches(word, names, n=1, cutoff=_ALIKE):
        return alike[0]
    parts = [(abs(len(text) - len(asked)), text, name) for text, name in titled if _is_part(text, asked)]
    if parts:
        return min(parts)[2]
    shared = max(((_shared(text, asked), name) for text, name in titled), default=(0.0, ""))
    return shared[1] if shared[0] >= _SHARED else None


def _texts(title: Label) -> tuple[str, ...]:
    return tuple(text for text in (_plain(title.zh), _plain(title.en)) if text)


def _plain(text: str) -> str:
    return text.casefold().replace("_", " ").strip()


def _is_part(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST_PART and not short.isascii() and short in long


def _shared(one: str, other: str) -> float:
    if one.isascii() or other.isascii():
        return 0.0  # letters in common say nothing
    return 2 * len(set(one) & set(other)) / (len(set(one)) + len(set(other)))
