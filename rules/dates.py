"""Finds days of the year in folded text: 6月7日, 六月七号, 2026-06-07, of 6月7-9日 the first.

Only days that are written out: 明天 and 下周一 depend on when the post was written, and 春节 moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")}

_MONTH = "(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = "(?P<day>3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NO_NUMBER = "(?<![0-9一二三四五六七八九十])"
_SPELT = re.compile(
    rf"{_NO_NUMBER}{_MONTH}\s?月\s?{_DAY}\s?(?:[日号]|(?=[-~—–至到、和]\s?[0-9一二三四五六七八九十]{{1,3}}\s?[日号]))"
)
_PLAIN = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?P<mark>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=mark)"
    r"(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)


class Day(NamedTuple):
    """A day of the year in a text: half-open range of characters, and month x 100 + day."""

    start: int
    end: int
    value: int


def days_in(text: str) -> Iterator[Day]:
    """Yield the days of the year that a folded text writes out; a year beside them is not looked at."""
    if "月" in text:
        yield from _found(_SPELT, text)
    yield from _found(_PLAIN, text)


def lies_within(value: int, first: int, last: int) -> bool:
    """Return whether a day lies from `first` to `last`, both included; the span may run over the new year."""
    return first <= value <= last if first <= last else value >= first or value <= last


def _found(pattern: re.Pattern[str], text: str) -> Iterator[Day]:
    for match in pattern.finditer(text):
        month, day = _number(match["month"]), _number(match["day"])
        if day <= _DAYS_OF[month - 1]:
            yield Day(match.start(), match.end(), month * 100 + day)


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)
