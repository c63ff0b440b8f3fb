"""Marks in a post's text where signals hit. The text is escaped here and nowhere else.

It knows spans and titles only; which signals hit was decided at triage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Mark:
    """A half-open range of characters of the original text, and what to say about it.

    Attributes:
        is_faint: it speaks for the topic only; where a signal stands as well, that one's look wins.
    """

    start: int
    end: int
    title: str
    is_faint: bool = False


def highlighted(text: str, marks: Iterable[Mark]) -> Markup:
    """Return `text` as HTML with a <mark> around every stretch that one or more marks cover.

    Stretches under the same set of marks are joined, so overlapping hits never nest. Marks outside the text
    are cut to it.
    """
    inside = [
        Mark(max(0, mark.start), min(len(text), mark.end), mark.title, mark.is_faint)
        for mark in marks
        if mark.start < mark.end and mark.start < len(text) and mark.end > 0
    ]
    begin: dict[int, list[int]] = {}
    end: dict[int, list[int]] = {}
    for number, mark in enumerate(inside):
        begin.setdefault(mark.start, []).append(number)
        end.setdefault(mark.end, []).append(number)
    over: set[int] = set()  # marks over the stretch at hand: a long text has thousands in all
    parts: list[Markup] = []
    for here, there in pairwise(sorted({0, len(text), *begin, *end})):
        over.difference_update(end.get(here, ()))
        over.update(begin.get(here, ()))
        piece = escape(text[here:there])
        parts.append(_marked(piece, [inside[number] for number in sorted(over)]) if over else piece)
    return Markup("").join(parts)


def _marked(piece: Markup, here: list[Mark]) -> Markup:
    titles = "、".join(dict.fromkeys(mark.title for mark in here))
    if all(mark.is_faint for mark in here):
        return Markup('<mark class="of-topic" title="{}">{}</mark>').format(titles, piece)
    return Markup('<mark title="{}">{}</mark>').format(titles, piece)
