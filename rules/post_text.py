"""A post made ready for scanning, once for any number of packs, and the way back to what was written.

It knows no pack: what is prepared is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.model import Span
from rules.normalise import Normalised, letters, normalise

_new = tuple.__new__  # half the cost of the constructor that a named tuple comes with


class Prepared:
    """The folded title, a line break, the folded text. Without a title there is no line break.

    Attributes:
        text: folded.
        title_end: characters of the folded title; the text begins one later.
        cut: the post was longer than what is scanned.
        joined: the folded text without the marks put between letters, with its way back; None: no difference.
    """

    __slots__ = ("_body", "_joins", "_offset", "_title", "cut", "joined", "text", "title_end")

    def __init__(self, title: Normalised, body: Normalised) -> None:
        self._title = title
        self._body = body
        self.title_end = len(title.text)
        self._offset = self.title_end + 1 if self.title_end else 0
        self.text = f"{title.text}\n{body.text}" if self._offset else body.text
        self.cut = title.cut or body.cut
        self.joined = letters(self.text)
        self._joins = _joins(self.joined[1]) if self.joined is not None else ()

    def torn_pieces(self, longest: int) -> Iterator[tuple[int, str]]:
        """Yield where a piece of the joined text begins, and the piece: all that terms torn apart can cover.

        Args:
            longest: characters of the longest term.
        """
        if self.joined is None:
            return
        text = self.joined[0]
        begin = end = 0
        for join in self._joins:
            if join - longest >= end:
                if end:
                    yield begin, text[begin:end]
                begin = max(0, join - longest)
            end = join + longest
        yield begin, text[begin:end]

    def spans(self, ranges: Sequence[Sequence[int]]) -> tuple[Span, ...]:
        """Return the original ranges of these ranges of the folded text, in their order, each once.

        Args:
            ranges: start and end of each; whatever follows them does not matter.
        """
        offset, origin = self._offset, self._body.origin
        if len(ranges) == 1 and origin is None and ranges[0][0] >= offset:  # nearly all
            spot = ranges[0]
            return (_new(Span, (spot[0] - offset, spot[1] - offset, "text")),)
        found: list[Span] = []
        for spot in ranges:
            start, end = spot[0], spot[1]
            if start < offset:
                found.append(self._from_title(start, end))
            elif origin is None:
                found.append(_new(Span, (start - offset, end - offset, "text")))
            else:
                found.append(Span(origin[start - offset], origin[end - offset - 1] + 1))
        return tuple(found if len(found) == 1 else dict.fromkeys(found))

    def _from_title(self, start: int, end: int) -> Span:
        """Return the original range of one that begins in the title, or at the break behind it."""
        if start < self.title_end:
            return Span(*self._title.span(start, min(end, self.title_end)), "title")
        return Span(*self._body.span(0, end - self._offset))


def _joins(back: Sequence[int]) -> tuple[int, ...]:
    """Return the places in a joined text before which something was left out."""
    return tuple([n for n in range(1, len(back)) if back[n] - back[n - 1] > 1])


def prepare(title: str, text: str) -> Prepared:
    """Return a post made ready for scanning.

    Args:
        title: as written, may be empty.
        text: as written.
    """
    return Prepared(normalise(title), normalise(text))


def prepare_folded(folded: str, title_length: int) -> Prepared:
    """Return a post made ready from its stored folded text; spans then lead into the folded title and text.

    Args:
        folded: as `Scan.folded` was.
        title_length: as `Scan.title_length` was.
    """
    title = Normalised(folded[:title_length], None, cut=False)
    body = Normalised(folded[title_length + 1 :] if title_length else folded, None, cut=False)
    return Prepared(title, body)
