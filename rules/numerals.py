"""Finds numbers in folded text, in digits and in Chinese words, and reads them as the least they say.

三十多 is 30, 百余 and 上百 are 100, 几十 is 20, 30-50 and 三五十 are 30: no guess passes a threshold.
It knows no units: the caller looks at what follows a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LARGEST = 10**12  # beyond any count of people, households or yuan; larger readings are cut to it
LEAST_OF_SEVERAL = 2  # 几 and 数 say two at least

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_DIGITS |= {"几": LEAST_OF_SEVERAL, "数": LEAST_OF_SEVERAL}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_WORD = "零〇一二三四五六七八九两俩仨几十百千万亿"
_MORE = "多余来几"
_FIGURE = r"[0-9]{1,15}(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]{1,6})?"
_NUMBER = re.compile(
    rf"(?P<figure>{_FIGURE})(?P<scale>[{_MORE}]?[十百千万亿]*)[{_MORE}]?"
    rf"|(?P<word>(?:数(?=[十百千万亿]))?[{_WORD}]{{1,16}})[{_MORE}]?"
)
_RANGE = re.compile(r"\s?(?:-|~|—|–|至|到)\s?")
_ORDINAL = "第"
_MULTIPLIER = re.compile("[十百千万亿]")
_LONGEST_CHOICE = 2  # digits side by side: 四五个 is a choice, 二零二六 is a year
_MAY_STAND_BEFORE_UNIT = re.compile(r"\s?个?")


class Number(NamedTuple):
    """A number in a text: half-open range of characters, the least it says, and where a unit may start."""

    start: int
    end: int
    value: int
    unit_at: tuple[int, ...]


def numbers(text: str) -> Iterator[Number]:
    """Yield every number of a folded text, in order; ordinals (第三) are none.

    A range (30-50, 30至50) is one number with its lower bound.
    """
    earlier: Number | None = None
    for match in _NUMBER.finditer(text):
        value = _value(match)
        if value is None:
            earlier = None
            continue
        start, end = match.span()
        if start and text[start - 1] == _ORDINAL:
            earlier = None
            continue
        if earlier is not None and earlier.value < value and _RANGE.fullmatch(text, earlier.end, start):
            start, value = earlier.start, earlier.value
        gap = _MAY_STAND_BEFORE_UNIT.match(text, end)
        after = gap.end() if gap else end
        earlier = Number(start, end, min(value, LARGEST), (end,) if after == end else (end, after))
        yield earlier


def _value(match: re.Match[str]) -> int | None:
    figure = match["figure"]
    if figure is None:
        return _of_words(match["word"])
    whole, _, fraction = figure.replace(",", "").partition(".")
    scale = 1
    for char in match["scale"]:
        scale *= _SMALL.get(char, 1) * _LARGE.get(char, 1)
    denominator: int = 10 ** len(fraction)
    return int(whole + fraction) * scale // denominator


def _of_words(word: str) -> int | None:
    """Return the least that a number word says; None for a row of digits (a year, a code)."""
    if len(word) > 1 and word[-1] == "几":
        word = word[:-1]  # 二十几 says twenty at least
    if len(word) > _LONGEST_CHOICE and not _MULTIPLIER.search(word):
        return None
    total = section = 0
    pending: int | None = None
    unit = 1  # of the last multiplier; 两万五 means 25,000, 两万零五 means 20,005
    for char in word:
        if char in "零〇":
            pending, unit = None, 1
        elif char in _DIGITS:
            # Two digits side by side leave a choice (三五十 is 30 to 50): the first one counts.
            pending = _DIGITS[char] if pending is None else pending
        elif char in _SMALL:
            unit = _SMALL[char]
            section += (1 if pending is None else pending) * unit
            pending = None
        else:
            unit = _LARGE[char]
            section = section + (pending or 0)
            whole = (total + section or 1) * unit if char == "亿" else total + (section or 1) * unit
            total, section, pending = whole, 0, None
    return total + section + (pending or 0) * max(unit // 10, 1)
