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
    """A half-open range of characters of the original text, and what to say about it."""

    start: int
    end: int
    title: str


def highlighted(text: str, marks: Iterable[Mark]) -> Markup:
    """Return `text` as HTML with a <mark> around every stretch that one or more marks cover.

    Stretches under the same set of marks are joined, so overlapping hits never nest. Marks outside the text
    are cut to it.
    """
    inside = [
        Mark(max(0, mark.start), min(len(text), mark.end), mark.title)
        for mark in marks
        if mark.start < mark.end and mark.start < len(text) and mark.end > 0
    ]
    edges = sorted({0, len(text), *(mark.start for mark in inside), *(mark.end for mark in inside)})
    parts: list[Markup] = []
    for start, end in pairwise(edges):
        titles = tuple(
            dict.fromkeys(mark.title for mark in inside if mark.start <= start and mark.end >= end)
        )
        piece = escape(text[start:end])
        parts.append(
            Markup('<mark title="{}">{}</mark>').format("、".join(titles), piece) if titles else piece
        )
    return Markup("").join(parts)
