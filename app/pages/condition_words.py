"""Conditions of rules as lines of a page, indented as they nest, in the words of `rules.condition_words`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.web.language import either, in_language
from rules.condition_words import ALL_OF, ANY_OF, ConditionWords
from rules.model import AllOf, Condition, Not, Test


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One line; `depth` is how far it is indented."""

    depth: int
    text: str


def condition_lines(condition: Condition, words: ConditionWords) -> tuple[ConditionLine, ...]:
    """Return a condition as lines; what stands under `not` is turned round."""
    return tuple(_lines(condition, words, 0, wanted=True))


def _lines(
    condition: Condition, words: ConditionWords, depth: int, *, wanted: bool
) -> Iterator[ConditionLine]:
    match condition:
        case Test():
            yield ConditionLine(depth, in_language(words.requirement(condition, wanted=wanted)))
        case Not(member=member):
            yield from _lines(member, words, depth, wanted=not wanted)
        case _ if len(condition.members) == 1:
            yield from _lines(condition.members[0], words, depth, wanted=wanted)
        case _:
            heading = ALL_OF if isinstance(condition, AllOf) is wanted else ANY_OF
            yield ConditionLine(depth, in_language(heading) + either("：", ":"))
            for one in condition.members:
                yield from _lines(one, words, depth + 1, wanted=wanted)
