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
    edges = sorted({0, len(text), *(mark.start for mark in inside), *(mark.end for mark in inside)})
    parts: list[Markup] = []
    for start, end in pairwise(edges):
        here = [mark for mark in inside if mark.start <= start and mark.end >= end]
        piece = escape(text[start:end])
        parts.append(_marked(piece, here) if here else piece)
    return Markup("").join(parts)


def _marked(piece: Markup, here: list[Mark]) -> Markup:
    titles = "、".join(dict.fromkeys(mark.title for mark in here))
    if all(mark.is_faint for mark in here):
        return Markup('<mark class="of-topic" title="{}">{}</mark>').format(titles, piece)
    return Markup('<mark title="{}">{}</mark>').format(titles, piece)
