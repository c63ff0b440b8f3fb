"""Title and text of a post as one folded text, and spans of it back to the original characters."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model import Span
from rules.normalise import normalise
from rules.post import Spot


class PostText:
    """The folded title, a line break, the folded text. Without a title there is no line break."""

    def __init__(self, title: str, text: str) -> None:
        self._title = normalise(title)
        self._body = normalise(text)
        self._offset = len(self._title.text) + 1 if self._title.text else 0
        self.text = f"{self._title.text}\n{self._body.text}" if self._offset else self._body.text
        self.title_end = len(self._title.text)
        self.cut = self._title.cut or self._body.cut

    @property
    def length(self) -> int:
        """Return the number of characters that are neither blank nor invisible."""
        return len(self.text) - self.text.count(" ") - self.text.count("\n")

    def spans(self, spots: Iterable[Spot]) -> tuple[Span, ...]:
        """Return the original ranges of these spots, in their order, each once."""
        return tuple(dict.fromkeys(self._span(spot.start, spot.end) for spot in spots))

    def _span(self, start: int, end: int) -> Span:
        if start < self.title_end:
            return Span(*self._title.span(start, min(end, self.title_end)), "title")
        start = max(start, self._offset)
        return Span(*self._body.span(start - self._offset, end - self._offset), "text")
