"""Files the numbers of a post under the unit words that they stand before. It reads no number itself."""

from __future__ import annotations

from rules.normalise import normalise
from rules.numerals import number_finder
from rules.post import Post, Spot


class UnitWords:
    """The unit words before which numbers count."""

    def __init__(self, units: dict[int, tuple[str, ...]]) -> None:
        self._by_first: dict[str, list[tuple[str, int]]] = {}
        for leaf, words in units.items():
            for word in (normalise(word).text for word in words):
                if word:
                    self._by_first.setdefault(word[0], []).append((word, leaf))
        self._numbers = number_finder(self._by_first) if self._by_first else None

    def find(self, post: Post) -> None:
        """File every number that stands before a unit word, together with the word."""
        if self._numbers is None:
            return
        text = post.text
        for number in self._numbers(text):
            for at in number.unit_at:
                for word, leaf in self._by_first.get(text[at : at + 1], ()):
                    if text.startswith(word, at):
                        post.file_spot(leaf, Spot(number.start, at + len(word), value=number.value))
