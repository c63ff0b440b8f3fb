"""A post made ready for scanning, once for any number of packs, and the way back to what was written.

It knows no pack: what is prepared is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules.model import Span
from rules.normalise import Normalised, letters, normalise


class Prepared:
    """The folded title, a line break, the folded text. Without a title there is no line break.

    Attributes:
        text: folded.
        title_end: characters of the folded title; the text begins one later.
        cut: the post was longer than what is scanned.
        joined: the folded text without the marks put between letters, with its way back; None: no difference.
    """

    __slots__ = ("_body", "_offset", "_title", "cut", "joined", "text", "title_end")

    def __init__(self, title: Normalised, body: Normalised) -> None:
        self._title = title
        self._body = body
        self.title_end = len(title.text)
        self._offset = self.title_end + 1 if self.title_end else 0
        self.text = f"{title.text}\n{body.text}" if self._offset else body.text
        self.cut = title.cut or body.cut
        self.joined = letters(self.text)

    def spans(self, ranges: Iterable[Sequence[int]]) -> tuple[Span, ...]:
        """Return the original ranges of these ranges of the folded text, in their order, each once.

        Args:
            ranges: start and end of each; whatever follows them does not matter.
        """
        offset, origin = self._offset, self._body.origin
        found: list[Span] = []
        for spot in ranges:
            start, end = spot[0], spot[1]
            if start < offset:
                found.append(self._from_title(start, end))
            elif origin is None:
                found.append(Span(start - offset, end - offset))
            else:
                found.append(Span(origin[start - offset], origin[end - offset - 1] + 1))
        return tuple(found if len(found) == 1 else dict.fromkeys(found))

    def _from_title(self, start: int, end: int) -> Span:
        """Return the original range of one that begins in the title, or at the break behind it."""
        if start < self.title_end:
            return Span(*self._title.span(start, min(end, self.title_end)), "title")
        return Span(*self._body.span(0, end - self._offset))


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
