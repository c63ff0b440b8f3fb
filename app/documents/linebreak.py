"""Where a line of Chinese text may end: characters and their widths -> lines.

Own, because reportlab's rules let ，；：？！》 start a line and take minutes over a long unbroken
string; these are linear. It knows no font and draws nothing; paragraphs (line feeds) are the caller's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

NO_LINE_START = frozenset("，。、；：？！…”’）》〉」』】〗〕］｝·・‧～〜－–%％‰℃°′″￠,.;:?!)]}>/々ー")
"""Source: GB/T 15834-2011 §5.1: stops, closing marks, connecting and separating marks do not begin a line."""

NO_LINE_END = frozenset("“‘（《〈「『【〖〔［｛([{<#＃￥¥$＄£￡@＠№§")
"""Source: GB/T 15834-2011 §5.1: opening marks do not end a line; money signs stay with their number."""

UNDIVIDED_PAIRS = frozenset({"——", "……", "──"})
"""Source: GB/T 15834-2011 §5.1.6: a dash and an ellipsis fill two places and are not divided."""

_PREFERRED_BREAKS = frozenset("/?&=-_.,;")  # inside an address or a hash that has to be divided
_SLACK = 1e-6  # points; widths are sums of floats


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text[start:end]`, its natural width, and whether it ends the paragraph.

    Attributes:
        width: points, without the spaces at its end.
    """

    start: int
    end: int
    width: float
    is_last: bool


def break_lines(
    text: str,
    widths: Sequence[float],
    *,
    width: float,
    indent: float = 0.0,
    whole: Collection[str] = (),
) -> tuple[Line, ...]:
    """Return the lines of one paragraph, in order; spaces where a line ends belong to no line.

    No line is wider than `width` unless it is a single character that is.

    Args:
        text: one paragraph, no line feeds.
        widths: points, one for each character.
        width: points of a full line.
        indent: points left free at the start of the first line.
        whole: words that are not divided as long as a line can hold them.

    Returns:
        At least one line, an empty one for an empty text.
    """
    if not text:
        return (Line(0, 0, 0.0, is_last=True),)
    room = _Room(text, widths, width, _inside(text, whole))
    lines: list[Line] = []
    start, count = 0, len(text)
    while start < count:
        stop = room.past_spaces(room.fitting(start, width - (0.0 if lines else indent)))
        if stop < count:
            stop = room.break_at(start, stop)
        end = stop
        while end > start and text[end - 1] == " ":
            end -= 1
        lines.append(Line(start, end, sum(widths[start:end]), is_last=stop >= count))
        start = stop
    return tuple(lines)


def _inside(text: str, whole: Collection[str]) -> frozenset[int]:
    """Return the places within these words wherever they occur."""
    found = set[int]()
    for word in filter(None, whole):
        at = text.find(word)
        while at >= 0:
            found.update(range(at + 1, at + len(word)))
            at = text.find(word, at + len(word))
    return frozenset(found)


def may_break(text: str, index: int) -> bool:
    """Return whether a line may end before `text[index]` without dividing a word, a number or a mark."""
    return may_divide(text, index) and not (_is_word(text[index - 1]) and _is_word(text[index]))


def may_divide(text: str, index: int) -> bool:
    """Return whether a line may end before `text[index]` when words may be divided.

    Spaces stay with the line before them; a mark of Chinese writing clings to its text even across a space.
    """
    before, after = text[index - 1], text[index]
    if after == " ":
        return False
    if before == " ":
        return after not in NO_LINE_START or after.isascii()
    if after in NO_LINE_START or before in NO_LINE_END:
        return False
    return before + after not in UNDIVIDED_PAIRS


def _is_word(character: str) -> bool:
    """Return whether the character belongs to a word of letters, digits and the signs of addresses."""
    return "!" <= character <= "\u024f" and character != "·"


@dataclass(frozen=True, slots=True)
class _Room:
    """A paragraph and the width of its full lines, in points."""

    text: str
    widths: Sequence[float]
    width: float
    undivided: frozenset[int] = frozenset()

    def fitting(self, start: int, width: float) -> int:
        """Return the index after the last character that fits; at least one fits."""
        used, index = self.widths[start], start + 1
        while index < len(self.widths) and used + self.widths[index] <= width + _SLACK:
            used += self.widths[index]
            index += 1
        return index

    def past_spaces(self, index: int) -> int:
        """Return the index of the next character that is no space."""
        while index < len(self.text) and self.text[index] == " ":
            index += 1
        return index

    def break_at(self, start: int, stop: int) -> int:
        """Return where the line from `start` ends, not after `stop`, which is not the text's end."""
        text = self.text
        index = stop
        while index > start and (index in self.undivided or not may_break(text, index)):
            index -= 1
        if index > start and not self._is_endless(index):
            return index
        # Nothing allowed, or only a break before one word that no line can hold: divide that word.
        for candidate in range(stop, start + (stop - start) // 2, -1):
            if text[candidate - 1] in _PREFERRED_BREAKS and may_divide(text, candidate):
                return candidate
        for candidate in range(stop, max(start, index), -1):
            if may_divide(text, candidate):
                return candidate
        return index if index > start else stop

    def _is_endless(self, start: int) -> bool:
        """Return whether no line can hold what begins at `start` up to the next allowed break."""
        stop = self.past_spaces(self.fitting(start, self.width))
        return stop < len(self.text) and not any(may_break(self.text, i) for i in range(start + 1, stop + 1))
